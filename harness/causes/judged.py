"""The step that is running, and which call of a scenario it judges."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Final

import pytest

from harness.wire.exchange import Exchange

_SHORTEST: Final = 6  # letters of an id; a shorter text could be in a response by chance


@dataclass
class RunningStep:
    """A step with the clause that it judges, the number of calls before it, and what it is given.

    ``compared`` is its last comparison that failed: the operator, what came back, and what is documented.
    """

    sentence: str
    clause: str = ""
    calls: int = 0
    arguments: tuple[object, ...] = ()
    compared: tuple[str, object, object] | None = None


STEP: Final = pytest.StashKey[RunningStep]()


def judged_exchange(exchanges: Sequence[Exchange], before_step: int, arguments: Iterable[object]) -> Exchange | None:
    """Return the exchange whose response a step judges; None if the scenario has made no call.

    It is the step's own last call. If a step only compares what it is given (``arguments``), it is the latest of the
    calls that returned one of these values. ``before_step`` is the number of calls before the step.
    """
    if len(exchanges) > before_step:
        return exchanges[-1]
    places = [place for value in arguments if (place := _origin(exchanges, value)) is not None]
    return exchanges[max(places, default=-1)] if exchanges else None


def _origin(exchanges: Sequence[Exchange], value: object) -> int | None:
    """Return the place of the first call that returned an id of this value, or of the call that the value holds."""
    parts = [*_parts(value)]
    held = [place for place, exchange in enumerate(exchanges) if any(exchange is part for part in parts)]
    if held:
        return held[-1]
    texts = {part for part in parts if isinstance(part, str) and len(part) >= _SHORTEST}
    found = [next((place for place, one in enumerate(exchanges) if text in _texts(one.json)), None) for text in texts]
    return max((place for place in found if place is not None), default=None)


def exchanges_in(values: Iterable[object]) -> list[Exchange]:
    return [part for part in _parts([*values]) if isinstance(part, Exchange)]


def _parts(value: object) -> Iterator[object]:
    """Return the exchanges and the texts that a value consists of."""
    if isinstance(value, Exchange | str):
        yield value
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _parts(getattr(value, field.name))
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _parts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _parts(one)


def _texts(value: Any) -> set[str]:
    return {part for part in _parts(value) if isinstance(part, str)}
