"""Random walks over an API: Hypothesis chooses and shortens them, a model decides which responses are allowed.

contract.md S-8 and M-1. This module is also a pytest plugin for its two options.
"""

import os
import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any, Final, TypeVar

import pytest

from harness.client.calls import Call, Outcome
from harness.client.client import Client
from harness.client.record import Recorder
from harness.failures import ContractViolation, EnvironmentFault, Finding
from harness.walks.machines import run_machines
from harness.walks.possibilities import REJECTION, CallOutcome, UnexpectedResponse
from harness.wire.exchange import Exchange
from harness.wire.faults import CallFault, NoResponse

STEPS: Final = 14  # of a walk, at most
PATIENCE: Final = 1.0  # seconds for shortening a walk that broke a clause
GUIDED: Final = 45  # of 60 random numbers: they choose what was seldom chosen; the others choose anything
_MOST_LOST: Final = 3  # calls without a response in one walk

Item = TypeVar("Item")
Result = TypeVar("Result")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("wallet contract suite")
    group.addoption("--walks", metavar="N", type=int, help="random walks per API (default: as many as take a second)")
    group.addoption("--walk-seed", metavar="S", type=int, help="repeat the walks of a run that printed this seed")


def pytest_configure(config: pytest.Config) -> None:
    """Choose the seed once, for the workers of pytest-xdist too."""
    # Hypothesis would import what other packages register for it, which takes time and warns.
    os.environ.setdefault("HYPOTHESIS_NO_PLUGINS", "1")
    if config.option.walks is not None and config.option.walks < 1:
        raise pytest.UsageError(f"--walks must be 1 or more, and is {config.option.walks}")
    if config.option.walk_seed is None:
        config.option.walk_seed = secrets.randbelow(2**32)


class _StopError(BaseException):
    """Ends Hypothesis at once: it is no Exception, which Hypothesis would catch."""


@dataclass
class Walk:
    """One walk: its calls in words, and where its exchanges begin in the walker's list."""

    walker: "Walker"
    first_exchange: int
    lines: list[str] = field(default_factory=list)
    lost: int = 0
    choices: list[tuple[str, int, int]] = field(default_factory=list)
    _action: str = ""
    _picked: int = 0
    _numbers: Iterator[int] = field(default_factory=lambda: cycle((0,)))
    _last: tuple[Client | None, Outcome | None] = (None, None)

    def log(self, line: str) -> None:
        self.lines.append(line)

    @contextmanager
    def step(self, numbers: Sequence[int] = (0,)) -> Iterator[None]:
        """Run one step. A broken clause ends the walk, and is kept with the calls that led to it.

        ``numbers`` are the step's random input. They are chosen before the step, so that its calls cannot change how
        many there are.
        """
        self.walker.check_patience()
        self._numbers, self._picked = cycle(numbers), 0
        try:
            yield
        except UnexpectedResponse as error:
            self._check_key(error)
            finding = error.finding("the model of the walk")
            raise self.walker.failed(self, self.walker.recorder.violation(error.clause, (finding,))) from None
        except ContractViolation as violation:
            raise self.walker.failed(self, violation) from None
        except EnvironmentFault as fault:
            self.walker.fault = fault
            raise _StopError from None

    def _check_key(self, error: UnexpectedResponse) -> None:
        """Stop if a call that had to be accepted was rejected because its key was refused."""
        client, outcome = self._last
        if client and outcome and outcome.rejected and error.received == REJECTION:
            fault = client.wrong_rejection(outcome)
            if isinstance(fault, CallFault):
                self.walker.fault = fault
                raise _StopError from None

    def pick_action(self, actions: Sequence[str]) -> str:
        """Choose the step's action: one that was seldom taken after the last one."""
        self._action = self.pick(actions)
        return self._action

    def pick(self, items: Sequence[Item]) -> Item:
        """Choose one item at random, by the next of the step's numbers: most often one that was seldom chosen here.

        "Here" means: in the same action and after the same number of choices. For the choice of an action, it means
        after the same previous action. Choices of earlier walks count.
        """
        number = next(self._numbers)
        choices = [(self._action, self._picked, (number + place) % len(items)) for place in range(len(items))]
        tried = self.walker.tried
        limit = sorted(tried[choice] for choice in choices)[(len(items) - 1) // 2] if number < GUIDED else None
        chosen = next(choice for choice in choices if limit is None or tried[choice] <= limit)
        self.choices.append(chosen)
        self._picked += 1
        return items[chosen[2]]

    def may_pause(self) -> bool:
        """Return whether this walk may wait some seconds, and count the pause."""
        self.walker.pauses -= 1
        return self.walker.pauses >= 0

    def send(self, what: str, client: Client, call: Call) -> Outcome | None:
        """Send a call that may be rejected, and log it with its outcome; None if it got no response."""
        outcome = self.attempt(lambda: client.attempt(call))
        self._last = client, outcome
        self.log(f"{what}: {outcome_of(outcome).value}")
        return outcome

    def attempt(self, send: Callable[[], Result]) -> Result | None:
        """Return the result of a call; None if it got no response, so that it may or may not have been processed."""
        try:
            return send()
        except NoResponse as fault:
            self.lost += 1
            if fault.is_repeatable or self.lost > _MOST_LOST:
                raise
            self.walker.recorder.check_platform(fault)
            return None


def outcome_of(outcome: Outcome | None) -> CallOutcome:
    if outcome is None:
        return CallOutcome.NO_RESPONSE
    return CallOutcome.ACCEPTED if outcome.accepted else CallOutcome.REJECTED


class Walker:
    """Runs walks, and raises the violation of the shortest one that breaks a clause."""

    def __init__(self, recorder: Recorder, count: int, seed: int, steps: int = STEPS, pauses: int = 0) -> None:
        """The same ``seed`` gives the same walks, as long as the platform responds in the same way.

        ``pauses`` is how often a walk may wait some seconds.
        """
        self._steps = steps
        self.pauses = pauses
        # How often each choice was made in walks that are over. While a walk is shortened it does not change.
        self.tried: Counter[tuple[str, int, int]] = Counter()
        self.recorder = recorder
        self.fault: EnvironmentFault | None = None
        self._count = count
        self._seed = seed
        self._walks: list[Walk] = []
        self._exchanges: list[Exchange] = []
        self._failure: tuple[Walk, ContractViolation, list[Exchange]] | None = None
        self._patience_ends = 0.0

    def run(self, machine: Callable[[Walk], Any]) -> None:
        """Run all walks. ContractViolation of the shortest one that broke a clause."""
        self.recorder.check_allowed("walks")
        # Thousands of exchanges are no evidence: those of the walk that matters are recorded afterwards.
        with self.recorder.diverted() as self._exchanges:
            try:
                run_machines(lambda: self._new_walk(machine), self._count, self._seed, self._steps)
            except _StopError:
                pass
            except pytest.skip.Exception:
                # The spend limit, reached while a walk is shortened: its failure counts.
                if self._failure is None:
                    raise
            except Exception:
                # Hypothesis raises if a walk does not fail again in the same way; what came first counts.
                if self._failure is None and self.fault is None:
                    raise
        self._report()

    def failed(self, walk: Walk, violation: ContractViolation) -> ContractViolation:
        """Keep a walk that broke a clause, if it is the shortest so far."""
        if self._failure is None:
            self._patience_ends = time.monotonic() + PATIENCE
        if self._failure is None or len(walk.lines) < len(self._failure[0].lines):
            self._failure = walk, violation, self._exchanges[walk.first_exchange :]
        return violation

    def check_patience(self) -> None:
        """Stop shortening after a while."""
        if self._patience_ends and time.monotonic() > self._patience_ends:
            raise _StopError

    def _new_walk(self, machine: Callable[[Walk], Any]) -> Any:
        if self._walks and self._failure is None:
            self.tried.update(self._walks[-1].choices)
        walk = Walk(self, len(self._exchanges))
        self._walks.append(walk)
        with walk.step():
            return machine(walk)

    def _report(self) -> None:
        repeat = f"--walk-seed={self._seed} --walks={self._count}"
        note = self.recorder.note
        if self._failure is None:
            if self.fault:
                raise self.fault
            calls = len(self._exchanges)
            note(f"{len(self._walks)} walks with {calls} calls; the model allows every response ({repeat})")
            return
        walk, violation, exchanges = self._failure
        lines = [f"{number}. {line}" for number, line in enumerate(walk.lines, start=1)]
        lines.append(f"repeat with {repeat}")
        for line in lines:
            note(line)
        for exchange in exchanges:
            self.recorder.exchange(exchange)
        story = Finding("the shortest walk found", "responses that contract.md allows", "\n    ".join(("", *lines)))
        raise violation.with_finding(story)
