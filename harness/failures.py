"""The four kinds of failure. docs/verdict.md says what each means for the exit status.

A bug of the suite is any other exception: it needs no class of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from harness.foreign_text import indented, one_line

_COLUMN: Final = 14  # of what follows a heading in a violation


class UsageError(Exception):
    """The person who started the run can fix this: a target file, a variable, a sentence, a tag (exit status 4)."""


class EnvironmentFault(Exception):
    """The platform could not be judged: unreachable, reset, timed out, or a gateway's response (exit status 75)."""


@dataclass(frozen=True)
class Finding:
    """One thing in a response that is not as documented.

    ``where`` is a JSON path (``$.data.id``), ``status``, ``header`` or ``balance``, and empty for the comparison of
    a step. The other two are words for people.

    The rest is the same for a program: the value at ``path`` of the payload must match the JSON Schema ``rule``, or the
    response must be ``outcome`` (accepted, rejected, without credentials, or without internals), or what was received,
    the first of ``compared``, must be one of the others.
    """

    where: str
    documented: str
    received: str
    path: tuple[str | int, ...] = field(default=(), compare=False, repr=False)
    rule: Mapping[str, Any] | None = field(default=None, compare=False, repr=False)
    outcome: str = field(default="", compare=False, repr=False)
    compared: tuple[Any, tuple[Any, ...]] | None = field(default=None, compare=False, repr=False)


class WrongOutcome(AssertionError):
    """A call had a wrong outcome. ``exchange`` is the call. ``outcome`` and ``compared`` are as in a finding."""

    def __init__(
        self,
        text: str,
        outcome: str,
        exchange: Any,
        compared: tuple[Any, tuple[Any, ...]] | None = None,
        *,
        clause: str = "",
    ) -> None:
        """``text`` is for people. ``clause`` is the broken one, if it is not the scenario's."""
        self.clause = clause
        self.outcome = outcome
        self.compared = compared
        self.exchange = exchange
        super().__init__(text)


@dataclass(frozen=True)
class Place:
    """The kind of step that found a violation (given, when or then), and the operation of the judged call."""

    phase: str = "given"
    operation: str = ""


class ContractViolation(AssertionError):
    """The platform broke a clause of docs/contract.md (exit status 1).

    ``clause`` is the id (``F-3``), ``text`` what it says, ``curl`` a redacted line that repeats the judged call.
    ``calls`` are the lines of the scenario's calls (harness/client/call_lines.py).
    ``documented``: a source documents what was violated (the form of a success), even if the clause is inferred.
    ``exchange`` is the judged one (harness/wire/exchange.py). ``script`` is the file that repeats the scenario.
    """

    def __init__(
        self,
        clause: str,
        text: str,
        findings: tuple[Finding, ...],
        *,
        calls: tuple[str, ...] = (),
        curl: str = "",
        documented: bool = False,
        place: Place = Place(),
        exchange: Any = None,
    ) -> None:
        """Keep the parts for the verdict, and put them together for a reader."""
        self.clause = clause
        self.text = text
        self.findings = findings
        self.calls = calls
        self.curl = curl
        self.documented = documented
        self.place = place
        self.exchange = exchange
        self.script = ""
        super().__init__(self.message())

    def with_finding(self, finding: Finding) -> "ContractViolation":
        findings = (*self.findings, finding)
        kept = {name: getattr(self, name) for name in ("calls", "curl", "documented", "place", "exchange")}
        return ContractViolation(self.clause, self.text, findings, **kept)

    def name_script(self, name: str) -> None:
        self.script = name
        self.args = (self.message(),)

    def message(self) -> str:
        """Clause and text, what was documented and what was received, the calls, and the line that repeats one."""
        lines = [f"{self.clause} is broken: {self.text}"]
        for finding in self.findings:
            lines += [f"  at:         {one_line(finding.where)}"] if finding.where else []
            lines.append(f"  documented: {indented(finding.documented, _COLUMN)}")
            lines.append(f"  received:   {indented(finding.received, _COLUMN)}")
        if self.calls:
            calls = "\n".join(one_line(call) for call in self.calls)
            lines.append(f"  calls:      {indented(calls, _COLUMN)}")
        if self.curl:
            lines.append(f"  repeat:     {indented(self.curl, _COLUMN)}")
        if self.script:
            lines.append(f"  script:     {one_line(self.script)}")
        return "\n".join(lines)
