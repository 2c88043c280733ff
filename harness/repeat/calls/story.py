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
    every = {id(one): one for one in reversed(exchanges)}  # each in its last place
    calls = [one for key, one in [*every.items()][::-1] if one is judged or not (key in aside or _was_repeated(one))]
    if not any(one is judged for one in calls):
        calls.append(judged)
    watching = {id(judged), *map(id, also)}
    return Story(
        tuple(calls),
        next(number for number, one in enumerate(calls) if one is judged),
        tuple(number for number, one in enumerate(calls) if id(one) in watching),
        chosen=_ends_with_repetition(exchanges),
    )


def _ends_with_repetition(exchanges: Sequence[Exchange]) -> bool:
    """Return whether the last call was recorded before: with the one walk or row that matters."""
    return any(one is exchanges[-1] for one in exchanges[:-1])


def _was_repeated(exchange: Exchange) -> bool:
    """Return whether the run has made a call again because the platform did not process it."""
    if exchange.response is None:
        return exchange.fault is not None and exchange.fault.kind == UNREACHED
    return exchange.response.status == HTTPStatus.TOO_MANY_REQUESTS
