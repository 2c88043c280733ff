"""Learns from the matrix: the weights of the signs, and a pattern per defect."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from harness.causes.finding import all_signs
from harness.causes.patterns import FILE, Knowledge, Pattern, marks_of
from harness.causes.violations import Scenario

_ROUNDS: Final = 300
_STEP: Final = 1.0
_SMALL: Final = 0.01  # what a large weight costs


@dataclass(frozen=True)
class Example:
    """A broken platform: the clauses that its defect breaks, and its scenarios."""

    name: str
    clauses: tuple[str, ...]
    scenarios: tuple[Scenario, ...]

    @property
    def pattern(self) -> Pattern:
        """What the defect looked like."""
        return Pattern(self.clauses, marks_of(self.scenarios))


Signs = Mapping[str, Mapping[str, float]]


def learn(examples: Sequence[Example]) -> Knowledge:
    """Return patterns and weights. The signs of each example are those that it has without its own pattern."""
    patterns = {one.name: one.pattern for one in examples}
    seen = [(one.clauses, all_signs(one.scenarios, without(one.name, patterns))) for one in examples]
    return Knowledge.of(fitted(seen), [*patterns.values()])


def without(name: str, patterns: Mapping[str, Pattern], weights: Mapping[str, float] | None = None) -> Knowledge:
    """Return what the other patterns teach."""
    return Knowledge.of(weights or {}, [one for key, one in patterns.items() if key != name])


def fitted(seen: Sequence[tuple[tuple[str, ...], Signs]]) -> dict[str, float]:
    """Return the weights with which the clauses that are broken have most (multinomial logistic regression)."""
    usable = [(right, signs) for right, signs in seen if 0 < len(set(right) & signs.keys()) < len(signs)]
    names = sorted({name for _, signs in usable for its in signs.values() for name in its})
    weights = dict.fromkeys(names, 0.0)
    for _ in range(_ROUNDS):
        slope = {name: -_SMALL * weight for name, weight in weights.items()}
        for right, signs in usable:
            for clause, pull in _pulls(frozenset(right), signs, weights):
                for name, value in signs[clause].items():
                    slope[name] += pull * value / len(usable)
        weights = {name: weight + _STEP * slope[name] for name, weight in weights.items()}
    return weights


def _pulls(right: frozenset[str], signs: Signs, weights: Mapping[str, float]) -> list[tuple[str, float]]:
    """Return the change of each clause's score: the broken clauses gain, all others lose."""
    scores = {clause: sum(weights[name] * value for name, value in its.items()) for clause, its in signs.items()}
    top = max(scores.values())
    shares = {clause: math.exp(score - top) for clause, score in scores.items()}
    total = sum(shares.values())
    total_right = sum(share for clause, share in shares.items() if clause in right)
    return [
        (clause, (share / total_right if clause in right else 0.0) - share / total) for clause, share in shares.items()
    ]


def write(knowledge: Knowledge) -> None:
    """Write patterns.json, a line per weight and per pattern."""
    weights = {name: round(weight, 3) for name, weight in sorted(knowledge.weights.items())}
    patterns = [
        {"breaks": " ".join(one.clauses), "marks": {way: round(share, 2) for way, share in sorted(one.marks.items())}}
        for one in sorted(knowledge.patterns, key=lambda one: (one.clauses, sorted(one.marks)))
    ]
    lines = ",\n".join(json.dumps(one) for one in patterns)
    FILE.write_text(f'{{\n"weights": {json.dumps(weights, indent=1)},\n"patterns": [\n{lines}\n]\n}}\n', "utf-8")
