"""Failed comparisons in words: figures, the difference, and no Python."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from harness.causes.words import comparison


@dataclass(frozen=True)
class Two:
    wallet: Decimal
    total_gifts: Decimal


@pytest.mark.parametrize(
    ("operator", "left", "right", "words"),
    [
        ("==", Decimal("29.50"), Decimal("30.00"), "29.50 instead of 30.00 (0.50 less)"),
        ("==", Decimal("9.84E+2"), 980, "984 instead of 980 (4 more)"),
        ("==", None, Decimal("1.00"), "null instead of 1.00"),
        ("==", True, False, "true instead of false"),
        ("==", "Cancel", "Refund", '"Cancel" instead of "Refund"'),
        ("==", timedelta(seconds=90), timedelta(0), "90 s instead of 0 s"),
        ("==", Two(Decimal(1), Decimal(2)), Two(Decimal(1), Decimal(5)), "total gifts 2 instead of 5 (3 less)"),
        ("==", (Decimal(1), Decimal(2)), (Decimal(1), Decimal(5)), "2 instead of 5 (3 less)"),
        ("==", [1, 2], [1, 2, 3], "1, 2 instead of 1, 2, 3"),
        ("is", datetime(2030, 1, 2, tzinfo=UTC), None, "2030-01-02T00:00:00+00:00 instead of null"),
        ("is not", None, None, "null"),
        ("in", Decimal("0.01"), (Decimal("10.00"), Decimal("0.00")), "0.01 instead of one of 10.00, 0.00"),
        ("!=", "", "", "an empty text, which must differ from an empty text"),
        (">=", Decimal(-1), 0, "-1, which must be at least 0"),
        ("==", {"a": [Decimal("1.0")]}, {}, "a: 1.0 instead of nothing"),
        ("==", object(), 1, "object instead of 1"),
        ("==", list(range(20)), [], "0, 1, 2, 3, 4, 5, 6, 7 and 12 more instead of nothing"),
    ],
)
def test_a_comparison_is_reported_in_words(operator: str, left: object, right: object, words: str) -> None:
    assert comparison(operator, left, right) == words
