"""Runs whose verdict is known: exit status, first line, summary and verdict.json agree."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import validate

from harness.gherkin.tags import ledger
from harness.verdict.decision.verdict import SCHEMA, schema
from tests.harness.loopback import reply
from tests.harness.runs import Suite, scratch

CLAUSES = len(ledger())
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
      Given the environment fails

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


FAILS = """
from harness.failures import EnvironmentFault

@given("the environment fails")
def fails():
    raise EnvironmentFault("302 to /login: something in front of the platform responds")
"""


@pytest.fixture
def outcomes(tmp_path: Path, platform: Any) -> Suite:
    run = scratch(tmp_path, OUTCOMES, platform(reply({"walletAccountId": "A"})).url)
    with (tmp_path / "acts.py").open("a") as acts:
        acts.write(FAILS)
    return run


@pytest.mark.parametrize(
    ("selected", "status", "headline"),
    [
        ("silent or holds", 75, "ENVIRONMENT: 1 of 2 scenarios could not be judged"),
        ("wrongly or silent", 4, "USAGE: 1 of 2 scenarios set up wrongly"),
        ("fault or silent", 3, "SUITE FAULT: 1 of 2 scenarios ended by a bug"),
        (
            "broken or fault",
            1,
            "BROKEN: the platform breaks A-2, which explains the only failure",
        ),
        ("judged", 5, "NOT JUDGED: nothing was judged"),
        ("holds", 0, f"PART: 1 of {CLAUSES} clauses asked for, all hold"),
    ],
)
def test_status_and_headline_of_a_run_agree_in_every_output(
    outcomes: Suite, tmp_path: Path, selected: str, status: int, headline: str
) -> None:
    ran = outcomes("-k", selected)
    assert ran.status == status
    assert headline in ran.output
    assert ran.lines[-1].startswith(f"  status {status} (")
    found = json.loads((tmp_path / "reports" / "latest" / "verdict.json").read_text())
    assert found["finished"] is True
    assert found["status"] == status
    assert headline in found["headline"]
    assert (tmp_path / "reports" / "latest" / "summary.md").read_text().startswith("# PART: ")
    validate(found, json.loads(SCHEMA.read_text()))


@pytest.mark.parametrize("option", ["--help", "--markers", "--fixtures", "--fixtures-per-test", "--collect-only"])
def test_option_that_only_shows_something_has_no_verdict(outcomes: Suite, tmp_path: Path, option: str) -> None:
    ran = outcomes(option)
    assert ran.status == 0
    assert "(HOLDS)" not in ran.output
    assert not (tmp_path / "reports" / "latest").exists()


def test_two_workers_reach_the_same_verdict(outcomes: Suite, tmp_path: Path) -> None:
    ran = outcomes("-n", "2", "-k", "silent or holds or broken or judged", "--summary=out/summary.md")
    text = (tmp_path / "out" / "summary.md").read_text()
    assert ran.status == 1
    assert text.startswith(
        f"# PART: 2 of {CLAUSES} clauses asked for, BROKEN: the platform breaks A-2, which explains the only failure"
    )
    assert "Scenarios: 1 broke a clause, 1 environment, 2 not run, 1 passed, 1 skipped" in text
    assert "| A-1 | documented | in part (1 of 3) |" in text
    assert "received:   1 is not 2" in text
    assert "    curl -i" in ran.output.replace("repeat: ", "  ")


def test_a_run_without_scenarios_does_not_pass(outcomes: Suite) -> None:
    assert outcomes("-k", "nothing").status == pytest.ExitCode.NO_TESTS_COLLECTED


def test_a_summary_that_cannot_be_written_is_reported_in_one_line(outcomes: Suite) -> None:
    ran = outcomes("-k", "holds", "--summary=/proc/nothing/summary.md")
    assert ran.status == pytest.ExitCode.USAGE_ERROR
    assert "--summary" in ran.output
    assert "Traceback" not in ran.output


def test_verdict_schema_file_matches_the_classes() -> None:
    assert json.loads(SCHEMA.read_text()) == schema(), "python -m harness.verdict.decision.verdict writes it"


ENDS_ITSELF = """
import os, signal
from pytest_bdd import then

@then("its process is killed")
def killed():
    os.kill(os.getpid(), signal.SIGKILL)
"""


def kills(tmp_path: Path, platform: Any) -> Suite:
    feature = OUTCOMES.replace("Then the suite has a fault", "Then its process is killed")
    run = scratch(tmp_path, feature, platform(reply({"walletAccountId": "A"})).url)
    with (tmp_path / "acts.py").open("a") as acts:
        acts.write(FAILS + ENDS_ITSELF)
    return run


def test_killed_run_is_reported_as_unfinished(tmp_path: Path, platform: Any) -> None:
    ran = kills(tmp_path, platform)("-k", "fault or holds")
    assert ran.status < 0
    found = json.loads((tmp_path / "reports" / "latest" / "verdict.json").read_text())
    assert (found["finished"], found["status"]) == (False, None)
    assert (tmp_path / "reports" / "latest" / "summary.md").read_text().startswith("# DID NOT FINISH")
    validate(found, json.loads(SCHEMA.read_text()))


@pytest.mark.parametrize("workers", [("-n", "1"), ("-n", "2"), ("-n", "1", "--max-worker-restart=0")])
def test_a_worker_that_is_killed_is_a_fault_of_the_suite(
    tmp_path: Path, platform: Any, workers: tuple[str, ...]
) -> None:
    ran = kills(tmp_path, platform)("-k", "fault or holds", *workers)
    assert ran.status == 3, ran.output
    assert "SUITE FAULT: " in ran.output


@pytest.mark.parametrize("options", [("-x",), ("-x", "-n", "2"), ("--maxfail=1", "-n", "1")])
def test_a_broken_platform_is_status_1_with_any_options(outcomes: Suite, options: tuple[str, ...]) -> None:
    ran = outcomes("-k", "broken or holds", *options)
    assert ran.status == 1, ran.output
    assert "PART: " in ran.output
    assert "BROKEN: the platform breaks A-2, which explains the only failure" in ran.output


HOOK = """
import pytest

@pytest.hookimpl({order})
def {hook}:
    raise RuntimeError("oops")
"""


@pytest.mark.parametrize(
    ("hook", "order"),
    [
        ("pytest_runtest_logfinish(nodeid)", ""),
        ("pytest_collection_modifyitems(items)", ""),
        ("pytest_sessionfinish(session)", ""),
        ("pytest_sessionfinish(session)", "tryfirst=True"),
        ("pytest_unconfigure(config)", ""),
        ("pytest_terminal_summary(terminalreporter)", ""),
        ("pytest_sessionstart(session)", ""),
    ],
)
def test_an_exception_in_a_hook_is_a_fault_of_the_suite(outcomes: Suite, tmp_path: Path, hook: str, order: str) -> None:
    (tmp_path / "hooked.py").write_text(HOOK.format(hook=hook, order=order))
    ran = outcomes("-k", "holds", "-p", "hooked")
    assert ran.status == 3, ran.output
    assert "SUITE FAULT: RuntimeError: oops" in ran.output
