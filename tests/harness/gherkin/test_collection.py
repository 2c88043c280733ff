"""Feature files as pytest runs them: ids, selection, tags, rejections, in one process and on two workers."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Suite = Callable[..., subprocess.CompletedProcess[str]]

PART = "small.feature::Spending a part leaves the rest"


def test_node_ids_are_names_with_the_row_in_brackets(suite: Suite) -> None:
    assert suite("--collect-only").stdout.splitlines()[:4] == [
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
def test_scenarios_are_selected_as_any_test_of_pytest(suite: Suite, arguments: tuple[str, ...], ran: str) -> None:
    assert ran in suite(*arguments).stdout


def test_last_failed_runs_the_failed_scenario_and_shows_the_assertion(suite: Suite) -> None:
    suite("--lf")
    again = suite("--lf").stdout
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
    said = run.stderr + run.stdout
    assert run.returncode == pytest.ExitCode.USAGE_ERROR
    assert "small.feature:6: @A-99 is neither a clause" in said
    assert 'small.feature:11: no step matches "Then nothing is left"' in said
    assert "Traceback" not in said
    assert len(said.strip().splitlines()) == 3


def test_a_run_of_other_tests_reads_no_feature(suite: Suite, tmp_path: Path) -> None:
    (tmp_path / "small.feature").write_text("Scenario: broken\n")
    (tmp_path / "test_other.py").write_text("def test_it(): pass\n")
    assert "1 passed" in suite("test_other.py").stdout
