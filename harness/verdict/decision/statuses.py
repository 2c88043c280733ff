"""Which statuses apply to a run, and why. Nothing here reads or writes anything."""

from typing import Final

from harness.processes.exit_status import Status
from harness.verdict.decision.foreseen import line_to_paste, name_for
from harness.verdict.decision.results import Facts
from harness.verdict.decision.states import Outcome, first_line, skipped_without_word
from harness.verdict.decision.verdict import Cause, ClauseState, IssueState

# The first that applies is the status of the run.
_PRECEDENCE: Final = (
    Status.INTERRUPTED,
    Status.BROKEN,
    Status.SUITE_FAULT,
    Status.USAGE,
    Status.ENVIRONMENT,
    Status.NOT_JUDGED,
)
_STEADY: Final = 50  # one scenario in so many may be unsteady
_SHOWN: Final = 12  # ids in a line

Applies = tuple[tuple[Status, str], ...]


def applies(
    facts: Facts,
    found: tuple[Outcome, ...],
    clauses: tuple[ClauseState, ...],
    issues: tuple[IssueState, ...],
    missing: tuple[str, ...],
    causes: tuple[Cause, ...] = (),
) -> Applies:
    """Return every status that applies with its reason, the run's first; none if all holds."""
    reasons = {
        Status.INTERRUPTED: _interrupted(facts, found),
        Status.BROKEN: _broken(found, clauses, issues, causes),
        Status.SUITE_FAULT: _suite_fault(facts, found),
        Status.USAGE: _ended(facts, Status.USAGE) or _counted(found, "usage", "set up wrongly"),
        Status.ENVIRONMENT: _environment(facts, found),
    }
    reasons[Status.NOT_JUDGED] = _not_judged(facts, found, clauses, missing, any(reasons.values()))
    return tuple((status, reasons[status]) for status in _PRECEDENCE if reasons[status])


def _ended(facts: Facts, status: Status) -> str:
    return (first_line(facts.why) or "the run ended early") if facts.ended == status else ""


def _counted(found: tuple[Outcome, ...], kind: str, words: str) -> str:
    those = [one for one in found if one.kind == kind and one.is_asked]
    if not those:
        return ""
    reason = first_line(those[0].reason)
    return f"{len(those)} of {run(found)} scenarios {words}: {those[0].words!r}{f': {reason}' if reason else ''}"


def run(found: tuple[Outcome, ...]) -> int:
    return sum(one.is_asked for one in found)


def _interrupted(facts: Facts, found: tuple[Outcome, ...]) -> str:
    if facts.ended != Status.INTERRUPTED:
        return ""
    ended = sum(one.why is None for one in found)
    return f"{first_line(facts.why) or 'the run was interrupted'}; {ended} of {run(found)} scenarios had ended"


def _broken(
    found: tuple[Outcome, ...],
    clauses: tuple[ClauseState, ...],
    issues: tuple[IssueState, ...],
    causes: tuple[Cause, ...],
) -> str:
    broken = [one.id for one in clauses if one.state == "broken"]
    judged = sum(one.state != "not judged" for one in clauses)
    cause = next((one for one in causes if one.clause in broken and not one.known), None)
    failures = sum(bool(one.broken) for one in found)
    parts = [f"the platform breaks {cause.clause}, which explains {cause.explained(failures)}"] if cause else []
    if broken and not (cause and broken == [cause.clause]):
        words = "broken:" if cause else "the platform breaks"
        parts.append(f"{words} {len(broken)} of {judged} clauses judged: {names(broken)}")
    failed = [one.words for one in found if one.kind == "failed"]
    parts += [f"{len(failed)} tests that name no clause failed: {names(failed)}"] if failed else []
    old = [one for one in issues if one.state in ("did not occur", "expired")]
    parts += [f"known issue {one.ticket} ({one.clause}) {_OUT_OF_DATE[one.state]}" for one in old]
    return "; ".join(parts)


_OUT_OF_DATE: Final = {
    "expired": "has expired: fix it or agree on a new date",
    "did not occur": "did not occur any more: remove it",
}


def names(names: list[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")


def _suite_fault(facts: Facts, found: tuple[Outcome, ...]) -> str:
    counted = _counted(found, "error", "ended by a bug in the suite, not by the platform")
    parts = (_ended(facts, Status.SUITE_FAULT), *facts.faults, counted)
    return "; ".join(first_line(part) for part in parts if part)


def _environment(facts: Facts, found: tuple[Outcome, ...]) -> str:
    unsteady = too_unsteady(found)
    return "; ".join(
        part
        for part in (
            _ended(facts, Status.ENVIRONMENT) or _counted(found, "environment", "could not be judged"),
            f"{unsteady} of {run(found)} scenarios are unsteady, more than one in {_STEADY}" if unsteady else "",
        )
        if part
    )


def too_unsteady(found: tuple[Outcome, ...]) -> int:
    """Return the number of unsteady scenarios if it is too high, else 0."""
    unsteady = sum(bool(one.unsteady) for one in found)
    return unsteady if unsteady * _STEADY > run(found) else 0


def _must_be_judged(clause: ClauseState, facts: Facts) -> bool:
    return clause.asked_for and (clause.gates or facts.gating)


def _is_open(clause: ClauseState) -> bool:
    """Return whether a clause is not judged for no known reason, or only because of a violation that is not red."""
    whys = {reason.why for reason in clause.reasons}
    return "unexplained" in whys or (clause.state == "not judged" and "violation" in whys)


def _not_judged(
    facts: Facts,
    found: tuple[Outcome, ...],
    clauses: tuple[ClauseState, ...],
    missing: tuple[str, ...],
    other: bool,  # noqa: FBT001
) -> str:
    if facts.ended is not None:
        return ""
    open_ = [one for one in clauses if _must_be_judged(one, facts) and _is_open(one)]
    parts = []
    if open_:
        why = next(reason for reason in open_[0].reasons if reason.why in ("unexplained", "violation"))
        ids = names([one.id for one in open_])
        parts = [f"{len(open_)} clauses could not be judged completely: {ids} ({why.reason})"]
        if missing:
            parts.append(f"if this target can't show them, its file says so: {line_to_paste(facts.left_out, missing)}")
    nothing = all(one.kind != "passed" or not one.clauses for one in found) and not any(one.broken for one in found)
    if nothing and not other:
        parts.insert(
            0, "nothing was judged" if facts.selected else "no scenario was selected: check -k, -m and the paths"
        )
    return "; ".join(parts)


def missing(facts: Facts, found: tuple[Outcome, ...], clauses: tuple[ClauseState, ...]) -> tuple[str, ...]:
    """Return the names that left_out lacks, in the order of the clauses."""
    needed = {one.id for one in clauses if _must_be_judged(one, facts)}
    asked = {clause: name_for(one.reason, clause) for clause, one in skipped_without_word(facts, found)}
    names = [asked[one.id] for one in clauses if one.id in needed and asked.get(one.id)]
    return tuple(dict.fromkeys(names))
