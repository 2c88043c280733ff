"""The limits of a target: allowed kinds of calls, the spend limit, and calls per second."""

import re
import time
from pathlib import Path
from typing import Any

import pytest

from proof.target_file import toml
from tests.harness.runs import ROOT, Ran, run_pytest


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


FILES = [f"features/alfred/{name}.feature" for name in ("races", "walks", "hostile_input", "authentication")]
ONE_OF_EACH = (*FILES, "-k", "(Eight and payment) or Whatever or NaN", "--walks=1")
ALLOWED = ("races", "walks", "hostile")


def test_scenarios_that_the_target_does_not_allow_are_skipped(run: Any) -> None:
    nothing = run(*ONE_OF_EACH, allow=[])
    everything = run(*ONE_OF_EACH, allow=list(ALLOWED))
    for kind in ALLOWED:
        assert f"not judged: the target does not allow {kind}" in nothing.output
    assert "skipped" not in everything.output
    assert "passed" in everything.output


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "two workers"])
def test_the_call_that_would_exceed_the_limit_is_not_sent(run: Any, workers: tuple[str, ...]) -> None:
    ran = run("features/alfred/funding.feature", *workers, spend={"BDT": "100"})
    reasons = re.findall(r"spend limit: \[limits\] spend = 100 BDT could be exceeded; --plan prints", ran.output)
    assert len(reasons) == 2, "a line for all calls of pytest, and one of the verdict"
    assert "passed" in ran.output


def test_each_currency_has_its_own_limit(run: Any) -> None:
    features = ("features/alfred/authentication.feature", "features/walletapi/balance.feature")
    ran = run(*features, spend={"TRY": "0.01"})
    assert "spend = 0.01 TRY could be exceeded" in ran.output
    assert "BDT" not in ran.output


def test_calls_stay_below_the_rate_over_all_workers(run: Any) -> None:
    began = time.monotonic()
    ran = run("features/alfred/authentication.feature", "-k", "gets and token", "-n", "2", calls_per_second=1)
    assert "passed" in ran.output
    # Before the first scenario, the controls of both APIs make seven calls at least.
    assert time.monotonic() - began > 7
