"""Each mistake that the checks reject, in a small feature, with the line and part of the message."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from pytest_bdd import parsers

from harness.gherkin.checks import problems
from harness.gherkin.files import read
from harness.gherkin.sentences import Definition, sentence

TAGS = ("A-1", "A-2", "alfred", "slow")


def definition(kind: str, text: str) -> Definition:
    return Definition(kind, parsers.string(text), Path("steps/users.py"), 7)


STEPS = (
    definition("given", "a user"),
    definition("when", "the user pays 5"),
    definition("then", "5 is paid"),
    definition("then", "it is defined twice"),
    definition("then", "it is defined twice"),
)

GOOD = """
@alfred
Feature: Paying
  A user pays with money.

  Background:
    Given a user

  @A-2
  Rule: Paying costs money
    A description of the Rule.

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

REJECTED = {
    "two scenarios of one name": (
        "Scenario: Paying pays",
        "Scenario: Paying pays\n      Given a user\n\n    Scenario: Paying pays",
        15,
        'a scenario "Paying pays" is also on line 12',
    ),
    "no name": ("Scenario: Paying pays", "Scenario:", 12, "has no name"),
    "a name that breaks ids": ("Scenario: Paying pays", "Scenario: Paying [now]", 12, "can't contain"),
    "no steps": ("Scenario: Paying pays", "Scenario: Empty\n\n    Scenario: Paying pays", 12, "no steps"),
    "a misspelled first keyword": ("When the user pays 5", "Wen the user pays 5", 13, "is not a step"),
    "any description of a scenario": (
        "When the user pays 5",
        "Some words.\n      When the user pays 5",
        13,
        "is not a step",
    ),
    "a misspelled Scenario after a Background": (
        "    Given a user\n",
        "    Given a user\n\n  Scenaro: x\n    Given a user\n",
        8,
        "Scenaro",
    ),
    "a misspelled Scenario under a Rule": ("A description of the Rule.", "Scenaro: x", 10, "looks like Gherkin"),
    "a step under a Feature": ("A user pays with money.", "Given a user", 3, "looks like Gherkin"),
    "a misspelled Background": ("  Background:", "  Backgroud:", 5, "looks like Gherkin"),
    "a description of a Background": ("  Background:", "  Background:\n    Scenario x", 6, "looks like Gherkin"),
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
    "a placeholder in a Background": ("Given a user", "Given <somebody>", 6, "is in a Background"),
    "an unused column": (
        "| amount |\n        | 5      |",
        "| amount | why |\n        | 5 | so |",
        20,
        'the column "why"',
    ),
    "a column twice": (
        "| amount |\n        | 5      |",
        "| amount | amount |\n        | 5 | 5 |",
        20,
        'two columns have the name "amount"',
    ),
    "a row twice": (
        "        | 5      |",
        "        | 5      |\n        | 5 |",
        23,
        "another row of this outline has the same values",
    ),
    "a sentence without a step": (
        "Then 5 is paid",
        "Then 6 is paid",
        14,
        'no step matches "Then 6 is paid"; near: Then 5',
    ),
    "a sentence of another kind": ("Then 5 is paid", "Then the user pays 5", 14, "no step matches"),
    "a sentence with two steps": ("Then 5 is paid", "Then it is defined twice", 14, "more than one step matches"),
    "a row with a sentence without a step": (
        "        | 5      |",
        "        | 5      |\n        | 6 |",
        17,
        'matches "When the user pays 6"',
    ),
    "an unknown clause": ("@A-2", "@A-9", 8, "@A-9 is neither a clause"),
    "an unknown tag": ("@alfred", "@alfredo", 1, "near: @alfred"),
    "a tag of Examples": ("      Examples:", "      @nobody\n      Examples:", 20, "@nobody"),
    "a keyword in the wrong place": ("Then 5 is paid", "Thn 5 is paid", 14, "'Thn 5 is paid' is not allowed here"),
    "a Rule without scenarios": ("  @A-2\n  Rule:", "  Rule: Empty\n\n  @A-2\n  Rule:", 8, "the Rule has no scenario"),
}


def test_a_good_feature_passes(feature_file: Callable[..., Path]) -> None:
    assert problems([read(feature_file(GOOD))], STEPS, TAGS) == ()


@pytest.mark.parametrize("reason", REJECTED)
def test_it_rejects(reason: str, feature_file: Callable[..., Path]) -> None:
    part, changed, line, expected = REJECTED[reason]
    assert part in GOOD
    path = feature_file(GOOD.replace(part, changed, 1))
    found = problems([read(path)], STEPS, TAGS)
    assert [problem for problem in found if problem.line == line and expected in problem.text], "\n".join(
        map(str, found)
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "the file contains no Feature"),
        ("Feature: Alone\n", "the Feature has no scenario"),
        ("Feature: A\n  Scenario: And first\n    And a user\n", "must start with"),
        ("Scenario: No feature\n  Given a user\n", "is not allowed here"),
    ],
)
def test_it_rejects_a_file_without_a_feature(text: str, expected: str, feature_file: Callable[..., Path]) -> None:
    found = problems([read(feature_file(text))], STEPS, TAGS)
    assert expected in found[0].text


def test_it_rejects_bytes_that_are_not_text(tmp_path: Path) -> None:
    path = tmp_path / "latin.feature"
    path.write_bytes(b"Feature: \xe9t\xe9\n")
    assert "can't be read as UTF-8" in problems([read(path)], STEPS, TAGS)[0].text


def test_it_rejects_two_features_of_one_name(feature_file: Callable[..., Path]) -> None:
    files = [read(feature_file(GOOD, "one.feature")), read(feature_file(GOOD, "two.feature"))]
    (found,) = problems(files, STEPS, TAGS)
    assert "one.feature:2, and" in found.text


def test_all_problems_are_reported_at_once_in_the_order_of_the_lines(feature_file: Callable[..., Path]) -> None:
    text = GOOD.replace("@A-2", "@A-9").replace("Then 5 is paid", "Then 6 is paid")
    assert [problem.line for problem in problems([read(feature_file(text))], STEPS, TAGS)] == [8, 14]


def choice(text: str, **choices: Mapping[str, Any]) -> Definition:
    return Definition("then", sentence(text, **choices), Path("steps/users.py"), 9)


METHODS = {"cash": 1, "a card": 2, "a card of another user": 3}
CHOICE = choice("it is paid with {method:Method}", Method=METHODS)


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


def test_of_several_sentences_the_likely_one_is_reported(feature_file: Callable[..., Path]) -> None:
    steps = [*STEPS, choice("it is {outcome:Outcome}", Outcome={"rejected": 1, "accepted": 2}), CHOICE]
    text = GOOD.replace("Then 5 is paid", "Then it is paid with a crad")
    (problem,) = problems([read(feature_file(text))], steps, TAGS)
    assert 'nearest: "a card"' in problem.text


def test_a_choice_that_matches_too_much_does_not_hide_a_near_sentence(feature_file: Callable[..., Path]) -> None:
    steps = [
        *STEPS,
        choice("{what:What} is paid", What={"everything": 1}),
        definition("then", "nothing at all is paid"),
    ]
    text = GOOD.replace("Then 5 is paid", "Then nothing at al is paid")
    (problem,) = problems([read(feature_file(text))], steps, TAGS)
    assert "near: Then nothing at all is paid" in problem.text
