"""The calls that led to a broken clause, as a part of its violation."""

from collections.abc import Sequence

from harness.client.record import Recorder
from harness.failures import ContractViolation, Finding
from harness.walks.possibilities import UnexpectedResponse


def violation_of(recorder: Recorder, error: UnexpectedResponse) -> ContractViolation:
    """Return the violation of a clause that a model has found."""
    return recorder.violation(error.clause, (Finding("the model", error.expected, error.received),))


def with_story(violation: ContractViolation, calls: Sequence[str]) -> ContractViolation:
    """Return the violation with the calls that led to it, in words."""
    lines = "\n    ".join(("", *(f"{number}. {line}" for number, line in enumerate(calls, start=1))))
    story = Finding("the calls until then", "responses that contract.md allows", lines)
    return violation.with_finding(story)
