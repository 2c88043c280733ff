"""Locators: the payload of a response, and the members that a target's JSONPaths override."""

from decimal import Decimal
from typing import Any

import pytest

from harness.client.locators import Locators

SESSION = "openPurchaseSession"


@pytest.mark.parametrize(
    ("whole", "payload"),
    [
        ({"id": 1}, {"id": 1}),
        ({"data": {"id": 1}, "id": 2}, {"id": 1}),
        ({"data": None, "id": 2}, {"data": None, "id": 2}),
        ({"data": [1], "id": 2}, {"data": [1], "id": 2}),
        ({"data": {}}, {}),
        ([{"id": 1}], [{"id": 1}]),
        ("text", "text"),
        (None, None),
    ],
)
def test_payload_is_the_data_member_if_that_is_an_object(whole: Any, payload: Any) -> None:
    assert Locators({}).payload("createPurchase", whole) == (payload, {})


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("$.split.wallet", 7),
        ("$['split']['wallet']", 7),
        ("$.parts[?@.kind == 'balance'].amount", 5),
        ("$..only", 9),
        ("$.parts[-1].amount", 6),
    ],
)
def test_a_located_member_overrides_the_payload(query: str, found: Any) -> None:
    parts = [{"kind": "balance", "amount": 5}, {"kind": "card", "amount": 6}]
    whole = {"split": {"wallet": 7}, "parts": parts, "deep": {"only": 9}, "data": {"balanceAmount": 1, "id": 2}}
    payload, missed = Locators({"balanceAmount": query}).payload(SESSION, whole)
    assert payload == {"id": 2, "balanceAmount": found}
    assert missed == {}


@pytest.mark.parametrize("query", ["$.parts[?@.sum >= 6].sum", "$.parts[?5.5 < @.sum].sum"])
def test_a_query_compares_numbers_by_size_and_finds_them_exactly(query: str) -> None:
    parts = [{"sum": Decimal("5.10")}, {"sum": Decimal("6.10000000000000000001")}]
    payload, missed = Locators({"balanceAmount": query}).payload(SESSION, {"parts": parts})
    assert payload["balanceAmount"] == parts[1]["sum"]
    assert missed == {}


@pytest.mark.parametrize(
    ("query", "received"), [("$.none", "found 0 times"), ("$.twice[*]", "found 2 times"), ("$.null", "null")]
)
def test_a_member_that_is_not_found_exactly_once_is_reported_as_missing(query: str, received: str) -> None:
    whole = {"balanceAmount": 1, "twice": [1, 1], "null": None}
    payload, missed = Locators({"balanceAmount": query}).payload(SESSION, whole)
    assert "balanceAmount" not in payload
    assert (missed["balanceAmount"].where, missed["balanceAmount"].received) == (query, received)


def test_locator_of_an_operation_overrides_the_general_one() -> None:
    locators = Locators({"id": "$.a", "createPayment.id": "$.b"})
    assert locators.payload("createPurchase", {"a": 1, "b": 2})[0]["id"] == 1
    assert locators.payload("createPayment", {"a": 1, "b": 2})[0]["id"] == 2


def test_the_two_amounts_are_none_if_the_target_does_not_locate_them() -> None:
    whole = {"balanceAmount": "n/a", "remainingAmount": [], "paymentSessionId": "s"}
    assert Locators({}).payload(SESSION, whole) == ({"paymentSessionId": "s"}, {})


@pytest.mark.parametrize("whole", [None, [], "text", 7])
def test_a_response_that_is_not_an_object_lacks_all_located_members(whole: Any) -> None:
    payload, missed = Locators({"id": "$.a"}).payload("createPurchase", whole)
    assert (payload, list(missed)) == ({}, ["id"])
