"""What speaks for and against each clause being the one that broke: its signs, from all scenarios of a run."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log1p, sqrt
from typing import Final

from harness.causes.violations import Scenario, Violation

Signs = Mapping[str, float]
_SPOILED: Final = 0.1  # of the scenarios whose Given does what a cause has broken


class Run:
    """The scenarios of a run, and what is counted once for all clauses."""

    def __init__(self, scenarios: Sequence[Scenario]) -> None:
        self.scenarios = tuple(scenarios)
        self.failed = tuple(one for one in scenarios if one.violations)
        self.judged = Counter(clause for one in scenarios for clause in one.clauses)
        self.tagged = Counter(clause for one in self.failed for clause in one.clauses)
        self.naming: dict[str, list[Scenario]] = {}
        for one in self.failed:
            for clause in sorted(one.named):
                self.naming.setdefault(clause, []).append(one)
        self.fewest = min((one.calls for one in self.failed), default=0)
        self._failed = Counter(operation for one in self.failed for operation in one.called)
        self._all = Counter(operation for one in scenarios for operation in one.called)

    @cached_property
    def usual(self) -> dict[tuple[str, str], str]:
        """The clause that is named most, per operation and place in its response."""
        named: dict[tuple[str, str], Counter[str]] = {}
        for one in sorted((each for failed in self.failed for each in failed.violations), key=lambda each: each.clause):
            named.setdefault((one.operation, one.where), Counter())[one.clause] += 1
        return {place: count.most_common(1)[0][0] for place, count in named.items()}

    def suspicion(self, operations: Iterable[str]) -> float:
        """Return how much a call of the most suspicious of these operations goes with failing (Ochiai coefficient)."""
        return max((self._failed[one] / sqrt(len(self.failed) * self._all[one]) for one in operations), default=0.0)


@dataclass(frozen=True)
class Candidate:
    """A clause that is named, with the scenarios that name it. A scenario shows it if it is tagged with it."""

    clause: str
    run: Run

    @cached_property
    def naming(self) -> list[Scenario]:
        """The scenarios that violate it, the clearest first: those that check it, with few calls."""
        return sorted(self.run.naming[self.clause], key=lambda one: (not one.shows(self.clause), one.calls, one.name))

    @cached_property
    def shows(self) -> list[Scenario]:
        return [one for one in self.naming if one.shows(self.clause)]

    @cached_property
    def violations(self) -> list[Violation]:
        return [one for scenario in self.naming for one in scenario.violations if one.clause == self.clause]

    def share(self, of: Callable[[Violation], bool]) -> float:
        return sum(map(of, self.violations)) / len(self.violations)

    @cached_property
    def prepared(self) -> frozenset[str]:
        """What its clearest scenario called before it looked at the result."""
        return self.naming[0].called_in("given") | self.naming[0].called_in("when")

    @cached_property
    def spoils(self) -> bool:
        """Whether more than a few scenarios fail whose Given does what its clearest scenario did."""
        same = [one for one in self.run.scenarios if self.prepared <= one.called_in("given")]
        return bool(self.prepared) and sum(bool(one.violations) for one in same) > _SPOILED * len(same)

    @cached_property
    def symptoms(self) -> frozenset[tuple[str, str]]:
        """The operations and the places in their responses that are not as documented, mostly with this clause."""
        found = ((one.operation, one.where) for one in self.violations if one.where)
        return frozenset(one for one in found if self.run.usual[one] == self.clause)

    def covers(self, scenario: Scenario) -> bool:
        """Return whether it explains a failure: it is named, its Given did the same, or the same response is wrong."""
        return (
            self.clause in scenario.named
            or (self.spoils and self.prepared <= scenario.called_in("given") and self._is_seen_alike(scenario))
            or any((one.operation, one.where) in self.symptoms for one in scenario.violations)
        )

    def _is_seen_alike(self, scenario: Scenario) -> bool:
        """Return whether the same operation shows the failure, such as the one that shows the balance."""
        return not {one.operation for one in scenario.violations}.isdisjoint(self._seen_in)

    @cached_property
    def _seen_in(self) -> frozenset[str]:
        return frozenset(one.operation for one in self.violations)


def _own_action(one: Candidate) -> float:
    suspicions = [
        one.run.suspicion(each.called_in("when")) - one.run.suspicion(each.called_in("given")) for each in one.shows
    ]
    return sum(suspicions) / len(suspicions) if suspicions else -1.0


SIGNS: Final[Mapping[str, Callable[[Candidate], float]]] = {
    # the share of its own scenarios that show it, their number, and whether all do
    "shown": lambda one: len(one.shows) / max(1, one.run.judged[one.clause]),
    "shown often": lambda one: log1p(len(one.shows)),
    "always shown": lambda one: float(bool(one.shows) and len(one.shows) == one.run.judged[one.clause]),
    # the share of its own scenarios that passed
    "passed": lambda one: 1 - one.run.tagged[one.clause] / max(1, one.run.judged[one.clause]),
    # the shares of all failures that name it, that a cause like this explains, and that it stops in their Given
    "named": lambda one: len(one.naming) / len(one.run.failed),
    "covers": lambda one: sum(map(one.covers, one.run.failed)) / len(one.run.failed),
    "blocks": lambda one: (
        sum(
            any(each.clause == one.clause and each.phase == "given" for each in failed.violations)
            for failed in one.naming
        )
        / len(one.run.failed)
    ),
    # how its violations are: of the form of a response, in which kind of step, in scenarios of other clauses
    "form": lambda one: one.share(lambda each: bool(each.where)),
    "in a given": lambda one: one.share(lambda each: each.phase == "given"),
    "in a when": lambda one: one.share(lambda each: each.phase == "when"),
    "stray": lambda one: sum(one.clause not in each.clauses for each in one.naming) / len(one.naming),
    "first tag": lambda one: sum(each.clauses[:1] == (one.clause,) for each in one.shows) / len(one.naming),
    # whether what its scenarios do themselves goes with failing more than what their Given does
    "own action": _own_action,
    # whether a scenario with few calls shows it
    "few calls": lambda one: (one.run.fewest + 2) / (one.shows[0].calls + 2) if one.shows else 0.0,
}


def signs(run: Run) -> dict[str, dict[str, float]]:
    candidates = (Candidate(clause, run) for clause in run.naming)
    return {one.clause: {name: sign(one) for name, sign in SIGNS.items()} for one in candidates}
