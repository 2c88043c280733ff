"""The random input of Alfred's walks, and how often each action is taken."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from hypothesis import strategies as st

NAMES: Final = "ABC"  # of the users


@dataclass(frozen=True)
class RandomInput:
    """The random input of a step, of which an action uses what it needs. A number counts round the items there are."""

    user: int
    item: int
    other: int
    funding: Decimal
    price: str


RANDOM_INPUT = st.builds(
    RandomInput,
    user=st.integers(0, len(NAMES) - 1),
    item=st.integers(0, 59),
    other=st.integers(0, 59),
    funding=st.sampled_from([Decimal(text) for text in ("20.00", "50", "19.99", "5", "0.10", "0.01")]),
    price=st.sampled_from(["7.50", "15.00", "all", "a minor unit more", "30", "0.01", "100.00"]),
)
# An action that is listed twice is taken twice as often. Hypothesis shortens a walk towards the first one.
ACTIONS: Final = (
    *("confirm_again", "buy", "fund", "open_a_session", "confirm_a_session", "confirm_wrongly", "confirm_a_payment"),
    *("confirm_again", "buy", "fund", "open_a_session", "confirm_a_session", "confirm_wrongly", "confirm_a_session"),
    *("open_another_session", "prepare_a_payment", "confirm_a_payment", "confirm_a_payment_again"),
    *("pay_wrongly", "confirm_anothers_payment", "authenticate_again", "add_a_user"),
)
