"""The smoke set: few scenarios that exist and catch nine defects in ten."""

import pytest

from harness.gherkin.tags import SMOKE, smoke
from proof import catalogue
from proof.matrix import report
from proof.smoke import SHARE, Pick, read_picks, selection, steady
from tests.harness.runs import run_pytest


def test_the_fewest_scenarios_are_chosen_also_if_a_greedy_choice_needs_more() -> None:
    caught_by = {"greedy": "bcde", "left": "abc", "right": "def"}
    assert selection(caught_by, "abcdef", share=1.0) == (Pick("left", ("a", "b", "c")), Pick("right", ("d", "e", "f")))


def test_the_first_by_name_of_equal_scenarios_is_chosen() -> None:
    assert selection({"second": "ab", "first": "ab"}, "ab") == (Pick("first", ("a", "b")),)


def test_selection_stops_at_90_percent_of_the_defects() -> None:
    caught_by = {"most": "abcdefghi", "last": "j"}
    assert [pick.scenario for pick in selection(caught_by, "abcdefghij")] == ["most"]


def test_defect_that_no_scenario_catches_is_ignored() -> None:
    assert [pick.scenario for pick in selection({"one": "a"}, "abcd")] == ["one"]


def test_random_walks_are_not_chosen() -> None:
    caught_by = {
        "features/alfred/walks.feature::Whatever users do": "abc",
        "features/alfred/split.feature::A split": "a",
    }
    assert list(steady(caught_by)) == ["features/alfred/split.feature::A split"]


def test_every_scenario_of_the_file_exists_and_is_marked() -> None:
    ran = run_pytest("features", "-m", "smoke", "--collect-only")
    marked = {line for line in ran.lines if line.startswith("features/")}
    missing = sorted(smoke() - marked)
    assert not missing, f"proof/smoke.toml names scenarios that do not exist (run make prove smoke): {missing}"
    assert marked == smoke() != frozenset()


def test_smoke_set_catches_90_percent_of_the_catalogue() -> None:
    caught = {defect for pick in read_picks(SMOKE.read_text("utf-8")) for defect in pick.adds}
    known = {defect.name for defect in catalogue.defects()}
    assert caught <= known, f"no longer in the catalogue: {sorted(caught - known)}; run make prove smoke"
    assert len(caught) >= SHARE * len(known), "the catalogue has grown: run make prove smoke"


def test_smoke_set_catches_90_percent_in_the_last_local_matrix() -> None:
    matrix = report.read_last()
    known = {defect.name for defect in catalogue.defects()}
    if matrix is None or {defect.name for defect in matrix.defects} != known:
        pytest.skip("there is no matrix of this catalogue: run make prove")
    caught = {defect for name in smoke() for defect in matrix.caught_by.get(name, ())}
    assert len(caught) >= SHARE * len(known)
