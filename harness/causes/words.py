"""The values of a failed comparison in words and figures, without Python."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from types import UnionType
from typing import Any, Final

_MOST: Final = 8  # values of a list
_TEXTS: Final[tuple[tuple[type | UnionType, Callable[[Any], str]], ...]] = (
    (Decimal, lambda value: format(value, "f")),
    (timedelta, lambda value: f"{value.total_seconds():g} s"),
    (date, lambda value: value.isoformat()),
    (str, lambda value: f'"{value}"' if value else "an empty text"),
    (int | float | Fraction, str),
)
_WORDS: Final = {
    "==": "{left} instead of {right}{difference}",
    "is": "{left} instead of {right}",
    "!=": "{left}, which must differ from {right}",
    "is not": "{left}",
    "in": "{left} instead of one of {right}",
    "not in": "{left}, which must not be among {right}",
    "<": "{left}, which must be less than {right}",
    "<=": "{left}, which must be at most {right}",
    ">": "{left}, which must be more than {right}",
    ">=": "{left}, which must be at least {right}",
}


def comparison(operator: str, left: Any, right: Any) -> str:
    """Return a failed comparison in words; ``left`` came back, ``right`` is documented. Only what differs is shown."""
    pairs = differing(operator, left, right)
    words = _WORDS.get(operator, "{left} instead of {right}")
    return "; ".join(
        f"{name} " * bool(name) + words.format(left=shown(one), right=shown(other), difference=_difference(one, other))
        for name, one, other in pairs
    )


def shown(value: Any) -> str:
    """Return a value as people write it."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    for types, text in _TEXTS:
        if isinstance(value, types):
            return text(value)
    if is_dataclass(value):
        return ", ".join(f"{_name(one.name)} {shown(getattr(value, one.name))}" for one in fields(value) if one.repr)
    if isinstance(value, Mapping):
        return _listed(f"{_key(name)}: {shown(one)}" for name, one in value.items())
    if isinstance(value, list | tuple | set | frozenset):
        texts = map(shown, value)
        return _listed(texts if isinstance(value, list | tuple) else sorted(texts))
    return type(value).__name__


def differing(operator: str, left: Any, right: Any) -> list[tuple[str, Any, Any]]:
    """Return the parts of two values that should be equal and differ, with their names. Of others, the whole."""
    return [*_differing("", left, right)] if operator == "==" else [("", left, right)]


def _differing(name: str, left: Any, right: Any) -> Iterator[tuple[str, Any, Any]]:
    """Return the parts that differ, with their names, if both values have the same parts; otherwise the whole."""
    if is_dataclass(left) and type(left) is type(right):
        for one in fields(left):
            if one.compare and getattr(left, one.name) != getattr(right, one.name):
                yield from _differing(_name(one.name), getattr(left, one.name), getattr(right, one.name))
    elif isinstance(left, list | tuple) and isinstance(right, list | tuple) and len(left) == len(right):
        for one, other in zip(left, right, strict=True):
            if one != other:
                yield from _differing(name, one, other)
    else:
        yield name, left, right


def _difference(left: Any, right: Any) -> str:
    if not all(isinstance(one, int | Decimal) and not isinstance(one, bool) for one in (left, right)):
        return ""
    less = Decimal(right) - Decimal(left)
    return f" ({shown(abs(less))} {'less' if less > 0 else 'more'})"


def _listed(values: Iterable[str]) -> str:
    every = [*values]
    more = f" and {len(every) - _MOST} more" if len(every) > _MOST else ""
    return ", ".join(every[:_MOST]) + more or "nothing"


def _key(name: object) -> str:
    return name if isinstance(name, str) else shown(name)


def _name(field: str) -> str:
    return field.replace("_", " ")
