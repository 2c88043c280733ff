"""Scenarios that pytest-rerunfailures repeats: each attempt is a result, and no violation vanishes."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.harness.loopback import Received, Reply, reply
from tests.harness.runs import ROOT, Suite, scratch

FEATURE = """
@alfred
Feature: Attempts
  @A-1
  Rule: One
    Scenario: It is asked
      Given the platform is asked
      Then it holds
"""
WITH_PLUGINS = {"PYTHONPATH": os.pathsep.join(map(str, (ROOT / ".venv" / "compatibility", ROOT, ".")))}
ATTEMPTS = ("--reruns=1", "-p", "no:randomly", "-p", "no:sugar", "--alluredir=results", "--summary=summary.md")
GOOD = reply({"walletAccountId": "A"})
VIOLATION = reply({"walletAccountId": 7})


def responding(*replies: Reply) -> Callable[[Received], Reply]:
    """Return a script that gives the replies to the scenario's call in turn, the last one from then on."""
    left = list(replies)

    def respond(request: Received) -> Reply:
        if not request.path.endswith("/w"):
            return GOOD
        return left.pop(0) if len(left) > 1 else left[0]

    return respond


@pytest.fixture
def suite(tmp_path: Path, platform: Any) -> Callable[..., Suite]:
    return lambda *replies: scratch(tmp_path, FEATURE, platform(responding(*replies)).url)


@pytest.mark.parametrize(
    ("replies", "status", "headline", "unsteady", "workers"),
    [
        ((GOOD,), 0, "all hold", False, ()),
        ((VIOLATION, GOOD), 1, "BROKEN: the platform breaks W-1, which explains the only failure", True, ()),
        ((VIOLATION, GOOD), 1, "BROKEN: the platform breaks W-1, which explains the only failure", True, ("-n", "1")),
        ((VIOLATION, VIOLATION), 1, "BROKEN: the platform breaks W-1, which explains the only failure", False, ()),
    ],
)
def test_every_attempt_counts(
    suite: Callable[..., Suite],
    tmp_path: Path,
    replies: tuple[Reply, ...],
    status: int,
    headline: str,
    unsteady: bool,
    workers: tuple[str, ...],
) -> None:
    ran = suite(*replies)(*ATTEMPTS, *workers, **WITH_PLUGINS)
    assert ran.status == status, ran.output
    assert headline in ran.output, ran.output
    assert ("W-1 explains the only failure" in ran.output) is (status == 1)
    assert ("unsteady: It is asked" in ran.output) is unsteady
    assert ("- Unsteady: It is asked" in (tmp_path / "summary.md").read_text()) is unsteady
    results = [json.loads(path.read_text()) for path in (tmp_path / "results").glob("*-result.json")]
    assert len(results) == (1 if replies == (GOOD,) else 2)
    assert {len(result["steps"]) for result in results} == {2}
    assert len({result["historyId"] for result in results}) == 1
