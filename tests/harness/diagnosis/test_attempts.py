"""A fault within a scenario: the scenario is repeated, and the status follows from all its runs."""

import json
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.harness.loopback import Received, Reply, reply
from tests.harness.runs import scratch

FEATURE = """
@alfred
Feature: Attempts
  @A-1
  Rule: One
    Scenario: It is asked
      Given the platform is asked
      Then it holds
"""
ACCOUNT = reply({"walletAccountId": "A"})
CRASH = Reply(then="hang up")
PAGE = reply("<h1>sorry</h1>", 500, media="text/html")
LIMIT = reply(status=429, Retry_After="3600")


MOMENT = 0.5  # seconds


def reading_only() -> Callable[[Received], Reply]:
    """Respond 503 to the scenario's call, and to all that write, for a moment from the scenario's first call on."""
    began: list[float] = []
    usual = responding(ACCOUNT)

    def respond(request: Received) -> Reply:
        is_scenarios = request.path.endswith("/w")
        if is_scenarios and not began:
            began.append(time.monotonic())
        is_over = not began or time.monotonic() - began[0] > MOMENT
        return usual(request) if is_over or not (is_scenarios or request.method == "POST") else reply({}, 503)

    return respond


def responding(*replies: Reply, gone: bool = False) -> Callable[[Received], Reply]:
    """Give the replies to the scenario's call in turn, the last one from then on. ``gone``: to all from then on."""
    asked: Counter[str] = Counter()

    def respond(request: Received) -> Reply:
        is_scenarios = request.path.endswith("/w")
        asked["scenario"] += is_scenarios
        if is_scenarios or (gone and asked["scenario"]):
            return replies[min(asked["scenario"], len(replies)) - 1]
        if request.path.endswith("walletauthentication"):
            return reply({"walletId": "W-1", "accessToken": "token-of-the-control"})
        return reply({"walletAccountId": "A", "id": "P-1"})

    return respond


CASES: dict[str, tuple[Callable[[Received], Reply], int, str, int]] = {
    # the platform, the exit status, what the output says, and the runs of the scenario
    "a page once": (responding(PAGE, ACCOUNT), 75, "1 of 1 scenarios are unsteady", 2),
    "a page twice": (responding(PAGE, PAGE, ACCOUNT), 75, "1 of 1 scenarios are unsteady", 3),
    "a page each time": (responding(PAGE), 1, "the same in each of three runs", 3),
    "a crash each time": (responding(CRASH), 1, "W-1", 3),
    "two kinds of fault": (responding(PAGE, CRASH, CRASH, PAGE), 75, "in each of 3 runs", 3),
    "429 each time": (responding(LIMIT), 75, "429", 3),
    "a platform that only reads for a moment": (reading_only(), 75, "1 of 1 scenarios are unsteady", 3),
    "a violation after a page": (responding(PAGE, reply({"walletAccountId": 7})), 1, "W-1", 2),
    "a platform that is gone": (responding(CRASH, gone=True), 75, "the platform does not respond", 1),
    "a login for everybody": (responding(reply({}, 401), gone=True), 75, "platform_key", 1),
    "a platform without its data": (responding(reply({}, 404), gone=True), 75, "are gone", 1),
}


@pytest.mark.parametrize(("platform_script", "status", "words", "runs"), CASES.values(), ids=CASES.keys())
def test_fault_in_a_scenario_gets_the_expected_status(
    tmp_path: Path, platform: Any, platform_script: Any, status: int, words: str, runs: int
) -> None:
    ran = scratch(tmp_path, FEATURE, platform(platform_script).url)("--alluredir=results")
    assert ran.status == status, ran.output
    assert words in ran.output
    (result,) = [json.loads(path.read_text()) for path in (tmp_path / "results").glob("*-result.json")]
    earlier = [step for step in _all_steps(result) if step["name"].startswith("run ")]
    assert len(earlier) == runs - 1
    assert {step["status"] for step in earlier} <= {"skipped"}


def _all_steps(holder: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for step in holder.get("steps", ()) for each in (step, *_all_steps(step))]
