"""Values that resemble an id or a key: how the run has changed it."""

import json
from collections.abc import Iterable
from typing import Final

_SHORTEST: Final = 8
_MOST: Final = 4  # characters that differ
MADE_UP: Final = "made_up"


def altered_id(value: str, known: Iterable[str]) -> tuple[str, str] | None:
    """Return the id that a value resembles, and the change in jq; None if it resembles none."""
    found = [(like, change) for like in known if (change := _change(value, like))]
    return max(found, key=lambda one: _same_beginning(one[0], value), default=None)


def altered_key(value: str, known: Iterable[str]) -> tuple[str, str]:
    """Return the key or token that a value resembles, if only in its shape, and the change; empty without one."""
    known = [*known]
    if found := altered_id(value, known):
        return found
    for like in known:
        if len(like) >= _SHORTEST and _shape(value[: len(like)]) == _shape(like):
            return like, _added(MADE_UP, value[len(like) :])
    return "", ""


def _change(value: str, like: str) -> str:
    """Return the change in jq that makes a value of an id; empty if they do not resemble each other."""
    if min(len(value), len(like)) < _SHORTEST or value == like:
        return ""
    if value == like.swapcase():
        return "swapcase"
    first = _same_beginning(value, like)
    rest = _same_beginning(value[first:][::-1], like[first:][::-1])
    middle, missing = value[first : len(value) - rest], len(like) - first - rest
    if first == len(like):
        return _added(".", value[first:])
    if first == len(value):
        return f".[:{first - len(like)}]"
    if len(value) == len(like) and len(middle) == missing == 1 and first >= _SHORTEST // 2:
        return f".[:{first}] + (.[{first}:{first + 1}] | {MADE_UP}) + .[{first + 1}:]"
    if first >= max(len(like) // 2, _SHORTEST // 2):
        return _added(f".[:{first}]", value[first:])
    return ""


def _same_beginning(one: str, other: str) -> int:
    return next(
        (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def _added(change: str, text: str) -> str:
    if not text:
        return change
    literal = json.dumps(text).replace("'", "\\u0027")
    return f"({change}) + {literal}" if change != "." else f". + {literal}"


def _shape(text: str) -> str:
    return "".join("a" if one.islower() else "A" if one.isupper() else "0" if one.isdigit() else one for one in text)
