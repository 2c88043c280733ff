"""Sales that must fail and change nothing, and sales of exactly what there is."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from pytest_bdd import then, when

from harness.apis.walletapi import flaws
from harness.apis.walletapi.client import Balances, Cashback, WalletApi
from harness.client.calls import Call
from harness.client.flaws import Flaw
from harness.gherkin.sentences import sentence
from steps.walletapi.sales import Seller, TriedSale

TEN = Decimal("10.00")
NOTHING = Decimal(0)
SaleOf = Callable[[Seller, Decimal], Call]
"""Returns a sale of what there is, and this much more."""


def of_the_balance(seller: Seller, excess: Decimal, **options: Any) -> Call:
    return seller.call(seller.balances().wallet + excess, **options)


def of_the_balance_and_the_gifts(seller: Seller, excess: Decimal) -> Call:
    balances = seller.balances()
    return seller.call(balances.wallet + balances.gifts + excess, gifts=True)


LIMITS: Mapping[str, SaleOf] = {
    "the balance": of_the_balance,
    "the balance, that may use gifts": partial(of_the_balance, gifts=True),
    "the balance, with a cashback of 50.00": partial(of_the_balance, cashback=Cashback("Amount", Decimal("50.00"))),
    "the balance and the gifts": of_the_balance_and_the_gifts,
}


@when(sentence("the merchant tries a sale of 10.00 {flaw:Headers}", Headers=flaws.HEADERS), target_fixture="tried_sale")
def the_merchant_tries_wrong_headers(seller: Seller, flaw: Flaw) -> TriedSale:
    return seller.attempt(flaw(seller.call(TEN)))


@when(sentence("the merchant tries a sale {flaw:Flaw}", Flaw=flaws.SALE), target_fixture="tried_sale")
def the_merchant_tries_a_wrong_sale(seller: Seller, flaw: Flaw) -> TriedSale:
    return seller.attempt(flaw(seller.call(TEN)))


@when(
    sentence("the merchant tries a sale of {excess:Money} more than {limit:Limit}", Limit=LIMITS),
    target_fixture="tried_sale",
)
@when(sentence("the merchant tries a sale of exactly {limit:Limit}", Limit=LIMITS), target_fixture="tried_sale")
def the_merchant_tries_the_limit(seller: Seller, limit: SaleOf, excess: Decimal = NOTHING) -> TriedSale:
    return seller.attempt(limit(seller, excess))


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
