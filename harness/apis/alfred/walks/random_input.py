"""The values that Alfred's walks choose from, and the frequency of each action."""

from decimal import Decimal
from typing import Final

FUNDINGS: Final = tuple(
    Decimal(text) for text in ("20.00", "50", "19.99", "5", "0.10", "0.01", "300", "1.15", "1234.56", "1000")
)
PRICES: Final = (
    *("7.50", "15.00", "all", "a minor unit more", "30", "0.01", "100.00"),
    *("a minor unit less", "0.29", "19.99", "200", "1000", "1234.56"),
)
PRICES_OF_PURCHASES: Final = tuple(Decimal(price) for price in PRICES if not price.startswith("a"))
# An action that is listed twice is taken twice as often. Hypothesis shortens a walk towards the first one.
ACTIONS: Final = (
    *("confirm_again", "buy", "fund", "open_a_session", "confirm_a_session", "confirm_wrongly", "confirm_a_payment"),
    *("confirm_again", "buy", "fund", "open_a_session", "confirm_a_session", "confirm_wrongly", "confirm_a_session"),
    *("open_another_session", "prepare_a_payment", "confirm_a_payment", "confirm_a_payment_again"),
    *("authenticate_again", "add_a_user"),
    *("create_a_purchase", "open_a_late_session", "open_a_late_session", "read_accounts"),
    *("open_on_a_paid_purchase", "try_a_wrong_call", "try_a_wrong_call", "try_a_wrong_call"),
)
