"""The calls of a scenario for people: one line each, with the one whose response is judged marked."""

from collections.abc import Sequence
from typing import Final

from harness.wire.exchange import Exchange

_BEFORE: Final = 12
_AFTER: Final = 3


def call_lines(exchanges: Sequence[Exchange], judged: Exchange) -> tuple[str, ...]:
    """Return operation, status code, milliseconds and request id of each call. ``>`` marks the judged one.

    Of a long scenario, only the calls around the judged one are shown.
    """
    every = [*exchanges] if any(one is judged for one in exchanges) else [*exchanges, judged]
    place = next(number for number, one in enumerate(every) if one is judged)
    first, last = max(0, place - _BEFORE), min(len(every), place + 1 + _AFTER)
    width = max(len(one.request.operation) for one in every[first:last])
    lines = [f"{'>' if one is judged else ' '} {_line(one, width)}" for one in every[first:last]]
    before = [f"  (before: {first})"] if first else []
    after = [f"  (after: {len(every) - last})"] if last < len(every) else []
    return (*before, *lines, *after)


def _line(exchange: Exchange, width: int) -> str:
    response, fault = exchange.response, exchange.fault
    result = str(response.status) if response else fault.text if fault else "no response"
    milliseconds = f"{exchange.elapsed * 1000:.0f} ms"
    return f"{exchange.request.operation:{width}}  {result}  {milliseconds:>6}  {exchange.request.id}"
