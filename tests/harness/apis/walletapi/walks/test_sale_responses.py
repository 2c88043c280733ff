"""The clause that the response of a sale breaks, found from that response alone."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from harness.apis.walletapi.walks.sale_responses import (
    GIFT,
    SALE,
    accepted,
    clause_of_responses,
    clause_of_unpaid_gifts,
)
from harness.contract.contract import load_contract
from harness.wire.exchange import Exchange, Request, Response
from harness.wire.messages import decoded
from tests.harness.apis.walletapi.test_client import GOOD, VALUE

CONTRACT = load_contract()
AFTER = {"BalanceAfterTransaction": 984, "CashbackAmount": 0}
SENT = {"Alias": "1234567890", "Amount": 20, "Description": "d", "ExternalReference": "r"}
PLAIN = {**SENT, "UseGiftBalances": False, "CashbackApply": False}
AMOUNT = {**PLAIN, "CashbackApply": True, "CashbackType": "Amount", "CashbackValue": 5}
PERCENT = {**AMOUNT, "CashbackType": "Percentage"}


def exchange(sent: Any, **value: Any) -> Exchange:
    response = Response(
        200, "OK", (), b"", {"Value": {**VALUE, "Amount": 20, "ExternalReference": "r", **AFTER, **value}, **GOOD}
    )
    request = Request("purchaseByAlias", "POST", "http://127.0.0.1:9", (), json.dumps(sent).encode())
    return Exchange(request, response, datetime.now(UTC), 0)


@pytest.mark.parametrize(
    ("sent", "value", "clause"),
    [
        (PLAIN, {}, ""),
        (PLAIN, {"CashbackAmount": 1}, "C-2"),
        (PLAIN, {"CashbackAmount": 1, "Amount": 19}, "T-2"),
        (AMOUNT, {"CashbackAmount": 0, "ExternalReference": "another"}, "T-2"),
        (PLAIN, {"GiftAmount": 5, "UsedGiftBalances": [1]}, "G-3"),
        (AMOUNT, {"CashbackAmount": 5}, ""),
        (AMOUNT, {"CashbackAmount": 0}, "C-1"),
        (PERCENT, {"CashbackAmount": 1}, ""),
        (PERCENT, {"CashbackAmount": 5}, "C-3"),
        ({**PLAIN, "Amount": "20"}, {"CashbackAmount": 1}, ""),  # hostile input
    ],
)
def test_response_of_a_sale_shows_the_broken_clause(sent: Any, value: dict[str, Any], clause: str) -> None:
    assert clause_of_responses(CONTRACT, [exchange(sent, **value)]) == clause


def test_rejected_sales_and_sales_without_a_response_are_ignored() -> None:
    rejected = Response(400, "Bad Request", (), b"", {"IsSuccess": False})
    story = [Exchange(exchange(PLAIN).request, each, datetime.now(UTC), 0) for each in (rejected, None)]
    assert list(accepted(CONTRACT, story, SALE)) == []


def gift(amount: int, expires: str | None = None, alias: str = "1234567890") -> Exchange:
    sent = {"Alias": alias, "Amount": amount, "ExpirationDate": expires, "Description": "d", "ExternalReference": "g"}
    schema = CONTRACT.schemas["walletapi.createGiftByAlias.response"]
    response = Response(200, "OK", (), b"", decoded(json.dumps(schema["examples"][0]).encode()))
    request = Request(GIFT, "POST", "http://127.0.0.1:9", (), json.dumps(sent).encode())
    return Exchange(request, response, datetime.now(UTC), 0)


def sale(paid: int | None, amount: int = 20, *, gifts: bool = True) -> Exchange:
    used: list[Any] = [] if paid is None else [{}]
    return exchange({**PLAIN, "Amount": amount, "UseGiftBalances": gifts}, GiftAmount=paid, UsedGiftBalances=used)


@pytest.mark.parametrize(
    ("story", "clause"),
    [
        ([gift(5), sale(5)], ""),
        ([gift(5), sale(None)], "G-1"),
        ([gift(5), sale(4)], "G-1"),
        ([gift(30), sale(None)], "G-2"),
        ([gift(30), sale(20), sale(None)], "G-2"),
        ([gift(30), sale(20), sale(10), sale(None)], ""),
        ([gift(5), sale(None, gifts=False)], ""),
        ([gift(5, "2030-01-01T00:00:00Z"), sale(None)], ""),
        ([gift(5, alias="another"), sale(None)], ""),
    ],
)
def test_gift_that_pays_nothing_shows_the_broken_clause(story: list[Exchange], clause: str) -> None:
    assert clause_of_unpaid_gifts(CONTRACT, story) == clause
