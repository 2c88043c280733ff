"""Finds the likely causes of the violations of a run, best first.

The clause with the best signs is the first cause. What it explains is set aside, and the rest is looked at in the same
way, until every failure is explained.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from harness.causes.patterns import Knowledge, Pattern, marks_of
from harness.causes.signs import Candidate, Run, signs
from harness.causes.violations import Scenario, Violation

_EXPECTED: Final = 0.3  # of a tag's scenarios: a pattern with that share of a way to fail explains it
_ALIKE: Final = 0.3  # similarity of a pattern that explains anything
Nearest = Sequence[tuple[float, Pattern]]
"""The patterns that resemble a run most, with their similarity."""


@dataclass(frozen=True)
class Found:
    """A likely cause: its clause, and the scenarios that it explains, the clearest first.

    ``shown_by`` of them violate it themselves; ``violation`` is the clearest one.
    """

    clause: str
    scenarios: tuple[Scenario, ...]
    shown_by: int
    violation: Violation

    @property
    def consequences(self) -> dict[str, int]:
        """Count the scenarios per other clause that is violated because of it."""
        count = Counter(clause for one in self.scenarios for clause in one.named if clause != self.clause)
        return dict(count.most_common())

    @property
    def not_checked(self) -> dict[str, int]:
        """Count the scenarios per clause that they stopped before they could check."""
        count = Counter(clause for one in self.scenarios for clause in stopped_before(one, self.clause))
        return dict(count.most_common())


def stopped_before(scenario: Scenario, cause: str) -> tuple[str, ...]:
    """Return the clauses that a failed scenario could not check, because this cause stopped it."""
    return tuple(clause for clause in scenario.clauses if clause != cause and not scenario.shows(cause))


def find_causes(scenarios: Sequence[Scenario], knowledge: Knowledge) -> list[Found]:
    """Return the likely causes of all violations, best first."""
    causes: list[Found] = []
    left = sorted(scenarios, key=lambda one: one.name)
    while any(one.violations for one in left):
        cause = _best(left, knowledge)
        explained = {one.name for one in cause.scenarios}
        left = [one for one in left if one.name not in explained]
        causes.append(cause)
    return _independent_first(causes)


def _independent_first(causes: Sequence[Found]) -> list[Found]:
    """Put causes in scenarios that share no operation with those before them first: they must be different faults."""
    first: list[Found] = []
    called: set[str] = set()
    for one in causes:
        operations = {operation for scenario in one.scenarios for operation in scenario.called}
        if called.isdisjoint(operations):
            first.append(one)
            called |= operations
    return [*first, *(one for one in causes if one not in first)]


def all_signs(scenarios: Sequence[Scenario], knowledge: Knowledge) -> dict[str, dict[str, float]]:
    """Return the signs of each clause, those of the patterns among them."""
    run = Run(scenarios)
    return _all_signs(run, knowledge, _nearest(run, knowledge))


def _all_signs(run: Run, knowledge: Knowledge, nearest: Nearest) -> dict[str, dict[str, float]]:
    found = signs(run)
    total = sum(alike**2 for alike, _ in nearest) or 1.0
    for clause, its in found.items():
        its["alike"] = sum(alike**2 for alike, one in nearest if clause in one.clauses) / total
        its["trust"] = knowledge.trust.get(clause, 1 / 3)
    return found


def _nearest(run: Run, knowledge: Knowledge) -> Nearest:
    return knowledge.nearest(marks_of(run.scenarios), run.judged)


def _most_likely(found: Mapping[str, Mapping[str, float]], weights: Mapping[str, float]) -> str:
    """Return the clause whose signs have the most weight, the first by name of equal ones."""
    scores = {
        clause: sum(weights.get(name, 0.0) * value for name, value in its.items()) for clause, its in found.items()
    }
    return min(scores, key=lambda clause: (-scores[clause], clause))


def _best(scenarios: Sequence[Scenario], knowledge: Knowledge) -> Found:
    run = Run(scenarios)
    nearest = _nearest(run, knowledge)
    best = Candidate(_most_likely(_all_signs(run, knowledge, nearest), knowledge.weights), run)
    expected = {
        way
        for alike, one in nearest
        if best.clause in one.clauses and alike >= _ALIKE
        for way, share in one.marks.items()
        if share >= _EXPECTED
    }
    named = {one.name for one in best.naming}
    others = [one for one in run.failed if one.name not in named and (best.covers(one) or expected & one.ways)]
    # What a model has found at the end of many calls is harder to read than a scenario that was written for the clause.
    clearest = sorted(best.naming, key=lambda one: one.is_of_model(best.clause))
    violation = next(one for one in clearest[0].violations if one.clause == best.clause)
    return Found(best.clause, (*clearest, *others), len(best.shows) or len(best.naming), violation)
