"""What speaks for and against each clause being the one that broke: its signs, from all scenarios of a run."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import log1p, sqrt

from harness.causes.violations import Scenario

Signs = Mapping[str, float]


class Suspicion:
    """How much a call of each operation goes with failing, over all scenarios of a run (the Ochiai coefficient)."""

    def __init__(self, scenarios: Iterable[Scenario]) -> None:
        """Count the scenarios that call each operation, and those of them that fail."""
        self._failed: Counter[str] = Counter()
        self._all: Counter[str] = Counter()
        self._fails = 0
        for one in scenarios:
            operations = {name.rpartition(" ")[2] for name in one.operations}
            self._all.update(operations)
            if one.violations:
                self._fails += 1
                self._failed.update(operations)

    def of(self, operations: Iterable[str]) -> float:
        """Return the highest value of these operations."""
        return max(
            (self._failed[one] / sqrt(self._fails * self._all[one]) for one in operations if self._all[one]),
            default=0.0,
        )


def signs(scenarios: Sequence[Scenario]) -> dict[str, dict[str, float]]:
    """Return the signs of each clause that is named, or that a failed scenario is tagged with."""
    failed = [one for one in scenarios if one.violations]
    judged = Counter(clause for one in scenarios for clause in one.clauses)
    suspicion = Suspicion(scenarios)
    found: defaultdict[str, list[Scenario]] = defaultdict(list)
    tagged: Counter[str] = Counter()
    for one in failed:
        tagged.update(one.clauses)
        for clause in one.named:
            found[clause].append(one)
    most = max(map(len, found.values()), default=1)
    shortest = min((len(one.operations) for one in failed), default=0)
    return {
        clause: _of_clause(clause, naming, failed, judged[clause], tagged[clause], suspicion, most, shortest)
        for clause, naming in found.items()
    }


def _of_clause(
    clause: str,
    naming: list[Scenario],
    failed: list[Scenario],
    judged: int,
    tagged: int,
    suspicion: Suspicion,
    most: int,
    shortest: int,
) -> dict[str, float]:
    violations = [one for scenario in naming for one in scenario.violations if one.clause == clause]
    shows = [one for one in naming if one.shows(clause)]
    own = [suspicion.of(one.called_in("when")) - suspicion.of(one.called_in("given")) for one in shows]
    return {
        "shown": len(shows) / judged if judged else 0.0,
        "shown often": log1p(len(shows)),
        "always shown": float(bool(shows) and len(shows) == judged),
        "named": len(naming) / len(failed),
        "named most": len(naming) / most,
        "form": sum(bool(one.where) for one in violations) / len(violations),
        "in a given": sum(one.phase == "given" for one in violations) / len(violations),
        "stray": sum(clause not in one.clauses for one in naming) / len(naming),
        "passed": (judged - tagged) / judged if judged else 0.0,
        "first tag": sum(one.clauses[:1] == (clause,) for one in shows) / len(naming),
        "own action": sum(own) / len(own) if own else -1.0,
        "in a when": sum(one.phase == "when" for one in violations) / len(violations),
        "simple": min((shortest + 1) / (len(one.operations) + 1) for one in naming),
        "suspicious": suspicion.of({one.operation for one in violations}),
        "tagged": tagged / len(failed),
    }
