"""What the likely causes are found from: the scenarios of a run, with their violations and what they called."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from harness.failures import ContractViolation, Finding
from harness.wire.redaction import REDACTION


@dataclass(frozen=True)
class Violation:
    """``phase`` and ``operation`` are those of harness.failures.Place; the others are the first finding's."""

    clause: str
    phase: str = "then"
    operation: str = ""
    where: str = ""
    documented: str = ""
    received: str = ""

    @classmethod
    def of(cls, error: ContractViolation) -> "Violation":
        """Return what is kept of an exception, masked."""
        first = error.findings[0] if error.findings else Finding("", "", "")
        texts = (REDACTION.shown(text) for text in (first.where, first.documented, first.received))
        return cls(error.clause, error.place.phase, error.place.operation, *texts)


def read_violations(plain: tuple[Mapping[str, Any], ...]) -> tuple[Violation, ...]:
    """Return the violations of a result that came from another process, or from a file."""
    return tuple(Violation(**one) for one in plain)


@dataclass(frozen=True)
class Scenario:
    """A scenario that was judged: it passed, or it has violations.

    ``name`` is its node id, ``clauses`` are its tags. ``operations`` has what it called, each with the kind of step
    (``given getWallet``), and ``calls`` is the number of its calls.
    """

    name: str
    clauses: tuple[str, ...]
    violations: tuple[Violation, ...] = ()
    operations: tuple[str, ...] = ()
    calls: int = 0

    @property
    def named(self) -> frozenset[str]:
        return frozenset(one.clause for one in self.violations)

    @property
    def called(self) -> frozenset[str]:
        return frozenset(one.partition(" ")[2] for one in self.operations)

    def called_in(self, phase: str) -> frozenset[str]:
        found = (one.partition(" ") for one in self.operations)
        return frozenset(operation for kind, _, operation in found if kind == phase)

    @property
    def ways(self) -> frozenset[str]:
        """The ways in which it failed: tag, named clause, kind of step (``A-2 F-3 given``)."""
        return frozenset(f"{tag} {one.clause} {one.phase}" for tag in self.clauses for one in self.violations)

    def is_of_model(self, clause: str) -> bool:
        """Return whether a model has found the violation of this clause, in a walk, a race or a row of all pairs."""
        return any(one.clause == clause and one.where.startswith("the model") for one in self.violations)

    def shows(self, clause: str) -> bool:
        """Return whether it is a scenario of the clause, and violates it after its Given."""
        return clause in self.clauses and any(one.clause == clause and one.phase != "given" for one in self.violations)
