"""junit.xml: valid, one test case per scenario, and failures only if the run fails.

The schema is that of Jenkins' xUnit plugin.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import xmlschema

from harness.verdict.decision.verdict import About, ClauseState, IssueState, ScenarioOutcome, Verdict, unfinished
from harness.verdict.output.junit import junit_of
from harness.verdict.output.step_summary import MOST_BYTES, append_step_summary
from harness.wire.redaction import REDACTION
from proof.target_file import toml
from tests.harness.loopback import reply
from tests.harness.runs import Suite, copy_suite, scratch, tables_at
from tests.harness.verdict.test_verdict import FAILS, OUTCOMES

ANSWER = reply({"walletAccountId": "A"})
SCHEMA = xmlschema.XMLSchema(Path(__file__).with_name("junit-10.xsd"))
STATES = {"A-1": "broken", "A-2": "observed", "A-3": "known", "A-4": "holding"}
CLAUSES = tuple(
    ClauseState(
        name,
        "documented" if name != "A-2" else "inferred",
        "the text",
        gates=True,
        asked_for=True,
        state=state,  # type: ignore[arg-type]
        scenarios=1,
        judged=1,
    )
    for name, state in STATES.items()
)
ISSUE = IssueState("A-3", "", "Anna", "PAY-7", date(2030, 1, 1), 9, "agreed", "occurred", ("a::one",))
TEXT = "A-1 is broken: the text\n  received:   2 instead of 1"


def scenario(outcome: str, clause: str = "A-1", **more: Any) -> ScenarioOutcome:
    broken = {clause: TEXT} if outcome == "broken" else {}
    given = {"reason": "the reason\nand more", "broken": broken, "words": "One costs 3", "feature": "Money", **more}
    return ScenarioOutcome("a::one", (clause,), outcome, **given)


def verdict(*scenarios: ScenarioOutcome, status: int | None = 0, **more: Any) -> Verdict:
    about = About(began="2026-01-02 03:04:05 UTC")
    given = {"clauses": CLAUSES, "scenarios": scenarios, **more}
    return Verdict(finished=True, status=status, name="HOLDS", headline="HOLDS: all", about=about, **given)


def read(text: str) -> ET.Element:
    """Return the valid document."""
    document = ET.fromstring(text)  # noqa: S314 - our own
    SCHEMA.validate(document)
    return document


def case(made: Verdict, name: str = "One costs 3") -> ET.Element:
    (found,) = [one for one in read(junit_of(made)).iter("testcase") if one.get("name") == name]
    return found


@pytest.mark.parametrize(
    ("outcome", "clause", "element", "kind", "message"),
    [
        ("passed", "A-1", None, "", ""),
        ("broken", "A-1", "failure", "violation", "A-1 is broken: the text"),
        ("failed", "A-1", "failure", "violation", "the reason"),
        ("environment", "A-1", "error", "environment", "the reason"),
        ("usage", "A-1", "error", "usage", "the reason"),
        ("error", "A-1", "error", "bug of the suite", "the reason"),
        ("skipped", "A-1", "skipped", "not judged", "the reason"),
        ("not run", "A-1", "skipped", "not judged", "the reason"),
        ("broken", "A-2", "skipped", "not red", "observed, does not gate: A-1 is broken: the text"),
        ("broken", "A-3", "skipped", "not red", "known issue PAY-7 (Anna, 9 days left): A-1 is broken: the text"),
    ],
)
def test_only_outcomes_that_fail_the_run_are_failures(
    outcome: str, clause: str, element: str | None, kind: str, message: str
) -> None:
    found = case(verdict(scenario(outcome, clause), known_issues=(ISSUE,)))
    assert found.get("classname") == "Money"
    assert [child.tag for child in found] == ([element] if element else [])
    if element:
        assert found[0].attrib == {"type": kind, "message": message}
        assert found[0].text


def test_a_suite_has_its_clauses_and_their_level_as_properties_and_counts_what_it_contains() -> None:
    made = verdict(scenario("broken"), replace(scenario("skipped"), words="Two"), scenario("environment", "A-4"))
    suites = {suite.get("name", ""): suite for suite in read(junit_of(made)).iter("testsuite")}
    assert list(suites) == ["run", "Money: A-1", "Money: A-4"]
    found = suites["Money: A-1"]
    assert [(one.get("name"), one.get("value")) for one in found.iter("property")] == [
        ("clauses", "A-1"),
        ("level", "documented"),
    ]
    counts = {name: found.get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "2", "failures": "1", "errors": "0", "skipped": "1"}


def test_deselected_scenario_is_not_in_the_file() -> None:
    assert len([*read(junit_of(verdict(scenario("not run", asked_for=False)))).iter("testcase")]) == 1


@pytest.mark.parametrize(
    ("status", "name", "element"),
    [
        (0, "HOLDS", None),
        (1, "BROKEN", "failure"),
        (2, "INTERRUPTED", "error"),
        (3, "SUITE FAULT", "error"),
        (4, "USAGE", "error"),
        (5, "NOT JUDGED", "skipped"),
        (75, "ENVIRONMENT", "error"),
    ],
)
def test_a_run_without_scenarios_shows_its_status(status: int, name: str, element: str | None) -> None:
    made = replace(verdict(status=status), name=name, headline=f"{name}: why")
    found = case(made, "verdict")
    assert [(child.tag, child.get("message")) for child in found] == ([(element, f"{name}: why")] if element else [])


def test_a_run_that_was_killed_is_an_error() -> None:
    found = case(unfinished(About()), "verdict")
    assert [child.tag for child in found] == ["error"]
    assert "DID NOT FINISH" in found[0].get("message", "")


@pytest.mark.parametrize("odd", ["\x00\x1b[2J", "\ud800", "]]>", "<a href='&'>", "\ufffe\U0001f600", "\u2028", ""])
def test_any_text_gives_valid_xml(odd: str) -> None:
    made = verdict(scenario("broken", broken={"A-1": odd}, words=odd or "x", feature=odd))
    found = read(junit_of(made).encode().decode())
    assert len([*found.iter("testcase")]) == 2


def test_secrets_are_masked() -> None:
    REDACTION.learn("s3cret-of-the-shop", "SHOP_KEY")
    assert "s3cret-of-the-shop" not in junit_of(verdict(scenario("broken", broken={"A-1": "s3cret-of-the-shop"})))


# Whole runs


@pytest.mark.parametrize("workers", [(), ("-n", "2")])
def test_each_outcome_of_a_run_has_its_element(tmp_path: Path, platform: Any, workers: tuple[str, ...]) -> None:
    suite = scratch(tmp_path, OUTCOMES, platform(ANSWER).url)
    with (tmp_path / "acts.py").open("a") as acts:
        acts.write(FAILS)
    ran = suite("--junitxml=given.xml", *workers)
    found = {
        one.get("name"): [(child.tag, child.get("type")) for child in one]
        for one in read((tmp_path / "given.xml").read_text()).iter("testcase")
    }
    assert found == {
        "verdict": [],
        "It holds": [],
        "It is not judged": [("skipped", "not judged")],
        "The platform is silent": [("error", "environment")],
        "It is broken": [("failure", "violation")],
        "The suite has a fault": [("error", "bug of the suite")],
        "It was set up wrongly": [("error", "usage")],
    }, ran.output
    (own,) = (tmp_path / "reports").glob("2*/junit.xml")
    assert own.read_text() == (tmp_path / "given.xml").read_text()


OUTLINE = """
@alfred
Feature: Small
  @A-1
  Rule: One
    Scenario Outline: <count> things hold
      Then it holds

      Examples:
        | count |
        | two   |
        | three |
"""


def test_test_case_name_contains_the_values_of_its_row(tmp_path: Path, platform: Any) -> None:
    suite = scratch(tmp_path, OUTLINE, platform(ANSWER).url)
    suite("--junitxml=given.xml")
    names = [one.get("name") for one in read((tmp_path / "given.xml").read_text()).iter("testcase")]
    assert names == ["verdict", "two things hold", "three things hold"]


def test_crashed_worker_is_an_error_of_its_scenarios(tmp_path: Path, platform: Any) -> None:
    suite = scratch(tmp_path, OUTLINE, platform(ANSWER).url)
    acts = (tmp_path / "acts.py").read_text()
    kills = "def holds():\n    __import__('os').kill(__import__('os').getpid(), 9)"
    (tmp_path / "acts.py").write_text(acts.replace("def holds():\n    pass", kills))
    suite("--junitxml=given.xml", "-n", "1")
    found = read((tmp_path / "given.xml").read_text())
    cases = {one.get("name"): [child.tag for child in one] for one in found.iter("testcase")}
    assert cases == {"verdict": ["error"], "two things hold": ["error"], "three things hold": ["error"]}
    assert {one.get("classname") for one in found.iter("testcase")} == {"run", "Small"}


@pytest.mark.parametrize(
    ("options", "status"),
    [(("--target=nowhere.toml",), 4), (("--no-such-option",), 4), (("--target=gone.toml",), 75)],
)
def test_run_without_a_platform_writes_its_reports(tmp_path: Path, options: tuple[str, ...], status: int) -> None:
    copy_suite(tmp_path)
    (tmp_path / "gone.toml").write_text(toml(tables_at("http://127.0.0.1:9")))
    page = tmp_path / "page.md"
    command = (sys.executable, "-m", "harness.run", "-q", "-p", "no:cacheprovider", *options)
    environment = {**os.environ, "GITHUB_STEP_SUMMARY": str(page)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == status, done.stdout + done.stderr
    latest = tmp_path / "reports" / "latest"
    (found,) = [
        one for one in read((latest / "junit.xml").read_text()).iter("testcase") if one.get("name") == "verdict"
    ]
    assert [child.tag for child in found] == ["error"]
    concluded = json.loads((latest / "verdict.json").read_text())
    assert concluded["status"] == status
    assert found[0].get("message") == concluded["headline"]
    first = (latest / "summary.md").read_text().splitlines()[0]
    assert page.read_text().splitlines().count(first) == 1


# The page of a job of GitHub Actions


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "page.md"))
    return tmp_path / "page.md"


def test_summary_is_appended_to_the_github_step_summary(page: Path) -> None:
    page.write_text("before\n")
    assert append_step_summary(verdict()) == []
    assert page.read_text().startswith("before\n# HOLDS: all\n")


def test_github_step_summary_stays_below_the_size_limit(page: Path) -> None:
    many = tuple(scenario("broken", broken={"A-1": "x" * 5000}) for _ in range(300))
    page.write_text("before\n")
    assert append_step_summary(verdict(*many)) == []
    assert MOST_BYTES - 10_000 < page.stat().st_size <= MOST_BYTES
    assert "This summary was cut" in page.read_text()[-100:]
    assert append_step_summary(verdict(*many)) == [], "a second one has no room"
    assert page.stat().st_size <= MOST_BYTES


def test_unwritable_github_step_summary_is_reported_in_one_line(page: Path) -> None:
    page.mkdir()
    assert append_step_summary(verdict()) == [f"{page} can't be written: Is a directory"]


def test_without_github_nothing_is_appended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    assert append_step_summary(verdict()) == []


def test_a_run_appends_its_summary_once(tmp_path: Path, platform: Any) -> None:
    page: Callable[[], str] = (tmp_path / "page.md").read_text
    suite: Suite = scratch(tmp_path, OUTLINE, platform(ANSWER).url)
    ran = suite(GITHUB_STEP_SUMMARY=os.fspath(tmp_path / "page.md"))
    assert page().count("\n# ") + page().startswith("# ") == 1, ran.output
