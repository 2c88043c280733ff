"""A violation records its phase and operation."""

from harness.causes.violations import Violation, read_violations
from harness.failures import ContractViolation, Finding, Place


def test_a_violation_keeps_its_place_and_its_first_finding() -> None:
    found = (Finding("$.data.id", "a text", "7"), Finding("status", "200", "500"))
    error = ContractViolation("F-3", "text", found, place=Place("when", "confirmPayment"))
    assert Violation.of(error.with_finding(Finding("", "", ""))) == Violation(
        "F-3", "when", "confirmPayment", "$.data.id", "a text", "7"
    )


def test_violation_from_another_process_is_restored() -> None:
    plain = {"clause": "F-3", "phase": "given", "operation": "getWallet", "where": "status"}
    assert read_violations((plain,)) == (Violation("F-3", "given", "getWallet", "status"),)
