"""The HTML report: it loads nothing from elsewhere, and without Node.js the results are kept."""

from pathlib import Path

import pytest

from harness import report
from harness.evidence import allure_html

PAGE = """<!DOCTYPE html>
<html><head>
    <title> Suite </title></head>
<body>
    <script async src="https://www.googletagmanager.com/gtag/js?id=G-X"></script>
    <script>
        window.dataLayer = window.dataLayer || [];
        function gtag(){dataLayer.push(arguments);}
        gtag('js', new Date());
    </script>
    <script>window.kept = true;</script>
</body></html>
"""


def test_report_page_has_no_tag_manager_and_loads_nothing() -> None:
    page = allure_html.for_release(PAGE)
    assert "gtag" not in page
    assert "window.kept" in page
    assert page.index("Content-Security-Policy") < page.index("<title>")


def test_without_results_the_message_names_the_remedy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert report.main(["--results", str(tmp_path)]) == 4
    assert "run the suite first" in capsys.readouterr().err


def test_without_node_the_results_are_kept_and_one_line_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a-result.json").write_text("{}")
    monkeypatch.setattr("shutil.which", lambda *_args, **_named: None)
    monkeypatch.setattr(allure_html, "NODE_FROM_PYPI", tmp_path / "none.txt")
    assert report.main(["--results", str(tmp_path), "--output", str(tmp_path / "report.html")]) == 0
    (said,) = capsys.readouterr().out.splitlines()
    assert "no HTML was made" in said
    assert "results are kept" in said
    assert "pip" in said
    assert said.endswith("run make report when Node.js 20 or later and npm are installed")
    assert not (tmp_path / "report.html").exists()


def test_the_report_is_named_after_its_target_and_verdict(tmp_path: Path) -> None:
    (tmp_path / "environment.properties").write_text("Target = staging\n")
    assert allure_html.name_of(tmp_path) == "Wallet contract suite: staging"
    verdict = "BROKEN: the platform breaks S-5; broken: 2 of 5 clauses judged"
    (tmp_path / "environment.properties").write_text(f"Target = staging\nVerdict = {verdict}\n")
    assert allure_html.name_of(tmp_path) == "Wallet contract suite: staging: BROKEN: the platform breaks S-5"


@pytest.fixture
def failing_node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let a script of this name stand for Node.js; the packages are installed."""
    node = tmp_path / "node"
    monkeypatch.setattr(allure_html, "find_node", lambda: (str(node), ("npm",)))
    monkeypatch.setattr(allure_html, "install_allure", lambda *_arguments: None)
    monkeypatch.setattr(allure_html, "NODE_PROJECT", tmp_path)
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "a-result.json").write_text("{}")
    return node


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        (r"\033[31mNo results\033[39m\n  at glob.js:1\n", "No results"),
        (
            r"\n(node:12) ExperimentalWarning: x\nnpm warn old\n\033[1;31mError: disk is full\033[0m\n",
            "Error: disk is full",
        ),
        (r"\033]8;;https://e.org\007broken link\033]8;;\007\n", "broken link"),
        ("", "it ended with status 3"),
    ],
)
def test_failed_report_shows_the_first_line_of_the_tool_and_a_remedy(
    tmp_path: Path, failing_node: Path, written: str, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    failing_node.write_text(f"#!/bin/sh\nprintf '{written}' >&2\nexit 3\n")
    failing_node.chmod(0o755)
    assert report.main(["--results", str(tmp_path / "results")]) == 0
    (said,) = capsys.readouterr().out.splitlines()
    assert f"failed: {reason})" in said
    assert "Node.js" not in said
    assert said.endswith("run make report again to create the HTML report")


def test_results_folder_is_passed_as_the_working_directory(tmp_path: Path, failing_node: Path) -> None:
    results = tmp_path / "results"
    failing_node.write_text('#!/bin/sh\necho "$2 $3 in $(pwd)" >&2\nexit 3\n')
    failing_node.chmod(0o755)
    with pytest.raises(allure_html.Unavailable, match=rf"generate \. in {results}"):
        allure_html.make_report(results, tmp_path / "report.html", tmp_path / "history.jsonl")


def test_unwritable_report_is_reported_in_one_line(
    tmp_path: Path, failing_node: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not failing_node.exists()
    (tmp_path / "file").write_text("")
    arguments = ["--results", str(tmp_path / "results"), "--output", str(tmp_path / "file" / "report.html")]
    assert report.main(arguments) == 0
    (said,) = capsys.readouterr().out.splitlines()
    assert "file" in said
    assert "Node.js" not in said


def test_without_the_results_option_the_latest_run_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    results = tmp_path / "20260101-000000-000000" / "allure-results"
    results.mkdir(parents=True)
    (results / "a-result.json").write_text("{}")
    (tmp_path / "latest").symlink_to("20260101-000000-000000")
    made: list[tuple[Path, ...]] = []
    monkeypatch.setattr(report, "REPORTS", tmp_path)
    monkeypatch.setattr(report, "make_report", lambda *paths: made.append(paths))
    assert report.main([]) == 0
    assert made[0][:2] == (results, results.parent / "report.html")
    assert "20260101-000000-000000/report.html" in capsys.readouterr().out
