"""Random walks: any sequence of calls, compared with a model."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from pytest_bdd import then

from harness.budget.depth import WALKS, Depth, Place, seconds_for
from harness.client.record import Recorder
from harness.walks.walker import STEPS, Walk, Walker

Machine = Callable[[Walk], Any]
RunWalks = Callable[[str, int, Machine], None]


@pytest.fixture
def run_walks(pytestconfig: pytest.Config, recorder: Recorder, depth: Depth) -> RunWalks:
    """Return the function that runs walks. It gets their name, the number of quick walks, and the machine."""
    options, more, steps = pytestconfig.option, depth.choose(1, 7, 1), depth.choose(STEPS, 24, 40)
    pauses = depth.choose(0, 2, 1)

    def run(name: str, quick: int, machine: Machine) -> None:
        count = options.walks or quick * more
        end = time.monotonic() + seconds_for(pytestconfig, WALKS)
        Walker(recorder, count, options.walk_seed, steps, pauses).run(machine)
        if depth is Depth.DEEP and not options.walks:
            place = Place(pytestconfig, name)
            while time.monotonic() < end:
                place.go_on()
                Walker(recorder, count, place.number, steps, pauses).run(machine)

    return run


@then("every response and every balance is one that the model allows")
def the_model_allows_everything() -> None:
    """Nothing to do: the walk has compared each response at once, to find the shortest way to a wrong one."""
