"""Calls at the same time, on connections that are already open."""

from collections.abc import Callable, Iterable, Iterator, Sequence

import pytest

from harness.budget.depth import Depth
from harness.client.calls import Outcome
from harness.client.client import Client
from harness.failures import WrongOutcome
from harness.races.lanes import Lanes
from harness.target.target import Target


@pytest.fixture(scope="session")
def lanes(target: Target) -> Iterator[Lanes]:
    """Open the connections that race; their threads end with the session."""
    opened = Lanes(target.limits.timeout)
    yield opened
    opened.close()


def race_kinds(kinds: Sequence[str], kind: str, depth: Depth, run: Callable[[str, str], None]) -> None:
    """Race calls of a kind with calls of its own and of each later kind, so that every two kinds meet once.

    A quick run races them with calls of their own kind, of the next and of one other.
    """
    place = kinds.index(kind)
    quick = [kinds[(place + distance) % len(kinds)] for distance in (0, 1, len(kinds) // 2)]
    others = quick if depth is Depth.QUICK else kinds[place:]
    for _ in range(depth.choose(1, 2, 10)):
        for other in others:
            run(kind, other)


def check_accepted(client: Client, outcomes: Iterable[Outcome]) -> None:
    after_rejections = "P-10" if "P-10" in client.recorder.scenario.clauses else ""
    for outcome in outcomes:
        if outcome.rejected:
            raise client.wrong_rejection(outcome, after_rejections)


def check_wrong_ones(client: Client, outcomes: Iterable[Outcome]) -> None:
    """Violation of its clause if a call that must be rejected was accepted, or of another if a valid call was not."""
    made = list(outcomes)
    for outcome in made:
        if outcome.call.refusal and outcome.accepted:
            text = f"the platform accepted it: {outcome.summary}"
            raise WrongOutcome(text, "rejected", outcome.exchange, clause=outcome.call.refusal)
    check_accepted(client, (outcome for outcome in made if not outcome.call.refusal))
