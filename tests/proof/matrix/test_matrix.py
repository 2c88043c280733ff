"""The matrix: its figures, what it keeps of a round, its reports, and a small one from end to end."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from harness.failures import UsageError
from harness.verdict.summary import Result
from proof import catalogue
from proof.command import longest_first, main, selected
from proof.matrix import report
from proof.matrix.matrix import Matrix, Outcome, PlatformResult, Round, Scenario, from_json
from proof.matrix.platforms import VARIANT, Platform, all_platforms, merged

ROOT = Path(__file__).resolve().parents[3]
FUNDING = "features/alfred/funding.feature::A funding is there"
BUYING = "features/alfred/buying.feature::A user buys"
SELLING = "features/walletapi/sale.feature::A sale answers"


def tried(
    name: str, *outcomes: Outcome, clauses: tuple[str, ...] = ("F-3",), api: str = "alfred", **of: str
) -> PlatformResult:
    came = Round(seconds=2.5, cpu=1.5, ran=2, outcomes=outcomes, cut_short=of.get("cut_short", ""))
    return PlatformResult(name, of.get("kind", "business rule"), api, f"What {name} does to a user", clauses, came)


@pytest.fixture
def matrix() -> Matrix:
    return Matrix(
        scenarios=(
            Scenario(FUNDING, "alfred", ("F-3",)),
            Scenario(BUYING, "alfred", ("P-4",)),
            Scenario(SELLING, "walletapi", ("T-1",)),
        ),
        clauses={"F-3": "Money arrives", "P-4": "A purchase is confirmed", "T-1": "A sale answers"},
        defects=(
            tried("lost", Outcome(FUNDING, "broken", ("F-3",), "F-3 is <broken> | really")),
            tried("doubled", Outcome(FUNDING, "broken", ("P-4",)), Outcome(BUYING, "broken", ("P-4",))),
            tried("hidden", Outcome(BUYING, "environment", (), "no response"), kind="race"),
            tried("tripping", Outcome(BUYING, "error", ("F-3",), "KeyError"), clauses=("P-4",)),
        ),
        variants=(
            tried("chunked", clauses=(), kind=VARIANT, api="both"),
            tried("slow", Outcome(BUYING, "broken", ("P-4",), "too slow"), clauses=(), kind=VARIANT),
            tried("bare", Outcome(BUYING, "skipped", (), "no admin"), clauses=(), kind=VARIANT),
        ),
        green=Round(seconds=9.0, ran=3),
        seconds=371.2,
        walks=8,
        about={"commit": "abc", "time": "now", "cores": "2", "walk seed": "7"},
    )


def names(found: tuple[PlatformResult, ...]) -> list[str]:
    return [one.name for one in found]


def test_a_defect_is_caught_by_a_broken_clause_and_by_nothing_else(matrix: Matrix) -> None:
    assert names(matrix.survivors) == ["hidden"]


def test_a_defect_is_named_only_by_a_clause_that_it_breaks(matrix: Matrix) -> None:
    assert names(matrix.misnamed) == ["doubled", "tripping"]


def test_a_variant_raises_an_alarm_unless_it_passes_or_is_skipped(matrix: Matrix) -> None:
    assert names(matrix.false_alarms) == ["slow"]
    assert [outcome.reason for outcome in matrix.new_skips(matrix.variants[2])] == ["no admin"]


def test_what_is_skipped_on_the_true_sandbox_too_is_no_new_skip(matrix: Matrix) -> None:
    usual = replace(matrix, green=replace(matrix.green, outcomes=(Outcome(BUYING, "skipped"),)))
    assert usual.new_skips(matrix.variants[2]) == ()


def test_each_scenario_has_the_defects_that_it_alone_catches(matrix: Matrix) -> None:
    assert matrix.caught_by == {FUNDING: ("lost", "doubled"), BUYING: ("doubled", "tripping"), SELLING: ()}
    assert matrix.caught_only_by == {FUNDING: ("lost",), BUYING: ("tripping",)}


def test_a_scenario_is_idle_only_where_a_defect_of_its_api_was_tried(matrix: Matrix) -> None:
    assert matrix.catching_nothing == ()
    with_a_sale = replace(matrix, defects=(*matrix.defects, tried("unsold", api="walletapi")))
    assert [scenario.name for scenario in with_a_sale.catching_nothing] == [SELLING]


def test_a_clause_needs_two_defects(matrix: Matrix) -> None:
    assert matrix.clauses_short_of_defects == ("P-4", "T-1")


@pytest.mark.parametrize("missing", ["survivors", "false_alarms", "cut_short"])
def test_it_is_sound_without_survivors_alarms_and_rounds_cut_short(matrix: Matrix, missing: str) -> None:
    sound = replace(matrix, defects=matrix.defects[:2], variants=matrix.variants[:1])
    unsound = {
        "survivors": replace(sound, defects=matrix.defects),
        "false_alarms": replace(sound, variants=matrix.variants),
        "cut_short": replace(sound, variants=(tried("hung", cut_short="no end"),)),
    }
    assert sound.sound
    assert not unsound[missing].sound


def test_it_comes_back_from_its_json_as_it_was(matrix: Matrix) -> None:
    assert from_json(json.loads(json.dumps(matrix.as_json()))) == matrix


def test_the_report_tells_the_figures_and_then_the_survivors(matrix: Matrix) -> None:
    told = report.rendered(matrix, "md")
    assert "| **3** | of 4 | defects caught **(!)** |" in told
    assert "6 min 11 s on 2 cores" in told
    assert told.index("## Survivors") < told.index("**hidden** (race; F-3)") < told.index("## False alarms")


def test_the_page_is_whole_in_itself_and_escapes_what_a_platform_said(matrix: Matrix) -> None:
    page = report.rendered(matrix, "html")
    assert "F-3 is &lt;broken&gt; | really" in page
    assert "http" not in page.replace("https://", "http").split("<body>")[0]
    assert "<script" not in page


def test_the_terminal_names_what_is_not_as_wanted(matrix: Matrix) -> None:
    told = "\n".join(report.lines(matrix))
    assert "    3 of 4     defects caught" in told
    assert "survived: hidden" in told
    assert "8 random walks" in told


def test_what_a_child_told_is_read_to_its_last_whole_line() -> None:
    from proof.matrix.rounds import read_outcomes

    outcomes, begun, crash = read_outcomes(
        '{"begun": "one"}\n{"scenario": "one", "kind": "broken", "broken": ["F-3"], "reason": "so"}\n'
        '{"begun": "two"}\n{"scenario": "tw'
    )
    assert outcomes == [Outcome("one", "broken", ("F-3",), "so")]
    assert (begun, crash) == ("two", "")


def test_a_scenario_that_fails_twice_is_told_by_the_worse() -> None:
    from proof.matrix.rounds import outcome_of

    results = [Result("one", (), "broken", {"F-3": "F-3 is broken"}), Result("one", (), "environment", {}, "gone")]
    assert outcome_of("one", results) == Outcome("one", "broken", ("F-3",), "F-3 is broken")


def test_a_scenario_meets_the_platforms_of_its_api() -> None:
    from proof.matrix.runner import concerns

    assert concerns("both", "alfred")
    assert concerns("alfred", "alfred")
    assert concerns("alfred", "")
    assert not concerns("alfred", "walletapi")


def test_a_round_keeps_what_was_said_once_for_the_same_clauses() -> None:
    from proof.matrix.runner import shortened

    said = (
        Outcome("one", "broken", ("F-3",), "a"),
        Outcome("two", "broken", ("F-3",), "b"),
        Outcome("three", "error", (), "c"),
    )
    assert [outcome.reason for outcome in shortened(Round(outcomes=said)).outcomes] == ["a", "", "c"]


def test_the_longest_rounds_start_first_and_unknown_ones_before_them() -> None:
    platforms = [Platform(name, "shape", "alfred", "") for name in ("short", "long", "new")]
    assert [one.name for one in longest_first(platforms, {"short": 1.0, "long": 9.0})] == ["new", "long", "short"]


def test_platforms_are_selected_by_name_and_class() -> None:
    platforms = [Platform("lost", "race", "alfred", ""), Platform("slow", VARIANT, "both", "")]
    assert names(selected(platforms, ["lost"], [])) == ["lost"]
    assert names(selected(platforms, [], [VARIANT])) == ["slow"]
    with pytest.raises(UsageError, match="there is no 'lots'"):
        selected(platforms, ["lots"], [])


def test_every_defect_and_variant_has_a_name_of_its_own() -> None:
    found = [one.name for one in all_platforms()]
    assert len(found) == len(set(found)) == len(catalogue.defects()) + len(catalogue.variants())


def test_a_variants_tables_are_laid_over_the_sandboxs_own() -> None:
    own = {"gate": "all", "alfred": {"currency": "BDT", "locate": {"balanceAmount": "$.a"}}}
    over = {"alfred": {"locate": {"balanceAmount": "$.b"}}, "limits": {"timeout": 3}}
    assert merged(own, over) == {
        "gate": "all",
        "alfred": {"currency": "BDT", "locate": {"balanceAmount": "$.b"}},
        "limits": {"timeout": 3},
    }


def test_an_unknown_name_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--only", "no-such-defect"]) == 4
    assert "there is no 'no-such-defect'" in capsys.readouterr().err


def test_a_small_matrix_from_end_to_end() -> None:
    defect = next(
        one for one in catalogue.defects(whole=True) if one.kind == "business rule" and one.clauses[0] == "F-3"
    )
    variant = next(one for one in catalogue.variants() if one.api == "alfred" and not one.target)
    command = ["--features", "features/alfred/funding.feature", "--only", defect.name, variant.name]
    ran = subprocess.run(
        [sys.executable, "-m", "proof", *command], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "  caught by: features/alfred/funding.feature::" in ran.stdout
    assert "  no false alarm" in ran.stdout
    matrix = report.read_last("proof-part")
    assert matrix is not None
    assert matrix.defects[0].named
    assert matrix.variants[0].round.ran == len(matrix.scenarios) > 0
