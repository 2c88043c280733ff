"""Each flaw changes one thing about a call, and does not modify the original call."""

from decimal import Decimal

import pytest

from harness.apis.alfred.flaws import calls as alfred
from harness.apis.walletapi import flaws as walletapi
from harness.client.calls import Call
from harness.client.flaws import Flaw, changed, missing, unknown, wrong_amounts

PURCHASE_ID = "purchase-0123456789abcdef"
CALL = Call(
    "confirmPurchase",
    path={"purchaseId": PURCHASE_ID},
    body={
        "amount": Decimal("1.00"),
        "details": {"instrument": "instrument-0123456789"},
        "walletId": "W-0123456789abcdef",
        "Alias": "5551234567",
    },
    credentials=(("apikeypublic", "key-0123456789"), ("apiclientpublic", "Client-0123456789")),
)


def test_nested_member_is_changed() -> None:
    assert changed({"details.instrument": "other"})(CALL).body == {**CALL.body, "details": {"instrument": "other"}}


def test_missing_removes_the_member() -> None:
    assert set(missing("walletId")(CALL).body) == {"amount", "details", "Alias"}


def test_an_unknown_id_has_the_same_shape() -> None:
    wallet_id = unknown("walletId")(CALL).body["walletId"]
    assert wallet_id != CALL.body["walletId"]
    assert len(wallet_id) == len(CALL.body["walletId"])


@pytest.mark.parametrize("order", [min, max])
def test_an_unknown_id_sorts_before_or_after_the_valid_one(order: object) -> None:
    other = unknown("purchaseId", order)(CALL).path["purchaseId"]  # type: ignore[arg-type]
    assert sorted((other, PURCHASE_ID)).index(other) == (0 if order is min else 1)


def test_only_an_amount_of_another_json_type_may_be_rejected_without_an_envelope() -> None:
    bare = {name for name, flaw in wrong_amounts("amount").items() if flaw(CALL).bare}
    assert bare == {"a word", "a number in quotes", "true", "null", "a list", "an object"}


@pytest.mark.parametrize("flaw", walletapi.HEADERS.values(), ids=walletapi.HEADERS.keys())
def test_header_flaw_changes_the_credentials(flaw: Flaw) -> None:
    assert flaw(CALL).credentials != CALL.credentials


def test_every_flaw_of_a_table_makes_the_call_invalid() -> None:
    body = {
        "externalReferenceId": "user", "amount": 5, "currency": "BDT", "shopConfigurationId": "S", "walletId": "W",
        "paymentSessionId": "P", "paymentAmount": 5, "paymentCurrency": "BDT", "walletAccountId": "A",
        "paymentSessionDetails": {"selectedPaymentMethod": "cash", "selectedPaymentInstrumentId": "I"},
        "Alias": "1", "Amount": 5,
    }  # fmt: skip
    call = Call("any", path={"platformId": "P", "purchaseId": "Q"}, body=body)
    tables = (
        alfred.AUTHENTICATION,
        alfred.PURCHASE,
        alfred.SESSION,
        alfred.CONFIRMATION,
        alfred.PAYMENT,
        walletapi.SALE,
    )
    for name, flaw in (item for table in tables for item in table.items()):
        wrong = flaw(call)
        assert not wrong.proper, name
        assert (wrong.path, wrong.body) != (call.path, body), name
