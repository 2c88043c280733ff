"""The benchmarks still measure something: the suite runs on their constant server."""

from benchmarks import __main__ as benchmarks
from benchmarks.workspace import workspace


def test_scenarios_run_on_the_constant_server() -> None:
    with workspace() as place:
        assert benchmarks._suite(place, 2) > 0
