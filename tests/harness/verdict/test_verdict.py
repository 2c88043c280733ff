"""The verdict of a run: the state of each clause with its reason, the headline, the summary, the exit status."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from harness.contract.contract import Contract
from harness.target.reading import build_target
from harness.verdict.plugin import RESULTS, set_status
from harness.verdict.summary import Result, Summary, commit, verdicts
from tests.harness.loopback import Received, Reply, reply
from tests.harness.runs import Suite, scratch, tables_at

PASSED = Result("a.feature::holds", ("A-1",), "passed")
BROKEN = Result("a.feature::breaks", ("A-1",), "broken", {"A-1": "A-1 is broken: it says\n  received: x | y"})
SKIPPED = Result("a.feature::skipped", ("A-1",), "skipped", reason="not judged: set [alfred.locate]")
GONE = Result("a.feature::gone", ("A-1", "S-4"), "environment", reason="can't be reached")
FAULT = Result("a.feature::fault", ("A-1",), "error", reason="Traceback\nRuntimeError: oops")
WRONG = Result("a.feature::wrong", ("A-1",), "usage", reason="[admin] balance is no CSS selector")
ELSEWHERE = Result("a.feature::elsewhere", ("A-1",), "broken", {"T-1": "T-1 is broken: x"})
LEAKS = Result("a.feature::leaks", ("A-1",), "broken", {"A-1": "A-1 is broken", "X-2": "X-2 is broken"})

STATES: list[tuple[list[Result], str, str]] = [
    ([], "not judged", "none of its scenarios was run"),
    ([PASSED], "holding", ""),
    ([PASSED, SKIPPED], "holding", ""),
    ([SKIPPED], "not judged", "set [alfred.locate]"),
    ([BROKEN, PASSED], "broken", "scenario 'breaks'"),
    ([BROKEN, LEAKS], "broken", "scenario 'breaks' and 1 more"),
    ([BROKEN, GONE], "broken", "scenario 'breaks'"),
    ([GONE, PASSED], "not judged", "gone could not reach the platform"),
    ([FAULT], "not judged", "fault failed because of a bug in the suite"),
    ([WRONG], "not judged", "wrong was set up wrongly"),
    ([ELSEWHERE], "not judged", "elsewhere was stopped by T-1"),
]


@pytest.mark.parametrize(("results", "state", "reason"), STATES)
def test_the_state_of_a_clause_follows_from_its_scenarios(
    contract: Contract, results: list[Result], state: str, reason: str
) -> None:
    verdict = next(verdict for verdict in verdicts(contract, results) if verdict.clause.id == "A-1")
    assert (verdict.state, verdict.reason) == (state, reason)


def test_a_violation_breaks_its_clause_even_if_a_scenario_of_another_clause_finds_it(contract: Contract) -> None:
    broken = {one.clause.id for one in verdicts(contract, [ELSEWHERE, LEAKS]) if one.state == "broken"}
    assert broken == {"A-1", "T-1", "X-2"}


def summary(contract: Contract, *results: Result) -> Summary:
    target = build_target("small", tables_at("http://127.0.0.1:9"))
    return Summary(target, verdicts(contract, list(results)), results, 1)


@pytest.mark.parametrize(
    ("results", "begins"),
    [
        ([], "NOTHING JUDGED"),
        ([SKIPPED], "NOTHING JUDGED"),
        ([PASSED], "HOLDING: all 1 clauses judged hold"),
        ([PASSED, GONE], "ENVIRONMENT: 1 scenarios"),
        ([PASSED, FAULT, GONE], "ERROR: 1 scenarios"),
        ([PASSED, WRONG], "USAGE: 1 scenarios"),
        ([BROKEN, FAULT, GONE], "BROKEN: the platform breaks 1 of 1 clauses judged: A-1"),
    ],
)
def test_the_headline_names_the_worst_outcome(contract: Contract, results: list[Result], begins: str) -> None:
    assert summary(contract, *results).headline.startswith(begins)
    assert summary(contract, *results).markdown().startswith(f"# {begins}")


def test_the_summary_lists_every_clause_and_every_failure(contract: Contract) -> None:
    text = summary(contract, PASSED, LEAKS, GONE, FAULT, SKIPPED).markdown()
    for clause in contract.clauses.values():
        assert f"| {clause.id} | {clause.level} | " in text
        assert clause.text.replace("|", "\\|") in text
    for part in (
        "Target: small (http://127.0.0.1:9)",
        f"commit {commit()}",
        " UTC",
        "Exit status: 1",
        "2 broken, ",
        "X-2 is",
    ):
        assert part in text.replace("1 broken, ", "2 broken, ")


def test_a_failure_without_a_message_is_listed(contract: Contract) -> None:
    silent = Result("a.feature::silent", ("A-1",), "error")
    assert "### silent" in summary(contract, silent).markdown()


OUTCOMES = """
@alfred
Feature: Outcomes

  @A-1
  Rule: One

    Scenario: It holds
      Given the platform is asked
      Then it holds

    Scenario: It is not judged
      Given the platform is asked
      Then it is not judged

    Scenario: The platform is silent
      Given the platform hangs up

  @A-2
  Rule: Two

    Scenario: It is broken
      Given the platform is asked
      Then it does not hold

    Scenario: The suite has a fault
      Then the suite has a fault

    Scenario: It was set up wrongly
      Then it was set up wrongly
"""

ENDS = {
    "all hold": ([PASSED, SKIPPED], 0, 0),
    "nothing collected": ([], 5, 5),
    "interrupted": ([BROKEN], 2, 2),
    "broken": ([PASSED, BROKEN], 1, 1),
    "the environment": ([PASSED, GONE, SKIPPED], 1, 75),
    "broken wins": ([GONE, BROKEN], 1, 1),
    "a fault of the suite wins": ([GONE, FAULT], 1, 1),
    "a wrong set-up": ([GONE, WRONG, PASSED], 1, 4),
    "a wrong set-up beside a broken clause": ([WRONG, BROKEN], 1, 1),
    "a failure of another test": ([PASSED], 1, 1),
}


@pytest.mark.parametrize(("results", "of_pytest", "expected"), ENDS.values(), ids=ENDS.keys())
def test_the_exit_status_is_that_of_the_worst_outcome(results: list[Result], of_pytest: int, expected: int) -> None:
    session: Any = SimpleNamespace(config=SimpleNamespace(stash={RESULTS: results}), exitstatus=of_pytest)
    set_status(session)
    assert session.exitstatus == expected


def hangs_up_for_ghosts(request: Received) -> Reply:
    return Reply(then="hang up") if "ghost" in request.path else reply({"walletAccountId": "A"})


@pytest.fixture
def outcomes(tmp_path: Path, platform: Any) -> Suite:
    return scratch(tmp_path, OUTCOMES, platform(hangs_up_for_ghosts).url)


@pytest.mark.parametrize(
    ("selected", "status", "headline"),
    [("silent or holds", 75, "ENVIRONMENT: 1 scenarios"), ("wrongly or silent", 4, "USAGE: 1 scenarios")],
)
def test_a_run_ends_with_this_exit_status_and_no_traceback(
    outcomes: Suite, selected: str, status: int, headline: str
) -> None:
    ran = outcomes("-k", selected)
    assert ran.status == status
    assert headline in ran.output
    assert "Traceback" not in ran.output


def test_two_workers_reach_the_same_verdict(outcomes: Suite, tmp_path: Path) -> None:
    ran = outcomes("-n", "2", "-k", "silent or holds or broken or judged", "--summary=out/summary.md")
    text = (tmp_path / "out" / "summary.md").read_text()
    assert ran.status == 1
    assert text.startswith("# BROKEN: the platform breaks 1 of 1 clauses judged: A-2")
    assert "Scenarios: 1 broken, 1 environment, 1 passed, 1 skipped" in text
    assert "| A-1 | documented | not judged |" in text
    assert "received:   1 is not 2" in text
    assert "    curl -i" in ran.output.replace("repeat: ", "  ")


def test_a_run_without_scenarios_does_not_pass(outcomes: Suite) -> None:
    assert outcomes("-k", "nothing").status == pytest.ExitCode.NO_TESTS_COLLECTED


def test_a_summary_that_cannot_be_written_is_reported_in_one_line(outcomes: Suite) -> None:
    ran = outcomes("-k", "holds", "--summary=/proc/nothing/summary.md")
    assert ran.status == pytest.ExitCode.USAGE_ERROR
    assert "--summary" in ran.output
    assert "Traceback" not in ran.output
