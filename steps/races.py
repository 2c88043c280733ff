"""Calls at the same time, on connections that are already open."""

from collections.abc import Iterable, Iterator

import pytest

from harness.client.calls import Outcome
from harness.races.lanes import Lanes
from harness.target.target import Target


@pytest.fixture(scope="session")
def lanes(target: Target) -> Iterator[Lanes]:
    """Open the connections that race; their threads end with the session."""
    opened = Lanes(target.limits.timeout)
    yield opened
    opened.close()


def check_accepted(outcomes: Iterable[Outcome]) -> None:
    """Check that every call was accepted."""
    for outcome in outcomes:
        assert outcome.accepted, f"{outcome.call.operation} was rejected: {outcome.summary}"
