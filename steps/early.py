"""What must be some seconds old is made before the first scenario, so that a run seldom has to wait."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from harness.client.record import Recorder
from harness.failures import ContractViolation, EnvironmentFault
from harness.wire.exchange import Exchange

Made = TypeVar("Made")


@dataclass(frozen=True)
class Early(Generic[Made]):
    """What was made, the time.monotonic() at which it is old enough, and the calls that made it."""

    made: Made
    ready_at: float
    exchanges: tuple[Exchange, ...]


def make_early(recorder: Recorder, make: Callable[[], tuple[Made, float]]) -> Early[Made] | None:
    """Make something. None if that fails: the scenario tries again, and reports it."""
    with recorder.diverted() as exchanges:
        try:
            made, ready_at = make()
            return Early(made, ready_at, tuple(exchanges))
        except (ContractViolation, EnvironmentFault):
            return None


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
    time.sleep(max(0.0, ready_at - time.monotonic()))
    return made
