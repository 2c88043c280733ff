"""Kinds of purchase: factors with their values, and rows in which every two values occur together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final

from harness.walks.rows import combined

# The first value of each factor is the ordinary one.
FUNDINGS: Final[Mapping[str, Sequence[str]]] = {
    "20.00": ("20.00",),
    "nothing": (),
    "0.01": ("0.01",),
    "0.30, in two fundings": ("0.10", "0.20"),
    "1000.10": ("1000.10",),
    "1234.56": ("1234.56",),
    "the sum of four fundings": ("0.29", "1.15", "19.99", "300.07"),
    "12345.67": ("12345.67",),
    "167772.17": ("167772.17",),
}
OF_BALANCE: Final[Mapping[str, Decimal]] = {
    "the balance": Decimal("0.00"),
    "a minor unit less than the balance": Decimal("-0.01"),
    "a minor unit more than the balance": Decimal("0.01"),
}
AMOUNTS: Final = ("50.00", "0.01", "0.29", "1", "19.99", "100", "1000", "1234.56", "12345.67", *OF_BALANCE)
BEFORE: Final = (
    "nothing",
    "another purchase",
    "a payment that is not confirmed",
    "a session that is not confirmed",
    "a refused payment",
    "a refused purchase",
    "a refused session",
    "the wallet is read",
    "the user comes back",
)
CREATED: Final = (
    "nothing",
    "another purchase is created",
    "the other user's purchase is created",
    "the other user's session",
    "a funding",
)
SESSIONS: Final = (
    "one session",
    "two sessions",
    "two sessions, and a funding in between",
    "a session after the other user's",
    "a session before the other user's",
)
BETWEEN: Final = (
    "nothing",
    "a funding",
    "another purchase",
    "a refused confirmation",
    "two refused confirmations",
    "the other user's funding",
    "the other user's purchase",
    "the other user's payment that is not confirmed",
    "the other user's session",
    "payments of both users, created before either is confirmed",
    "a session on another purchase",
    "a refused payment",
    "a refused session",
    "a payment that is not confirmed",
    "the user comes back",
)
AFTER: Final = (
    "nothing",
    "the other user buys with a session from before",
    "the same confirmation",
    "a funding, and the same confirmation",
    "the user comes back, and the same confirmation",
    "two more of the same confirmation",
    "the first payment is confirmed again",
    "another session is tried, and the same confirmation",
    "another purchase",
    "a purchase of all that is left, and another",
)


@dataclass(frozen=True)
class KindOfPurchase:
    """One row: the name of a value per factor."""

    balance: str
    amount: str
    before: str
    created: str
    sessions: str
    between: str
    after: str

    def __str__(self) -> str:
        """Return the row in words, without its ordinary values."""
        parts = [f"a purchase of {self.amount} with a balance of {self.balance}"]
        for name, value in (
            ("before it", self.before),
            ("before its session", self.created),
            ("before the confirmation", self.between),
            ("then", self.after),
        ):
            if value != "nothing":
                parts.append(f"{name}: {value}")
        return ", ".join((*parts, self.sessions) if self.sessions != SESSIONS[0] else parts)


_FACTORS: Final[Sequence[Sequence[str]]] = (tuple(FUNDINGS), AMOUNTS, BEFORE, CREATED, SESSIONS, BETWEEN, AFTER)


@cache
def kinds_of_purchase(strength: int) -> tuple[KindOfPurchase, ...]:
    return combined(KindOfPurchase, _FACTORS, strength)
