"""No false alarm on a sound platform behind a proxy, and a run that ends soon if the platform falls silent."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.environment.cases.rows import ENVIRONMENT, HOLDS, HOLDS_OR_UNSTEADY, Row
from tests.environment.injection import conditions, faults
from tests.environment.injection.wire import Wire, rule
from tests.environment.stage import TIMEOUT, Stage

# The scenarios that catch most, and the walks: all features would take too long.
PART = ("features/alfred", "features/walletapi", "-m", "smoke or walk")
ALFRED = ("features/alfred",)
WALKS = ("features/alfred/walks.feature", "features/walletapi/walks.feature")
_CONTROL = 3.0  # seconds until a control has failed
_AROUND = 4.0  # seconds for starting and ending pytest on a busy machine


def test_correct_platform_behind_a_proxy_passes(stage: Stage) -> None:
    row = Row("nothing", "", HOLDS, scenarios=PART)
    ran = row.run(stage)
    assert row.expected.problems(ran) == [], ran.output[-3000:]


@pytest.mark.parametrize("seed", [1])
def test_interrupting_one_call_in_200_causes_no_false_alarm(stage: Stage, seed: int) -> None:
    cut_off = (faults.resets, faults.resets_after_processing, faults.resets_within)
    chosen = conditions.share(1 / 200, seed)

    async def cut(wire: Wire) -> None:
        await cut_off[len(wire.proxy.calls) % len(cut_off)](wire)

    row = Row("1 in 200 cut off", "", HOLDS_OR_UNSTEADY, lambda _tools: (rule(cut, chosen),), PART)
    ran = row.run(stage)
    assert row.expected.problems(ran) == [], ran.output[-3000:]


SILENT = [(ALFRED, 300), (("features/walletapi",), 300), (WALKS[:1], 60), (WALKS[1:], 60)]


def run_until_silent(stage: Stage, scenarios: Sequence[str], calls: int) -> tuple[list[str], float]:
    """Return what is not as expected, and the seconds from the first call without a response to the end of the run."""
    since: list[float] = []

    async def silent(wire: Wire) -> None:
        since.append(time.monotonic())
        await faults.silent(wire)

    falls_silent = rule(silent, conditions.since(conditions.once(calls)))
    row = Row("silence", "in mid-run", ENVIRONMENT, lambda _tools: (falls_silent,), tuple(scenarios))
    ran = row.run(stage)
    seconds = time.monotonic() - since[0]
    return [f"{problem}: {ran.output[-3000:]}" for problem in row.expected.problems(ran)], seconds


def test_platform_that_stops_responding_ends_the_run_soon(stage: Stage) -> None:
    with ThreadPoolExecutor(len(SILENT)) as pool:  # most of their time is waiting
        ended = [*pool.map(lambda case: run_until_silent(stage, *case), SILENT)]
    assert [problem for problems, _ in ended for problem in problems] == []
    assert max(seconds for _, seconds in ended) < 5 * TIMEOUT + 5 * _CONTROL + _AROUND
