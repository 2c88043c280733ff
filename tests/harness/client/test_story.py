"""The calls of a scenario, as people read them."""

from datetime import UTC, datetime

from harness.client.record import Recorder, Run
from harness.contract.contract import load_contract
from harness.failures import Finding
from harness.wire.exchange import Exchange, Request, Response


def exchange(operation: str) -> Exchange:
    return Exchange(
        Request(operation, "GET", "http://127.0.0.1/"), Response(200, "OK", (), b""), datetime.now(UTC), 0.0
    )


def test_diagnostic_calls_are_not_part_of_the_story() -> None:
    recorder = Recorder(Run.of(load_contract(), ()))
    recorder.begin(("M-1",))
    recorder.exchange(exchange("purchaseByAlias"))
    with recorder.diverted():
        recorder.exchange(exchange("createWallet"))
    assert [one.request.operation for one in recorder.scenario.story] == ["purchaseByAlias"]
    violation = recorder.violation("M-1", (Finding("", "20.00", "0.00"),), recorder.scenario.story[0])
    assert len(violation.calls) == 1
