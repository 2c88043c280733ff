"""The values that the WalletAPI's walks choose from, and the frequency of each action."""

from decimal import Decimal
from typing import Final

from harness.apis.walletapi.client import Cashback

WALLETS: Final = (0, 0, 1)
AMOUNTS: Final = tuple(
    Decimal(text) for text in ("20.00", "50", "19.99", "5", "0.10", "0.01", "300", "1.15", "1234.56", "1000")
)
PRICES: Final = (
    *("7.50", "all", "half", "15.00", "a minor unit more", "30", "0.01", "100.00"),
    *("all", "0.29", "19.99", "1", "200", "1000", "1234.56", "33.33"),
)
CASHBACKS: Final = (
    *(None,) * 8,
    *(Cashback("Amount", Decimal(value)) for value in ("1.50", "100", "0.01", "0.29")),
    *(Cashback("Percentage", Decimal(value)) for value in ("10", "50", "100", "2.5", "33.33", "150")),
)
TEXTS: Final = ("", "", "", "", "Çay & simit, 2 x ₺5", "0012", "a 'quoted' \"text\"", "two  blanks")
# An action that is listed twice is taken twice as often. Hypothesis shortens a walk towards the first one.
ACTIONS: Final = (
    *("undo_again", "sell", "give", "sell", "deposit", "sell", "undo"),
    *("undo_again", "sell", "give", "sell", "deposit", "sell", "undo", "sell_wrongly"),
    "let_a_gift_expire",
)
