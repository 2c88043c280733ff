"""Sales that must fail and change nothing, and sales of exactly what there is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import pytest
from pytest_bdd import then, when

from harness.apis.walletapi import flaws
from harness.apis.walletapi.client import Balances, Cashback, Wallet, WalletApi
from harness.client.calls import Call, Outcome
from harness.client.flaws import Flaw
from harness.gherkin.sentences import sentence

TEN = Decimal("10.00")
NOTHING = Decimal(0)


@dataclass(frozen=True)
class TriedSale:
    """A sale that may fail, and the balances before it."""

    outcome: Outcome
    wallet: Wallet
    before: Balances


TrySale = Callable[[Call], TriedSale]


@pytest.fixture
def try_sale(walletapi: WalletApi, wallet: Wallet) -> TrySale:
    """Return the function that reads the balances and then sends a sale."""

    def send(call: Call) -> TriedSale:
        before = walletapi.balances(wallet)
        return TriedSale(walletapi.attempt(call), wallet, before)

    return send


@when(sentence("the merchant tries a sale of 10.00 {flaw:Headers}", Headers=flaws.HEADERS), target_fixture="tried_sale")
def a_sale_with_wrong_headers(walletapi: WalletApi, try_sale: TrySale, wallet: Wallet, flaw: Flaw) -> TriedSale:
    return try_sale(flaw(walletapi.sale_call(wallet, TEN)))


@when(sentence("the merchant tries a sale {flaw:Flaw}", Flaw=flaws.SALE), target_fixture="tried_sale")
def a_wrong_sale(walletapi: WalletApi, try_sale: TrySale, wallet: Wallet, flaw: Flaw) -> TriedSale:
    return try_sale(flaw(walletapi.sale_call(wallet, TEN)))


@when(sentence("the merchant tries a sale of {excess:Money} more than the balance"), target_fixture="tried_sale")
def a_sale_of_too_much(walletapi: WalletApi, try_sale: TrySale, wallet: Wallet, excess: Decimal) -> TriedSale:
    return try_sale(walletapi.sale_call(wallet, walletapi.balances(wallet).wallet + excess))


@when(
    sentence("the merchant tries a sale of {excess:Money} more than the balance, that may use gifts"),
    target_fixture="tried_sale",
)
def a_sale_of_too_much_that_may_use_gifts(
    walletapi: WalletApi, try_sale: TrySale, wallet: Wallet, excess: Decimal
) -> TriedSale:
    return try_sale(walletapi.sale_call(wallet, walletapi.balances(wallet).wallet + excess, gifts=True))


@when(
    sentence("the merchant tries a sale of {excess:Money} more than the balance, with a cashback of {value:Money}"),
    target_fixture="tried_sale",
)
def a_sale_of_too_much_with_cashback(
    walletapi: WalletApi, try_sale: TrySale, wallet: Wallet, excess: Decimal, value: Decimal
) -> TriedSale:
    amount = walletapi.balances(wallet).wallet + excess
    return try_sale(walletapi.sale_call(wallet, amount, cashback=Cashback("Amount", value)))


@when(
    sentence("the merchant tries a sale of {excess:Money} more than the balance and the gifts"),
    target_fixture="tried_sale",
)
def a_sale_of_too_much_with_gifts(
    walletapi: WalletApi, try_sale: TrySale, wallet: Wallet, excess: Decimal
) -> TriedSale:
    return try_sale(sale_of_all(walletapi, wallet, excess))


@when("the merchant tries a sale of exactly the balance", target_fixture="tried_sale")
def a_sale_of_the_balance(walletapi: WalletApi, try_sale: TrySale, wallet: Wallet) -> TriedSale:
    return try_sale(walletapi.sale_call(wallet, walletapi.balances(wallet).wallet))


@when("the merchant tries a sale of exactly the balance and the gifts", target_fixture="tried_sale")
def a_sale_of_the_balance_and_the_gifts(walletapi: WalletApi, try_sale: TrySale, wallet: Wallet) -> TriedSale:
    return try_sale(sale_of_all(walletapi, wallet, NOTHING))


def sale_of_all(walletapi: WalletApi, wallet: Wallet, excess: Decimal) -> Call:
    """Sell the balance and the gifts, and this much more."""
    balances = walletapi.balances(wallet)
    return walletapi.sale_call(wallet, balances.wallet + balances.gifts + excess, gifts=True)


@then("the sale succeeds")
def the_sale_succeeds(tried_sale: TriedSale) -> None:
    assert tried_sale.outcome.accepted, f"the platform rejected it: {tried_sale.outcome.summary}"


@then("the sale fails")
def the_sale_fails(tried_sale: TriedSale) -> None:
    assert tried_sale.outcome.rejected, f"the platform accepted it: {tried_sale.outcome.summary}"


@then("the balance is 0.00")
def the_balance_is_zero(walletapi: WalletApi, tried_sale: TriedSale) -> None:
    assert walletapi.balances(tried_sale.wallet).wallet == 0


@then("the balance and the gifts are 0.00")
def the_balance_and_the_gifts_are_zero(walletapi: WalletApi, tried_sale: TriedSale) -> None:
    assert walletapi.balances(tried_sale.wallet) == Balances(NOTHING, NOTHING)


@then("the balance and the gifts are unchanged")
def the_balance_and_the_gifts_are_unchanged(walletapi: WalletApi, tried_sale: TriedSale) -> None:
    assert walletapi.balances(tried_sale.wallet) == tried_sale.before
