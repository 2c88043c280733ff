"""Values that contract.md leaves open in the response of a sale are allowed; other wrong values break a clause."""

from decimal import Decimal
from typing import Any

import pytest

from harness.apis.walletapi.walks.judged_calls import sale_of
from harness.apis.walletapi.walks.sale_checks import check_gifts_of_sale
from tests.harness.models import broken

SENT = {
    "Amount": Decimal("1.21"),
    "CashbackApply": True,
    "CashbackType": "Percentage",
    "CashbackValue": Decimal("33.02"),
}


@pytest.mark.parametrize(
    ("returned", "expected"),
    [("0.39", "0.39"), ("0.40", "0.40"), ("0.399542", "0.399542"), ("0.38", "0.40"), ("0.41", "0.40")],
)
def test_cashback_percentage_may_be_rounded_up_down_or_not_at_all(returned: str, expected: str) -> None:
    assert sale_of(0, SENT, {"CashbackAmount": returned}).cashback == Decimal(expected)


def gifts_of(amount: str | None, named: str | None, listed: Any) -> dict[str, Any]:
    return {"GiftAmount": amount, "GiftBalanceId": named, "UsedGiftBalances": listed}


@pytest.mark.parametrize(
    ("value", "gifts"),
    [
        (gifts_of(None, None, None), set()),
        (gifts_of(None, None, None), {"a"}),
        (gifts_of(None, None, []), {"a"}),
        (gifts_of(None, None, []), None),
        (gifts_of("5", "A", [1]), {"a"}),
    ],
)
def test_sale_may_list_its_gifts_or_none(value: dict[str, Any], gifts: set[str] | None) -> None:
    for asked in (True, False):
        check_gifts_of_sale(value, gifts, asked=asked)


@pytest.mark.parametrize(
    ("value", "gifts", "clause", "if_asked"),
    [
        (gifts_of(None, None, []), set(), "G-4", "G-4"),
        (gifts_of(None, "a", None), set(), "G-4", "G-4"),
        (gifts_of(None, "a", None), {"a"}, "G-3", "G-6"),
        (gifts_of(None, None, ["a"]), {"a"}, "G-3", "G-6"),
        (gifts_of("0", None, None), set(), "G-4", "G-4"),
        (gifts_of("0", None, None), {"a"}, "G-3", "G-4"),
        (gifts_of("5", "b", ["b"]), {"a"}, "G-6", "G-6"),
    ],
)
def test_sale_with_wrong_gifts_breaks_a_clause(
    value: dict[str, Any], gifts: set[str] | None, clause: str, if_asked: str
) -> None:
    assert broken(lambda: check_gifts_of_sale(value, gifts, asked=False)) == clause
    assert broken(lambda: check_gifts_of_sale(value, gifts, asked=True)) == if_asked
