"""The verdict of a run, decided once from everything that it saw. Nothing here reads or writes anything."""

from collections.abc import Callable, Iterator

from harness.processes.exit_status import Status
from harness.verdict.decision.foreseen import KnownIssue, line_to_paste
from harness.verdict.decision.likely import likely_causes
from harness.verdict.decision.results import Facts, Listed
from harness.verdict.decision.states import Outcome, outcomes, skipped_without_word, states
from harness.verdict.decision.statuses import Applies, applies, missing, names, run, too_unsteady
from harness.verdict.decision.verdict import (
    About,
    ClauseState,
    IssueState,
    LeftOut,
    ScenarioOutcome,
    StatusReason,
    Verdict,
)


def decide(facts: Facts, about: About, unwritten: tuple[str, ...] = ()) -> Verdict:
    """Return the verdict: states, every status that applies, and the headline."""
    found = outcomes(facts)
    clauses = states(facts, found)
    issues = tuple(_issue_state(one, facts, found) for one in facts.issues)
    lacking = missing(facts, found, clauses)
    causes = likely_causes(facts, found)
    applying = applies(facts, found, clauses, issues, lacking, causes)
    status = applying[0][0] if applying else Status.HOLDS
    part = facts.selected is not None and not facts.is_whole
    return Verdict(
        finished=True,
        status=int(status),
        name=status.words,
        headline=_headline(found, clauses, applying, part=part),
        about=about,
        part=part,
        gating=facts.gating,
        applies=tuple(StatusReason(int(one), one.words, reason) for one, reason in applying),
        clauses=clauses,
        scenarios=tuple(_scenario(one, facts.suite.get(one.name, Listed())) for one in found),
        known_issues=issues,
        left_out=LeftOut(facts.left_out, _judged_all_the_same(facts, found), line_to_paste(facts.left_out, lacking)),
        unwritten=unwritten,
        causes=causes,
    )


def _scenario(one: Outcome, listed: Listed) -> ScenarioOutcome:
    return ScenarioOutcome(
        name=one.name,
        clauses=one.clauses or listed.clauses,
        outcome=one.kind,
        reason=one.reason,
        broken=dict(one.broken),
        unsteady=one.unsteady,
        words=one.words,
        feature=listed.feature or one.name.partition("::")[0],
        seconds=one.seconds,
        asked_for=one.is_asked,
    )


def _judged_all_the_same(facts: Facts, found: tuple[Outcome, ...]) -> tuple[str, ...]:
    def concerned(name: str) -> Iterator[Outcome]:
        yield from (one for one in found if one.is_asked and name in (*one.clauses, *one.apis))

    def judged(name: str) -> bool:
        found = list(concerned(name))
        # A violation of another clause may have ended the scenario before this one was judged.
        was_judged = any(one.kind == "passed" or name in (*one.broken, *one.apis) for one in found)
        return was_judged and all(one.kind in ("passed", "broken") for one in found)

    return tuple(name for name in facts.left_out if judged(name))


def _issue_state(issue: KnownIssue, facts: Facts, found: tuple[Outcome, ...]) -> IssueState:
    occurred = [one.title for one in found if issue.clause in one.broken and issue.concerns(one.title)]
    concerned = [one for one in found if issue.clause in one.clauses and issue.concerns(one.title)]
    if not concerned and issue.scenario:
        concerned = [one for one in found if issue.concerns(one.title)]
    ran = bool(concerned) and all(
        one.kind == "passed" or (one.kind == "skipped" and not any(skipped_without_word(facts, (one,))))
        for one in concerned
    )
    everything = facts.is_whole and facts.ended is None
    gone = everything and ran and any(one.kind == "passed" for one in concerned)
    days = issue.days_left(facts.today)
    state = "expired" if days < 0 else "occurred" if occurred else "did not occur" if gone else "not judged"
    return IssueState(**vars(issue), days_left=days, state=state, scenarios=tuple(occurred))  # type: ignore[arg-type]


def _headline(found: tuple[Outcome, ...], clauses: tuple[ClauseState, ...], applying: Applies, *, part: bool) -> str:
    asked = [one for one in clauses if one.asked_for]
    if applying:
        status, reason = applying[0]
        words = f"{status.words}: {reason}"
    elif part:
        words = "all hold" if all(one.state in ("holding", "in part") for one in asked) else "none is broken"
    else:
        holding = sum(one.state == "holding" for one in asked)
        words = f"HOLDS: {'all ' if holding == len(asked) else f'{holding} of '}{len(asked)} clauses hold"
    words += "".join(f"; {one}" for one in _besides(found, asked, applying))
    return f"PART: {len(asked)} of {len(clauses)} clauses asked for, {words}" if part else words


def _besides(found: tuple[Outcome, ...], asked: list[ClauseState], applying: Applies) -> Iterator[str]:
    """Add to the headline what a reader would not expect from it."""
    tests: dict[str, Callable[[ClauseState], bool]] = {
        "known": lambda one: one.state == "known",
        "observed": lambda one: one.state == "observed",
        "left out": lambda one: any(reason.why == "target file" for reason in one.reasons),
    }
    for words, fits in tests.items():
        if named := [one.id for one in asked if fits(one)]:
            yield f"{words}: {names(named)}"
    status = applying[0][0] if applying else Status.HOLDS
    if (unsteady := too_unsteady(found)) and status != Status.ENVIRONMENT:
        yield f"{unsteady} of {run(found)} scenarios are unsteady"
    elif count := sum(bool(one.unsteady) for one in found):
        yield f"unsteady: {count}"
