"""The state of each clause, from the outcomes of its scenarios. Nothing here reads or writes anything."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from harness.contract.contract import Clause
from harness.processes.exit_status import Status
from harness.verdict.decision.foreseen import PREFIX, KnownIssue, counts_as_left_out, names_covering
from harness.verdict.decision.results import Facts, Listed, Result
from harness.verdict.decision.verdict import ClauseState, Reason, State, Why

_WORST: Final = ("error", "failed", "broken", "usage", "environment", "skipped", "passed")
_ENDED: Final[Mapping[Status, tuple[str, str, Why]]] = {
    Status.INTERRUPTED: ("interrupted", "the run was interrupted", "interrupted"),
    Status.ENVIRONMENT: ("environment", "", "environment"),
    Status.USAGE: ("usage", "", "usage"),
    Status.SUITE_FAULT: ("error", "", "suite"),
    Status.BROKEN: ("not run", "", "violation"),
    Status.NOT_JUDGED: ("not run", "", "unexplained"),
    Status.HOLDS: ("not run", "", "unexplained"),
}
NOT_RUN: Final = "not run"
_WORDS: Final[Mapping[str, tuple[str, Why]]] = {
    "environment": ("the environment prevented it", "environment"),
    "usage": ("it was set up wrongly", "usage"),
    "error": ("a bug of the suite", "suite"),
    "failed": ("it failed without naming a clause", "violation"),
}


@dataclass(frozen=True)
class Outcome(Result):
    """The result of all attempts at a scenario. ``why`` says who prevented judging, if it was not judged.

    ``words`` is the title with the values of its row.
    """

    why: Why | None = None
    words: str = ""

    @property
    def title(self) -> str:
        """The name of the scenario, with its row in brackets."""
        return self.name.rpartition("::")[2]

    @property
    def is_asked(self) -> bool:
        return self.why != "selection"


def outcomes(facts: Facts) -> tuple[Outcome, ...]:
    """Return the outcome of every scenario of the suite and of every other test of the run."""
    attempts: dict[str, list[Result]] = {}
    for result in facts.results:
        attempts.setdefault(result.name, []).append(result)
    names = dict.fromkeys((*facts.suite, *sorted(facts.selected or ()), *attempts))

    def outcome(name: str, listed: Listed) -> Outcome:
        found = _of_attempts(attempts[name]) if name in attempts else _not_run(name, listed, facts)
        return replace(found, words=listed.title or found.title)

    return tuple(outcome(name, facts.suite.get(name, Listed())) for name in names)


def _of_attempts(attempts: list[Result]) -> Outcome:
    last = [result for result in attempts if not result.repeated] or attempts
    worst = min(last, key=lambda result: _WORST.index(result.kind))
    others = [result for result in attempts if result.repeated and result.kind != worst.kind]
    told = dict.fromkeys(text for result in attempts for text in result.unsteady)
    return replace(
        Outcome(**vars(worst)),
        broken={clause: text for result in attempts for clause, text in result.broken.items()},
        documented=tuple(dict.fromkeys(clause for result in attempts for clause in result.documented)),
        unsteady=(*told, *(f"{other.kind}: {other.reason}".strip(": ") for other in others)),
        seconds=round(sum(result.seconds for result in attempts), 3),
        violations=tuple(dict.fromkeys(one for result in attempts for one in result.violations)),
        operations=tuple(dict.fromkeys(one for result in attempts for one in result.operations)),
        calls=max(result.calls for result in attempts),
    )


def _not_run(name: str, listed: Listed, facts: Facts) -> Outcome:
    def outcome(kind: str, reason: str, why: Why) -> Outcome:
        return Outcome(name, listed.clauses, kind, reason=reason, apis=listed.apis, why=why)

    if facts.selected is not None and name not in facts.selected:
        return outcome(NOT_RUN, "some of its scenarios were not selected", "selection")
    if facts.ended is not None:
        kind, reason, why = _ENDED[facts.ended]
        return outcome(NOT_RUN if kind == "interrupted" else kind, reason or facts.why, why)
    if facts.stopped:
        return outcome(NOT_RUN, f"the run stopped before it ({facts.stopped})", "selection")
    return outcome("error", "it has no result: the process that ran it has ended", "suite")


def gates(clause: Clause, facts: Facts) -> bool:
    """Return whether a violation of the clause makes the run red."""
    return facts.gate == "all" or clause.level == "documented"


def states(facts: Facts, found: tuple[Outcome, ...]) -> tuple[ClauseState, ...]:
    """Return the state of every clause, in the order of docs/contract.md."""
    tagged: dict[str, list[Outcome]] = {}
    naming: dict[str, list[Outcome]] = {}
    for outcome in found:
        for clause in outcome.clauses:
            tagged.setdefault(clause, []).append(outcome)
        for clause in outcome.broken:
            naming.setdefault(clause, []).append(outcome)
    accepted = {one.id for one in facts.clauses if not _is_red(one, naming.get(one.id, []), facts)}
    return tuple(
        _state(clause, tagged.get(clause.id, []), naming.get(clause.id, []), facts, accepted)
        for clause in facts.clauses
    )


def issue_of(clause: str, outcome: Outcome, facts: Facts) -> KnownIssue | None:
    """Return the known issue of a violation; None if there is none that is valid today."""
    return next(
        (one for one in facts.issues if one.matches(clause, outcome.title) and one.days_left(facts.today) >= 0), None
    )


def _is_red(clause: Clause, naming: list[Outcome], facts: Facts) -> bool:
    return any(
        issue_of(clause.id, one, facts) is None and (gates(clause, facts) or clause.id in one.documented)
        for one in naming
    )


def _state(
    clause: Clause, tagged: list[Outcome], naming: list[Outcome], facts: Facts, accepted: set[str]
) -> ClauseState:
    judged = [one for one in tagged if clause.id in one.broken or one.kind == "passed"]
    reasons = Counter(_reason(clause.id, one, facts, accepted) for one in tagged if one not in judged)
    if not tagged:
        reasons["no scenario checks it", "unexplained"] = 0
    state: State
    if naming and clause.id not in accepted:
        state = "broken"
    elif naming:
        state = "observed" if any(issue_of(clause.id, one, facts) is None for one in naming) else "known"
    elif judged:
        state = "in part" if reasons else "holding"
    else:
        state = "not judged"
    return ClauseState(
        clause.id,
        clause.level,
        clause.text,
        gates(clause, facts),
        facts.is_whole or (facts.selected is not None and any(one.is_asked for one in tagged)),
        state,
        len(tagged),
        len(judged),
        tuple(Reason(reason, count, why) for (reason, why), count in reasons.most_common()),
        tuple(dict.fromkeys(one.title for one in naming)),
    )


def _reason(clause: str, outcome: Outcome, facts: Facts, accepted: set[str]) -> tuple[str, Why]:
    """Return the reason why a scenario did not judge a clause, and who prevented it."""
    if outcome.why:
        return outcome.reason, outcome.why
    if outcome.kind == "skipped":
        return _skipped(clause, outcome, facts)
    if outcome.broken:
        stopped = ", ".join(outcome.broken)
        known = " (not red)" if set(outcome.broken) <= accepted else ""
        return f"stopped by the violation of {stopped}{known}", "violation"
    words, why = _WORDS[outcome.kind]
    return (
        f"{words}: {first_line(outcome.reason).removeprefix(PREFIX)}"
        if outcome.reason and outcome.kind == "environment"
        else words,
        why,
    )


def _skipped(clause: str, outcome: Outcome, facts: Facts) -> tuple[str, Why]:
    names = names_covering(outcome.reason, clause, outcome.apis)
    said = counts_as_left_out(outcome.reason) or not set(names).isdisjoint(facts.left_out)
    return outcome.reason.removeprefix(PREFIX), "target file" if said else "unexplained"


def skipped_without_word(facts: Facts, found: tuple[Outcome, ...]) -> Iterator[tuple[str, Outcome]]:
    """Return the skipped scenarios that the target file does not explain, per clause."""
    for outcome in found:
        for clause in outcome.clauses if outcome.kind == "skipped" else ():
            if _skipped(clause, outcome, facts)[1] == "unexplained":
                yield clause, outcome


def first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "")
