"""Feature files as pytest runs them: ids, selection, tags, rejections, in one process and on two workers."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.harness.runs import Ran

Suite = Callable[..., Ran]

PART = "small.feature::Spending a part leaves the rest"


def test_node_ids_are_names_with_the_row_in_brackets(suite: Suite) -> None:
    assert suite("--collect-only").output.splitlines()[:4] == [
        "small.feature::Spending all leaves nothing",
        f"{PART}[15.00, 5.00]",
        f"{PART}[19.50, 0.50]",
        f"{PART}[1.00, 9.00]",
    ]


@pytest.mark.parametrize(
    ("arguments", "ran"),
    [
        (("-m", "A-2 and not slow"), "1 passed"),
        (("-k", "nothing"), "1 passed"),
        (("small.feature",), "1 failed, 3 passed"),
        ((f"{PART}[15.00, 5.00]",), "1 passed"),
        ((PART,), "1 failed, 2 passed"),
        (("-n", "2"), "1 failed, 3 passed"),
    ],
)
def test_scenarios_are_selected_with_the_options_of_pytest(suite: Suite, arguments: tuple[str, ...], ran: str) -> None:
    assert ran in suite(*arguments).output


def test_last_failed_runs_the_failed_scenario_and_shows_the_assertion(suite: Suite) -> None:
    suite("--lf")
    again = suite("--lf").output
    assert "1 failed" in again
    assert "passed" not in again
    assert "assert Decimal('19.00') == Decimal('9.00')" in again
    assert "site-packages" not in again


@pytest.mark.parametrize("workers", [(), ("-n", "2")])
def test_all_problems_are_reported_at_once_and_nothing_runs(
    suite: Suite, tmp_path: Path, workers: tuple[str, ...]
) -> None:
    feature = tmp_path / "small.feature"
    feature.write_text(feature.read_text().replace("@A-2", "@A-99").replace("Then 0 is left", "Then nothing is left"))
    run = suite(*workers)
    said = run.output
    assert run.status == pytest.ExitCode.USAGE_ERROR
    assert "small.feature:6: @A-99 is neither a clause" in said
    assert 'small.feature:11: no step matches "Then nothing is left"' in said
    assert "Traceback" not in said
    assert len(run.output.partition("ERROR: ")[2].strip().splitlines()) == 3


def test_a_run_of_other_tests_reads_no_feature(suite: Suite, tmp_path: Path) -> None:
    (tmp_path / "small.feature").write_text("Scenario: broken\n")
    (tmp_path / "test_other.py").write_text("def test_it(): pass\n")
    assert "1 passed" in suite("test_other.py").output


@pytest.mark.parametrize("argument", [".", "sub", "sub/smile.feature", "sub/smile.feature::Smiling all leaves nothing"])
def test_steps_of_a_folders_conftest_are_seen(suite: Suite, tmp_path: Path, argument: str) -> None:
    write_sub(tmp_path, "@then(parsers.re(r'(the|a) user smiles'))\ndef smiles(): pass\n")
    run = suite(argument, "-k", "Smiling and nothing")
    assert "1 passed" in run.output, run.output


def test_steps_of_a_folders_conftest_are_not_seen_outside_it(suite: Suite, tmp_path: Path) -> None:
    write_sub(tmp_path, "@then(parsers.re(r'(the|a) user smiles'))\ndef smiles(): pass\n")
    (tmp_path / "outside.feature").write_text(
        (tmp_path / "sub" / "smile.feature").read_text().replace("Smiling", "Out")
    )
    run = suite()
    assert run.status == pytest.ExitCode.USAGE_ERROR
    assert 'outside.feature:11: no step matches "Then the user smiles"' in run.output
    assert "sub/" not in run.output


@pytest.mark.parametrize("sentence", ["'the user smiles'", "parsers.parse('the user {how}')"])
@pytest.mark.parametrize("place", [".", "sub"])
def test_local_step_overrides_a_step_of_a_parent_folder(
    suite: Suite, tmp_path: Path, sentence: str, place: str
) -> None:
    with (tmp_path / "sums.py").open("a") as steps:
        steps.write("\n@then('the user smiles')\ndef smiles(): raise NotImplementedError\n")
    write_sub(tmp_path, f"@then({sentence})\ndef smiles(): pass\n", place)
    run = suite("-k", "Smiling and nothing")
    assert "1 passed" in run.output, run.output


def write_sub(tmp_path: Path, step: str, place: str = "sub") -> None:
    folder = tmp_path / "sub"
    folder.mkdir()
    feature = (tmp_path / "small.feature").read_text()
    feature = feature.replace("Spending", "Smiling").replace("Then 0 is left", "Then the user smiles")
    (folder / "smile.feature").write_text(feature)
    with (tmp_path / place / "conftest.py").open("a") as conftest:
        conftest.write(f"\nfrom pytest_bdd import parsers, then\n\n{step}")


@pytest.fixture
def elsewhere(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("elsewhere")
    feature = (tmp_path / "small.feature").read_text().replace("Spending", "Linked")
    (folder / "linked.feature").write_text(feature)
    return folder


@pytest.mark.parametrize("workers", [(), ("-n", "2")])
@pytest.mark.parametrize("name", ["folder", "linked.feature"])
def test_linked_features_are_checked_and_run_like_copies(
    suite: Suite, tmp_path: Path, elsewhere: Path, name: str, workers: tuple[str, ...]
) -> None:
    (tmp_path / name).symlink_to(elsewhere if name == "folder" else elsewhere / name)
    assert "2 failed, 6 passed" in suite(*workers).output
    feature = elsewhere / "linked.feature"
    feature.write_text(feature.read_text().replace("Then 0 is left", "Then nothing is left"))
    run = suite(*workers)
    assert run.status == pytest.ExitCode.USAGE_ERROR
    assert "linked.feature:11: no step matches" in run.output


@pytest.mark.parametrize("folder", ["build", "venv", ".hidden", "x.egg"])
def test_a_feature_in_a_folder_that_pytest_skips_is_reported(suite: Suite, tmp_path: Path, folder: str) -> None:
    (tmp_path / folder).mkdir()
    (tmp_path / "small.feature").rename(tmp_path / folder / "small.feature")
    run = suite()
    assert run.status == pytest.ExitCode.USAGE_ERROR
    assert f"{folder}/small.feature:1: the file is not collected: pytest skips its folder" in run.output
    assert len(run.output.partition("ERROR: ")[2].strip().splitlines()) == 2
    assert suite(f"--ignore={folder}").status == pytest.ExitCode.NO_TESTS_COLLECTED


def test_a_broken_link_is_reported(suite: Suite, tmp_path: Path) -> None:
    (tmp_path / "lost.feature").symlink_to(tmp_path / "nothing.feature")
    run = suite()
    assert run.status == pytest.ExitCode.USAGE_ERROR
    assert "lost.feature:1: the file is not collected: its link is broken" in run.output


def test_a_file_that_does_not_exist_is_named(suite: Suite) -> None:
    run = suite("small.feature", "nothing.feature")
    assert run.status == pytest.ExitCode.USAGE_ERROR
    assert "file or directory not found: nothing.feature" in run.output
    assert "not collected" not in run.output


def test_link_to_a_parent_folder_is_followed_once(suite: Suite, tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path)
    assert "1 failed, 3 passed" in suite().output


def test_an_upper_case_suffix_is_collected(suite: Suite, tmp_path: Path) -> None:
    (tmp_path / "small.feature").rename(tmp_path / "SMALL.FEATURE")
    assert "1 failed, 3 passed" in suite().output
