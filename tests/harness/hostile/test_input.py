"""Hostile input has exactly the flaw that its name describes (contract.md X-1)."""

import json
from decimal import Decimal
from typing import Any

import pytest

from harness.apis.alfred.client import Alfred
from harness.apis.alfred.funding import FundingSession
from harness.apis.alfred.purchases import Purchase, PurchaseSession
from harness.apis.alfred.users import User
from harness.apis.walletapi.client import Wallet, WalletApi
from harness.client.calls import Call
from harness.client.record import Recorder, Run
from harness.contract.contract import load_contract
from harness.hostile.ill_typed import chosen_values, ill_typed
from harness.hostile.odd_input import ODD_INPUT
from harness.hostile.rejected_input import LARGE, REJECTED_INPUT
from harness.target.target import AlfredTarget, WalletApiTarget
from harness.target.values import Secret
from harness.wire.channel import Channel
from harness.wire.messages import encoded

CONTRACT = load_contract()
WALLET = Wallet("30bac1c0-ad6b-4c50-a52e-1b34f9b487a7", "1234567890")
USER = User("someuser", "wallet-1", "token-1")
OWNER = "5a4db0c0-0000-4000-8000-000000000001"
ONE = Decimal("1.00")


def calls() -> dict[str, Call]:
    """A valid call of each operation that has a request body."""
    keys = {"shop_key": Secret("shop-key"), "platform_key": Secret("platform-key")}
    target = AlfredTarget("http://127.0.0.1:9", "platform", "shop", "BD", "BDT", **keys)  # type: ignore[arg-type]
    alfred = Alfred(target, Channel(1), Recorder(Run.of(CONTRACT, ())))
    own = WalletApiTarget("http://127.0.0.1:9", Secret("key"), Secret("client"), "TRY", OWNER)
    walletapi = WalletApi(own, Channel(1), Recorder(Run.of(CONTRACT, ())))
    purchase = Purchase("purchase-1", ONE)
    made = (
        alfred.users.authentication_call("someuser"),
        alfred.purchases.creation_call(ONE),
        alfred.purchases.session_call(purchase, USER),
        alfred.purchases.confirmation_call(PurchaseSession(purchase, USER, "session-1", "instrument-1")),
        alfred.funding.session_call(USER, "account-1"),
        alfred.funding.payment_call(FundingSession(USER, "account-1", "session-1", "instrument-1"), ONE),
        walletapi.wallet_call("1234567890"),
        walletapi.deposit_call(WALLET, ONE),
        walletapi.gift_call(WALLET, ONE),
        walletapi.sale_call(WALLET, ONE),
        walletapi.undo_call("cancelPurchase", "reference-1"),
        walletapi.undo_call("refundPurchase", "reference-1"),
    )
    return {call.operation: call for call in made}


CALLS = calls()


def test_an_operation_has_texts_if_it_has_a_body():
    with_body = {operation.id for operation in CONTRACT.operations.values() if operation.request_schema}
    assert with_body == {one.id for one in CONTRACT.operations.values() if one.texts}
    assert set(CALLS) <= with_body


def strictly_read(raw: bytes | None) -> Any:
    def no_number(word: str) -> None:
        raise ValueError(word)

    assert raw is not None
    return json.loads(raw.decode("utf-8"), parse_constant=no_number)


NO_JSON = ("not JSON", "not UTF-8", "text after the object", "NaN or Infinity")


@pytest.mark.parametrize("flaw", NO_JSON)
@pytest.mark.parametrize("operation", CALLS)
def test_strict_json_parser_rejects_invalid_json_input(operation, flaw):
    for hostile in REJECTED_INPUT[flaw](lambda: CALLS[operation]):
        with pytest.raises(ValueError):  # noqa: PT011 - every kind of it
            strictly_read(hostile.call.raw)


@pytest.mark.parametrize("operation", CALLS)
def test_bodies_that_are_not_objects_are_valid_json(operation):
    found = [strictly_read(hostile.call.raw) for hostile in REJECTED_INPUT["not an object"](lambda: CALLS[operation])]
    assert {type(value) for value in found} == {list, str, type(None), int, bool}


@pytest.mark.parametrize(
    "operation", [one.id for one in CONTRACT.operations.values() if one.amounts and one.id in CALLS]
)
@pytest.mark.parametrize("flaw", ["1e400 or a thousand digits as an amount", "an amount as text"])
def test_wrong_amount_input_changes_only_the_amount(operation, flaw):
    for hostile in REJECTED_INPUT[flaw](lambda: CALLS[operation]):
        member = hostile.what.rpartition(" ")[2]
        read = strictly_read(hostile.call.raw)
        others = {name: value for name, value in CALLS[operation].body.items() if name != member}
        if member == "CashbackValue":
            assert (read["CashbackApply"], read["CashbackType"]) == (True, "Amount")
            others.pop("CashbackApply")
        assert read == {**read, **json.loads(encoded(others))}
        assert isinstance(read[member], str if flaw == "an amount as text" else int | float)


def test_deep_or_large_input_has_the_stated_depth_or_size():
    call = CALLS["depositByAlias"]
    (large,) = REJECTED_INPUT["5 MB"](lambda: call)
    assert large.call.raw
    assert len(large.call.raw) > LARGE
    assert strictly_read(large.call.raw) == strictly_read(encoded(call.body))
    lists, objects = REJECTED_INPUT["10,000 levels"](lambda: call)
    assert lists.call.raw.count(b"[") == lists.call.raw.count(b"]") == 10_000
    assert objects.call.raw.count(b"{") == objects.call.raw.count(b"}") == 10_001


@pytest.mark.parametrize("name", ODD_INPUT)
@pytest.mark.parametrize("operation", CALLS)
def test_odd_input_is_an_object_with_the_same_members(operation, name):
    found = tuple(ODD_INPUT[name](lambda: CALLS[operation]))
    assert found
    for hostile in found:
        assert not hostile.rejection_due
        read = json.loads(hostile.call.raw.decode("utf-8"), strict=False)
        assert set(read) == set(CALLS[operation].body)


def test_the_echo_of_half_a_surrogate_pair_is_not_judged():
    assert all(not hostile.echo for hostile in ODD_INPUT["half a surrogate pair"](lambda: CALLS["purchaseByAlias"]))
    assert all(hostile.echo for hostile in ODD_INPUT["odd texts"](lambda: CALLS["purchaseByAlias"]))


@pytest.mark.parametrize("operation", CALLS)
def test_every_member_is_sent_with_values_of_other_types(operation):
    schema = CONTRACT.operations[operation].request_schema or ""
    cases = chosen_values(CONTRACT.schemas[schema])
    assert cases == chosen_values(CONTRACT.schemas[schema])
    assert {case.member.partition(".")[0] for case in cases} == set(CONTRACT.schemas[schema]["properties"])
    amounts = CONTRACT.operations[operation].amounts[:1]
    sent = [case for case in cases if case.value is not None or case.member not in amounts]
    for hostile, case in zip(ill_typed(lambda: CALLS[operation], CONTRACT), sent, strict=True):
        found = CONTRACT.findings(schema, hostile.call.body)
        assert [finding.where for finding in found] == [f"$.{case.member}"] or case.kind == "another form"
        assert hostile.rejection_due == (case.member in amounts)


@pytest.mark.parametrize(
    ("operation", "clause"),
    [("createPurchase", "P-6"), ("createPayment", "F-7"), ("purchaseByAlias", "E-4"), ("depositByAlias", "X-1")],
)
def test_non_numeric_amount_breaks_the_amount_clause_and_a_string_breaks_x1(operation, clause):
    (amount, *_) = CONTRACT.operations[operation].amounts
    sent = ill_typed(lambda: CALLS[operation], CONTRACT)
    clauses = {hostile.what: hostile.clause for hostile in sent if hostile.rejection_due}
    assert clauses[f"boolean in place of {amount}"] == clauses[f"object in place of {amount}"] == clause
    assert clauses[f"string in place of {amount}"] == "X-1"
