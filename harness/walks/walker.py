"""Random walks over an API: Hypothesis draws and shortens them, a model says what may come (contract.md S-8, M-1).

Hypothesis is imported when a walk runs, since it is slow to import. This module is a pytest plugin for its two options.
"""

from __future__ import annotations

import os
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

import pytest

from harness.client.calls import Outcome
from harness.client.client import Judgement
from harness.evidence.plugin import note, record
from harness.failures import ContractViolation, EnvironmentFault, Finding
from harness.session import judges_features
from harness.walks.possibilities import Fate, SurpriseError
from harness.wire.channel import Channel, Interrupted, Reset
from harness.wire.exchange import Exchange

STEPS: Final = 14
PATIENCE: Final = 1.0
_UNANSWERED_MOST: Final = 3

Came = TypeVar("Came")


def pytest_addoption(parser: pytest.Parser) -> None:
    """How many walks, and which."""
    group = parser.getgroup("wallet contract suite")
    group.addoption("--walks", metavar="N", type=int, help="random walks over each API (default: a second's worth)")
    group.addoption("--walk-seed", metavar="S", type=int, help="repeat the random walks of a run that names this seed")


def pytest_configure(config: pytest.Config) -> None:
    """Draw the seed once, for the workers of pytest-xdist too."""
    # Hypothesis would import what other packages hold ready for it, which takes time and warns.
    os.environ.setdefault("HYPOTHESIS_NO_PLUGINS", "1")
    if config.option.walks is not None and config.option.walks < 1:
        raise pytest.UsageError(f"--walks wants a number of walks, one or more, and not {config.option.walks}")
    if config.option.walk_seed is None:
        config.option.walk_seed = secrets.randbelow(2**32)


def pytest_report_header(config: pytest.Config) -> str | None:
    """Name the seed."""
    return f"walks: --walk-seed={config.option.walk_seed}" if judges_features(config) else None


class _EnoughError(BaseException):
    """Ends Hypothesis at once, which no Exception would."""


@dataclass
class Walk:
    """One walk as far as it came: its calls in words that a person can follow, and their exchanges."""

    walker: Walker
    lines: list[str] = field(default_factory=list)
    exchanges: list[Exchange] = field(default_factory=list)
    without_response: int = 0

    def tell(self, line: str) -> None:
        """Add what was done, and what came of it."""
        self.lines.append(line)

    @contextmanager
    def step(self) -> Iterator[None]:
        """Whatever is wrong in a step of the walk ends it, and is kept with the way that led there."""
        self.walker.check_patience()
        try:
            yield
        except SurpriseError as surprise:
            finding = Finding("the model of the walk", surprise.due, surprise.came)
            raise self.walker.failed(self, self.walker.judgement.violation(surprise.clause, (finding,))) from None
        except ContractViolation as violation:
            raise self.walker.failed(self, violation) from None
        except EnvironmentFault as fault:
            self.walker.fault = fault
            raise _EnoughError from None

    def answered(self, send: Callable[[], Came]) -> Came | None:
        """What came of a call; None where no response did, so that it may or may not have been processed."""
        try:
            return send()
        except Interrupted as fault:
            self.without_response += 1
            if isinstance(fault, Reset) or self.without_response > _UNANSWERED_MOST:
                raise
            return None


def fate_of(outcome: Outcome | None) -> Fate:
    """What a model is told of a call."""
    if outcome is None:
        return Fate.UNANSWERED
    return Fate.ACCEPTED if outcome.accepted else Fate.REFUSED


class Walker:
    """Runs walks, and raises the shortest that was found to break a clause."""

    def __init__(self, channel: Channel, judgement: Judgement, count: int, seed: int) -> None:
        """``seed`` repeats the walks, as long as the platform answers alike."""
        self.judgement = judgement
        self.fault: EnvironmentFault | None = None
        self._channel = channel
        self._count = count
        self._seed = seed
        self._walks: list[Walk] = []
        self._calls = 0
        self._failure: tuple[Walk, ContractViolation] | None = None
        self._patience_ends = 0.0

    def run(self, machine: Callable[[Walk], Any]) -> None:
        """Walk; ``machine`` makes a state machine for a walk. ContractViolation of the shortest that broke a clause."""
        with self._exchanges_kept():
            try:
                _run_machines(lambda: self._made(machine), self._count, self._seed)
            except _EnoughError:
                pass
            except Exception:
                # Where a walk does not fail again as it did, Hypothesis says so; what it was still stands.
                if self._failure is None:
                    raise
        self._tell()

    def failed(self, walk: Walk, violation: ContractViolation) -> ContractViolation:
        """Keep a walk that broke a clause, if no shorter one is known."""
        if self._failure is None:
            self._patience_ends = time.monotonic() + PATIENCE
        if self._failure is None or len(walk.lines) < len(self._failure[0].lines):
            self._failure = walk, violation
        return violation

    def check_patience(self) -> None:
        """Stop looking for a shorter walk after a while."""
        if self._patience_ends and time.monotonic() > self._patience_ends:
            raise _EnoughError

    def _made(self, machine: Callable[[Walk], Any]) -> Any:
        self._walk = Walk(self)
        self._walks.append(self._walk)
        with self._walk.step():
            return machine(self._walk)

    @contextmanager
    def _exchanges_kept(self) -> Iterator[None]:
        # Thousands of exchanges are no evidence: those of the one walk that matters are attached afterwards.
        before = list(self._channel.listeners)
        self._channel.listeners[:] = [*(each for each in before if each is not record), self._keep]
        try:
            yield
        finally:
            self._channel.listeners[:] = before

    def _keep(self, exchange: Exchange) -> None:
        self._calls += 1
        self._walk.exchanges.append(exchange)

    def _tell(self) -> None:
        repeat = f"--walk-seed={self._seed} --walks={self._count}"
        if self._failure is None:
            if self.fault:
                raise self.fault
            note(f"{len(self._walks)} walks of {self._calls} calls, each answered as the model says ({repeat})")
            return
        walk, violation = self._failure
        lines = [f"{number}. {line}" for number, line in enumerate(walk.lines, start=1)]
        lines.append(f"repeated by {repeat}")
        for line in lines:
            note(line)
        for exchange in walk.exchanges:
            record(exchange)
        way = Finding("the shortest walk found", "answers that contract.md allows", "\n    ".join(("", *lines)))
        findings = (*violation.findings, way)
        raise ContractViolation(violation.clause, violation.text, findings, call=violation.call, curl=violation.curl)


def _run_machines(machine: Callable[[], Any], count: int, seed: int) -> None:
    import hypothesis
    from hypothesis.configuration import set_hypothesis_home_dir
    from hypothesis.stateful import run_state_machine_as_test

    # Nothing is written into the repository.
    set_hypothesis_home_dir(Path(tempfile.gettempdir()) / "wallet-contract-suite-hypothesis")
    settings = hypothesis.settings(
        max_examples=count,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        derandomize=False,
        report_multiple_bugs=False,
        print_blob=False,
        phases=(hypothesis.Phase.generate, hypothesis.Phase.shrink),
        suppress_health_check=list(hypothesis.HealthCheck),
        verbosity=hypothesis.Verbosity.quiet,
    )
    run_state_machine_as_test(hypothesis.seed(seed)(machine), settings=settings)  # type: ignore[arg-type]
