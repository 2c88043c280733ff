"""The WalletAPI's client: its envelope, the forms of a rejection, and which clause a malformed one breaks."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from harness.apis.walletapi.client import Cashback, Wallet, moment
from harness.failures import EnvironmentFault
from tests.harness.loopback import Reply, reply

WALLET = Wallet("30bac1c0-ad6b-4c50-a52e-1b34f9b487a7", "1234567890")
VALUE: dict[str, Any] = {
    "Id": "e966d7fe-4d49-4b73-9c58-0921cfa51ea3",
    "WalletId": "30BAC1C0-AD6B-4C50-A52E-1B34F9B487A7",
    "TransactionType": "Purchase",
    "Amount": 1,
    "GiftAmount": None,
    "Description": "string",
    "ExternalReference": "Casey Padberg",
    "CreatedAt": "2025-04-28T08:10:12.8828523Z",
    "UpdatedAt": None,
    "BalanceAfterTransaction": 984.0,
    "SourceWalletId": None,
    "DestinationWalletId": None,
    "GiftBalanceId": None,
    "MainTransactionId": None,
    "UniqueCode": "7006528f-c704-4aa5-b7ac-df84389059f6",
    "UsedGiftBalances": None,
    "CashbackAmount": 10,
}
GOOD = {"IsSuccess": True, "IsFailure": False}
BAD = {"IsSuccess": False, "IsFailure": True, "Errors": ["no"]}


def sale(**value: Any) -> dict[str, Any]:
    return {"Value": {**VALUE, **value}, "Errors": [], **GOOD}


def without(name: str) -> dict[str, Any]:
    return {"Value": {member: value for member, value in VALUE.items() if member != name}, **GOOD}


def test_sale_of_the_source_document_is_parsed(clients: Any) -> None:
    both = clients(reply(sale()))
    sold = both.walletapi.sell(
        both.walletapi.sale_call(WALLET, Decimal("1.00"), cashback=Cashback("Amount", Decimal(10)))
    )
    assert sold.transaction_id == VALUE["Id"]
    assert (sold.amount("BalanceAfterTransaction"), sold.amount("GiftAmount")) == (Decimal(984), None)
    assert sold.created_at == datetime(2025, 4, 28, 8, 10, 12, 882852, UTC)
    request = both.platform.received[0]
    assert (request.method, request.path) == ("POST", "/api/v1/wallet/purchase/by/alias")
    assert (request.headers["apikeypublic"], request.headers["apiclientpublic"]) == (
        "walletapi-key-1234",
        "walletapi-client-5678",
    )
    assert b'"Amount": 1.00' in request.body
    assert request.json["UseGiftBalances"] is False


ACCEPTED = {
    "Errors null": {**sale(), "Errors": None},
    "no Errors": {"Value": VALUE, **GOOD},
    "extra members": {**sale(Alias="1"), "More": [1]},
    "a gift": sale(GiftAmount=1, GiftBalanceId=VALUE["Id"], UsedGiftBalances=[{"any": "shape"}]),
}


@pytest.mark.parametrize("body", ACCEPTED.values(), ids=ACCEPTED.keys())
def test_a_sale_of_an_allowed_form_is_accepted(clients: Any, body: Any) -> None:
    both = clients(reply(body, 201))
    assert both.walletapi.sell(both.walletapi.sale_call(WALLET, Decimal(1))).value["Amount"] == 1


BROKEN = {
    "a missing member": (without("UniqueCode"), "UniqueCode"),
    "a missing null": (without("GiftAmount"), "GiftAmount"),
    "a number as text": (sale(Amount="1"), "Amount"),
    "a null that is not allowed": (sale(CreatedAt=None), "CreatedAt"),
    "no GUID": (sale(Id="17"), "Id"),
    "no moment": (sale(CreatedAt="yesterday"), "CreatedAt"),
    "an error on success": ({**sale(), "Errors": ["x"]}, "Errors"),
    "both": ({**sale(), "IsFailure": True}, "Is"),
    "neither": ({"Value": VALUE}, "IsSuccess"),
    "no Value": ({**GOOD, "Errors": []}, "Value"),
    "a bare transaction": (VALUE, "IsSuccess"),
    "a list": ([sale()], "$"),
    "a text for a boolean": ({**sale(), "IsSuccess": "true"}, "IsSuccess"),
}


@pytest.mark.parametrize(("body", "where"), BROKEN.values(), ids=BROKEN.keys())
def test_a_sale_of_any_other_form_breaks_t_1(clients: Any, body: Any, where: str) -> None:
    both = clients(reply(body), clauses=("C-1",))
    violation = both.broken(lambda: both.walletapi.sell(both.walletapi.sale_call(WALLET, Decimal(1))))
    assert violation.clause == "T-1"
    assert where in " ".join(finding.where for finding in violation.findings)


@pytest.mark.parametrize("status", [200, 400, 401, 404, 409, 422])
@pytest.mark.parametrize("value", [{}, {"Value": None}, {"Value": {"x": 1}}], ids=["no Value", "null", "an object"])
def test_a_rejection_comes_with_http_200_or_any_4xx(clients: Any, status: int, value: Any) -> None:
    both = clients(reply({**BAD, **value}, status))
    assert both.walletapi.attempt(both.walletapi.sale_call(WALLET, Decimal(1))).rejected


@pytest.mark.parametrize("errors", [["x"], [7], [{"Code": "E"}], [None], ["a", {"b": []}]])
def test_the_elements_of_errors_are_of_any_type(clients: Any, errors: Any) -> None:
    both = clients(reply({**BAD, "Errors": errors}))
    assert both.walletapi.attempt(both.walletapi.sale_call(WALLET, Decimal(1)).having({"Amount": -1})).rejected


MALFORMED = {
    "no envelope": reply({"message": "no"}, 400),
    "no body": reply(status=400),
    "no JSON": reply("no", 400, media="text/plain"),
    "no errors": reply({**BAD, "Errors": []}, 400),
    "Errors null": reply({**BAD, "Errors": None}),
    "no Errors": reply({"IsSuccess": False, "IsFailure": True}),
    "neither": reply({**BAD, "IsFailure": False}),
    "a success with a 4xx": reply(sale(), 400),
}


@pytest.mark.parametrize("response", MALFORMED.values(), ids=MALFORMED.keys())
@pytest.mark.parametrize(
    ("clauses", "clause"),
    [(("E-3",), "E-1"), (("E-4", "X-1"), "E-1"), (("M-2",), "E-1"), (("E-2",), "E-2"), (("X-1",), "X-1")],
)
def test_malformed_rejection_of_a_sale_breaks_e_1_or_the_clause_of_the_scenario(
    clients: Any, response: Reply, clauses: tuple[str, ...], clause: str
) -> None:
    both = clients(response, clauses=clauses)
    call = both.walletapi.sale_call(WALLET, Decimal(1)).having({"Amount": 0})
    expected = "E-1" if b"IsFailure" in response.raw else clause
    assert both.broken(lambda: both.walletapi.attempt(call)).clause == expected


@pytest.mark.parametrize("response", [reply("oops", 500, media="text/plain"), reply(BAD, 503), reply(sale(), 500)])
@pytest.mark.parametrize(
    ("due", "clause"), [("E-2", "E-2"), ("E-3", "E-3"), ("E-4", "E-4"), ("X-1", "X-1"), ("M-2", "M-2")]
)
def test_a_sale_that_must_fail_with_a_server_error_breaks_its_clause(
    clients: Any, response: Reply, due: str, clause: str
) -> None:
    both = clients(response, clauses=("M-1",))
    call = both.walletapi.sale_call(WALLET, Decimal(1)).having({"Amount": 0})
    assert both.broken(lambda: both.walletapi.attempt(call, due)).clause == clause


DENIALS = {
    "errors": {**GOOD, "Errors": ["no money"], "Value": None},
    "errors and a Value": {**sale(), "Errors": ["no money"]},
    "no Value": {"IsSuccess": True, "IsFailure": False},
    "Value null": {**GOOD, "Errors": [], "Value": None},
}


@pytest.mark.parametrize("body", DENIALS.values(), ids=DENIALS.keys())
@pytest.mark.parametrize("refusal", ["E-4", "E-3", "E-5", ""])
def test_a_rejected_sale_with_the_flags_of_a_success_breaks_e_1(clients: Any, body: Any, refusal: str) -> None:
    both = clients(reply(body), clauses=("M-1",))
    call = both.walletapi.sale_call(WALLET, Decimal(1))
    assert both.broken(lambda: both.walletapi.attempt(call, refusal)).clause == "E-1"


@pytest.mark.parametrize(("refusal", "clause"), [("E-4", "E-4"), ("E-3", "E-3"), ("", "T-1")])
def test_accepted_sale_that_must_fail_breaks_its_clause(clients: Any, refusal: str, clause: str) -> None:
    both = clients(reply(without("UniqueCode")), clauses=("M-1",))
    call = both.walletapi.sale_call(WALLET, Decimal(1))
    violation = both.broken(lambda: both.walletapi.attempt(call, refusal))
    assert (violation.clause, violation.documented) == (clause, clause == "T-1")


def test_incomplete_failure_envelope_breaks_e_1_even_if_optional(clients: Any) -> None:
    both = clients(reply({**BAD, "Errors": []}, 400), clauses=("E-4",))
    call = both.walletapi.sale_call(WALLET, Decimal(1)).having({"Amount": "1"}, bare=True)
    assert both.broken(lambda: both.walletapi.attempt(call)).clause == "E-1"


def test_malformed_rejection_of_an_undo_breaks_the_clause_of_the_scenario(clients: Any) -> None:
    both = clients(reply({}, 400), clauses=("E-4",))
    call = both.walletapi.undo_call("cancelPurchase", "r").having({"ExternalReference": 7})
    assert both.broken(lambda: both.walletapi.attempt(call)).clause == "E-4"


def test_malformed_response_to_an_undo_breaks_r_1(clients: Any) -> None:
    both = clients(reply(without("MainTransactionId")), clauses=("M-1",))
    assert both.broken(lambda: both.walletapi.attempt(both.walletapi.undo_call("refundPurchase", "r"))).clause == "R-1"


@pytest.mark.parametrize(
    "act",
    [
        lambda api: api.open_wallet(),
        lambda api: api.wallet_behind("1"),
        lambda api: api.balances(WALLET),
        lambda api: api.deposit(WALLET, Decimal(1)),
        lambda api: api.give(WALLET, Decimal(1), datetime(2030, 1, 1, tzinfo=UTC)),
    ],
)
@pytest.mark.parametrize("response", [reply({**GOOD, "Value": {}}), reply(BAD), reply(BAD, 400), reply({}, 500)])
def test_malformed_response_to_a_wallet_call_breaks_t_8(clients: Any, act: Any, response: Reply) -> None:
    both = clients(response, clauses=("G-1",))
    assert both.broken(lambda: act(both.walletapi)).clause == "T-8"


@pytest.mark.parametrize("status", [502, 503, 504])
def test_gateway_response_without_the_envelope_is_an_environment_fault(clients: Any, status: int) -> None:
    gateway, own = clients(reply("busy", status, media="text/html")), clients(reply(BAD, status), clauses=("T-1",))
    with pytest.raises(EnvironmentFault, match=f"{status}"):
        gateway.walletapi.balances(WALLET)
    violation = own.broken(lambda: own.walletapi.sell(own.walletapi.sale_call(WALLET, Decimal(1))))
    assert (violation.clause, violation.findings[0].where) == ("T-1", "status")


BARE = [reply(status=401), reply({"message": "no key"}, 403), reply(["x"], 400), reply(BAD, 400), reply(BAD)]
BARE += [reply({"IsSuccess": False, "message": "no key"}, 401)]
BARE += [reply({"title": "x"}, 400, media="application/problem+json")]
BARE += [reply(BAD, 200, media="application/problem+json")]


@pytest.mark.parametrize("response", BARE, ids=range(len(BARE)))
def test_a_bare_4xx_is_allowed_for_credentials_and_ill_typed_bodies(clients: Any, response: Reply) -> None:
    both = clients(response, clauses=("E-2",))
    call = both.walletapi.sale_call(WALLET, Decimal(1))
    for bare in (call.carrying(()), call.sending(b"[]"), call.having({"Amount": "1"}, bare=True)):
        assert both.walletapi.attempt(bare).rejected


@pytest.mark.parametrize(
    ("response", "clause"),
    [
        (reply("no", 403, media="text/plain"), "E-2"),
        (reply({}, 200), "E-2"),
        (reply(sale(), 400), "E-1"),
        (reply({**BAD, "Errors": []}), "E-1"),
    ],
    ids=range(4),
)
def test_a_bare_rejection_must_still_be_a_4xx_with_json(clients: Any, response: Reply, clause: str) -> None:
    both = clients(response, clauses=("E-2",))
    call = both.walletapi.sale_call(WALLET, Decimal(1)).carrying(())
    assert both.broken(lambda: both.walletapi.attempt(call, "E-2")).clause == clause


@pytest.mark.parametrize(
    ("text", "microsecond", "hour"),
    [
        ("2025-04-28T08:10:12.8828523Z", 882852, 8),
        ("2025-04-28T08:10:12Z", 0, 8),
        ("2025-04-28T08:10:12.5+03:00", 500000, 5),
        ("2025-04-28T08:10:12.123456-00:30", 123456, 8),
        ("2025-04-28T08:10:12+00:00", 0, 8),
    ],
)
def test_timestamp_is_parsed_with_up_to_seven_fractional_digits(text: str, microsecond: int, hour: int) -> None:
    read = moment(text).astimezone(UTC)
    assert (read.microsecond, read.hour) == (microsecond, hour)
