"""The verdict in words: for the terminal, and as Markdown."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime

from harness.contract.contract import Clause, Contract
from harness.suite_commit import commit
from harness.target.target import Target


@dataclass(frozen=True)
class Result:
    """The outcome of one scenario.

    ``kind`` is passed, skipped, broken, environment, usage or error (a bug of the suite). ``broken`` gives the text of
    the violation per clause that was named.
    """

    name: str
    clauses: tuple[str, ...]
    kind: str
    broken: dict[str, str] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True)
class ClauseVerdict:
    """``state`` is holding, broken or not judged; ``reason`` says why it is not holding."""

    clause: Clause
    state: str
    reason: str = ""
    scenarios: int = 0


def verdicts(contract: Contract, results: list[Result]) -> tuple[ClauseVerdict, ...]:
    """Return the verdict on every clause, in the order of clauses.toml."""
    return tuple(_verdict(clause, results) for clause in contract.clauses.values())


def _verdict(clause: Clause, results: list[Result]) -> ClauseVerdict:
    naming = [result for result in results if clause.id in result.broken]
    judging = [result for result in results if clause.id in result.clauses]
    if naming:
        return ClauseVerdict(clause, "broken", _counted("scenario", [_title(result) for result in naming]), len(naming))
    stopped = [result for result in judging if result.kind not in ("passed", "skipped")]
    if stopped:
        return ClauseVerdict(clause, "not judged", f"{_title(stopped[0])} {_why(stopped[0])}", len(judging))
    passed = [result for result in judging if result.kind == "passed"]
    if passed:
        return ClauseVerdict(clause, "holding", "", len(passed))
    skipped = next((result.reason for result in judging), "none of its scenarios was run")
    return ClauseVerdict(clause, "not judged", skipped.removeprefix("not judged: "), len(judging))


def _why(result: Result) -> str:
    if result.broken:
        return f"was stopped by {', '.join(result.broken)}"
    return {"environment": "could not reach the platform", "usage": "was set up wrongly"}.get(
        result.kind, "failed because of a bug in the suite"
    )


def _title(result: Result) -> str:
    return result.name.rpartition("::")[2]


def _counted(noun: str, names: list[str]) -> str:
    return f"{noun} {names[0]!r}" + (f" and {len(names) - 1} more" if len(names) > 1 else "")


@dataclass(frozen=True)
class Summary:
    target: Target
    verdicts: tuple[ClauseVerdict, ...]
    results: tuple[Result, ...]
    exitstatus: int

    @property
    def headline(self) -> str:
        """Return the verdict in one line."""
        broken = [verdict.clause.id for verdict in self.verdicts if verdict.state == "broken"]
        kinds = Counter(result.kind for result in self.results)
        if broken:
            return f"BROKEN: the platform breaks {len(broken)} of {self._judged} clauses judged: {', '.join(broken)}"
        if kinds["error"]:
            return (
                f"ERROR: {kinds['error']} scenarios failed because of a bug in the suite, not because of the platform"
            )
        if kinds["usage"]:
            return f"USAGE: {kinds['usage']} scenarios were set up wrongly; see the reason of each"
        if kinds["environment"]:
            return (
                f"ENVIRONMENT: {kinds['environment']} scenarios could not reach the platform; nothing judged is broken"
            )
        if not self._judged:
            return "NOTHING JUDGED"
        return f"HOLDING: all {self._judged} clauses judged hold"

    @property
    def _judged(self) -> int:
        return sum(verdict.state != "not judged" for verdict in self.verdicts)

    def lines(self) -> list[str]:
        """Return the verdict for a terminal: the headline, what is broken, and how much was not judged."""
        lines = [f"target {self.target.name} ({self.target.address})", self.headline]
        for verdict in self.verdicts:
            if verdict.state == "broken":
                lines.append(f"  {verdict.clause.id} ({verdict.clause.level}): {verdict.clause.text}")
                lines.append(f"      {verdict.reason}")
        not_judged = [verdict for verdict in self.verdicts if verdict.state == "not judged"]
        reasons = Counter(verdict.reason for verdict in not_judged)
        for reason, count in reasons.most_common(5):
            named = [verdict.clause.id for verdict in not_judged if verdict.reason == reason]
            shown = ", ".join(named[:12]) + (", ..." if count > 12 else "")
            lines.append(f"  not judged, {count}: {reason} ({shown})")
        return lines

    def markdown(self) -> str:
        """Return the summary: verdict, run, and every clause with its text, level and state."""
        kinds = Counter(result.kind for result in self.results)
        counts = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
        rows = [_row(verdict) for verdict in self.verdicts]
        return "\n".join(
            [
                f"# {self.headline}",
                "",
                f"- Target: {self.target.name}, {self.target.address}",
                f"- Scenarios: {counts or 'none'}",
                f"- Suite: commit {commit()}",
                f"- Time: {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC",
                f"- Gate of the target: {self.target.gate} (read, not applied yet: every broken clause fails the run)",
                f"- Exit status: {self.exitstatus}",
                "",
                *_failures(self.results),
                "| clause | level | state | text | reason |",
                "|---|---|---|---|---|",
                *rows,
                "",
            ]
        )


def _row(verdict: ClauseVerdict) -> str:
    state = f"**{verdict.state}**" if verdict.state == "broken" else verdict.state
    cells = (verdict.clause.id, verdict.clause.level, state, verdict.clause.text, verdict.reason)
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _failures(results: tuple[Result, ...]) -> list[str]:
    failures = [result for result in results if result.kind not in ("passed", "skipped")]
    if not failures:
        return []
    lines = ["## What failed", ""]
    for result in failures:
        text = "\n\n".join(result.broken.values()) or (result.reason.strip() or "no reason given").splitlines()[-1]
        lines += [f"### {_title(result)}", "", "```text", text, "```", ""]
    return lines
