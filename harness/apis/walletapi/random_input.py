"""What the WalletAPI's walks choose from, and how often each action is taken."""

from decimal import Decimal
from typing import Final

from harness.apis.walletapi.client import Cashback

NAMES: Final = "AB"  # of the wallets
WALLETS: Final = (0, 0, 1)
AMOUNTS: Final = tuple(Decimal(text) for text in ("20.00", "50", "19.99", "5", "0.10", "0.01"))
PRICES: Final = ("7.50", "all", "half", "15.00", "a minor unit more", "30", "0.01", "100.00")
CASHBACKS: Final = (
    *(None, None, None, None, None, None),
    *(Cashback("Amount", Decimal(value)) for value in ("1.50", "100", "0.01")),
    *(Cashback("Percentage", Decimal(value)) for value in ("10", "50", "100")),
)
# An action that is listed twice is taken twice as often. Hypothesis shortens a walk towards the first one.
ACTIONS: Final = (
    *("undo_again", "sell", "give", "sell", "deposit", "sell", "undo"),
    *("undo_again", "sell", "give", "sell", "deposit", "sell", "undo", "sell_wrongly"),
)
