"""Money is a Decimal in major units. Only the columns of the ledger contain whole minor units."""

from decimal import Context, Decimal, Inexact, InvalidOperation

INTEGER_DIGITS = 12
PLACES = 2
MOST = Decimal(10) ** INTEGER_DIGITS - Decimal(1).scaleb(-PLACES)

_EXACT = Context(prec=40, traps=[Inexact, InvalidOperation])
_MINOR_UNIT = Decimal(1).scaleb(-PLACES)


def to_minor(amount: Decimal) -> int:
    """Convert major to minor units exactly. decimal.Inexact or InvalidOperation if that is impossible."""
    return int(_EXACT.quantize(amount, _MINOR_UNIT).scaleb(PLACES, _EXACT))


def to_major(minor: int) -> Decimal:
    """Convert minor to major units, always with two places: 2000 is 20.00."""
    return Decimal(minor).scaleb(-PLACES, _EXACT)


def is_whole_minor(amount: Decimal) -> bool:
    """Return whether an amount is a whole number of minor units. 1.000 is, 1.001 is not."""
    try:
        to_minor(amount)
    except (Inexact, InvalidOperation):
        return False
    return True
