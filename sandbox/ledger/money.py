"""Money is a Decimal in major units everywhere but in the ledger's columns, which hold whole minor units."""

from __future__ import annotations

from decimal import Context, Decimal, Inexact, InvalidOperation

INTEGER_DIGITS = 12
PLACES = 2
MOST = Decimal(10) ** INTEGER_DIGITS - Decimal(1).scaleb(-PLACES)

_EXACT = Context(prec=40, traps=[Inexact, InvalidOperation])
_MINOR_UNIT = Decimal(1).scaleb(-PLACES)


class InexactAmountError(ValueError):
    """An amount that is no whole number of minor units."""


def to_minor(amount: Decimal) -> int:
    """Major to minor units, exactly; InexactAmountError if that cannot be."""
    try:
        return int(_EXACT.quantize(amount, _MINOR_UNIT).scaleb(PLACES, _EXACT))
    except (Inexact, InvalidOperation):
        raise InexactAmountError("no whole number of minor units") from None


def to_major(minor: int) -> Decimal:
    """Minor to major units, always with two places: 2000 is 20.00."""
    return Decimal(minor).scaleb(-PLACES, _EXACT)


def is_whole_minor(amount: Decimal) -> bool:
    """Whether an amount has no more places than the currency, whatever its scale: 1.000 has not."""
    try:
        to_minor(amount)
    except InexactAmountError:
        return False
    return True
