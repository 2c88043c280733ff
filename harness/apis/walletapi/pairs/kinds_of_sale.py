"""Kinds of sale: factors with their values, and rows in which every two values occur together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from functools import cache
from typing import Final

from harness.walks.rows import combined

ABSENT: Final = object()
SWITCHES: Final[Mapping[str, object]] = {"no": False, "yes": True, "absent": ABSENT, "null": None}


@dataclass(frozen=True)
class Expiry:
    """When a gift expires, counted from now; ``hours`` is the offset in which that is written, None for Z."""

    after: timedelta
    hours: int | None = None

    def written(self, now: datetime) -> str:
        moment = (now + self.after).astimezone(timezone(timedelta(hours=self.hours or 0)))
        return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


SOON, HOUR, DAY, YEARS = timedelta(minutes=3), timedelta(hours=1), timedelta(days=1), timedelta(days=3650)
GivenGift = tuple[str, Expiry | None]
"""A share of the amount, and when the gift expires."""

# The first value of each factor is the ordinary one.
GIFTS: Final[Mapping[str, Sequence[GivenGift]]] = {
    "no gift": (),
    "a gift of a part of the amount": (("0.4", None),),
    "a gift of exactly the amount": (("1", None),),
    "a gift of more than the amount": (("1.7", None),),
    "three gifts of a part of the amount together": (("0.2", Expiry(YEARS)), ("0.3", None), ("0.1", Expiry(DAY))),
    "two gifts, of which both are needed": (("0.7", None), ("0.7", Expiry(DAY))),
    "a gift that expires in minutes": (("0.6", Expiry(SOON)),),
    "a gift that expires within the hour, west of UTC": (("0.6", Expiry(HOUR, -5)),),
    "a gift that expires within the hour, east of UTC": (("0.6", Expiry(HOUR, 3)),),
    "a gift that expires in ten years": (("1.3", Expiry(YEARS)),),
    "a gift of which a part was spent before": (("1.2", None),),
}
SPENT_BEFORE: Final = "a gift of which a part was spent before"

OF_BALANCE: Final[Mapping[str, Decimal]] = {
    "the balance": Decimal("0.00"),
    "a minor unit less than the balance": Decimal("-0.01"),
    "a minor unit more than the balance": Decimal("0.01"),
}
OF_ALL: Final[Mapping[str, Decimal]] = {
    "the balance and the gifts": Decimal("0.00"),
    "a minor unit more than the balance and the gifts": Decimal("0.01"),
}
AMOUNTS: Final = (
    *("30.10", "19.99", "0.01", "0.29", "1", "100.00", "1000", "1234.56", "12345.67", "167772.17", "21474836.48"),
    *OF_BALANCE,
    *OF_ALL,
)
TYPES: Final = ("Amount", "Percentage", "absent", "null")
VALUES: Final = ("10", "0.01", "0.29", "1.5", "33.33", "100", "250", "0", "-5", "absent", "null")
TEXTS: Final[Mapping[str, str]] = {
    "plain": "a sale of the contract suite",
    "in Turkish": "Çay & simit, 2 x ₺5, İĞŞ",
    "like a number": "0012.50",
    "with quotes and tags": "<b>\"50%\" off</b> \\ 'n' \\n",
    "with blanks": " two  blanks ",
    "with emoji": "👛🧾 e\u0301",
    "long": "0123456789" * 20,
}
REFUSABLE_TEXTS: Final = frozenset(TEXTS) - {"plain", "like a number"}  # any odd text: contract.md X-1
GIFTS_FIRST: Final = "the gifts, and then the money"
BEFORE: Final = (
    "nothing",
    GIFTS_FIRST,
    "two deposits",
    "a sale",
    "a sale with gifts and cashback",
    "a cancelled sale",
    "a refunded sale",
    "a cancelled sale with cashback",
    "a refused sale",
    "a refused sale without a key",
    "a refused sale of too much",
    "three sales",
    "everything was spent",
    "a deposit on another wallet",
    "a gift on another wallet",
    "a sale from another wallet",
)
AFTER: Final = (
    "nothing",
    "a cancel",
    "a refund",
    "a cancel and a refund",
    "a cancel, a deposit and a refund",
    "two refunds",
    "another sale",
    "another sale, and a cancel of the first",
    "a refused sale",
    "a sale from another wallet",
)


@dataclass(frozen=True)
class KindOfSale:
    """One row: the name of a value per factor."""

    gifts: str
    uses_gifts: str
    applies: str
    type_: str
    value: str
    amount: str
    text: str
    before: str
    after: str

    def __str__(self) -> str:
        """Return the row in words, without its ordinary values."""
        cashback = f"cashback {self.value} by {self.type_}" if self.names_cashback else ""
        parts = (
            f"a sale of {self.amount} from a wallet with {self.gifts}",
            f"use of gifts: {self.uses_gifts}",
            f"cashback applied: {self.applies}" if self.applies != "no" or self.names_cashback else "",
            cashback,
            f"a text {self.text}" if self.text != "plain" else "",
            f"after {self.before}" if self.before != "nothing" else "",
            f"then {self.after}" if self.after != "nothing" else "",
        )
        return ", ".join(filter(None, parts))

    @property
    def names_cashback(self) -> bool:
        return (self.type_, self.value) != ("absent", "absent")


_FACTORS: Final[Sequence[Sequence[str]]] = (
    *(tuple(GIFTS), tuple(SWITCHES), tuple(SWITCHES), TYPES, VALUES, AMOUNTS, tuple(TEXTS), BEFORE, AFTER),
)


@cache
def kinds_of_sale(strength: int) -> tuple[KindOfSale, ...]:
    return combined(KindOfSale, _FACTORS, strength, _is_possible)


def _is_possible(row: Sequence[str]) -> bool:
    """Return False for an applied cashback that is wrong, or that contract.md leaves open: zero, or without a type."""
    if len(row) > 4:
        applies, type_, value = row[2:5]
        if applies == "yes" and (type_ in {"absent", "null"} or value in {"absent", "null", "0", "-5"}):
            return False
    return True
