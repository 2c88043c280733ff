"""The catalogue: enough defects of each class and clause, and every platform can be built."""

from collections import Counter

import pytest

from harness.contract.contract import load_contract
from harness.failures import UsageError
from harness.target.reading import build_target
from proof.building_blocks import name_of
from proof.catalogue import defect, defects, listing, variant, variants
from proof.declaring import KINDS
from proof.matrix.platforms import merged
from proof.sandbox import main
from sandbox.application import application
from sandbox.launcher import tables
from sandbox.ledger.database import Database
from sandbox.settings import Settings

LEAST = {"business rule": 50, "race": 10, "isolation": 8, "idempotency": 8}
APIS = ("alfred", "walletapi")

EVERY = defects(whole=True)
EVERY_VARIANT = variants(whole=True)


def build(platform):
    database = Database()
    application(Settings(), database, platform())
    database.close()


def test_core_has_enough_defects_of_every_class():
    counts = Counter(each.kind for each in defects())
    assert counts.total() >= 150
    assert {kind: counts[kind] for kind, least in LEAST.items() if counts[kind] < least} == {}


def test_an_operation_has_at_most_ten_defects_of_shape():
    operations = load_contract().operations.values()
    names = [each.name for each in EVERY if each.kind == "shape"]
    counts = {one.id: sum(name.startswith(f"{name_of(one.id)}-") for name in names) for one in operations}
    assert {name: count for name, count in counts.items() if count > 10} == {}


def test_a_core_variant_of_both_apis_runs_on_the_api_that_core_names():
    named = {each.name: each.api for each in variants()}
    assert (named["slow-answers"], variant("slow-answers").api) == ("alfred", "both")


@pytest.mark.parametrize(("whole", "least"), [(False, 1), (True, 2)])
def test_every_clause_is_broken_by_a_defect_of_the_core_and_by_another(whole, least):
    counts = Counter(clause for each in defects(whole=whole) for clause in each.clauses)
    assert [clause for clause in load_contract().clauses if counts[clause] < least] == []


def test_every_operation_with_a_response_has_a_defect_of_shape():
    responding = [each for each in load_contract().operations.values() if each.response_schema]
    shaped = Counter(each.clauses[-1] for each in EVERY if each.kind == "shape")
    assert {each.clause for each in responding} == set(shaped)


@pytest.mark.parametrize("catalogue", [EVERY, EVERY_VARIANT], ids=["defects", "variants"])
def test_names_are_unique_and_fit_a_command_line(catalogue):
    names = [each.name for each in catalogue]
    assert sorted(set(names)) == sorted(names)
    assert [name for name in names if not name.replace("-", "").isalnum() or name != name.lower()] == []


@pytest.mark.parametrize("catalogue", [EVERY, EVERY_VARIANT], ids=["defects", "variants"])
def test_every_sentence_is_short_and_ends_with_a_full_stop(catalogue):
    assert [each.name for each in catalogue if not (15 < len(each.sentence) < 140 and each.sentence[-1] == ".")] == []


def test_kinds_apis_and_clauses_are_known():
    clauses = load_contract().clauses
    odd = [each.name for each in EVERY if each.kind not in KINDS or each.api not in APIS]
    assert odd == []
    assert {clause for each in EVERY for clause in each.clauses} <= set(clauses)
    assert {each.api for each in EVERY_VARIANT} == {*APIS, "both"}


def test_every_defect_can_be_built():
    for each in EVERY:
        build(each.platform)


def test_every_variant_can_be_built_and_has_a_valid_target():
    own = tables(Settings(), "http://127.0.0.1:1")
    for each in EVERY_VARIANT:
        build(each.platform)
        build_target(each.name, merged(own, each.target))


def test_there_are_enough_variants():
    assert len(variants()) >= 40


def test_an_unknown_name_is_a_usage_error_with_similar_names():
    with pytest.raises(UsageError, match=r"near: .*sales-race"):
        defect("sale-race")
    with pytest.raises(UsageError, match=r"near: .*slow-answers"):
        variant("slow-answer")


def test_the_listing_has_one_line_each():
    assert len(listing("defects").splitlines()) == len(EVERY)
    assert len(listing("variants").splitlines()) == len(EVERY_VARIANT)


def test_the_command_lists_names_and_reports_an_unknown_one(capsys):
    assert main(["--list-defects"]) == 0
    assert "sales-race  [race; M-2" in capsys.readouterr().out
    assert main(["--defect", "nothing-of-the-kind", "--port", "0"]) == 4
    assert "there is no defect 'nothing-of-the-kind'" in capsys.readouterr().err
