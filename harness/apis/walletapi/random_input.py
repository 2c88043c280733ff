"""The random input of the WalletAPI's walks, and how often each action is taken."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from hypothesis import strategies as st

from harness.apis.walletapi.client import Cashback

NAMES: Final = "AB"  # of the wallets


@dataclass(frozen=True)
class RandomInput:
    """The random input of a step, of which an action uses what it needs. A number counts round the items there are."""

    wallet: int
    item: int
    amount: Decimal
    price: str
    gifts: bool
    cashback: Cashback | None
    applied: bool
    expires: bool
    operation: str


RANDOM_INPUT = st.builds(
    RandomInput,
    wallet=st.sampled_from([0, 0, 1]),
    item=st.integers(0, 59),
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
    expires=st.booleans(),
    operation=st.sampled_from(["cancelPurchase", "refundPurchase"]),
)
# An action that is listed twice is taken twice as often. Hypothesis shortens a walk towards the first one.
ACTIONS: Final = (
    *("undo_again", "sell", "give", "sell", "deposit", "sell", "undo"),
    *("undo_again", "sell", "give", "sell", "deposit", "sell", "undo", "sell_wrongly"),
)
