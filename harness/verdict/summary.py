"""The verdict in words: for the terminal, and as Markdown."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from harness.contract.contract import Clause, Contract
from harness.foreign_text import fenced, markdown
from harness.suite_commit import commit
from harness.target.target import Target


@dataclass(frozen=True)
class Result:
    """The outcome of one attempt of a scenario, or of any other test of the run.

    ``kind`` is passed, skipped, broken, failed (an assertion, but no clause), environment, usage or error (a bug of the
    suite). ``broken`` gives the text of the violation per clause. ``repeated``: another attempt followed.
    """

    name: str
    clauses: tuple[str, ...]
    kind: str
    broken: dict[str, str] = field(default_factory=dict)
    reason: str = ""
    repeated: bool = False


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
    judging = [result for result in results if clause.id in result.clauses and not result.repeated]
    if naming:
        names = list(dict.fromkeys(_title(result) for result in naming))
        return ClauseVerdict(clause, "broken", _counted("scenario", names), len(names))
    stopped = [result for result in judging if result.kind not in ("passed", "skipped")]
    if stopped:
        return ClauseVerdict(clause, "not judged", f"{_title(stopped[0])} {_why(stopped[0])}", len(judging))
    passed = [result for result in judging if result.kind == "passed"]
    if passed:
        return ClauseVerdict(clause, "holding", "", len(passed))
    skipped = next((result.reason for result in judging), "none of its scenarios was run")
    return ClauseVerdict(clause, "not judged", skipped.removeprefix("not judged: "), len(judging))


_HEADLINES: Final = {
    "failed": "FAILED: {count} tests that name no clause failed",
    "error": "ERROR: {count} scenarios failed because of a bug in the suite, not because of the platform",
    "usage": "USAGE: {count} scenarios were set up wrongly; see the reason of each",
    "environment": "ENVIRONMENT: {count} scenarios could not reach the platform; nothing judged is broken",
}
_WHY: Final = {
    "environment": "could not reach the platform",
    "usage": "was set up wrongly",
    "error": "failed because of a bug in the suite",
    "failed": "failed without naming a clause",
}


def _why(result: Result) -> str:
    if result.broken:
        return f"was stopped by {', '.join(result.broken)}"
    return _WHY[result.kind]


def _title(result: Result) -> str:
    return result.name.rpartition("::")[2]


def _counted(noun: str, names: list[str]) -> str:
    return f"{noun} {names[0]!r}" + (f" and {len(names) - 1} more" if len(names) > 1 else "")


@dataclass(frozen=True)
class Summary:
    """``target`` is None if only workers of pytest-xdist know it: each has a sandbox of its own then."""

    target: Target | None
    verdicts: tuple[ClauseVerdict, ...]
    results: tuple[Result, ...]
    exitstatus: int

    @property
    def headline(self) -> str:
        """Return the verdict in one line."""
        broken = [verdict.clause.id for verdict in self.verdicts if verdict.state == "broken"]
        kinds = Counter(result.kind for result in self.results if not result.repeated)
        if broken:
            return f"BROKEN: the platform breaks {len(broken)} of {self._judged} clauses judged: {', '.join(broken)}"
        for kind, words in _HEADLINES.items():
            if kinds[kind]:
                return words.format(count=kinds[kind])
        if not self._judged:
            return "NOTHING JUDGED"
        unsteady = f"; unsteady: {_counted('scenario', self._unsteady)}" if self._unsteady else ""
        return f"HOLDING: all {self._judged} clauses judged hold{unsteady}"

    @property
    def _unsteady(self) -> list[str]:
        """The tests whose attempts did not end alike."""
        kinds = {(result.name, result.kind) for result in self.results}
        attempts = Counter(name for name, _ in kinds)
        repeated = dict.fromkeys(result.name for result in self.results if result.repeated)
        return [name.rpartition("::")[2] for name in repeated if attempts[name] > 1]

    @property
    def _address(self) -> str:
        return f"{self.target.name} ({self.target.address})" if self.target else "sandbox (one per worker)"

    @property
    def _judged(self) -> int:
        return sum(verdict.state != "not judged" for verdict in self.verdicts)

    def lines(self) -> list[str]:
        """Return the verdict for a terminal: the headline, what is broken, and how much was not judged."""
        lines = [f"target {self._address}", self.headline]
        lines += [f"  unsteady: {name} (its attempts did not end alike)" for name in self._unsteady]
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
        gate = self.target.gate if self.target else "all"
        rows = [_row(verdict) for verdict in self.verdicts]
        return "\n".join(
            [
                f"# {self.headline}",
                "",
                f"- Target: {markdown(self._address)}",
                f"- Scenarios: {counts or 'none'}",
                f"- Suite: commit {commit()}",
                f"- Time: {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC",
                f"- Unsteady: {markdown(', '.join(self._unsteady)) or 'none'}",
                f"- Gate of the target: {gate} (read, not applied yet: every broken clause fails the run)",
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
    cells = (verdict.clause.id, verdict.clause.level, state, markdown(verdict.clause.text), markdown(verdict.reason))
    return "| " + " | ".join(cells) + " |"


def _failures(results: tuple[Result, ...]) -> list[str]:
    failures = [result for result in results if result.kind not in ("passed", "skipped")]
    if not failures:
        return []
    lines = ["## What failed", ""]
    for result in failures:
        text = "\n\n".join(result.broken.values()) or (result.reason.strip() or "no reason given").splitlines()[-1]
        lines += [f"### {markdown(_title(result))}", "", *fenced(text), ""]
    return lines
