"""How a response, or a missing response, is classified: the table in docs/verdict.md."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from harness.client.calls import Call
from harness.client.came_back import class_of, failure_of
from harness.contract.contract import documented
from harness.wire.exchange import CUT_OFF, TIMED_OUT, UNREACHED, Exchange, Fault, Request, Response
from harness.wire.faults import CameBack
from harness.wire.messages import decoded

PAGE = b"<html>sorry</html>"
OBJECT = {"error": "no"}
FAILURE = {"IsSuccess": False, "IsFailure": True, "Errors": ["key 12 refused"], "Value": None}
VALID = {"alfred": Call("createPurchase"), "walletapi": Call("purchaseByAlias")}
CONFIRMATION = Call("confirmPurchase")
HTML, JSON, EMPTY, ENVELOPE = PAGE, OBJECT, b"", FAILURE
OWN, ODD, KEY, BETWEEN = CameBack.RESPONSE, CameBack.STRANGE, CameBack.KEY_REFUSED, CameBack.IN_BETWEEN


def exchange(status: int, body: Any = b"", **headers: str) -> Exchange:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    response = Response(status, "Reason", tuple(headers.items()), raw, decoded(raw))
    return Exchange(Request("any", "POST", "http://platform.example"), response, datetime.now(UTC), 0.1)


def came_back(call: Call, status: int, body: Any, key_failure: str = "") -> CameBack:
    return class_of(exchange(status, body), call, documented().operations[call.operation], key_failure)


@pytest.mark.parametrize(("kind", "found"), [(UNREACHED, "unreached"), (CUT_OFF, "cut off"), (TIMED_OUT, "cut off")])
def test_missing_response_is_unreached_or_cut_off(kind: str, found: str) -> None:
    lost = Exchange(Request("any", "POST", "http://x"), None, datetime.now(UTC), 0.1, Fault(kind, "words"))
    assert class_of(lost, VALID["alfred"], documented().operations["createPurchase"]) == found


VALID_CALLS = [
    # status, body, class on Alfred, class on the WalletAPI
    (200, JSON, OWN, ODD),
    (200, ENVELOPE, OWN, OWN),
    (201, EMPTY, ODD, ODD),
    (204, EMPTY, ODD, ODD),
    (200, HTML, ODD, ODD),
    (301, EMPTY, ODD, ODD),
    (302, JSON, ODD, ODD),
    (304, ENVELOPE, ODD, ODD),
    (400, JSON, OWN, ODD),
    (400, ENVELOPE, OWN, OWN),
    (400, EMPTY, ODD, ODD),
    *[(status, JSON, KEY, KEY) for status in (401, 403)],
    *[(status, ENVELOPE, KEY, KEY) for status in (401, 403)],
    *[(status, EMPTY, KEY, KEY) for status in (401, 403)],
    *[(status, HTML, ODD, ODD) for status in (401, 403, 404, 408, 413, 500, 501, 599)],
    *[(status, EMPTY, ODD, ODD) for status in (404, 408, 413, 500)],
    *[(status, JSON, OWN, ODD) for status in (404, 408, 413, 422)],
    (407, JSON, CameBack.UNREACHED, CameBack.UNREACHED),
    (407, HTML, CameBack.UNREACHED, CameBack.UNREACHED),
    *[(429, body, CameBack.THROTTLED, CameBack.THROTTLED) for body in (HTML, JSON, EMPTY, ENVELOPE)],
    *[(500, body, OWN, OWN) for body in (JSON, ENVELOPE)],
    *[(status, body, BETWEEN, BETWEEN) for status in (502, 503, 504, 511, 520, 525, 530) for body in (HTML, JSON, b"")],
    (503, ENVELOPE, BETWEEN, OWN),
    (531, JSON, OWN, OWN),
]


@pytest.mark.parametrize(("status", "body", "alfred", "walletapi"), VALID_CALLS)
def test_response_to_a_valid_call_is_classified(status: int, body: Any, alfred: CameBack, walletapi: CameBack) -> None:
    assert came_back(VALID["alfred"], status, body) is alfred
    assert came_back(VALID["walletapi"], status, body) is walletapi


@pytest.mark.parametrize(
    ("status", "body", "found"),
    [(200, EMPTY, OWN), (204, EMPTY, OWN), (200, HTML, ODD), (404, EMPTY, ODD), (500, EMPTY, ODD), (302, EMPTY, ODD)],
)
def test_a_confirmation_may_be_empty_if_it_succeeds(status: int, body: Any, found: CameBack) -> None:
    assert came_back(CONFIRMATION, status, body) is found


REFUSED_CALLS = [
    # status, body, class on Alfred, on the WalletAPI, and there without the envelope
    *[(status, JSON, OWN, ODD, OWN) for status in (400, 401, 403, 404, 408, 413)],
    *[(status, EMPTY, OWN, ODD, OWN) for status in (400, 401, 403, 404, 413)],
    (407, JSON, OWN, CameBack.UNREACHED, OWN),
    *[(status, ENVELOPE, OWN, OWN, OWN) for status in (200, 400, 401, 404)],
    *[(status, HTML, ODD, ODD, ODD) for status in (200, 400, 403, 404, 413, 500)],
    (302, EMPTY, ODD, ODD, ODD),
    (503, JSON, BETWEEN, BETWEEN, BETWEEN),
    (503, ENVELOPE, BETWEEN, OWN, OWN),
    (500, JSON, OWN, OWN, OWN),
]


@pytest.mark.parametrize(("status", "body", "alfred", "walletapi", "bare"), REFUSED_CALLS)
def test_response_to_a_call_that_must_be_rejected_is_classified(
    status: int, body: Any, alfred: CameBack, walletapi: CameBack, bare: CameBack
) -> None:
    assert came_back(replace(VALID["alfred"], proper=False), status, body) is alfred
    call = replace(VALID["walletapi"], proper=False)
    assert came_back(call, status, body) is walletapi
    assert came_back(replace(call, bare=True), status, body) is bare


@pytest.mark.parametrize("api", ["alfred", "walletapi"])
def test_response_to_hostile_input_is_classified(api: str) -> None:
    call = replace(VALID[api], proper=False, bare=True, hostile="a comma too many")
    assert came_back(call, 400, JSON) is OWN
    assert came_back(call, 400, HTML) is ODD
    assert came_back(call, 500, JSON) is ODD
    assert came_back(call, 413, HTML) is ODD
    assert came_back(replace(call, drastic=True), 413, HTML) is OWN
    assert came_back(replace(call, drastic=True), 200, HTML) is ODD
    assert came_back(replace(call, drastic=True), 500, JSON) is ODD


def test_failure_envelope_equal_to_that_of_an_unknown_key_is_a_refused_key() -> None:
    call = VALID["walletapi"]
    response = exchange(200, {**FAILURE, "Errors": ["key 99 refused"]}).response
    assert response
    of_a_made_up_key = failure_of(response)
    assert came_back(call, 200, FAILURE, of_a_made_up_key) is KEY
    assert came_back(call, 200, {**FAILURE, "Errors": ["too little money"]}, of_a_made_up_key) is OWN
    assert came_back(call, 200, FAILURE) is OWN
    assert came_back(replace(call, proper=False), 200, FAILURE, of_a_made_up_key) is OWN
