"""The verdict in words: for the terminal, and as Markdown."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from harness.foreign_text import fenced, markdown
from harness.verdict.decision.verdict import ClauseState, IssueState, Verdict

_SHOWN = 12
_REASONS = 5
_OUTCOMES = {"broken": "broke a clause"}  # in Allure, a broken test is one with a fault of the suite
_CALLS = re.compile(r"^  calls: .*\n(?: {14}.*\n)*", re.MULTILINE)


def lines(verdict: Verdict) -> list[str]:
    """Return the verdict for a terminal: the headline, what else applies, what is red, and what was not judged."""
    about = verdict.about
    shown = [verdict.headline, f"  target {about.target} ({about.address or 'one per worker'}), depth {about.depth}"]
    shown += [f"  likely reason: {one}" for one in verdict.likely_reasons]
    shown += [f"  also {one.name} ({one.status}): {one.reason}" for one in verdict.applies[1:]]
    shown += _violated(verdict)
    shown += [f"  known: {_issue(one)}" for one in verdict.known_issues]
    shown += [f"  unsteady: {one.words} ({len(one.unsteady)}): {_last(one.unsteady)}" for one in verdict.unsteady]
    if judged := ", ".join(verdict.left_out.judged):
        shown.append(f"  left_out names {judged}, and all of it was judged: remove it")
    return [*shown, *_not_judged(verdict), *_paste(verdict), f"  status {verdict.status} ({verdict.name})"]


def _violated(verdict: Verdict) -> Iterator[str]:
    """Return the clauses that a cause names with their texts, and the others by their ids."""
    causes = [one.clause for one in verdict.causes]
    for state in ("broken", "observed"):
        clauses = {one.id: one for one in verdict.clauses if one.state == state}
        for name in causes or clauses:
            if clause := clauses.get(name):
                yield f"  {state}: {clause.id} ({clause.level}): {clause.text}"
                yield f"      {_scenarios(clause, verdict)}"
        if others := [name for name in clauses if causes and name not in causes]:
            yield f"  {state} as a consequence: {', '.join(others)}"


def _paste(verdict: Verdict) -> list[str]:
    if not verdict.left_out.line:
        return []
    return ["  if the target can't show this, put this line into its file:", f"    {verdict.left_out.line}"]


def _not_judged(verdict: Verdict) -> Iterator[str]:
    # What the headline says is not said again. The reasons of the environment often differ only in the call.
    reasons = [(one.id, reason) for one in verdict.clauses for reason in one.reasons if one.asked_for]
    found = [(clause, reason) for clause, reason in reasons if reason.reason not in verdict.headline]
    groups: dict[str, list[tuple[str, str]]] = {}
    for clause, reason in found:
        kind = reason.why if reason.why == "environment" else reason.reason
        groups.setdefault(kind, []).append((clause, reason.reason))
    for those in sorted(groups.values(), key=len, reverse=True)[:_REASONS]:
        (words, _), *others = Counter(words for _, words in those).most_common()
        named = [*dict.fromkeys(clause for clause, _ in those)]
        similar = f", and {len(others)} similar reasons" if others else ""
        ids = ", ".join(named[:_SHOWN]) + (", ..." if len(named) > _SHOWN else "")
        yield f"  not judged, or in part, {len(named)}: {words}{similar} ({ids})"


def _scenarios(clause: ClauseState, verdict: Verdict) -> str:
    found = {one.name: one.words for one in verdict.scenarios if clause.id in one.broken}
    causes = (name for cause in verdict.causes if cause.clause == clause.id for name in cause.scenarios)
    clearest = {name: found[name] for name in causes if name in found}
    first, *others = (clearest | found).values() or ("",)
    return f"scenario {first!r}" + (f" and {len(others)} more" if others else "")


def _last(texts: tuple[str, ...]) -> str:
    return " ".join(texts[-1].split())[:200]


def _issue(issue: IssueState) -> str:
    where = f"{issue.clause}, {issue.scenario!r}" if issue.scenario else issue.clause
    left = f"{issue.days_left} days left" if issue.days_left >= 0 else f"expired on {issue.expires}"
    return f"{where}: {issue.ticket}, {issue.owner}, {left} ({issue.because}): {issue.state}"


def markdown_of(verdict: Verdict) -> str:
    """Return the summary: verdict, run, every clause with its state, and every failure."""
    about = verdict.about
    counts = Counter(one.outcome for one in verdict.scenarios)
    unsteady = ", ".join(one.words for one in verdict.unsteady)
    facts = {
        "Status": "none" if verdict.status is None else f"{verdict.status} {verdict.name}",
        "Also": "; ".join(f"{one.status} {one.name}: {one.reason}" for one in verdict.applies[1:]),
        "Likely reason": "; ".join(verdict.likely_reasons),
        "Target": f"{about.target} ({about.address or 'one per worker'})",
        "Gate": f"{about.gate}{', everything must be judged (--gate)' if verdict.gating else ''}",
        "Depth": about.depth,
        "Scenarios": ", ".join(f"{count} {_OUTCOMES.get(one, one)}" for one, count in sorted(counts.items())) or "none",
        "Unsteady": unsteady or "none",
        "Left out by the target": ", ".join(verdict.left_out.named),
        "Left out, but judged": ", ".join(verdict.left_out.judged),
        "To put into the target file, if it can't show this": verdict.left_out.line,
        "Not written": "; ".join(verdict.unwritten),
        "Suite": f"commit {about.commit}",
        "Began": about.began,
        "Ended": about.ended,
    }
    return "\n".join(
        [
            f"# {markdown(verdict.headline)}",
            "",
            *(f"- {name}: {markdown(text)}" for name, text in facts.items() if text),
            *(f"- Known issue: {markdown(_issue(one))}" for one in verdict.known_issues),
            "",
            *_causes(verdict),
            "| clause | level | state | text | reason |",
            "|---|---|---|---|---|",
            *(_row(one, verdict) for one in verdict.clauses),
            "",
            *_failures(verdict),
        ]
    )


def _causes(verdict: Verdict) -> list[str]:
    shown = ["## Likely causes", ""] if verdict.causes else []
    failures = sum(bool(one.broken) for one in verdict.scenarios)
    titles = {one.name: one.words for one in verdict.scenarios}
    for number, one in enumerate(verdict.causes, 1):
        facts = {
            "Documented": one.documented,
            "Received": one.received,
            "Call": one.operation,
            "See": titles.get(one.scenarios[0], "") if one.scenarios else "",
            "Violated as a consequence": counted(one.consequences),
            "Could not be checked because of it": counted(one.not_checked),
        }
        explains = f"explains {one.explained(failures)}{' (known issue)' if one.known else ''}"
        shown.append(f"{number}. **{one.clause}** ({one.level}) {explains}: {markdown(one.text)}")
        shown += [f"   - {name}: {markdown(text)}" for name, text in facts.items() if text]
    return [*shown, ""] if shown else []


def counted(counts: Mapping[str, int]) -> str:
    """Return clauses, each with the number of its scenarios."""
    return ", ".join(f"{clause} ({count})" for clause, count in counts.items())


def _row(clause: ClauseState, verdict: Verdict) -> str:
    state = f"**{clause.state}**" if clause.state == "broken" else clause.state
    if clause.judged < clause.scenarios:
        state += f" ({clause.judged} of {clause.scenarios})"
    reasons = [f"{one.reason} ({one.scenarios})" if len(clause.reasons) > 1 else one.reason for one in clause.reasons]
    parts = ([_scenarios(clause, verdict)] if clause.violated_in else []) + reasons
    cells = (clause.id, clause.level, state, markdown(clause.text), markdown("; ".join(parts)))
    return "| " + " | ".join(cells) + " |"


def without_calls(text: str) -> str:
    """Return the text of a violation without the list of calls, which the first failure of a cause shows."""
    return _CALLS.sub("", text)


def _failures(verdict: Verdict) -> list[str]:
    order = {name: place for place, name in enumerate(name for cause in verdict.causes for name in cause.scenarios)}
    failures = [one for one in verdict.scenarios if one.outcome not in ("passed", "skipped", "not run")]
    failures.sort(key=lambda one: order.get(one.name, len(order)))
    explained = {name for cause in verdict.causes for name in cause.scenarios[1:]}
    shown = ["## What failed", ""] if failures else []
    for one in failures:
        texts = map(without_calls, one.broken.values()) if one.name in explained else one.broken.values()
        text = "\n\n".join(texts) or (one.reason.strip() or "no reason given").splitlines()[-1]
        shown += [f"### {markdown(one.words)}", "", *fenced(text), ""]
    return shown
