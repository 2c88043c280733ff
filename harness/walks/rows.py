"""The order of the rows of all pairs: the first few rows already try every single value, as far as they can."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, TypeVar

Row = TypeVar("Row", bound=Any)


def covering_first(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Return the rows so that each has as many values as possible that no row before it has.

    Among equals, the one comes first that was first.
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
