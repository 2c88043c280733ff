"""A failed run on the terminal: failures are grouped by likely cause, with at most 60 lines per cause."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.verdict.decision.verdict import Cause
from harness.verdict.output.by_cause import consequences, overview
from tests.harness.loopback import reply
from tests.harness.runs import Ran, scratch

ROWS = "".join(f"        | {number} |\n" for number in range(120))
FEATURE = f"""
@alfred
Feature: Many failures
  @A-2
  Rule: The same externalReferenceId always reaches the same wallet

    Scenario: alone and broken
      Then it does not hold

    Scenario Outline: row <number> is broken
      Then it does not hold

      Examples:
        | number |
{ROWS}
  @A-1
  Rule: Authenticating a user as the platform returns a walletId and an accessToken

    Scenario: it holds
      Then it holds

    Scenario: the suite is at fault
      Then the suite has a fault
"""
CAUSE = Cause(
    "F-3", "documented", "the text", "confirmPayment", "20.00", "19.99", ("a::one", "a::two"), 1, {"A-2": 1}, {"S-5": 2}
)


@pytest.fixture
def run(tmp_path: Path, platform: Any) -> Callable[..., Ran]:
    return scratch(tmp_path, FEATURE, platform(reply({"walletAccountId": "A"})).url)


def section(ran: Ran) -> list[str]:
    lines = ran.output.splitlines()
    begin = next(place for place, line in enumerate(lines) if "LIKELY CAUSES" in line)
    return lines[begin:]


@pytest.mark.parametrize("options", [(), ("-n", "2")])
def test_one_cause_prints_at_most_60_lines(run: Callable[..., Ran], tmp_path: Path, options: tuple[str, ...]) -> None:
    ran = run("-k", "broken or holds", *options)
    (cause,) = json.loads((tmp_path / "reports" / "latest" / "verdict.json").read_text())["causes"]
    assert (cause["documented"], cause["received"]) == ("Then it does not hold", "1 is not 2")
    assert len(cause["scenarios"]) == cause["shown_by"] == 121
    assert ran.status == 1
    assert len(section(ran)) <= 60
    assert ran.output.count("A-2 is broken: ") == 1
    assert "1. A-2 explains all 121 failures" in ran.output
    assert "and 104 more" in ran.output
    assert "121 failed, 1 passed" in ran.output
    assert "FAILED small.feature" not in ran.output
    assert "BROKEN: the platform breaks A-2, which explains all 121 failures" in ran.output


def test_a_bug_of_the_suite_is_shown_by_pytest(run: Callable[..., Ran]) -> None:
    ran = run("-k", "alone or fault")
    assert "RuntimeError: oops" in ran.output
    assert "FAILED small.feature::the suite is at fault" in ran.output
    assert "1. A-2 explains the only failure" in ran.output


def test_printed_command_runs_the_failed_scenarios_again(run: Callable[..., Ran]) -> None:
    ran = run("-k", "alone")
    (line,) = [line for line in ran.lines if line.startswith("run these again: ")]
    assert line.endswith("-m pytest --target=small.toml 'small.feature::alone and broken'")
    assert run("--last-failed").output.count("A-2 is broken: ") == 1


@pytest.mark.parametrize(("option", "shown"), [("--tb=no", False), ("--tb=line", False), ("--tb=short", True)])
def test_tb_option_decides_whether_a_failure_is_shown(run: Callable[..., Ran], option: str, *, shown: bool) -> None:
    ran = run("-k", "alone", option)
    assert "1. A-2 explains the only failure" in ran.output
    assert ("A-2 is broken: " in ran.output) == shown


def test_pytest_summary_options_still_work(run: Callable[..., Ran]) -> None:
    assert "FAILED small.feature::alone and broken - A-2 is broken: " in run("-k", "alone", "-rfE", "-ra").output
    assert "LIKELY CAUSES" not in run("-k", "alone", "--no-summary").output


def test_overview_has_one_line_per_cause_and_consequences_are_counted() -> None:
    assert list(overview((CAUSE,), 7)) == ["1. F-3 explains 2 of 7 failures: the text"]
    assert list(consequences(CAUSE)) == [
        "  violated as a consequence: A-2 (1)",
        "  could not be checked because of it: S-5 (2)",
    ]
