"""The likely causes of a run's violations, as the verdict shows them. Nothing here reads or writes anything."""

from collections.abc import Mapping

from harness.causes.finding import Found, find_causes
from harness.causes.patterns import learned
from harness.causes.violations import Scenario, Violation
from harness.contract.contract import Clause
from harness.verdict.decision.results import Facts
from harness.verdict.decision.states import Outcome, issue_of
from harness.verdict.decision.verdict import Cause


def likely_causes(facts: Facts, outcomes: tuple[Outcome, ...]) -> tuple[Cause, ...]:
    """Return the likely causes, best first; those whose violations are all known issues are last."""
    judged = {one.name: one for one in outcomes if one.kind == "passed" or one.broken}
    scenarios = [_scenario(one) for one in judged.values() if one.clauses]
    if not any(one.violations for one in scenarios):
        return ()
    clauses = {one.id: one for one in facts.clauses}
    found = [_cause(one, clauses, judged, facts) for one in find_causes(scenarios, learned())]
    return tuple(sorted(found, key=lambda one: one.known))


def _scenario(outcome: Outcome) -> Scenario:
    violations = outcome.violations or tuple(Violation(clause) for clause in outcome.broken)
    return Scenario(outcome.name, outcome.clauses, violations, outcome.operations, outcome.calls)


def _cause(found: Found, clauses: Mapping[str, Clause], judged: Mapping[str, Outcome], facts: Facts) -> Cause:
    clause = clauses.get(found.clause)
    explained = [judged[one.name] for one in found.scenarios]
    return Cause(
        clause=found.clause,
        level=clause.level if clause else "",
        text=clause.text if clause else "not a clause of contract.md",
        operation=found.violation.operation,
        documented=found.violation.documented,
        received=found.violation.received,
        scenarios=tuple(one.name for one in explained),
        shown_by=found.shown_by,
        consequences=found.consequences,
        not_checked=found.not_checked,
        known=all(issue_of(name, one, facts) is not None for one in explained for name in one.broken),
    )
