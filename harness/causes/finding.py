"""Finds the likely causes of the violations of a run, best first.

The clause with the best signs is the first cause. What it explains is set aside, and the rest is looked at in the same
way, until every failure is explained.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from harness.causes.patterns import Knowledge, Marks, marks_of
from harness.causes.signs import signs
from harness.causes.violations import Scenario, Violation

_EXPECTED = 0.3  # of a tag's scenarios: a pattern with that share of a way to fail explains it
_ALIKE = 0.15  # similarity of a pattern that explains anything


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
    left = list(scenarios)
    while any(one.violations for one in left):
        cause = _best(left, knowledge)
        explained = {one.name for one in cause.scenarios}
        left = [one for one in left if one.name not in explained]
        causes.append(cause)
    return causes


def ranked(scenarios: Sequence[Scenario], knowledge: Knowledge) -> list[tuple[float, str]]:
    """Return the clauses by the weight of their signs, the most likely first."""
    found = all_signs(scenarios, knowledge)
    scores = {
        clause: sum(knowledge.weights.get(name, 0.0) * value for name, value in its.items())
        for clause, its in found.items()
    }
    return sorted(((score, clause) for clause, score in scores.items()), key=lambda one: (-one[0], one[1]))


def all_signs(scenarios: Sequence[Scenario], knowledge: Knowledge) -> dict[str, dict[str, float]]:
    """Return the signs of each clause, those of the patterns among them."""
    found = signs(scenarios)
    tags = {clause for one in scenarios for clause in one.clauses}
    nearest = knowledge.nearest(marks_of(scenarios), tags)
    total = sum(alike**2 for alike, _ in nearest) or 1.0
    for clause, its in found.items():
        its["alike"] = sum(alike**2 for alike, one in nearest if clause in one.clauses) / total
        its["trust"] = knowledge.trust.get(clause, 1 / 3)
    return found


def _best(scenarios: Sequence[Scenario], knowledge: Knowledge) -> Found:
    clause = ranked(scenarios, knowledge)[0][1]
    failed = [one for one in scenarios if one.violations]
    naming = sorted((one for one in failed if clause in one.named), key=lambda one: _clearness(one, clause))
    tags = {tag for one in scenarios for tag in one.clauses}
    nearest = knowledge.nearest(marks_of(scenarios), tags)
    expected = [one.marks for alike, one in nearest if clause in one.clauses and alike >= _ALIKE]
    core = _core(naming[0])
    others = [one for one in failed if clause not in one.named and _explains(core, expected, one)]
    shown = sum(one.shows(clause) for one in naming) or len(naming)
    violation = next(one for one in naming[0].violations if one.clause == clause)
    return Found(clause, (*naming, *others), shown, violation)


def _clearness(scenario: Scenario, clause: str) -> tuple[bool, int, str]:
    """Order the scenarios that violate a clause: its own, which check it, with few calls, come first."""
    return not scenario.shows(clause), len(scenario.operations), scenario.name


def _core(scenario: Scenario) -> frozenset[str]:
    """Return what the clearest scenario of a cause did before the result was looked at."""
    return scenario.called_in("given") | scenario.called_in("when")


def _explains(core: frozenset[str], expected: Sequence[Marks], scenario: Scenario) -> bool:
    """Return whether a cause explains a failure that does not name it.

    Either the scenario's Given already did what is broken, or a defect that looks alike makes it fail in this way.
    """
    if core and core <= scenario.called_in("given"):
        return True
    ways = {f"{tag} {one.clause} {one.phase}" for tag in scenario.clauses for one in scenario.violations}
    return any(marks.get(way, 0.0) >= _EXPECTED for marks in expected for way in ways)
