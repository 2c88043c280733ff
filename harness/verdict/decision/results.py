"""The facts of a run: the result of each attempt at a test, and everything else that the verdict depends on."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from harness.causes.violations import Violation
from harness.contract.contract import Clause
from harness.gherkin.collection import Listed as Listed
from harness.processes.exit_status import Status
from harness.verdict.decision.foreseen import KnownIssue


@dataclass(frozen=True)
class Result:
    """The outcome of one attempt of a scenario, or of any other test of the run.

    ``kind`` is passed, skipped, broken, failed (an assertion, but no clause), environment, usage or error (a bug of the
    suite). ``broken`` gives the text of the violation per clause; ``documented`` names those that are documented even
    if their clause is inferred. ``repeated``: another attempt followed. ``unsteady`` has a text per earlier attempt
    that ended in a fault. ``violations`` says where each violation was found, and ``operations`` what was
    called in which kind of step (``given getWallet``), ``calls`` how many calls it made.
    """

    name: str
    clauses: tuple[str, ...]
    kind: str
    broken: dict[str, str] = field(default_factory=dict)
    reason: str = ""
    repeated: bool = False
    documented: tuple[str, ...] = ()
    unsteady: tuple[str, ...] = ()
    apis: tuple[str, ...] = ()
    seconds: float = 0.0
    violations: tuple[Violation, ...] = ()
    operations: tuple[str, ...] = ()
    calls: int = 0


@dataclass(frozen=True)
class Facts:
    """``suite`` lists every scenario under features/, and those that were collected elsewhere, by node id.

    ``selected`` is what was asked for; None if the run ended before this was known. ``whole``: this is everything.
    ``ended`` is the status of what ended the run early, and ``why`` its reason. ``stopped`` is the reason why pytest
    stopped after a failure (-x). ``faults`` are bugs of the suite outside the tests. ``gate`` is the target's;
    ``gating`` says that the run was asked to judge everything (``--gate``).
    """

    clauses: tuple[Clause, ...]
    results: tuple[Result, ...]
    suite: Mapping[str, Listed] = field(default_factory=dict)
    selected: frozenset[str] | None = None
    whole: bool = False
    gate: str = "all"
    gating: bool = False
    left_out: tuple[str, ...] = ()
    issues: tuple[KnownIssue, ...] = ()
    stopped: str = ""
    ended: Status | None = None
    why: str = ""
    faults: tuple[str, ...] = ()
    today: date = field(default_factory=lambda: datetime.now(UTC).date())

    @property
    def is_whole(self) -> bool:
        """Whether everything was asked for, and nothing was left out because a failure stopped the run."""
        return self.whole and not self.stopped


@dataclass
class Progress:
    """Facts about a run in addition to its results."""

    collected: dict[str, Listed] = field(default_factory=dict)
    selected: set[str] | None = None
    issues: tuple[KnownIssue, ...] = ()
    ended: Status | None = None
    why: str = ""
    stopped: str = ""
    faults: list[str] = field(default_factory=list)
    folder: Path | None = None
    has_begun: bool = False
    began: datetime = field(default_factory=lambda: datetime.now(UTC))
    locks: ExitStack = field(default_factory=ExitStack)

    def end(self, status: Status, why: str) -> None:
        """Remember what ended the run; the first counts."""
        if self.ended is None:
            self.ended, self.why = status, why

    def has_all(self, suite: Mapping[str, Listed]) -> bool:
        return bool(suite) and self.selected is not None and suite.keys() <= self.selected
