"""What must be some seconds old is made before the first scenario, so that a run seldom has to wait."""

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

import pytest

from harness.client.record import Recorder
from harness.failures import ContractViolation, EnvironmentFault
from harness.wire.exchange import Exchange

_FIXTURES: Final = ("early_users", "early_gifts", "early_undone")
_MADE: Final = pytest.StashKey[bool]()

Key = TypeVar("Key")
Made = TypeVar("Made")


@dataclass(frozen=True)
class Early(Generic[Made]):
    """What was made, the time.monotonic() at which it is old enough, and the calls that made it."""

    made: Made
    ready_at: float
    exchanges: tuple[Exchange, ...]


def make_early(recorder: Recorder, makers: Mapping[Key, Callable[[], tuple[Made, float]]]) -> dict[Key, Early[Made]]:
    """Make several things. What fails is left out: the scenario tries again, and reports it."""
    early: dict[Key, Early[Made]] = {}
    for key, make in makers.items():
        with suppress(ContractViolation, EnvironmentFault), recorder.diverted() as exchanges:
            made, ready_at = make()
            early[key] = Early(made, ready_at, tuple(exchanges))
    return early


def when_ready(recorder: Recorder, early: Early[Made] | None, make: Callable[[], tuple[Made, float]]) -> Made:
    """Return what was made early, with its calls as evidence, or make it now. Wait until it is old enough.

    A scenario that runs again after a fault makes it anew: its earlier run may have changed it.
    """
    if early is None or recorder.scenario.repeated:
        made, ready_at = make()
    else:
        made, ready_at = early.made, early.ready_at
        for exchange in early.exchanges:
            recorder.exchange(exchange)
            # A later call has the same place as in a run that makes it anew.
            recorder.scenario.calls[exchange.request.operation] += 1
    time.sleep(max(0.0, ready_at - time.monotonic()))
    return made


def pytest_bdd_before_scenario(request: pytest.FixtureRequest) -> None:
    """Make everything before the first scenario. Asking for the fixtures again costs a fiftieth of a scenario."""
    if _MADE not in request.session.stash:
        for name in _FIXTURES:
            request.getfixturevalue(name)
        request.session.stash[_MADE] = True
