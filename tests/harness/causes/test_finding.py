"""The likely causes of small runs, in which it is clear what is broken."""

from dataclasses import replace

import pytest

from harness.causes.finding import Found, find_causes, stopped_before
from harness.causes.patterns import Knowledge, Pattern, learned, marks_of
from harness.causes.violations import Scenario, Violation

FUND = ("given authenticateWallet", "given createPayment", "given confirmPayment")
KNOWLEDGE = {"without patterns": Knowledge.of(learned().weights, ()), "with patterns": learned()}


def fails(name: str, tags: str, named: str, phase: str, *operations: str, where: str = "") -> Scenario:
    violation = Violation(named, phase, operations[-1].partition(" ")[2], where, f"what {named} says", "another")
    return Scenario(name, tuple(tags.split()), (violation,), operations)


def passes(name: str, tags: str, *operations: str) -> Scenario:
    return Scenario(name, tuple(tags.split()), (), operations)


READ = "then openPurchaseSession"
FEE = [
    fails("a user comes back", "A-2", "A-2", "then", *FUND, "when authenticateWallet", READ),
    passes("the same wallet", "A-2", "given authenticateWallet", "when authenticateWallet"),
    fails("20 is the balance", "F-3", "F-3", "then", *FUND[:2], "when confirmPayment", READ),
    fails("30 is the balance", "F-3", "F-3", "then", *FUND[:2], "when confirmPayment", READ),
    fails("a second funding", "F-3", "F-3", "then", *FUND, "when confirmPayment", READ),
    passes("a purchase in cash", "P-4", "given authenticateWallet", "when confirmPurchase"),
    fails("50 with a balance of 20", "P-4", "P-4", "then", *FUND, "when confirmPurchase", READ),
    fails("a rejected session", "P-7", "P-7", "then", *FUND, "when openPurchaseSession", READ),
    passes("a session", "P-7", "when openPurchaseSession"),
]


@pytest.mark.parametrize("name", KNOWLEDGE)
def test_failures_after_a_wrong_given_are_consequences_of_one_cause(name: str) -> None:
    causes = find_causes(FEE, KNOWLEDGE[name])
    assert [one.clause for one in causes] == ["F-3"]
    assert causes[0].scenarios[0].name == "20 is the balance"
    assert causes[0].shown_by == 3
    assert causes[0].violation.received == "another"
    assert causes[0].consequences == {"A-2": 1, "P-4": 1, "P-7": 1}
    assert causes[0].not_checked == {"A-2": 1, "P-4": 1, "P-7": 1}


OTHER = [
    fails("a sale", "T-2", "T-2", "then", "given createWallet", "when purchaseByAlias"),
    fails("another sale", "T-2", "T-2", "then", "given createWallet", "when purchaseByAlias"),
    passes("a wallet", "T-8", "when createWallet"),
]


@pytest.mark.parametrize("name", KNOWLEDGE)
def test_unexplained_failure_is_a_separate_cause(name: str) -> None:
    causes = find_causes([*FEE, *OTHER], KNOWLEDGE[name])
    assert {one.clause for one in causes} == {"F-3", "T-2"}
    explained = [one.name for cause in causes for one in cause.scenarios]
    assert sorted(explained) == sorted(one.name for one in (*FEE, *OTHER) if one.violations)


@pytest.mark.parametrize("name", KNOWLEDGE)
def test_an_operation_that_fails_everywhere_is_one_cause(name: str) -> None:
    stopped = [
        fails(f"{tag} {number}", tag, "A-1", "given", "given authenticateWallet", where="status")
        for tag in ("A-2", "A-4", "F-3", "P-4", "S-1")
        for number in range(3)
    ]
    direct = fails("a new user", "A-1", "A-1", "when", "when authenticateWallet", where="status")
    causes = find_causes([*stopped, direct, passes("a purchase", "P-1", "when createPurchase")], KNOWLEDGE[name])
    assert [one.clause for one in causes] == ["A-1"]
    assert causes[0].scenarios[0] == direct
    assert causes[0].not_checked == {"A-2": 3, "A-4": 3, "F-3": 3, "P-4": 3, "S-1": 3}


def test_single_failure_is_a_cause() -> None:
    (cause,) = find_causes([FEE[2]], learned())
    assert (cause.clause, cause.shown_by, cause.consequences) == ("F-3", 1, {})


def test_a_run_without_violations_has_no_cause() -> None:
    assert find_causes([passes("a purchase", "P-1")], learned()) == []


def test_causes_do_not_depend_on_the_order_of_the_scenarios() -> None:
    def said(causes: list[Found]) -> list[tuple[str, list[str]]]:
        return [(one.clause, sorted(each.name for each in one.scenarios)) for one in causes]

    assert said(find_causes([*FEE, *OTHER][::-1], learned())) == said(find_causes([*FEE, *OTHER], learned()))


def test_scenario_that_shows_the_cause_is_not_counted_as_stopped() -> None:
    assert stopped_before(FEE[2], "F-3") == ()
    assert stopped_before(FEE[0], "F-3") == ("A-2",)


def test_similar_pattern_explains_a_failure_without_another_explanation() -> None:
    odd = fails("an odd one", "S-8", "S-8", "then", "when confirmPurchase", READ)
    pattern = Pattern(("F-3",), marks_of([*FEE, odd]))
    weights = {"alike": 9.0, "shown": 3.0}
    assert [one.clause for one in find_causes([*FEE, odd], Knowledge.of(weights, [pattern]))] == ["F-3"]
    assert {one.clause for one in find_causes([*FEE, odd], Knowledge.of(weights, []))} == {"F-3", "S-8"}


def test_marks_are_shares_of_the_scenarios_that_were_judged() -> None:
    marks = marks_of([*FEE, replace(FEE[2], violations=())])
    assert marks["F-3 F-3 then"] == 3 / 4
    assert marks["A-2 A-2 then"] == 1 / 2
