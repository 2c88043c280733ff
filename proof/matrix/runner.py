"""Run the matrix: one green round on the true sandbox, then a forked round on each platform.

A few rounds are busy at a time. A round that mostly waits (for slow responses, for an expiry) leaves room for another.
"""

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final

import pytest

from harness.failures import EnvironmentFault
from harness.gherkin.collection import clauses_of
from proof.matrix.browsers import Browsers
from proof.matrix.fork_server import ForkServer
from proof.matrix.matrix import HARMLESS, Outcome, Round, Scenario
from proof.matrix.platforms import Platform
from proof.matrix.rounds import check_forkable, fork_round, outcome_of, run_item
from proof.matrix.running_round import RunningRound
from sandbox.errors import StartError
from sandbox.launcher import SandboxProcess

APIS: Final = ("alfred", "walletapi")
FEATURES: Final = Path(__file__).resolve().parents[2] / "features"
_POLL: Final = 0.02  # seconds
_SETTLING: Final = 0.5  # seconds between two starts, in which a new round shows whether it is busy


@dataclass(frozen=True)
class Pace:
    """At most ``busy`` rounds compute at a time, and at most ``open`` run.

    A round is killed after ``silence`` seconds without a finished scenario, or after ``total`` seconds. With
    ``until_caught`` the round of a defect ends with the first scenario that finds a clause broken.
    """

    busy: int = 3
    open: int = 6
    silence: float = 90.0
    total: float = 480.0
    until_caught: bool = False


UNTIL_CAUGHT: Final = Pace(silence=900.0, total=3600.0, until_caught=True)


class MatrixRunner:
    """Runs all rounds. The results are in ``green`` and ``rounds``; ``fault`` says why there are none."""

    def __init__(
        self, platforms: Sequence[Platform], progress: Callable[[int, Platform, Round], None], pace: Pace
    ) -> None:
        """``platforms`` are started in this order. ``progress`` gets the number of ended rounds and the latest one."""
        self.rounds: dict[str, Round] = {}
        self.scenarios: tuple[Scenario, ...] = ()
        self.green = Round()
        self.fault = ""
        self._platforms = platforms
        self._pace = pace
        self._progress = progress
        self._browsers = Browsers()
        self._fork_server = ForkServer()
        self._running: list[RunningRound] = []
        self._starting: list[tuple[Platform, SandboxProcess]] = []

    def run(self, items: Sequence[pytest.Item]) -> None:
        """Run the green round, and then all others if it is green."""
        self.green, called = green_round(items)
        self.scenarios = tuple(
            Scenario(item.nodeid, api_of(item), clauses_of(item), *called[item.nodeid]) for item in items
        )
        not_green = [outcome for outcome in self.green.outcomes if outcome.kind not in HARMLESS]
        if not_green:
            self.fault = f"the suite is not green on the true sandbox: {not_green[0].scenario}\n{not_green[0].reason}"
            return
        try:
            check_forkable()
            self._run_all(items)
        except EnvironmentFault as fault:
            self.fault = str(fault)
        finally:
            self._stop()

    def _run_all(self, items: Sequence[pytest.Item]) -> None:
        # No forked round collects, or copies, the objects that exist now.
        gc.collect()
        gc.freeze()
        remaining = iter(self._platforms)
        last_start = 0.0
        self._start_next_sandbox(remaining)
        while self._starting or self._running:
            if self._starting and time.monotonic() - last_start >= self._delay() and self._has_room():
                self._start_round(items, *self._starting.pop(0))
                last_start = time.monotonic()
                self._start_next_sandbox(remaining)
            for running in [each for each in self._running if each.has_ended(self._pace.silence, self._pace.total)]:
                self._finish(running)
            time.sleep(_POLL)

    def _start_next_sandbox(self, remaining: Iterator[Platform]) -> None:
        """Start the next platform's sandbox while the rounds before it run."""
        self._starting += [
            (platform, platform.start(self._fork_server)) for platform in islice(remaining, 1 - len(self._starting))
        ]

    def _delay(self) -> float:
        return 0.0 if len(self._running) < self._pace.busy else _SETTLING

    def _has_room(self) -> bool:
        busy = sum(running.is_busy() for running in self._running)
        return busy < self._pace.busy and len(self._running) < self._pace.open

    def _start_round(self, items: Sequence[pytest.Item], platform: Platform, sandbox: SandboxProcess) -> None:
        chosen = [item for item in items if concerns(platform.api, api_of(item))]
        until_caught = self._pace.until_caught and not platform.is_variant
        running = RunningRound(platform, sandbox, len(chosen), until_caught=until_caught)
        self._running.append(running)
        try:
            tables = platform.tables(sandbox.wait_ready().tables)
        except StartError as error:
            running.not_started(str(error))
            return
        running.browser = self._browsers.take() if concerns(platform.api, APIS[0]) else None
        running.started(fork_round(chosen, tables, running.browser, running.output, until_caught=until_caught))

    def _finish(self, running: RunningRound) -> None:
        self._running.remove(running)
        result = running.result()
        if running.browser is not None:
            self._browsers.give_back(running.browser, usable=not result.cut_short)
        running.close()
        self.rounds[running.platform.name] = result if running.platform.is_variant else shortened(result)
        self._progress(len(self.rounds), running.platform, result)

    def _stop(self) -> None:
        for running in self._running:
            running.kill()
            running.close()
        for _, sandbox in self._starting:
            sandbox.end()
        self._browsers.close()


def green_round(items: Sequence[pytest.Item]) -> tuple[Round, dict[str, tuple[tuple[str, ...], int]]]:
    """Run the suite on the true sandbox, and tear down all session fixtures. Return also what each scenario called."""
    start, cpu = time.monotonic(), time.process_time()
    outcomes = [
        outcome_of(item.nodeid, run_item(item, following))
        for item, following in zip(items, (*items[1:], None), strict=True)
    ]
    not_passed = tuple(outcome for outcome in outcomes if outcome.kind != "passed")
    green = Round(time.monotonic() - start, time.process_time() - cpu, len(outcomes), not_passed)
    return green, {outcome.scenario: (outcome.operations, outcome.calls) for outcome in outcomes}


def api_of(item: pytest.Item) -> str:
    """Return the API in whose folder a scenario is; empty for a scenario of both."""
    folder = Path(item.path).relative_to(FEATURES).parts[0] if FEATURES in Path(item.path).parents else ""
    return folder if folder in APIS else ""


def concerns(api: str, scenario_api: str) -> bool:
    """Return whether a scenario of this API runs on a platform that differs in ``api``."""
    return api not in APIS or scenario_api in ("", api)


def shortened(result: Round) -> Round:
    """Return a defect's round with one reason per set of broken clauses. The other reasons repeat it."""
    seen: set[tuple[str, tuple[str, ...]]] = set()
    kept: list[Outcome] = []
    for outcome in result.outcomes:
        key = (outcome.kind, outcome.broken)
        is_repeat = outcome.kind == "broken" and key in seen
        kept.append(replace(outcome, reason="" if is_repeat else outcome.reason))
        seen.add(key)
    return replace(result, outcomes=tuple(kept))
