"""Patterns of likely causes that are learned from the matrix, and their accuracy."""

from typing import Any

import pytest

from harness.causes import patterns
from harness.causes.violations import Scenario, Violation
from harness.failures import UsageError
from proof import catalogue
from proof.causes import learning
from proof.causes.learning import Example, fitted, learn
from proof.causes.measuring import both_shown, causes_left_out, causes_of_pairs, examples_of, pair_lines
from proof.matrix.matrix import Matrix, Outcome, PlatformResult, Round
from proof.matrix.matrix import Scenario as Listed

SCENARIOS = tuple(
    Listed(f"features/alfred/x.feature::{clause} {number}", "alfred", (clause,), ("when confirmPayment",), 3)
    for clause in ("F-3", "S-5", "W-3")
    for number in (1, 2)
)


def broken(place: int, clause: str, phase: str = "then") -> Outcome:
    listed = SCENARIOS[place]
    violation = Violation(clause, phase, "confirmPayment")
    return Outcome(listed.name, "broken", (clause,), "", (violation,), listed.operations, listed.calls)


def defect(name: str, clauses: str, *outcomes: Outcome) -> PlatformResult:
    round_ = Round(ran=len(SCENARIOS), outcomes=outcomes)
    return PlatformResult(name, "business rule", "alfred", f"what {name} does", tuple(clauses.split()), round_)


MATRIX = Matrix(
    SCENARIOS,
    {},
    (
        defect("fee", "F-3", broken(0, "F-3"), broken(1, "F-3"), broken(2, "S-5", "given")),
        defect("large fee", "F-3", broken(0, "F-3"), broken(1, "F-3"), broken(3, "S-5", "given")),
        defect("overdraft", "S-5", broken(2, "S-5"), broken(3, "S-5")),
        defect("open door", "W-3", broken(4, "W-3"), broken(5, "W-3")),
        defect("nothing", "W-3"),
    ),
    (),
    Round(),
    1.0,
)


def test_an_example_has_every_scenario_that_was_judged() -> None:
    examples = examples_of(MATRIX)
    assert [one.name for one in examples] == ["fee", "large fee", "overdraft", "open door"]
    assert len(examples[0].scenarios) == len(SCENARIOS)
    assert [bool(one.violations) for one in examples[0].scenarios] == [True, True, True, False, False, False]


def test_the_causes_are_found_without_the_defects_own_pattern() -> None:
    found = causes_left_out(examples_of(MATRIX))
    assert {name: causes[0] for name, causes in found.items()} == {
        "fee": "F-3",
        "large fee": "F-3",
        "overdraft": "S-5",
        "open door": "W-3",
    }


def test_weights_prefer_the_clause_that_is_broken() -> None:
    seen = [(("A",), {"A": {"good": 1.0, "bad": 0.0}, "B": {"good": 0.0, "bad": 1.0}})]
    weights = fitted(seen)
    assert weights["good"] > 0 > weights["bad"]


def test_learned_patterns_are_written_and_read(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "patterns.json"
    monkeypatch.setattr(learning, "FILE", path)
    monkeypatch.setattr(patterns, "FILE", path)
    knowledge = learn(examples_of(MATRIX))
    learning.write(knowledge)
    read = patterns.learned.__wrapped__()
    assert sorted(one.clauses for one in read.patterns) == sorted(one.clauses for one in knowledge.patterns)
    assert read.weights.keys() == knowledge.weights.keys()


def test_patterns_file_is_small() -> None:
    assert patterns.FILE.stat().st_size < 300_000


def test_two_defects_can_be_combined_unless_they_replace_the_same_part() -> None:
    pair = catalogue.defect("references-in-lower-case+credited-a-minor-unit-less")
    assert pair.clauses == ("A-3", "F-3", "S-8")
    assert pair.platform().users.__name__ == "ReferencesInLowerCase"
    assert pair.platform().fundings.__name__ == "CreditedAMinorUnitLess"
    with pytest.raises(UsageError, match="both replace fundings"):
        catalogue.defect("credited-twice-at-once+credited-a-minor-unit-less")


def test_pairs_are_the_same_every_time_and_break_different_clauses() -> None:
    assert [one.name for one in catalogue.pairs(5)] == [one.name for one in catalogue.pairs(5)]
    for pair in catalogue.pairs(5):
        one, other = (catalogue.defect(name) for name in pair.name.split("+"))
        assert not {*one.clauses} & {*other.clauses}


BREAKS = {"fee": ("F-3",), "open door": ("W-3",)}


def test_pair_counts_only_if_both_defects_are_visible() -> None:
    seen = Example("fee+open door", ("F-3", "W-3"), _scenarios(broken(0, "F-3"), broken(4, "W-3")))
    hidden = Example("fee+open door", ("F-3", "W-3"), _scenarios(broken(0, "F-3"), broken(4, "F-3", "given")))
    assert both_shown([seen, hidden], BREAKS) == (seen,)
    assert set(causes_of_pairs([seen], BREAKS)["fee+open door"]) == {"F-3", "W-3"}


def test_the_figure_of_the_pairs_is_in_words() -> None:
    pair = defect("fee+open door", "F-3 W-3", broken(0, "F-3"), broken(4, "W-3"))
    lines = pair_lines(Matrix(SCENARIOS, {}, (pair,), (), Round(), 1.0), BREAKS)
    assert " ".join(lines[0].split()) == "1 of 1 pairs of defects, both among the first three likely causes"


def _scenarios(*outcomes: Outcome) -> tuple[Scenario, ...]:
    found = {one.scenario: one.violations for one in outcomes}
    return tuple(Scenario(one.name, one.clauses, found.get(one.name, ()), one.operations, 3) for one in SCENARIOS)
