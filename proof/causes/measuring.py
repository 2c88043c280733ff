"""Measures how often the likely causes are right, each time without what the tried defect itself has taught."""

from collections.abc import Mapping, Sequence
from typing import Final

from harness.causes.finding import all_signs, find_causes
from harness.causes.patterns import Knowledge, learned
from harness.causes.violations import Scenario, Violation
from proof.causes.learning import Example, fitted, without
from proof.matrix.matrix import Matrix, Outcome, PlatformResult

_PARTS: Final = 5  # of the defects; the weights for one part are learned from the others
_PAIR: Final = "+"

Causes = Mapping[str, tuple[str, ...]]
"""The clauses of the likely causes on each platform, best first."""


def examples_of(matrix: Matrix) -> tuple[Example, ...]:
    """Return the defects that were caught, with what every scenario of their API found."""
    return tuple(_example(matrix, one) for one in matrix.defects if one.catches)


def _example(matrix: Matrix, result: PlatformResult) -> Example:
    outcomes = {one.scenario: one for one in result.round.outcomes}
    judged = [
        Scenario(one.name, one.clauses, *_found(outcomes.get(one.name), one.operations, one.calls))
        for one in matrix.scenarios
        if result.api == "both" or one.api in ("", result.api)
        if one.name not in outcomes or outcomes[one.name].catches
    ]
    return Example(result.name, result.clauses, tuple(judged))


def _found(
    outcome: Outcome | None, operations: tuple[str, ...], calls: int
) -> tuple[tuple[Violation, ...], tuple[str, ...], int]:
    return (outcome.violations, outcome.operations, outcome.calls) if outcome else ((), operations, calls)


def causes_left_out(examples: Sequence[Example]) -> Causes:
    """Return the causes of each defect, found without its own pattern, and with weights that it did not teach."""
    patterns = {one.name: one.pattern for one in examples}
    signs = {one.name: (one.clauses, all_signs(one.scenarios, without(one.name, patterns))) for one in examples}
    parts = {one.name: place % _PARTS for place, one in enumerate(examples)}
    weights = [fitted([signs[name] for name in signs if parts[name] != part]) for part in range(_PARTS)]
    return {one.name: _clauses(one, without(one.name, patterns, weights[parts[one.name]])) for one in examples}


def causes_of_pairs(examples: Sequence[Example], breaks: Mapping[str, tuple[str, ...]]) -> Causes:
    """Return the causes of each pair of defects, found without the patterns of what breaks the same clauses.

    patterns.json names no defect. So a pattern is left out if it breaks exactly what one of the two breaks.
    """
    known = learned()
    found = {}
    for one in examples:
        own = {breaks[name] for name in one.name.split(_PAIR)}
        others = [pattern for pattern in known.patterns if pattern.clauses not in own]
        found[one.name] = _clauses(one, Knowledge.of(known.weights, others))
    return found


def _clauses(example: Example, knowledge: Knowledge) -> tuple[str, ...]:
    return tuple(one.clause for one in find_causes(example.scenarios, knowledge))


def both_shown(examples: Sequence[Example], breaks: Mapping[str, tuple[str, ...]]) -> tuple[Example, ...]:
    """Return the pairs of which each defect can be seen: some violation names a clause that only this one breaks."""

    def is_seen(example: Example, name: str) -> bool:
        named = {clause for one in example.scenarios for clause in one.named}
        others = {clause for other in example.name.split(_PAIR) if other != name for clause in breaks[other]}
        return not named.isdisjoint({*breaks[name]} - others)

    return tuple(one for one in examples if all(is_seen(one, name) for name in one.name.split(_PAIR)))


def pair_lines(matrix: Matrix, breaks: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return the figure of the pairs, and those of which a defect is not among the first three causes."""
    examples = examples_of(matrix)
    shown = both_shown(examples, breaks)
    causes = causes_of_pairs(shown, breaks)
    wrong = [
        name for name, found in causes.items() if any({*breaks[one]}.isdisjoint(found[:3]) for one in name.split(_PAIR))
    ]
    return [
        f"{len(shown) - len(wrong):>5} of {len(shown):<5} pairs of defects, both among the first three likely causes",
        f"{len(matrix.defects) - len(shown):>5} of {len(matrix.defects):<5} pairs of which one hides the other",
        *(f"  not both: {name}: {', '.join(causes[name][:3])}" for name in wrong),
    ]
