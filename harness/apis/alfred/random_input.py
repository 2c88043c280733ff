"""What chance decides in a random walk of Alfred, and how often each deed is done."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from hypothesis import strategies as st

NAMES: Final = "ABC"


@dataclass(frozen=True)
class Draw:
    """What chance says about a step; each deed takes of it what it needs. Numbers count round what there is."""

    who: int
    which: int
    other: int
    funding: Decimal
    price: str


DRAWS = st.builds(
    Draw,
    who=st.integers(0, len(NAMES) - 1),
    which=st.integers(0, 11),
    other=st.integers(0, 11),
    funding=st.sampled_from([Decimal(text) for text in ("20.00", "50", "19.99", "5", "0.10", "0.01")]),
    price=st.sampled_from(["7.50", "15.00", "all", "a minor unit more", "30", "0.01", "100.00"]),
)
# One that stands here twice is done twice as often; the first is what a walk is made of where chance says nothing.
DEEDS: Final = (
    *("confirm_again", "buy", "fund", "open_a_session", "confirm_a_session", "confirm_wrongly", "confirm_a_payment"),
    *("confirm_again", "buy", "fund", "open_a_session", "confirm_a_session", "confirm_wrongly", "confirm_a_session"),
    *("open_another_session", "prepare_a_payment", "confirm_a_payment", "confirm_a_payment_again"),
    *("pay_wrongly", "confirm_anothers_payment", "come_back", "another_user"),
)
