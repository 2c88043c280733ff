"""Calls at the same time, on connections that are already open."""

from collections.abc import Iterable, Iterator

import pytest

from harness.client.calls import Outcome
from harness.client.client import Client
from harness.races.lanes import Lanes
from harness.target.target import Target


@pytest.fixture(scope="session")
def lanes(target: Target) -> Iterator[Lanes]:
    """Open the connections that race; their threads end with the session."""
    opened = Lanes(target.limits.timeout)
    yield opened
    opened.close()


def check_accepted(client: Client, outcomes: Iterable[Outcome]) -> None:
    """Check that every call was accepted."""
    for outcome in outcomes:
        if outcome.rejected:
            raise client.wrong_rejection(outcome, client.recorder.scenario.clause)
