"""Rows in which every few values occur together. The first ones already try every single value, as far as they can."""

from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any, TypeVar

from allpairspy import AllPairs

Row = TypeVar("Row", bound=Any)


def combined(
    kind: Callable[..., Row],
    factors: Sequence[Sequence[str]],
    strength: int,
    is_possible: Callable[[Sequence[str]], bool] = lambda _row: True,
) -> tuple[Row, ...]:
    """Return rows in which every ``strength`` values occur together. The first few try most values.

    Of each factor, the first value is the ordinary one. Rows with few other values are tried first.
    """

    def unusual_values(row: Sequence[str]) -> int:
        return sum(value != values[0] for value, values in zip(row, factors, strict=True))

    rows = sorted(AllPairs(factors, filter_func=is_possible, n=strength), key=unusual_values)
    return covering_first([kind(*row) for row in rows])


def covering_first(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Return the rows, sorted so that each adds as many new values as possible.

    Rows that add equally many keep their order.
    """
    values = {number: {(each.name, getattr(row, each.name)) for each in fields(row)} for number, row in enumerate(rows)}
    seen: set[tuple[str, str]] = set()
    ordered: list[Row] = []
    while values:
        best = max(values, key=lambda number: (len(values[number] - seen), -number))
        if not values[best] - seen:
            break
        seen |= values.pop(best)
        ordered.append(rows[best])
    return (*ordered, *(rows[number] for number in values))
