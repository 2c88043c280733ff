"""What a failed assertion says to people: figures and messages, no Python."""

import pytest

from harness.verdict.plugin import received


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "assert Decimal('30.01') == Decimal('30.00')\n +  where Decimal('30.01') = balance(<Alfred at 0x7f>)",
            "30.01 instead of 30.00",
        ),
        ("assert Decimal('0.01') in (Decimal('10.00'), Decimal('0.00'))", "0.01 instead of one of (10.00, 0.00)"),
        ("the balance must pay 20.00, and it has paid 19.99\nassert Decimal('19.99') == Decimal('20.00')", None),
        (
            "the walk found this:\n  1. a funding\n  2. a purchase",
            "the walk found this:\n  1. a funding\n  2. a purchase",
        ),
        ("assert 2 == 1\n  \n  Full diff:\n  - 1\n  + 2", "2 instead of 1"),
    ],
)
def test_an_assertion_is_reported_without_python(text: str, words: str | None) -> None:
    assert received(text) == (words or "the balance must pay 20.00, and it has paid 19.99")
