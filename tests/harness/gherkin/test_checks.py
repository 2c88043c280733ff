"""Each mistake that the checks reject, in a small feature, with the line and part of the message."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import parse
import pytest
from pytest_bdd import parsers

from harness.gherkin.checks import features_of_one_name, problems
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
    "a misspelled first keyword": ("When the user pays 5", "Wen the user pays 5", 13, "looks like Gherkin"),
    "a step with a small letter": ("When the user pays 5", "when the user pays 5", 13, "looks like Gherkin"),
    "a step after a description": ("When the user pays 5", "Some words.\n\n      Whne the user pays", 15, "looks like"),
    "a mistyped step below Examples": ("      Examples:", "      Examples:\n        given a user", 21, "looks like"),
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
    "a placeholder without Examples": ("Then 5 is paid", "Then <sum> is paid", 14, "plain text without Examples"),
    "a placeholder in a Background": ("Given a user", "Given <amount>", 6, "is in a Background"),
    "a mistyped column in a text block": (
        "Then <amount> is paid",
        'Then <amount> is paid\n        """\n        <amonut>\n        """',
        18,
        "have no column for <amonut>",
    ),
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


def test_valid_feature_has_no_problems(feature_file: Callable[..., Path]) -> None:
    assert problems(read(feature_file(GOOD)), STEPS, TAGS) == ()


@pytest.mark.parametrize("reason", REJECTED)
def test_mistake_is_reported_with_its_line(reason: str, feature_file: Callable[..., Path]) -> None:
    part, changed, line, expected = REJECTED[reason]
    assert part in GOOD
    path = feature_file(GOOD.replace(part, changed, 1))
    found = problems(read(path), STEPS, TAGS)
    assert [problem for problem in found if problem.line == line and expected in problem.text], "\n".join(
        map(str, found)
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "the file contains no Feature"),
        ("Feature: Alone\n", "the Feature has no scenario"),
        ("Feature: A\n  Scenario: And first\n    And a user\n", "must start with"),
        ("Scenario: No feature\n  Given a user\n", "comes before the Feature"),
    ],
)
def test_file_without_a_feature_is_rejected(text: str, expected: str, feature_file: Callable[..., Path]) -> None:
    found = problems(read(feature_file(text)), STEPS, TAGS)
    assert expected in found[0].text


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "utf-16-le", "utf-32"])
def test_encodings_other_than_utf_8_are_rejected_in_one_line(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "other.feature"
    path.write_bytes("Feature: \xe9t\xe9\n".encode(encoding))
    (problem,) = problems(read(path), STEPS, TAGS)
    assert "can't be read as UTF-8" in problem.text
    assert "\n" not in str(problem)


@pytest.mark.parametrize("start", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_byte_order_mark_and_any_end_of_line_are_read(tmp_path: Path, start: str, end: str) -> None:
    path = tmp_path / "small.feature"
    text = start + GOOD.lstrip() + "  Thn\n"
    path.write_bytes(text.replace("\n", end).encode())
    (problem,) = problems(read(path), STEPS, TAGS)
    assert problem.line == text.count("\n")


FEATURE = "Feature: A\n  Scenario: B\n    Given a user\n"


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        (FEATURE + "      | a | b |\n      | c |\n", 5, "more or fewer cells"),
        (FEATURE + "    Examples:\n      | a | b |\n      | c |\n", 6, "more or fewer cells"),
        ("# language: enn\n" + FEATURE, 1, 'the language "enn" is unknown; write "en"'),
        ("# language: xx\n" + FEATURE.replace("Given", "Wenn"), 1, 'the language "xx" is unknown'),
        ("@a b\n" + FEATURE, 1, "a tag can't contain a blank"),
        (FEATURE.replace("  Scen", "  @a b\n  Scen"), 2, "a tag can't contain a blank"),
        (FEATURE + '      """\n      never closed\n', 4, "has no end"),
        (FEATURE + '      ```\n      never closed\n      """\n', 4, "has no end"),
        (FEATURE + "Feature: C\n", 4, "only one Feature"),
        ("Hello\nworld\n" + FEATURE, 1, '"Hello" comes before the Feature'),
        ("Feature: A\n  Background:\n    Given a user\n  Examples:\n", 4, "below the steps of a Scenario Outline"),
        (FEATURE + "  Background:\n", 4, "only one Background"),
        (FEATURE + "  @A-1\n", 4, 'ends after "@A-1"'),
        (FEATURE + "  @A-1\n  Given a user\n", 5, "must follow the tags"),
        ("Feature: A\n  Scenario: B\n    Given a user\n    Whne x\n", 4, "'Whne x' is not allowed here"),
    ],
)
def test_the_reason_of_the_parser_is_reported_once_in_plain_words(
    feature_file: Callable[..., Path], text: str, line: int, expected: str
) -> None:
    path = feature_file("")
    path.write_text(text)
    (problem,) = read(path).problems
    assert problem.line == line
    assert expected in problem.text
    assert "#" not in problem.text.replace("# language", "")
    assert "expected:" not in problem.text


@pytest.mark.parametrize(
    "text",
    [
        FEATURE + '      """\n      <foo> and <b>bold</b>\n      """\n',
        FEATURE + "      | <foo> |\n",
        FEATURE.replace("B", "A <foo> in the title"),
        FEATURE.replace("B", "B\n    A description with <foo>.\n\n    The second paragraph.\n\n    and a third"),
        FEATURE.replace("A", "A\n  The user pays.\n  * one\n  * two\n  | a | table |", 1),
        FEATURE.replace("A", "A\n  When two users pay at once, both succeed.", 1),
        FEATURE.replace("  Scenario", "  Background: C\n    They are ready.\n    Given a user\n  Scenario"),
        FEATURE.replace("  Scenario", "  Rule: C\n    Any user may pay.\n\n  Scenario"),
        FEATURE
        + '      """<kind>\n      x\n      """\n    Examples:\n      About kinds.\n      | kind |\n      | json |\n',
        FEATURE + "      | <kind> |\n    Examples:\n      | kind |\n      | json |\n",
        FEATURE + '      """\n      <kind> <xml>\n      """\n    Examples:\n      | kind |\n      | json |\n',
        FEATURE.replace("B", "B <kind>") + "    Examples:\n      | kind |\n      | json |\n",
        "# language: de\nFunktionalität: A\n  Szenario: B\n    Der Text.\n    Angenommen a user\n",
    ],
)
def test_legal_gherkin_is_accepted(feature_file: Callable[..., Path], text: str) -> None:
    path = feature_file("")
    path.write_text(text, "utf-8")
    assert problems(read(path), STEPS, TAGS) == ()


class Numbered(parsers.StepParser):
    def is_matching(self, name: str) -> bool:
        return name.endswith(" users")

    def parse_arguments(self, name: str) -> dict[str, Any]:  # noqa: ARG002
        return {}


@pytest.mark.parametrize(
    ("parser", "text"),
    [
        (parsers.re(r"(the|a) user smiles"), "the user smiles"),
        (parsers.re(r"(?P<who>\w+) SMILES", re.IGNORECASE), "he smiles"),
        (parsers.parse("{count:d} users smile"), "3 users smile"),
        (parsers.parse("{a:Upper} smiles", {"Upper": str.upper}), "he smiles"),
        (
            parsers.cfparse("{names:Name+} smile", {"Name": parse.with_pattern("[a-z]")(lambda text: text.upper())}),
            "a, b, c smile",
        ),
        (parsers.string("(the|a) user {smiles}"), "(the|a) user {smiles}"),
        (Numbered("any number of users"), "12 users"),
    ],
)
def test_step_that_pytest_bdd_matches_is_accepted(
    feature_file: Callable[..., Path], parser: parsers.StepParser, text: str
) -> None:
    steps = [*STEPS, Definition("", parser, Path("steps/users.py"), 9)]
    assert problems(read(feature_file(GOOD.replace("Then 5 is paid", f"Then {text}"))), steps, TAGS) == ()


def test_a_parser_that_fails_is_reported(feature_file: Callable[..., Path]) -> None:
    failing = Definition("then", parsers.parse("{x:X}", {"X": Decimal}), Path("steps/users.py"), 9)
    found = problems(read(feature_file(GOOD)), [*STEPS, failing], TAGS)
    assert "the parser of Then {x:X} (steps/users.py:9) fails" in found[0].text


def test_two_features_with_the_same_name_are_rejected(feature_file: Callable[..., Path]) -> None:
    files = [read(feature_file(GOOD, "one.feature")), read(feature_file(GOOD, "two.feature"))]
    (found,) = features_of_one_name(files)
    assert "one.feature:2, and" in found.text


def test_all_problems_are_reported_at_once_in_the_order_of_the_lines(feature_file: Callable[..., Path]) -> None:
    text = GOOD.replace("@A-2", "@A-9").replace("Then 5 is paid", "Then 6 is paid")
    assert [problem.line for problem in problems(read(feature_file(text)), STEPS, TAGS)] == [8, 14]


def choice(text: str, **choices: Mapping[str, Any]) -> Definition:
    return Definition("then", sentence(text, **choices), Path("steps/users.py"), 9)


METHODS = {"cash": 1, "a card": 2, "a card of another user": 3}
CHOICE = choice("it is paid with {method:Method}", Method=METHODS)


def test_a_wrong_choice_is_reported_with_the_nearest_allowed_value(feature_file: Callable[..., Path]) -> None:
    text = GOOD.replace("Then 5 is paid", "Then it is paid with a crad")
    (problem,) = problems(read(feature_file(text)), [*STEPS, CHOICE], TAGS)
    assert problem.line == 14
    assert '"a crad" is not allowed in "it is paid with {method:Method}"; nearest: "a card"' in problem.text
    assert '"cash", "a card", "a card of another user"' in problem.text


@pytest.mark.parametrize("value", ["cash", "a card", "a card of another user"])
def test_every_choice_is_accepted(feature_file: Callable[..., Path], value: str) -> None:
    text = GOOD.replace("Then 5 is paid", f"Then it is paid with {value}")
    assert problems(read(feature_file(text)), [*STEPS, CHOICE], TAGS) == ()


def test_nearest_of_several_sentences_is_reported(feature_file: Callable[..., Path]) -> None:
    steps = [*STEPS, choice("it is {outcome:Outcome}", Outcome={"rejected": 1, "accepted": 2}), CHOICE]
    text = GOOD.replace("Then 5 is paid", "Then it is paid with a crad")
    (problem,) = problems(read(feature_file(text)), steps, TAGS)
    assert 'nearest: "a card"' in problem.text


def test_broad_choice_does_not_hide_a_similar_sentence(feature_file: Callable[..., Path]) -> None:
    steps = [
        *STEPS,
        choice("{what:What} is paid", What={"everything": 1}),
        definition("then", "nothing at all is paid"),
    ]
    text = GOOD.replace("Then 5 is paid", "Then nothing at al is paid")
    (problem,) = problems(read(feature_file(text)), steps, TAGS)
    assert "near: Then nothing at all is paid" in problem.text
