"""Each thing that the checks reject, by a small feature that has it and a line that says so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_bdd import parsers

from harness.gherkin.checks import problems
from harness.gherkin.files import read
from harness.gherkin.sentences import Definition, sentence

TAGS = ("A-1", "A-2", "alfred", "slow")


def definition(kind: str, text: str) -> Definition:
    return Definition(kind, text, Path("steps/users.py"), 7, parsers.string(text))


STEPS = (
    definition("given", "a user"),
    definition("when", "the user pays 5"),
    definition("then", "5 is paid"),
    definition("then", "it is twice there"),
    definition("then", "it is twice there"),
)

GOOD = """
@alfred
Feature: Paying
  Somebody pays, with money.

  Background:
    Given a user

  @A-2
  Rule: Whoever pays has paid
    A word on the Rule.

    Scenario: Paying pays
      When the user pays 5
      Then 5 is paid

    Scenario Outline: Paying <amount> pays
      When the user pays <amount>
      Then <amount> is paid

      Examples:
        | amount |
        | 5      |
"""

REFUSED = {
    "two scenarios of one name": (
        "Scenario: Paying pays",
        "Scenario: Paying pays\n      Given a user\n\n    Scenario: Paying pays",
        15,
        'a scenario "Paying pays" stands on line 12 too',
    ),
    "no name": ("Scenario: Paying pays", "Scenario:", 12, "has no name"),
    "a name that breaks ids": ("Scenario: Paying pays", "Scenario: Paying [now]", 12, "may not hold"),
    "no steps": ("Scenario: Paying pays", "Scenario: Empty\n\n    Scenario: Paying pays", 12, "no steps"),
    "a mistyped first keyword": ("When the user pays 5", "Wen the user pays 5", 13, "is no step"),
    "any description of a scenario": (
        "When the user pays 5",
        "Some words.\n      When the user pays 5",
        13,
        "is no step",
    ),
    "a mistyped Scenario after a Background": (
        "    Given a user\n",
        "    Given a user\n\n  Scenaro: x\n    Given a user\n",
        8,
        "Scenaro",
    ),
    "a mistyped Scenario under a Rule": ("A word on the Rule.", "Scenaro: x", 10, "reads like Gherkin"),
    "a step under a Feature": ("Somebody pays, with money.", "Given a user", 3, "reads like Gherkin"),
    "a mistyped Background": ("  Background:", "  Backgroud:", 5, "reads like Gherkin"),
    "a description of a Background": ("  Background:", "  Background:\n    Scenario x", 6, "reads like Gherkin"),
    "a Background without steps": ("    Given a user\n", "", 5, "the Background has no steps"),
    "an outline without Examples": (
        "\n      Examples:\n        | amount |\n        | 5      |\n",
        "",
        16,
        "the outline has no Examples",
    ),
    "an outline without rows": ("        | 5      |\n", "", 20, "the Examples have no rows"),
    "a placeholder without a column": ("Then <amount> is", "Then <sum> is", 18, "have no column for <sum>"),
    "a placeholder without Examples": ("Then 5 is paid", "Then <sum> is paid", 14, "without Examples"),
    "a placeholder in a Background": ("Given a user", "Given <somebody>", 6, "stands in a Background"),
    "a column unused": (
        "| amount |\n        | 5      |",
        "| amount | why |\n        | 5 | so |",
        20,
        'the column "why"',
    ),
    "a column twice": ("| amount |\n        | 5      |", "| amount | amount |\n        | 5 | 5 |", 20, "stands twice"),
    "a row twice": (
        "        | 5      |",
        "        | 5      |\n        | 5 |",
        23,
        "the row stands in this outline twice",
    ),
    "a sentence with no step": (
        "Then 5 is paid",
        "Then 6 is paid",
        14,
        'no step matches "Then 6 is paid"; near: Then 5',
    ),
    "a sentence of another kind": ("Then 5 is paid", "Then the user pays 5", 14, "no step matches"),
    "a sentence with two steps": ("Then 5 is paid", "Then it is twice there", 14, "more than one step matches"),
    "a row's sentence with no step": (
        "        | 5      |",
        "        | 5      |\n        | 6 |",
        17,
        'matches "When the user pays 6"',
    ),
    "an unknown clause": ("@A-2", "@A-9", 8, "@A-9 is neither a clause"),
    "an unknown tag": ("@alfred", "@alfredo", 1, "near: @alfred"),
    "a tag of Examples": ("      Examples:", "      @nobody\n      Examples:", 20, "@nobody"),
    "a keyword that can't stand here": ("Then 5 is paid", "Thn 5 is paid", 14, "'Thn 5 is paid' can't stand here"),
    "a Rule without scenarios": ("  @A-2\n  Rule:", "  Rule: Empty\n\n  @A-2\n  Rule:", 8, "the Rule has no scenario"),
}


def test_a_good_feature_passes(feature_file: Callable[..., Path]) -> None:
    assert problems([read(feature_file(GOOD))], STEPS, TAGS) == ()


@pytest.mark.parametrize("reason", REFUSED)
def test_it_rejects(reason: str, feature_file: Callable[..., Path]) -> None:
    part, changed, line, said = REFUSED[reason]
    assert part in GOOD
    path = feature_file(GOOD.replace(part, changed, 1))
    found = problems([read(path)], STEPS, TAGS)
    assert [problem for problem in found if problem.line == line and said in problem.text], "\n".join(map(str, found))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file contains no Feature"),
        ("Feature: Alone\n", "the Feature has no scenario"),
        ("Feature: A\n  Scenario: And first\n    And a user\n", "must start with"),
        ("Scenario: No feature\n  Given a user\n", "can't stand here"),
    ],
)
def test_it_rejects_a_file_that_is_no_feature(text: str, said: str, feature_file: Callable[..., Path]) -> None:
    found = problems([read(feature_file(text))], STEPS, TAGS)
    assert said in found[0].text


def test_it_rejects_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "latin.feature"
    path.write_bytes(b"Feature: \xe9t\xe9\n")
    assert "can't be read as UTF-8" in problems([read(path)], STEPS, TAGS)[0].text


def test_it_rejects_two_features_of_one_name(feature_file: Callable[..., Path]) -> None:
    files = [read(feature_file(GOOD, "one.feature")), read(feature_file(GOOD, "two.feature"))]
    (found,) = problems(files, STEPS, TAGS)
    assert "one.feature:2 too" in found.text


def test_it_tells_all_at_once_in_the_order_of_the_lines(feature_file: Callable[..., Path]) -> None:
    text = GOOD.replace("@A-2", "@A-9").replace("Then 5 is paid", "Then 6 is paid")
    assert [problem.line for problem in problems([read(feature_file(text))], STEPS, TAGS)] == [8, 14]


CHOICE = Definition(
    "then",
    "it is paid with {method:Method}",
    Path("steps/users.py"),
    9,
    sentence("it is paid with {method:Method}", Method={"cash": 1, "a card": 2, "a card of another user": 3}),
)


def test_a_wrong_choice_is_reported_with_the_nearest_allowed_value(feature_file: Callable[..., Path]) -> None:
    text = GOOD.replace("Then 5 is paid", "Then it is paid with a crad")
    (problem,) = problems([read(feature_file(text))], [*STEPS, CHOICE], TAGS)
    assert problem.line == 14
    assert '"a crad" is not allowed in "it is paid with {method:Method}"; nearest: "a card"' in problem.text
    assert '"cash", "a card", "a card of another user"' in problem.text


@pytest.mark.parametrize("value", ["cash", "a card", "a card of another user"])
def test_every_choice_is_accepted(feature_file: Callable[..., Path], value: str) -> None:
    text = GOOD.replace("Then 5 is paid", f"Then it is paid with {value}")
    assert problems([read(feature_file(text))], [*STEPS, CHOICE], TAGS) == ()
