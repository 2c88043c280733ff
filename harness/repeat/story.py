"""The calls of a failed scenario that its script repeats, and those that its check is about."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from harness.wire.exchange import UNREACHED, Exchange


@dataclass(frozen=True)
class Story:
    """``judged`` is the number of the call whose response is judged, ``watched`` those that the check may be about.

    ``chosen``: the story is one of many that the scenario tried (a random walk, a row of all pairs).
    """

    exchanges: tuple[Exchange, ...]
    judged: int
    watched: tuple[int, ...]
    chosen: bool = False


def story_of(
    exchanges: Sequence[Exchange], aside: Collection[int], judged: Exchange, also: Iterable[Exchange]
) -> Story:
    """Return the story of a scenario. ``aside`` are the identities of calls that are no part of it.

    ``also`` are the calls that a step holds or has made.
    """
    last = _recorded_twice(exchanges)
    every = {id(one): one for one in reversed(exchanges[-last:] if last else exchanges)}  # each in its last place
    calls = [one for key, one in [*every.items()][::-1] if one is judged or not (key in aside or _was_repeated(one))]
    if not any(one is judged for one in calls):
        calls.append(judged)
    watching = {id(judged), *map(id, also)}
    return Story(
        tuple(calls),
        next(number for number, one in enumerate(calls) if one is judged),
        tuple(number for number, one in enumerate(calls) if id(one) in watching),
        chosen=bool(last),
    )


def _recorded_twice(exchanges: Sequence[Exchange]) -> int:
    """Return how many calls at the end were recorded before: those of the one walk or row that matters."""
    first: dict[int, int] = {}
    for number, one in enumerate(exchanges):
        first.setdefault(id(one), number)
    count = 0
    while count < len(exchanges) and first[id(exchanges[-1 - count])] != len(exchanges) - 1 - count:
        count += 1
    return count


def _was_repeated(exchange: Exchange) -> bool:
    """Return whether the run has made a call again because the platform did not process it."""
    if exchange.response is None:
        return exchange.fault is not None and exchange.fault.kind == UNREACHED
    return exchange.response.status == HTTPStatus.TOO_MANY_REQUESTS
