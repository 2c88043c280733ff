"""What the tests of the walks' models share."""

from collections.abc import Callable
from decimal import Decimal
from typing import Final

import pytest

from harness.walks.possibilities import CallOutcome, UnexpectedResponse

YES: Final = CallOutcome.ACCEPTED
NO: Final = CallOutcome.REJECTED
NOBODY_KNOWS: Final = CallOutcome.NO_RESPONSE


def money(text: str) -> Decimal:
    """An amount."""
    return Decimal(text)


def broken(act: Callable[[], object]) -> str:
    """The clause that a response breaks."""
    with pytest.raises(UnexpectedResponse) as caught:
        act()
    return caught.value.clause
