"""The depth of a run: how many rows it runs, for how long, and at which row the next run continues."""

import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from harness.budget.depth import Depth, Place, chosen_rows, depth_of
from tests.harness.runs import run_pytest

ROWS = ("a", "b", "c", "d")


class Cache(dict[str, Any]):
    def set(self, key: str, value: Any) -> None:
        self[key] = value


def config(*, depth: str | None, gate: bool = False, minutes: float | None = None) -> Any:
    return SimpleNamespace(option=SimpleNamespace(depth=depth, gate=gate, minutes=minutes), cache=Cache())


@pytest.mark.parametrize(
    ("depth", "gate", "expected"),
    [(None, False, Depth.QUICK), (None, True, Depth.FULL), ("quick", True, Depth.QUICK), ("deep", False, Depth.DEEP)],
)
def test_gate_run_has_full_depth_unless_a_depth_is_given(depth: str | None, gate: bool, expected: Depth) -> None:
    assert depth_of(config(depth=depth, gate=gate)) is expected


def test_quick_depth_runs_the_first_rows_and_full_depth_runs_all() -> None:
    assert list(chosen_rows(config(depth="quick"), "rows", ROWS, 2)) == ["a", "b"]
    assert list(chosen_rows(config(depth="full"), "rows", ROWS, 2)) == list(ROWS)


def test_deep_run_stops_at_its_time_limit_and_the_next_run_continues(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(100))
    monkeypatch.setattr(time, "monotonic", lambda: float(next(clock)))
    deep = config(depth="deep", minutes=1)  # 1.2 s for a scenario with rows
    assert list(chosen_rows(deep, "rows", ROWS, 2)) == ["a", "b"]
    assert list(chosen_rows(deep, "rows", ROWS, 2)) == ["c", "d"]
    assert list(chosen_rows(deep, "others", ROWS, 2)) == ["a", "b"]
    assert list(chosen_rows(deep, "rows", ROWS, 2)) == ["a", "b"]


def test_without_a_cache_a_deep_run_begins_at_the_first_row() -> None:
    bare = SimpleNamespace(option=SimpleNamespace(depth="deep", gate=False, minutes=1.0))
    Place(bare, "rows").go_on()  # type: ignore[arg-type]
    assert Place(bare, "rows").number == 0  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "arguments", [("--minutes=3",), ("--depth=deep", "--minutes=0"), ("--depth=deep", "--minutes=nan")]
)
def test_minutes_option_requires_deep_depth_and_a_positive_number(arguments: tuple[str, ...]) -> None:
    ran = run_pytest("features/alfred/wallets.feature", *arguments)
    assert ran.status == 4, ran.output
    assert "--minutes is a number above 0, for --depth=deep" in ran.output


def test_verdict_shows_the_depth(tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    ran = run_pytest("features/alfred/wallets.feature", "--depth=full", f"--summary={summary}")
    assert "), depth full" in ran.output
    assert "- Depth: full" in summary.read_text("utf-8")
