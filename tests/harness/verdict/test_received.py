"""The text of a failed assertion: figures and messages, without Python code."""

import pytest

from harness.verdict.plugin import received


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "assert 30.01 instead of 30.00 (0.01 more)\n +  where Decimal('30.01') = balance(<Alfred at 0x7f>)",
            "30.01 instead of 30.00 (0.01 more)",
        ),
        ("the balance must pay 20.00, and it has paid 19.99\nassert 19.99 instead of 20.00", None),
        (
            "the walk found this:\n  1. a funding\n  2. a purchase",
            "the walk found this:\n  1. a funding\n  2. a purchase",
        ),
        ("assert ''\n +  where '' = Purchase(...)", "an empty text"),
        ("assert not True\n +  where True = any(<generator object>)", "true"),
    ],
)
def test_an_assertion_is_reported_without_python(text: str, words: str | None) -> None:
    assert received(text) == (words or "the balance must pay 20.00, and it has paid 19.99")
