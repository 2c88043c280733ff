"""Random walks: any sequence of calls, compared with a model."""

from collections.abc import Callable

import pytest
from pytest_bdd import then

from harness.client.record import Recorder
from harness.walks.depth import Depth
from harness.walks.walker import STEPS, Walker

NewWalker = Callable[[int], Walker]


@pytest.fixture
def new_walker(pytestconfig: pytest.Config, recorder: Recorder, depth: Depth) -> NewWalker:
    """Return the function that creates a walker. It gets the number of quick walks, which --walks overrides."""
    options, more, steps = pytestconfig.option, depth.choose(1, 6, 60), depth.choose(STEPS, 24, 40)
    return lambda walks: Walker(recorder, options.walks or walks * more, options.walk_seed, steps)


@then("the model has allowed every response and every balance")
def the_model_has_allowed_everything() -> None:
    """Nothing to do: the walk has compared each response at once, to find the shortest way to a wrong one."""
