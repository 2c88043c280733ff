"""The matrix: figures, rounds, reports, and a small matrix from end to end."""

import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from harness.failures import UsageError
from harness.verdict.decision.results import Result
from proof import catalogue
from proof.command import longest_first, main, selected
from proof.matrix import report
from proof.matrix.matrix import UNFINISHED, Matrix, Outcome, PlatformResult, Round, Scenario, from_json
from proof.matrix.platforms import VARIANT, Platform, all_platforms, merged

ROOT = Path(__file__).resolve().parents[3]
FUNDING = "features/alfred/funding.feature::A funding is there"
BUYING = "features/alfred/buying.feature::A user buys"
SELLING = "features/walletapi/sale.feature::A sale answers"


def result(
    name: str, *outcomes: Outcome, clauses: tuple[str, ...] = ("F-3",), api: str = "alfred", **of: str
) -> PlatformResult:
    round_ = Round(seconds=2.5, cpu=1.5, ran=2, outcomes=outcomes, cut_short=of.get("cut_short", ""))
    return PlatformResult(name, of.get("kind", "business rule"), api, f"The effect of {name}", clauses, round_)


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
            result("lost", Outcome(FUNDING, "broken", ("F-3",), "F-3 is <broken> | really")),
            result("doubled", Outcome(FUNDING, "broken", ("P-4",)), Outcome(BUYING, "broken", ("P-4",))),
            result("hidden", Outcome(BUYING, "environment", (), "no response"), kind="race"),
            result("tripping", Outcome(BUYING, "error", ("F-3",), "KeyError"), clauses=("P-4",)),
        ),
        variants=(
            result("chunked", clauses=(), kind=VARIANT, api="both"),
            result("slow", Outcome(BUYING, "broken", ("P-4",), "too slow"), clauses=(), kind=VARIANT),
            result("bare", Outcome(BUYING, "skipped", (), "no admin"), clauses=(), kind=VARIANT),
        ),
        green=Round(seconds=9.0, ran=3),
        seconds=371.2,
        walks=8,
        about={"commit": "abc", "time": "now", "cores": "2", "walk seed": "7"},
    )


def names(found: Iterable[Platform | PlatformResult]) -> list[str]:
    return [one.name for one in found]


def test_defect_without_a_broken_clause_survives(matrix: Matrix) -> None:
    assert names(matrix.survivors) == ["hidden"]


def test_a_defect_that_is_caught_by_other_clauses_only_is_listed(matrix: Matrix) -> None:
    assert names(matrix.misnamed) == ["doubled", "tripping"]


def test_a_defect_whose_first_violation_names_another_clause_is_listed(matrix: Matrix) -> None:
    late = result("late", Outcome(FUNDING, "broken", ("P-4",)), Outcome(BUYING, "broken", ("F-3",)))
    assert names(replace(matrix, defects=(*matrix.defects, late)).misnamed_first) == ["doubled", "tripping", "late"]


def test_a_variant_raises_an_alarm_unless_it_passes_or_is_skipped(matrix: Matrix) -> None:
    assert names(matrix.false_alarms) == ["slow"]
    assert [outcome.reason for outcome in matrix.new_skips(matrix.variants[2])] == ["no admin"]


def test_a_scenario_that_the_true_sandbox_skips_too_is_not_a_new_skip(matrix: Matrix) -> None:
    usual = replace(matrix, green=replace(matrix.green, outcomes=(Outcome(BUYING, "skipped"),)))
    assert usual.new_skips(matrix.variants[2]) == ()


def test_each_scenario_has_the_defects_that_no_other_catches(matrix: Matrix) -> None:
    assert matrix.caught_by == {FUNDING: ("lost", "doubled"), BUYING: ("doubled", "tripping"), SELLING: ()}
    assert matrix.caught_only_by == {FUNDING: ("lost",), BUYING: ("tripping",)}


def test_a_scenario_catches_nothing_only_if_its_api_has_a_defect(matrix: Matrix) -> None:
    assert matrix.catching_nothing == ()
    with_a_sale = replace(matrix, defects=(*matrix.defects, result("unsold", api="walletapi")))
    assert [scenario.name for scenario in with_a_sale.catching_nothing] == [SELLING]


def test_which_scenarios_catch_nothing_is_not_reported_if_rounds_end_early(matrix: Matrix) -> None:
    with_a_sale = replace(matrix, defects=(*matrix.defects, result("unsold", api="walletapi")), until_caught=True)
    assert "scenarios that catch nothing" not in "\n".join(report.lines(with_a_sale))
    assert "catch nothing" not in report.rendered(with_a_sale, "md")
    assert "catch nothing" not in report.rendered(with_a_sale, "html")


def test_a_round_that_was_cut_short_is_no_false_alarm(matrix: Matrix) -> None:
    hung = result("hung", Outcome(BUYING, UNFINISHED), clauses=(), kind=VARIANT, cut_short="it took more than 9 s")
    only = replace(matrix, variants=(hung,))
    assert not only.false_alarms
    assert only.cut_short == (hung,)


def test_clause_with_fewer_than_two_defects_is_listed(matrix: Matrix) -> None:
    assert matrix.clauses_short_of_defects == ("P-4", "T-1")


@pytest.mark.parametrize("missing", ["survivors", "false_alarms", "cut_short"])
def test_matrix_is_sound_without_survivors_false_alarms_and_incomplete_rounds(matrix: Matrix, missing: str) -> None:
    sound = replace(matrix, defects=matrix.defects[:2], variants=matrix.variants[:1])
    unsound = {
        "survivors": replace(sound, defects=matrix.defects),
        "false_alarms": replace(sound, variants=matrix.variants),
        "cut_short": replace(sound, variants=(result("hung", cut_short="no end"),)),
    }
    assert sound.sound
    assert not unsound[missing].sound


def test_matrix_is_restored_from_its_json(matrix: Matrix) -> None:
    assert from_json(json.loads(json.dumps(matrix.as_json()))) == matrix


def test_report_has_the_figures_before_the_survivors(matrix: Matrix) -> None:
    text = report.rendered(matrix, "md")
    assert "| **3** | of 4 | defects caught **(!)** |" in text
    assert "6 min 11 s on 2 cores" in text
    assert text.index("## Survivors") < text.index("**hidden** (race; F-3)") < text.index("## False alarms")


def test_html_report_is_one_file_and_escapes_the_reasons(matrix: Matrix) -> None:
    page = report.rendered(matrix, "html")
    assert "F-3 is &lt;broken&gt; | really" in page
    assert "http" not in page.replace("https://", "http").split("<body>")[0]
    assert "<script" not in page


def test_terminal_output_lists_survivors(matrix: Matrix) -> None:
    text = "\n".join(report.lines(matrix))
    assert "    3 of 4     defects caught" in text
    assert "survived: hidden" in text
    assert "8 random walks" in text


def test_incomplete_last_line_of_a_round_is_ignored() -> None:
    from proof.matrix.rounds import read_outcomes

    outcomes, unfinished, crash = read_outcomes(
        '{"begun": "one"}\n{"scenario": "one", "kind": "broken", "broken": ["F-3"], "reason": "so"}\n'
        '{"begun": "two"}\n{"scenario": "tw'
    )
    assert outcomes == [Outcome("one", "broken", ("F-3",), "so")]
    assert (unfinished, crash) == ("two", "")


def test_the_outcome_of_a_scenario_is_its_worst_result() -> None:
    from proof.matrix.rounds import outcome_of

    results = [Result("one", (), "broken", {"F-3": "F-3 is broken"}), Result("one", (), "environment", {}, "gone")]
    assert outcome_of("one", results) == Outcome("one", "broken", ("F-3",), "F-3 is broken")


def test_a_scenario_runs_on_the_platforms_of_its_api() -> None:
    from proof.matrix.runner import concerns

    assert concerns("both", "alfred")
    assert concerns("alfred", "alfred")
    assert concerns("alfred", "")
    assert not concerns("alfred", "walletapi")


def test_a_round_keeps_one_reason_for_the_same_clauses() -> None:
    from proof.matrix.runner import shortened

    outcomes = (
        Outcome("one", "broken", ("F-3",), "a"),
        Outcome("two", "broken", ("F-3",), "b"),
        Outcome("three", "error", (), "c"),
    )
    assert [outcome.reason for outcome in shortened(Round(outcomes=outcomes)).outcomes] == ["a", "", "c"]


def test_unknown_rounds_start_first_and_then_the_longest() -> None:
    platforms = [Platform(name, "shape", "alfred", "") for name in ("short", "long", "new")]
    assert [one.name for one in longest_first(platforms, {"short": 1.0, "long": 9.0})] == ["new", "long", "short"]


def test_platforms_are_selected_by_name_and_class() -> None:
    platforms = [Platform("lost", "race", "alfred", ""), Platform("slow", VARIANT, "both", "")]
    assert names(selected(platforms, ["lost"], [])) == ["lost"]
    assert names(selected(platforms, [], [VARIANT])) == ["slow"]
    with pytest.raises(UsageError, match="there is no 'lots'"):
        selected(platforms, ["lots"], [])


def test_names_of_defects_and_variants_are_unique() -> None:
    found = [one.name for one in all_platforms()]
    assert len(found) == len(set(found)) == len(catalogue.defects()) + len(catalogue.variants())


def test_a_variants_tables_replace_members_of_the_sandboxs_tables() -> None:
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
