"""The limits of a target: what it allows, how much a run may move, how many calls in a second."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.harness.runs import ROOT, Ran, run_pytest, toml

RACE = "Eight confirmations of one payment"
HOSTILE = "a Funding session and rejects NaN"


@pytest.fixture
def run(sandbox: Any, tmp_path: Path) -> Any:
    """Return the function that runs scenarios on the sandbox as a target with these limits."""

    def start(*arguments: str, **limits: Any) -> Ran:
        spend = limits.pop("spend", {})
        text = toml({**sandbox.tables, "limits": limits})
        quoted = ", ".join(f'{currency} = "{amount}"' for currency, amount in spend.items())
        (tmp_path / "small.toml").write_text(f"{text}\nspend = {{ {quoted} }}\n" if spend else text)
        return run_pytest(f"--target={tmp_path}/small.toml", "-rs", "-p", "no:cacheprovider", *arguments, cwd=ROOT)

    return start


ONE_OF_EACH = (
    "features/alfred/races.feature::Eight confirmations of one payment at the same time credit it once",
    "features/alfred/walks.feature",
    "features/alfred/hostile_input.feature::The call for <action> rejects NaN and Infinity[a payment]",
)


def test_a_target_that_allows_nothing_gets_no_race_walk_or_hostile_input(run: Any) -> None:
    ran = run(*ONE_OF_EACH, "features/alfred/authentication.feature", allow=[])
    for kind in ("races", "walks", "hostile"):
        assert f"not judged: the target does not allow {kind}" in ran.output
    assert "3 skipped" in ran.output
    assert "passed" in ran.output


def test_a_target_gets_what_it_allows(run: Any) -> None:
    ran = run(*ONE_OF_EACH, "--walks=1", allow=["races", "hostile", "walks"])
    assert "3 passed" in ran.output


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "two workers"])
def test_the_call_that_would_exceed_the_limit_is_not_sent(run: Any, workers: tuple[str, ...]) -> None:
    ran = run("features/alfred/funding.feature", *workers, spend={"BDT": "100"})
    reasons = re.findall(r"spend limit: (\w+) could move ([\d.]+) BDT, and ([\d.]+) of \[limits\]", ran.output)
    assert reasons
    assert all(float(amount) > float(left) for _, amount, left in reasons)
    assert "passed" in ran.output


def test_each_currency_has_its_own_limit(run: Any) -> None:
    features = ("features/alfred/authentication.feature", "features/walletapi/balance.feature")
    ran = run(*features, spend={"TRY": "0.01"})
    assert "could move" in ran.output
    assert "BDT" not in ran.output


def test_calls_stay_below_the_rate_over_all_workers(run: Any) -> None:
    import time

    began = time.monotonic()
    ran = run("features/alfred/authentication.feature", "-n", "2", calls_per_second=10)
    assert "passed" in ran.output
    took = time.monotonic() - began
    calls = int(re.search(r"(\d+) passed", ran.output)[1])  # type: ignore[index] - each makes one call at least
    assert took > calls / 10
