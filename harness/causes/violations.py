"""A violation as the likely causes need it: its clause, where in the scenario it was found, and what was received."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from harness.failures import ContractViolation, Finding
from harness.wire.redaction import REDACTION


@dataclass(frozen=True)
class Violation:
    """``phase``, ``step`` and ``operation`` are those of harness.failures.Place; the others are the first finding's."""

    clause: str
    phase: str = "then"
    operation: str = ""
    step: str = ""
    where: str = ""
    documented: str = ""
    received: str = ""

    @classmethod
    def of(cls, error: ContractViolation) -> "Violation":
        """Return what is kept of an exception, masked."""
        first = error.findings[0] if error.findings else Finding("", "", "")
        texts = (REDACTION.shown(text) for text in (first.where, first.documented, first.received))
        return cls(error.clause, error.place.phase, error.place.operation, error.place.step, *texts)


def read_violations(plain: tuple[Mapping[str, Any], ...]) -> tuple[Violation, ...]:
    """Return the violations of a result that came from another process, or from a file."""
    return tuple(Violation(**one) for one in plain)
