"""Sales that must fail and change nothing, and sales of exactly what there is."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

from pytest_bdd import then, when

from harness.apis.walletapi import flaws
from harness.apis.walletapi.client import Cashback, Wallet, WalletApi
from harness.client.calls import Call
from harness.client.flaws import Flaw
from harness.client.unique import fresh_alias
from harness.gherkin.sentences import sentence
from harness.not_judged import NotJudged
from steps.walletapi.plain_sales import plain_sales_first
from steps.walletapi.sales import Sale, Seller

TEN = Decimal("10.00")
NOTHING = Decimal(0)
FIFTY = Cashback("Amount", Decimal("50.00"))
HALF = Cashback("Percentage", Decimal(50))
CASHBACK = Cashback("Amount", Decimal("5.00"))
SaleOf = Callable[[Seller, Decimal], Call]
"""Returns a sale of what there is, and this much more."""


def of_the_balance(seller: Seller, excess: Decimal, **options: Any) -> Call:
    return seller.call(seller.balances().wallet + excess, **options)


def of_the_balance_and_the_gifts(seller: Seller, excess: Decimal, **options: Any) -> Call:
    balances = seller.balances()
    return seller.call(balances.wallet + balances.gifts + excess, gifts=True, **options)


LIMITS: Mapping[str, SaleOf] = {
    "the balance": of_the_balance,
    "the balance, that may use gifts": partial(of_the_balance, gifts=True),
    "the balance, with a cashback of 50.00": partial(of_the_balance, cashback=FIFTY),
    "the balance, with a cashback of 50 percent": partial(of_the_balance, cashback=HALF),
    "the balance and the gifts": of_the_balance_and_the_gifts,
    "the balance and the gifts, with a cashback of 50.00": partial(of_the_balance_and_the_gifts, cashback=FIFTY),
    "the balance and the gifts, with a cashback of 50 percent": partial(of_the_balance_and_the_gifts, cashback=HALF),
}


@when(
    sentence("the merchant tries a sale {flaw:Flaw}", Flaw={**flaws.SALE, **flaws.HOSTILE_SALE}), target_fixture="sale"
)
@when(sentence("the merchant tries a sale of {amount:Money} {flaw:Flaw}", Flaw=flaws.HEADERS), target_fixture="sale")
def the_merchant_tries_a_wrong_sale(seller: Seller, flaw: Flaw, amount: Decimal = TEN) -> Sale:
    first = seller.attempt(flaw(seller.call(amount)), must_fail=True)
    if first.outcome.accepted:
        return first
    # A second attempt must not succeed because of the first, nor spend a gift or credit a cashback.
    second = seller.attempt(flaw(seller.call(amount, gifts=True, cashback=CASHBACK)), must_fail=True)
    return replace(second, before=first.before)


@when(sentence("the merchant tries the same sale again {flaw:Flaw}", Flaw=flaws.HEADERS), target_fixture="sale")
def the_merchant_tries_the_same_sale(seller: Seller, sale: Sale, flaw: Flaw) -> Sale:
    return seller.attempt(flaw(sale.outcome.call), must_fail=True)


@when(
    sentence("the merchant tries a sale of {amount:Money} by an alias of no wallet, which is opened then"),
    target_fixture="wallet",
)
def the_merchant_sells_too_early(walletapi: WalletApi, amount: Decimal) -> Wallet:
    if not walletapi.target.owner_id:
        NotJudged.NO_OWNER.skip()
    alias = fresh_alias()
    walletapi.attempt(walletapi.sale_call(Wallet("", alias), amount), "E-4").check_rejected()
    return Wallet(walletapi.client.perform(walletapi.wallet_call(alias))["Id"], alias)


@then(sentence("the new wallet has {amount:Money}"))
def the_new_wallet_has(walletapi: WalletApi, wallet: Wallet, amount: Decimal) -> None:
    with plain_sales_first(walletapi):
        assert walletapi.balances(wallet).wallet == amount


@when(
    sentence("the merchant tries a sale of {excess:Money} more than {limit:Limit}", Limit=LIMITS),
    target_fixture="sale",
)
@when(sentence("the merchant tries a sale of exactly {limit:Limit}", Limit=LIMITS), target_fixture="sale")
def the_merchant_tries_the_limit(seller: Seller, limit: SaleOf, excess: Decimal = NOTHING) -> Sale:
    return seller.attempt(limit(seller, excess), must_fail=excess > 0)


@then("the sale succeeds")
def the_sale_succeeds(sale: Sale) -> None:
    sale.outcome.check_accepted()


@then("the sale fails")
def the_sale_fails(sale: Sale) -> None:
    sale.outcome.check_rejected()


@then("the balance and the gifts are unchanged")
def the_balance_and_the_gifts_are_unchanged(walletapi: WalletApi, sale: Sale) -> None:
    with plain_sales_first(walletapi):
        assert walletapi.balances(sale.wallet) == sale.before
