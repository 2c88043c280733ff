"""What chance decides in a random walk of the WalletAPI, and how often each deed is done."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from hypothesis import strategies as st

from harness.apis.walletapi.client import Cashback

NAMES: Final = "AB"


@dataclass(frozen=True)
class Draw:
    """What chance says about a step; each deed takes of it what it needs. Numbers count round what there is."""

    wallet: int
    which: int
    amount: Decimal
    price: str
    gifts: bool
    cashback: Cashback | None
    applied: bool
    ends: bool
    operation: str


DRAWS = st.builds(
    Draw,
    wallet=st.sampled_from([0, 0, 1]),
    which=st.integers(0, 11),
    amount=st.sampled_from([Decimal(text) for text in ("20.00", "50", "19.99", "5", "0.10", "0.01")]),
    price=st.sampled_from(["7.50", "all", "half", "15.00", "a minor unit more", "30", "0.01", "100.00"]),
    gifts=st.booleans(),
    cashback=st.sampled_from(
        [
            *(None, None, None, None, None, None),
            *(Cashback("Amount", Decimal(value)) for value in ("1.50", "100", "0.01")),
            *(Cashback("Percentage", Decimal(value)) for value in ("10", "50", "100")),
        ]
    ),
    applied=st.sampled_from([True, True, False]),
    ends=st.booleans(),
    operation=st.sampled_from(["cancelPurchase", "refundPurchase"]),
)
# One that stands here twice is done twice as often; the first is what a walk is made of where chance says nothing.
DEEDS: Final = (
    *("undo_again", "sell", "give", "sell", "deposit", "sell", "undo"),
    *("undo_again", "sell", "give", "sell", "deposit", "sell", "undo", "sell_wrongly"),
)
