"""The report for a release: it calls nobody, and without Node.js the results are kept."""

from __future__ import annotations

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


def test_the_page_loses_its_tag_manager_and_may_load_nothing() -> None:
    page = allure_html.for_release(PAGE)
    assert "gtag" not in page
    assert "window.kept" in page
    assert page.index("Content-Security-Policy") < page.index("<title>")


def test_without_results_it_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert report.main(["--results", str(tmp_path)]) == 4
    assert "run the suite first" in capsys.readouterr().err


def test_without_node_it_keeps_the_results_and_says_so_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a-result.json").write_text("{}")
    monkeypatch.setattr(allure_html.shutil, "which", lambda *_args, **_named: None)
    monkeypatch.setattr(allure_html, "NODE_FROM_PYPI", tmp_path / "none.txt")
    assert report.main(["--results", str(tmp_path), "--output", str(tmp_path / "report.html")]) == 0
    (said,) = capsys.readouterr().out.splitlines()
    assert "no HTML was made" in said
    assert "results are kept" in said
    assert not (tmp_path / "report.html").exists()


def test_it_is_named_after_its_target(tmp_path: Path) -> None:
    (tmp_path / "environment.properties").write_text("Target = staging\n")
    assert allure_html.name_of(tmp_path) == "Wallet contract suite: staging"
