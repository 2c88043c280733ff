"""A directory for small features, and pytest as a user runs it."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from tests.harness.runs import Ran, run_pytest

Suite = Callable[..., Ran]

INI = """
[pytest]
addopts = --strict-markers
filterwarnings = error
"""

CONFTEST = """
pytest_plugins = ["harness.gherkin.collection", "harness.evidence.plugin", "sums"]
"""

STEPS = """
from pytest_bdd import given, then, when
from harness.gherkin.sentences import sentence

@given(sentence("a user with a balance of {amount:Money}"), target_fixture="balance")
def user(amount):
    return amount

@when(sentence("the user spends {amount:Money}"), target_fixture="rest")
def spends(balance, amount):
    return balance - amount

@then(sentence("{amount:Money} is left"))
def left(rest, amount):
    assert rest == amount
"""

FEATURE = """
@alfred
Feature: Spending
  Background:
    Given a user with a balance of 20.00

  @A-2
  Rule: A user spends at most the balance

    Scenario: Spending all leaves nothing
      When the user spends 20.00
      Then 0 is left

    @slow
    Scenario Outline: Spending a part leaves the rest
      When the user spends <part>
      Then <rest> is left

      Examples:
        | part  | rest |
        | 15.00 | 5.00 |
        | 19.50 | 0.50 |
        | 1.00  | 9.00 |
"""


@pytest.fixture
def feature_file(tmp_path: Path) -> Callable[[str], Path]:
    """Return a function that writes a feature file and returns its path."""

    def write(text: str, name: str = "small.feature") -> Path:
        path = tmp_path / name
        path.write_text(dedent(text).lstrip("\n"), "utf-8")
        return path

    return write


@pytest.fixture
def suite(tmp_path: Path, feature_file: Callable[..., Path]) -> Suite:
    """Write a small suite, and return a function that runs pytest in it with the given arguments."""
    (tmp_path / "pytest.ini").write_text(INI)
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "sums.py").write_text(STEPS)
    feature_file(FEATURE)

    def run(*arguments: str) -> Ran:
        return run_pytest(*arguments, cwd=tmp_path)

    return run
