"""What broken platforms looked like: which scenarios failed how, for each defect that was tried (patterns.json).

A pattern names no scenario, only clauses and kinds of steps, so that it also fits a selection, and another suite.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from math import log
from pathlib import Path
from typing import Any, Final

from harness.causes.violations import Scenario

FILE: Final = Path(__file__).with_name("patterns.json")
_NEAREST: Final = 7
Marks = Mapping[str, float]
"""Of each way to fail (``A-2 F-3 given``: tag, named clause, kind of step), the share of the tag's scenarios."""


def marks_of(scenarios: Iterable[Scenario]) -> dict[str, float]:
    """Return the ways in which the scenarios of a run failed."""
    judged: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for one in scenarios:
        judged.update(one.clauses)
        found.update(one.ways)
    return {way: count / judged[way.partition(" ")[0]] for way, count in found.items()}


@dataclass(frozen=True)
class Pattern:
    """The clauses that a defect breaks, and what it looked like."""

    clauses: tuple[str, ...]
    marks: Marks


@dataclass(frozen=True)
class Knowledge:
    """``weights`` of the signs (signs.py) and the patterns, both written by proof/."""

    weights: Mapping[str, float]
    patterns: Sequence[Pattern] = ()
    rarity: Mapping[str, float] = field(default_factory=dict)
    trust: Mapping[str, float] = field(default_factory=dict)
    """Of each clause, in how many of the patterns that name it it is really broken."""

    @classmethod
    def of(cls, weights: Mapping[str, float], patterns: Sequence[Pattern]) -> "Knowledge":
        """Weigh each way to fail by how few patterns have it."""
        count = Counter(way for one in patterns for way in one.marks)
        named = Counter(clause for one in patterns for clause in {way.split()[1] for way in one.marks})
        right = Counter(clause for one in patterns for clause in one.clauses)
        return cls(
            weights,
            patterns,
            {way: log(1 + len(patterns) / number) for way, number in count.items()},
            {clause: (min(right[clause], number) + 1) / (number + 3) for clause, number in named.items()},
        )

    def nearest(self, marks: Marks, tags: Iterable[str]) -> list[tuple[float, Pattern]]:
        """Return the patterns that resemble a run most, with their similarity; only these tags count."""
        judged = frozenset(tags)
        found = [(self._similarity(marks, one.marks, judged), one) for one in self.patterns]
        return sorted((each for each in found if each[0]), key=lambda each: -each[0])[:_NEAREST]

    def _similarity(self, marks: Marks, others: Marks, judged: frozenset[str]) -> float:
        if not marks.keys() & others.keys():
            return 0.0
        common = most = 0.0
        usual = log(1 + len(self.patterns))
        for way in marks.keys() | others.keys():
            if way.partition(" ")[0] in judged:
                one, other = marks.get(way, 0.0), others.get(way, 0.0)
                rarity = self.rarity.get(way, usual)
                common += rarity * min(one, other)
                most += rarity * max(one, other)
        return common / most if most else 0.0


@cache
def learned() -> Knowledge:
    content: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
    patterns = [Pattern(tuple(one["breaks"].split()), one["marks"]) for one in content["patterns"]]
    return Knowledge.of(content["weights"], patterns)
