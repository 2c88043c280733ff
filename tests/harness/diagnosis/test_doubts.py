"""A 401 or 403 in a race that fails: the call is sent again, and the second response decides."""

from types import SimpleNamespace
from typing import Any

import pytest

from harness.diagnosis.diagnosis import Diagnosis
from harness.failures import EnvironmentFault, Finding
from harness.wire.faults import CallFault, CameBack
from tests.harness.loopback import reply


@pytest.fixture
def before(clients: Any) -> Any:
    before = clients(lambda _request: reply({"id": "P-1"}), clauses=("S-7",))
    before.alfred.purchases.create(1)
    return before


def doubted(before: Any, again: Any) -> tuple[CallFault, CallFault | None, Any]:
    """Return the fault of a refused call, the fault that remains after the retry, and the violation of the race."""
    scenario = before.recorder.scenario
    fault = CallFault(CameBack.KEY_REFUSED, scenario.last, "403 Forbidden")
    scenario.doubts.append((fault, again))
    violation = before.recorder.violation("S-7", (Finding("", "30.00", "29.50"),))
    return fault, Diagnosis({}, before.recorder).doubt(violation), violation


def test_refused_call_that_is_accepted_on_retry_remains_a_fault(before: Any) -> None:
    fault, found, violation = doubted(before, lambda: SimpleNamespace(accepted=True))
    assert found is fault
    assert found.accuse
    assert found.accuse() is violation, "the same in three runs of the scenario is the platform's doing"


def test_refused_call_that_is_rejected_on_retry_is_no_fault(before: Any) -> None:
    _, found, _ = doubted(before, lambda: SimpleNamespace(accepted=False))
    assert found is None


def test_refused_call_without_a_response_on_retry_is_no_fault(before: Any) -> None:
    def again() -> Any:
        raise EnvironmentFault("no response")

    _, found, _ = doubted(before, again)
    assert found is None
