"""The likely causes in the verdict: with known issues, with environment faults, and for a selection of scenarios."""

from datetime import UTC, datetime, timedelta
from typing import Any

from harness.causes.violations import Violation
from harness.contract.contract import Clause
from harness.failures import ContractViolation, Finding
from harness.verdict.decision.deciding import decide
from harness.verdict.decision.foreseen import KnownIssue
from harness.verdict.decision.results import Facts, Listed, Result
from harness.verdict.decision.verdict import About, Verdict
from harness.verdict.output.summary import lines, markdown_of, without_calls

CLAUSES = tuple(Clause(name, "documented", f"the text of {name}", "x") for name in ("A-2", "F-3", "B-1"))
SUITE = {
    "a::back": Listed(("A-2",), ("alfred",)),
    "a::same": Listed(("A-2",), ("alfred",)),
    "a::fund": Listed(("F-3",), ("alfred",)),
    "b::sale": Listed(("B-1",), ("walletapi",)),
}
FUND = ("given authenticateWallet", "given confirmPayment")


def passed(name: str) -> Result:
    return Result(name, SUITE[name].clauses, "passed", operations=("when authenticateWallet",), calls=1)


def broken(name: str, clause: str, phase: str, *operations: str) -> Result:
    violation = Violation(clause, phase, "openPurchaseSession", "", "20.00", "19.99")
    return Result(
        name,
        SUITE[name].clauses,
        "broken",
        {clause: f"{clause} is broken"},
        violations=(violation,),
        operations=operations,
        calls=len(operations),
    )


FEE = (
    broken("a::back", "A-2", "then", *FUND, "when authenticateWallet", "then openPurchaseSession"),
    passed("a::same"),
    broken("a::fund", "F-3", "then", FUND[0], "when confirmPayment", "then openPurchaseSession"),
)
SALE = broken("b::sale", "B-1", "then", "when purchaseByAlias")


def verdict(*results: Result, **facts: Any) -> Verdict:
    given: dict[str, Any] = {"suite": SUITE, "selected": frozenset(one.name for one in results), "whole": True, **facts}
    return decide(Facts(CLAUSES, results, **given), About())


def known(clause: str) -> KnownIssue:
    return KnownIssue(clause, "Anna", "PAY-7", datetime.now(UTC).date() + timedelta(days=9), "agreed", "")


def test_headline_begins_with_the_first_cause_and_its_failures() -> None:
    found = verdict(*FEE, passed("b::sale"))
    (cause,) = found.causes
    assert (cause.clause, cause.text, cause.level) == ("F-3", "the text of F-3", "documented")
    assert (cause.documented, cause.received, cause.operation) == ("20.00", "19.99", "openPurchaseSession")
    assert cause.scenarios == ("a::fund", "a::back")
    assert (cause.consequences, cause.not_checked) == ({"A-2": 1}, {"A-2": 1})
    assert found.headline == (
        "BROKEN: the platform breaks F-3, which explains all 2 failures; broken: 2 of 3 clauses judged: A-2, F-3"
    )


def test_fully_known_cause_is_listed_last() -> None:
    found = verdict(*FEE, SALE, issues=(known("A-2"), known("F-3")))
    assert [(one.clause, one.known) for one in found.causes] == [("B-1", False), ("F-3", True)]
    assert found.headline.startswith("BROKEN: the platform breaks B-1, which explains 1 of 3 failures")


def test_a_cause_with_a_new_consequence_is_not_known() -> None:
    found = verdict(*FEE, passed("b::sale"), issues=(known("F-3"),))
    assert [(one.clause, one.known) for one in found.causes] == [("F-3", False)]


def test_environment_fault_is_no_cause() -> None:
    gone = Result("b::sale", ("B-1",), "environment", reason="refused")
    assert [one.clause for one in verdict(*FEE, gone).causes] == ["F-3"]
    assert verdict(gone).causes == ()


def test_run_of_a_selection_has_causes_too() -> None:
    found = verdict(FEE[2], whole=False)
    assert found.headline.startswith("PART: 1 of 3 clauses asked for, BROKEN: the platform breaks F-3, which explains")


def test_a_violation_without_a_place_has_a_cause() -> None:
    assert [one.clause for one in verdict(Result("a::fund", ("F-3",), "broken", {"F-3": "x"})).causes] == ["F-3"]


def test_the_summary_has_causes_and_clauses_before_the_failures() -> None:
    text = markdown_of(verdict(*FEE, SALE))
    places = [text.index(part) for part in ("## Likely causes", "| clause | level |", "## What failed")]
    assert places == sorted(places)
    assert "**F-3** (documented) explains 2 of 3 failures: the text of F-3" in text
    assert "   - Could not be checked because of it: A-2 (1)" in text


def test_only_the_first_failure_of_a_cause_lists_its_calls() -> None:
    finding = Finding("", "20.00", "19.99")
    error = ContractViolation(
        "F-3", "the text", (finding,), calls=("  getWallet  200", "> getWallet  200"), curl="curl"
    )
    assert "getWallet" in str(error)
    assert without_calls(str(error)).splitlines() == [
        "F-3 is broken: the text",
        "  documented: 20.00",
        "  received:   19.99",
        "  repeat:     curl",
    ]


def test_the_terminal_counts_consequences_instead_of_repeating_their_text() -> None:
    shown = lines(verdict(*FEE, passed("b::sale")))
    assert "  broken: F-3 (documented): the text of F-3" in shown
    assert "  broken as a consequence: A-2" in shown
