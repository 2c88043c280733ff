"""A small suite that runs once with --alluredir; the tests read its results."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.harness.runs import run_pytest

INI = """
[pytest]
addopts = --strict-markers
filterwarnings = error
"""

CONFTEST = """
pytest_plugins = ["harness.gherkin.collection", "harness.evidence.plugin", "acts"]
"""

STEPS = """
from datetime import UTC, datetime
from pathlib import Path

import allure
import pytest
from pytest_bdd import given, then, when

from harness.evidence.plugin import describe_run, listeners
from harness.wire.exchange import Response, Exchange, Request
from harness.failures import EnvironmentFault
from harness.wire.redaction import REDACTION
from harness.gherkin.sentences import sentence

REDACTION.learn('quo"ted-secret')
REDACTION.learn("plain-secret-77")
HEADERS = (("API-KEY", "unlearned-key-1"), ("Content-Type", "application/json"))

LISTENERS = []

def record(exchange):
    for listener in LISTENERS:
        listener.exchange(exchange)

def note(text):
    for listener in LISTENERS:
        listener.note(text)

def exchange(body=b'{"amount": 50.00}', response=b'{"id": "p1", "note": "plain-secret-77"}', media="application/json"):
    request = Request("createPurchase", "POST", "https://wallet.example/v2/purchase?t=plain-secret-77", HEADERS, body)
    return Exchange(request, Response(200, "OK", (("content-type", media),), response), datetime.now(UTC), 0.02)

@given("a user", target_fixture="user")
def a_user():
    record(exchange())
    return "user"

@when(sentence("the user pays {amount:Money}"))
def pays(user, amount):
    record(exchange(body=b'{"secret": "quo\\\\"ted-secret"}'))
    note("read over HTTP with plain-secret-77")
    with allure.step("a step within"):
        allure.attach("plain-secret-77", name="words", attachment_type=allure.attachment_type.TEXT)
    allure.attach(b"\\x89PNG\\xff\\x00", name="picture", attachment_type=allure.attachment_type.PNG)

@then("it holds")
def holds():
    pass

@then("it does not hold")
def does_not_hold():
    assert "plain-secret-77" == "something else"

@then("the platform is gone")
def gone():
    raise EnvironmentFault("https://wallet.example gave no response")

@then("it is not judged")
def not_judged():
    pytest.skip("not judged: set aliases")

@then("it says")
def says(docstring, datatable=None):
    pass

@pytest.fixture
def no_fixture():
    raise RuntimeError("no plain-secret-77 here")

@then("it needs a fixture that fails")
def needs(no_fixture):
    pass

@then("the step knows better")
def dynamic():
    allure.dynamic.severity("trivial")
    allure.dynamic.epic("Another epic")
    allure.dynamic.feature("Another feature")
    allure.dynamic.story("Another story")
    allure.dynamic.title("Another title")
    allure.dynamic.parameter("another", "parameter")
    allure.dynamic.tag("another")

@then("the owner is known")
def owner():
    allure.dynamic.label("owner", "somebody")
    allure.dynamic.severity("critical")

@when(sentence("{amount:Money} is withdrawn"))
@allure.title("{amount} leaves the account")
def withdrawn(amount):
    pass

@allure.title("A title above the sentence")
@when("it is closed")
def closed():
    pass

def pytest_sessionstart(session):
    LISTENERS[:] = listeners(session.config)
    describe_run(session.config, {"Target": "example", "Key used": "plain-secret-77"})
"""

FEATURE = '''
@alfred
Feature: Paying
  Somebody pays.

  Background:
    Given a user

  Scenario: In no Rule
    Then it says
      """
      words
      """

  @A-3
  Rule: Whoever pays has paid
    So it is.

    @A-2 @slow
    Scenario: Good
      When the user pays 5
      Then it holds

    Scenario: Failed
      Then it does not hold
      And it holds

    Scenario: Broken
      Then the platform is gone

    Scenario: Skipped
      Then it is not judged
      And it holds

    Scenario: Without its fixture
      Then it needs a fixture that fails

    Scenario: Dynamic
      Then the step knows better

    Scenario: Owned
      Then the owner is known

    Scenario: Titled
      When 5 is withdrawn
      And it is closed
      Then it holds

    Scenario Outline: A row
      When the user pays <amount>

      Examples:
        | amount |
        | 5      |
        | 7      |

    Scenario Outline: An odd row
      Then it says
        """
        <text>
        """

      Examples:
        | text      |
        | 5 \\\\ \\\\' 6 |
'''


@dataclass(frozen=True)
class Evidence:
    """A results directory that was read."""

    directory: Path
    results: dict[str, dict[str, Any]]

    def steps(self, name: str) -> list[tuple[str, str]]:
        """Return the steps of a scenario with their statuses."""
        return [(step["name"], step["status"]) for step in self.results[name]["steps"]]

    def labels(self, name: str) -> dict[str, list[str]]:
        """Return the labels of a scenario by name."""
        found: dict[str, list[str]] = {}
        for label in self.results[name]["labels"]:
            found.setdefault(label["name"], []).append(label["value"])
        return found

    def attached(self, attachment: dict[str, str]) -> Any:
        """Return the content of an exchange's attachment."""
        return json.loads((self.directory / attachment["source"]).read_text("utf-8"))


def run(place: Path, *arguments: str, feature: str = "paying.feature", **variables: str) -> Evidence:
    """Run the small suite and read its results."""
    place.mkdir(exist_ok=True)
    (place / "pytest.ini").write_text(INI)
    (place / "conftest.py").write_text(CONFTEST)
    (place / "acts.py").write_text(STEPS)
    (place / feature).write_text(FEATURE.lstrip("\n"))
    run_pytest("--alluredir=results", "--clean-alluredir", *arguments, cwd=place, fresh=False, **variables)
    results = place / "results"
    read = [json.loads(path.read_text("utf-8")) for path in results.glob("*-result.json")]
    return Evidence(results, {result["name"]: result for result in read})


@pytest.fixture(scope="session")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    """Return the evidence of one run."""
    return run(tmp_path_factory.mktemp("evidence"))


@pytest.fixture
def run_suite() -> Any:
    """Return a function that runs the small suite in another directory."""
    return run
