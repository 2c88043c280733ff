"""A failed step is attributed to the call whose response contains the compared value."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from harness.causes.judged import judged_exchange
from harness.client.call_lines import call_lines
from harness.wire.exchange import Exchange, Request, Response


@dataclass(frozen=True)
class Session:
    session_id: str


@dataclass(frozen=True)
class Sale:
    exchange: Exchange


def exchange(operation: str, json: Any, id_: str = "") -> Exchange:
    request = Request(operation, "POST", "http://127.0.0.1/", id=id_)
    return Exchange(request, Response(200, "OK", (), b"", json), datetime.now(UTC), 0.002)


CALLS = [
    exchange("authenticateWallet", {"walletId": "wallet-4711"}),
    exchange("openPurchaseSession", {"data": {"paymentSessionId": "session-0815"}}),
    exchange("confirmPurchase", {"again": ["session-0815"]}),
    exchange("getWallet", {}),
]


def test_a_step_judges_its_own_last_call() -> None:
    assert judged_exchange(CALLS, 3, [Session("session-0815")]) is CALLS[3]


def test_a_step_without_calls_judges_the_call_that_returned_its_value() -> None:
    assert judged_exchange(CALLS, 4, [Session("session-0815"), 20]) is CALLS[1]
    assert judged_exchange(CALLS, 4, ["wallet-4711"]) is CALLS[0]
    assert judged_exchange(CALLS, 4, ["wallet-4711", Session("session-0815")]) is CALLS[1]
    assert judged_exchange(CALLS, 4, [Sale(CALLS[2])]) is CALLS[2]


def test_without_a_known_value_the_last_call_is_judged() -> None:
    assert judged_exchange(CALLS, 4, ["short", 20]) is CALLS[3]
    assert judged_exchange([], 0, []) is None


def test_the_judged_call_is_marked() -> None:
    assert [line[:22].rstrip() for line in call_lines(CALLS, CALLS[1])] == [
        "  authenticateWallet",
        "> openPurchaseSession",
        "  confirmPurchase",
        "  getWallet",
    ]


def test_a_long_scenario_shows_the_calls_around_the_judged_one() -> None:
    many = [exchange("getWallet", {}, str(number)) for number in range(40)]
    lines = call_lines(many, many[20])
    assert lines[0] == "  (before: 8)"
    assert lines[-1] == "  (after: 16)"
    assert [line for line in lines if line.startswith(">")] == ["> getWallet  200    2 ms  20"]
