"""The matrix in pytest's place: one green round on the true sandbox, then a forked round for every other platform.

Two rounds are busy at a time; a round that only waits (for slow responses, for an expiry) makes room for another.
"""

from __future__ import annotations

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
from proof.matrix.children import Child
from proof.matrix.fork_server import ForkServer
from proof.matrix.matrix import HARMLESS, Outcome, Round, Scenario
from proof.matrix.platforms import Platform
from proof.matrix.rounds import check_forkable, fork_round, outcome_of, run_item
from sandbox.launcher import SandboxProcess

FEATURES: Final = Path(__file__).resolve().parents[2] / "features"
APIS: Final = ("alfred", "walletapi")
_POLL: Final = 0.02  # seconds
_SETTLING: Final = 0.5  # seconds between two starts, so that a new round shows whether it is busy


@dataclass(frozen=True)
class Pace:
    """``busy`` rounds compute at a time, at most ``open`` in all.

    ``silence`` is seconds without a finished scenario, ``whole`` seconds in all, after which a round is ended.
    """

    busy: int = 3
    open: int = 6
    silence: float = 90.0
    whole: float = 480.0


class Forking:
    """``rounds`` and ``green`` hold what came; ``fault`` says why there is nothing to hold."""

    def __init__(
        self, platforms: Sequence[Platform], progress: Callable[[int, Platform, Round], None], pace: Pace | None = None
    ) -> None:
        """``platforms`` in the order of their start; ``progress`` is told how many are done, and the latest."""
        self.rounds: dict[str, Round] = {}
        self.scenarios: tuple[Scenario, ...] = ()
        self.green = Round()
        self.fault = ""
        self._platforms = platforms
        self._pace = pace or Pace()
        self._progress = progress
        self._browsers = Browsers()
        self._fork_server = ForkServer()
        self._children: list[Child] = []
        self._ahead: list[tuple[Platform, SandboxProcess]] = []

    def run(self, items: Sequence[pytest.Item]) -> None:
        """The green round, then all others."""
        self.scenarios = tuple(Scenario(item.nodeid, api_of(item), clauses_of(item)) for item in items)
        self.green = green_round(items)
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
            self._end()

    def _run_all(self, items: Sequence[pytest.Item]) -> None:
        # What is there by now stays: no round need look through it for garbage, nor copy it for that.
        gc.collect()
        gc.freeze()
        remaining = iter(self._platforms)
        last_start = 0.0
        self._start_ahead(remaining)
        while self._ahead or self._children:
            if self._ahead and time.monotonic() - last_start >= self._wait() and self._has_room():
                self._begin(items, *self._ahead.pop(0))
                last_start = time.monotonic()
                self._start_ahead(remaining)
            for child in [child for child in self._children if child.ended(self._pace.silence, self._pace.whole)]:
                self._finish(child)
            time.sleep(_POLL)

    def _start_ahead(self, remaining: Iterator[Platform]) -> None:
        """Have the next platform's sandbox come up while the rounds before it are under way."""
        self._ahead += [
            (platform, platform.start(self._fork_server)) for platform in islice(remaining, 1 - len(self._ahead))
        ]

    def _wait(self) -> float:
        return 0.0 if len(self._children) < self._pace.busy else _SETTLING

    def _has_room(self) -> bool:
        busy = sum(child.is_busy() for child in self._children)
        return busy < self._pace.busy and len(self._children) < self._pace.open

    def _begin(self, items: Sequence[pytest.Item], platform: Platform, sandbox: SandboxProcess) -> None:
        chosen = [item for item in items if concerns(platform.api, api_of(item))]
        child = Child(platform, sandbox, len(chosen))
        self._children.append(child)
        try:
            tables = platform.tables(sandbox.wait_ready().tables)
        except EnvironmentFault as fault:
            child.never_began(str(fault))
            return
        child.browser = self._browsers.take() if concerns(platform.api, APIS[0]) else None
        child.began(fork_round(chosen, tables, child.browser, child.told))

    def _finish(self, child: Child) -> None:
        self._children.remove(child)
        came = child.round()
        if child.browser is not None:
            self._browsers.give_back(child.browser, sound=not came.cut_short)
        child.close()
        self.rounds[child.platform.name] = came if child.platform.is_variant else shortened(came)
        self._progress(len(self.rounds), child.platform, came)

    def _end(self) -> None:
        for child in self._children:
            child.kill()
            child.close()
        for _, sandbox in self._ahead:
            sandbox.end()
        self._browsers.close()


def green_round(items: Sequence[pytest.Item]) -> Round:
    """The suite on the true sandbox, all session fixtures torn down at its end."""
    began, cpu = time.monotonic(), time.process_time()
    outcomes = [
        outcome_of(item.nodeid, run_item(item, following))
        for item, following in zip(items, (*items[1:], None), strict=True)
    ]
    told = tuple(outcome for outcome in outcomes if outcome.kind != "passed")
    return Round(time.monotonic() - began, time.process_time() - cpu, len(outcomes), told)


def api_of(item: pytest.Item) -> str:
    """The API whose folder a scenario is in; empty if it belongs to none."""
    folder = Path(item.path).relative_to(FEATURES).parts[0] if FEATURES in Path(item.path).parents else ""
    return folder if folder in APIS else ""


def concerns(api: str, scenario_api: str) -> bool:
    """Whether a scenario of this API meets a platform that differs in that one."""
    return api not in APIS or scenario_api in ("", api)


def shortened(came: Round) -> Round:
    """A defect's round with what was said told in full once for each clause named: the rest repeats it."""
    seen: set[tuple[str, tuple[str, ...]]] = set()
    kept: list[Outcome] = []
    for outcome in came.outcomes:
        key = (outcome.kind, outcome.broken)
        is_repeat = outcome.kind == "broken" and key in seen
        kept.append(replace(outcome, reason="" if is_repeat else outcome.reason))
        seen.add(key)
    return replace(came, outcomes=tuple(kept))
