"""Tests that a user adds to the features: they work as with plain pytest-bdd, and the verdict counts them."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.gherkin.tags import ledger
from proof.target_file import toml
from tests.harness.forked_runs import ForkedRuns
from tests.harness.runs import Ran, copy_suite, tables_at

CLAUSES = len(ledger())
OWN_FEATURE = """
@A-1
Feature: Own
  Scenario: A user is known
    Given a user
    Then it works

  Scenario: Nothing works
    Given a user
    Then it does not work
"""

OWN_SCENARIOS = """
import allure
from pytest_bdd import scenarios, then

scenarios("own.feature")

@then("it works")
def works():
    pass

@then("it does not work")
def does_not_work(alfred):
    assert 1 == 2
"""

PLAIN = """
import pytest

from harness.failures import EnvironmentFault

def test_good(alfred):
    assert alfred.users.authenticate("somebody").token

def test_bad(alfred):
    assert 1 == 2

@getattr(pytest.mark, "A-2")
def test_breaks_a_clause(alfred):
    assert 1 == 2

def test_gone(alfred):
    raise EnvironmentFault("the platform is gone")

def test_without_platform():
    assert 1 == 2
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("copy")
    copy_suite(directory)
    (directory / "own").mkdir()
    (directory / "own" / "own.feature").write_text(OWN_FEATURE.lstrip())
    (directory / "own" / "test_own.py").write_text(OWN_SCENARIOS)
    (directory / "own" / "test_plain.py").write_text(PLAIN)
    (directory / "own" / "whole" / "features").mkdir(parents=True)
    (directory / "own" / "whole" / "features" / "one.feature").write_text(OWN_FEATURE.partition("\n\n  S")[0].lstrip())
    (directory / "own" / "whole" / "test_whole.py").write_text(OWN_SCENARIOS.replace("own.feature", "features"))
    (directory / "own" / "test_ends.py").write_text(ENDS)
    (directory / "own" / "test_unreadable.py").write_text("import nothing_of_this_name")
    return directory


ENDS = """
import os

def test_ends_its_process():
    os._exit(1)
"""


@pytest.fixture(scope="module")
def run(copy: Path) -> Iterator[Callable[..., Ran]]:
    environment = {**os.environ, "PYTHONPATH": str(copy)}
    with ForkedRuns(toml(tables_at("http://127.0.0.1:9")), copy) as runs:
        yield lambda *arguments: Ran(*runs.run(["-q", *arguments], environment, copy))


BESIDE = "features/alfred/authentication.feature"


@pytest.mark.parametrize(
    ("arguments", "status", "headline"),
    [
        (("own/test_own.py", "-k", "known"), 0, f"PART: 1 of {CLAUSES} clauses asked for, all hold"),
        (
            ("own/test_own.py",),
            1,
            "BROKEN: the platform breaks A-1, which explains the only failure",
        ),
        (
            ("own/test_own.py", "-n", "1"),
            1,
            "BROKEN: the platform breaks A-1, which explains the only failure",
        ),
        (("own/test_own.py", BESIDE), 1, "BROKEN: the platform breaks A-1, which explains"),
        (("own/test_plain.py::test_good",), 5, "NOT JUDGED: nothing was judged"),
        (("own/test_plain.py::test_good", BESIDE), 0, "all hold"),
        (("own/test_plain.py::test_bad",), 1, "BROKEN: 1 tests that name no clause failed"),
        (("own/test_plain.py::test_bad", BESIDE, "-n", "1"), 1, "BROKEN: 1 tests that name no clause failed"),
        (("own/test_plain.py::test_without_platform", BESIDE), 1, "BROKEN: 1 tests that name no clause failed"),
        (("own", "-k", "known", "--ignore=own/test_unreadable.py"), 0, "2 passed"),
        (("own/whole",), 0, "1 passed"),
        (("own/test_ends.py", BESIDE, "-n", "1"), 3, "SUITE FAULT: 1 of"),
        (("own/test_unreadable.py", BESIDE, "--continue-on-collection-errors"), 3, "SUITE FAULT: 1 of"),
        (
            ("own/test_plain.py", "-k", "clause"),
            1,
            "BROKEN: the platform breaks A-2, which explains the only failure",
        ),
        (("own/test_plain.py", "-k", "gone"), 75, "ENVIRONMENT: 1 of 1 scenarios could not be judged"),
        (("own/test_plain.py", "-k", "good", "--target=nowhere"), 4, "no target 'nowhere'"),
    ],
)
def test_verdict_counts_tests_outside_feature_files(
    run: Callable[..., Ran], arguments: tuple[str, ...], status: int, headline: str
) -> None:
    ran = run(*arguments)
    assert ran.status == status, ran.output
    assert headline in ran.output
    assert "KeyError" not in ran.output


def test_run_of_plain_tests_needs_no_platform(run: Callable[..., Ran]) -> None:
    ran = run("own/test_plain.py::test_without_platform", "--target=nowhere")
    assert ran.status == 1
    assert "nowhere" not in ran.output
    assert "status" not in ran.output


@pytest.mark.parametrize("beside", [(), (BESIDE,)])
def test_steps_and_exchanges_of_own_tests_are_in_the_report(
    run: Callable[..., Ran], tmp_path: Path, beside: tuple[str, ...]
) -> None:
    run("own/test_own.py", "own/test_plain.py", *beside, f"--alluredir={tmp_path}")
    results = {result["name"]: result for result in map(read, tmp_path.glob("*-result.json"))}
    steps = results["test_nothing_works"]["steps"]
    assert [(step["name"], step["status"]) for step in steps] == [
        ("Given a user", "passed"),
        ("Then it does not work", "failed"),
    ]
    assert steps[0]["attachments"]
    assert results["test_good"]["attachments"]
    assert "environment.properties" in {path.name for path in tmp_path.iterdir()}


def read(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))
