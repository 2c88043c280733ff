"""Sentences with typed fields, and the list of them."""

import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from harness.gherkin.sentences import sentence

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(
    ("pattern", "text", "value"),
    [
        ("pays {it:Money}", "pays 20.00", Decimal("20.00")),
        ("pays {it:Money}", "pays 0.10", Decimal("0.10")),
        ("pays {it:Money}", "pays -5", Decimal(-5)),
        ("has {it:Count} wallets", "has 12 wallets", 12),
        ('says "{it:Text}"', 'says ""', ""),
        ('says "{it:Text}"', 'says "a b"', "a b"),
    ],
)
def test_a_field_is_converted_to_its_type(pattern: str, text: str, value: object) -> None:
    assert sentence(pattern).is_matching(text)
    assert sentence(pattern).parse_arguments(text) == {"it": value}


@pytest.mark.parametrize("text", ["Pays 5", "pays five", "pays 5 ", "pays 5.", "pays", "he pays 5"])
def test_any_other_text_does_not_match(text: str) -> None:
    assert not sentence("pays {it:Money}").is_matching(text)


def test_the_list_shows_each_sentence_with_its_file_and_allowed_values() -> None:
    listed = subprocess.run(
        (sys.executable, "-m", "harness.gherkin.sentences"), cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert "\nalfred/users\n" in listed
    assert "steps/alfred/users.py:" in listed
    assert re.search(r"^ {9}\w+:\n {11}\w", listed, re.MULTILINE)


@pytest.mark.parametrize(("text", "value"), [("a key", 1), ("a key of another role", 2), ("no key (1.5)", 3)])
def test_a_choice_becomes_its_value(text: str, value: int) -> None:
    choices = {"a key": 1, "a key of another role": 2, "no key (1.5)": 3}
    known = sentence("it is sent with {credential:Credential} twice", Credential=choices)
    assert known.parse_arguments(f"it is sent with {text} twice") == {"credential": value}
    assert not known.is_matching("it is sent with A key twice")
    (wrong,) = known.wrong_choices("it is sent with A key twice")
    assert (wrong.value, wrong.allowed, wrong.nearest) == ("A key", tuple(choices), "a key")
    assert known.wrong_choices("it is sent twice") == []
