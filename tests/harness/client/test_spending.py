"""The spend limit: the largest amount that a call could move, and the limit over all processes of a run."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from harness.client.calls import Call
from harness.client.spending import Spending
from harness.contract.contract import documented
from harness.processes.shared_file import SharedFile

CURRENCIES = {"alfred": "BDT", "walletapi": "try"}


def most(spending: Spending, call: Call) -> Decimal:
    return spending.most(documented().operations[call.operation], call)


SALE = Call("purchaseByAlias", body={"Amount": Decimal("50.00")})
MOVED: dict[str, tuple[Call, str]] = {
    "a sale": (SALE, "50"),
    "a sale with cashback": (SALE.having({"CashbackValue": Decimal(5), "CashbackType": "Amount"}), "55"),
    "a sale with a percentage": (SALE.having({"Amount": 1000, "CashbackValue": 20}), "1200"),
    "an amount in a text": (SALE.having({"Amount": "50.00"}), "50"),
    "a negative amount": (SALE.having({"Amount": Decimal(-50)}), "50"),
    "true": (SALE.having({"Amount": True}), "0"),
    "no amount": (SALE.lacking("Amount"), "0"),
    "a word": (SALE.having({"Amount": "fifty"}), "0"),
    "NaN": (SALE.having({"Amount": "NaN"}), "0"),
    "more than anyone could book": (SALE.having({"Amount": "1e400"}), "0"),
    "another amount in the bytes": (SALE.sending(b'{"Amount": 70}'), "70"),
    "bytes that are not JSON": (SALE.sending(b'{"Amount": 70'), "50"),
    "a deposit": (Call("depositByAlias", body={"Amount": 7}), "7"),
    "a gift": (Call("createGiftByAlias", body={"Amount": 7}), "7"),
    "a new wallet": (Call("createWallet", body={"Name": "7"}), "0"),
    "a purchase": (Call("createPurchase", body={"amount": 7}), "0"),
    "a payment": (Call("createPayment", body={"paymentAmount": 7}), "0"),
    "an unknown payment": (Call("confirmPayment", {"paymentId": "p"}), "0"),
    "a cancellation": (Call("cancelPurchase", body={"ExternalReference": "7"}), "0"),
}


@pytest.mark.parametrize("name", MOVED)
def test_call_counts_with_the_largest_amount_that_it_could_move(name: str) -> None:
    call, amount = MOVED[name]
    assert most(Spending(CURRENCIES), call) == Decimal(amount)


@pytest.mark.parametrize(
    ("prepares", "member", "confirms", "path"),
    [
        ("createPurchase", "amount", "confirmPurchase", "purchaseId"),
        ("createPayment", "paymentAmount", "confirmPayment", "paymentId"),
    ],
)
def test_each_confirmation_counts_with_the_prepared_amount(
    prepares: str, member: str, confirms: str, path: str
) -> None:
    spending, operations = Spending(CURRENCIES), documented().operations
    spending.remember(operations[prepares], Call(prepares, body={member: Decimal(30)}), {"id": "x"})
    for _ in range(2):
        spending.count(operations[confirms], Call(confirms, {path: "x"}))
    assert spending.moved == {"BDT": 60}


def test_processes_together_never_exceed_the_limit(tmp_path: Path) -> None:
    operation = documented().operations["depositByAlias"]

    def process(_: int) -> int:
        spending = Spending(CURRENCIES, {"TRY": Decimal(100)}, SharedFile(tmp_path / "spend.json"))
        sent = 0

        def send() -> None:
            nonlocal sent
            for _ in range(20):
                spending.count(operation, Call("depositByAlias", body={"Amount": 7}))
                sent += 1

        with pytest.raises(pytest.skip.Exception, match=r"\[limits\] spend = 100 TRY could be exceeded"):
            send()
        return sent

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(process, range(4))) == 14


def test_a_currency_without_a_limit_is_counted(tmp_path: Path) -> None:
    spending = Spending(CURRENCIES, {"BDT": Decimal(1)}, SharedFile(tmp_path / "spend.json"))
    spending.count(documented().operations["depositByAlias"], Call("depositByAlias", body={"Amount": 7}))
    assert spending.moved == {"TRY": 7}


def test_shared_file_is_unchanged_after_an_exception(tmp_path: Path) -> None:
    shared = SharedFile(tmp_path / "value.json")

    def fail(value: dict[str, Any]) -> None:
        value["a"] = 2
        raise KeyError

    with shared.changing() as value:
        value["a"] = 1
    with pytest.raises(KeyError), shared.changing() as value:
        fail(value)
    with shared.changing() as value:
        assert value == {"a": 1}


def test_large_amount_is_reduced_if_the_target_has_a_spend_limit() -> None:
    limited, unlimited = Spending({"walletapi": "TRY"}, {"try": Decimal(500)}), Spending({"walletapi": "TRY"})
    for amount, moderate in (("21474836.48", "836.48"), ("1234.56", "1234.56"), ("0.01", "0.01")):
        assert limited.moderate(Decimal(amount), "walletapi") == Decimal(moderate)
        assert unlimited.moderate(Decimal(amount), "walletapi") == Decimal(amount)
