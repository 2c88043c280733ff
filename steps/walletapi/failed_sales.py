"""Sales that must fail and change nothing, and sales of exactly what there is."""

from decimal import Decimal

from pytest_bdd import then, when

from harness.apis.walletapi import flaws
from harness.apis.walletapi.client import Balances, Cashback, WalletApi
from harness.client.calls import Call
from harness.client.flaws import Flaw
from harness.gherkin.sentences import sentence
from steps.walletapi.sales import Seller, TriedSale

TEN = Decimal("10.00")
NOTHING = Decimal(0)


@when(sentence("the merchant tries a sale of 10.00 {flaw:Headers}", Headers=flaws.HEADERS), target_fixture="tried_sale")
def the_merchant_tries_wrong_headers(seller: Seller, flaw: Flaw) -> TriedSale:
    return seller.attempt(flaw(seller.call(TEN)))


@when(sentence("the merchant tries a sale {flaw:Flaw}", Flaw=flaws.SALE), target_fixture="tried_sale")
def the_merchant_tries_a_wrong_sale(seller: Seller, flaw: Flaw) -> TriedSale:
    return seller.attempt(flaw(seller.call(TEN)))


@when(sentence("the merchant tries a sale of {excess:Money} more than the balance"), target_fixture="tried_sale")
def the_merchant_tries_too_much(seller: Seller, excess: Decimal) -> TriedSale:
    return seller.attempt(seller.call(seller.balances().wallet + excess))


@when(
    sentence("the merchant tries a sale of {excess:Money} more than the balance, that may use gifts"),
    target_fixture="tried_sale",
)
def the_merchant_tries_too_much_that_may_use_gifts(seller: Seller, excess: Decimal) -> TriedSale:
    return seller.attempt(seller.call(seller.balances().wallet + excess, gifts=True))


@when(
    sentence("the merchant tries a sale of {excess:Money} more than the balance, with a cashback of {value:Money}"),
    target_fixture="tried_sale",
)
def the_merchant_tries_too_much_with_cashback(seller: Seller, excess: Decimal, value: Decimal) -> TriedSale:
    amount = seller.balances().wallet + excess
    return seller.attempt(seller.call(amount, cashback=Cashback("Amount", value)))


@when(
    sentence("the merchant tries a sale of {excess:Money} more than the balance and the gifts"),
    target_fixture="tried_sale",
)
def the_merchant_tries_more_than_all(seller: Seller, excess: Decimal) -> TriedSale:
    return seller.attempt(sale_of_all(seller, excess))


@when("the merchant tries a sale of exactly the balance", target_fixture="tried_sale")
def the_merchant_tries_the_balance(seller: Seller) -> TriedSale:
    return seller.attempt(seller.call(seller.balances().wallet))


@when("the merchant tries a sale of exactly the balance and the gifts", target_fixture="tried_sale")
def the_merchant_tries_all(seller: Seller) -> TriedSale:
    return seller.attempt(sale_of_all(seller, NOTHING))


def sale_of_all(seller: Seller, excess: Decimal) -> Call:
    """Sell the balance and the gifts, and this much more."""
    balances = seller.balances()
    return seller.call(balances.wallet + balances.gifts + excess, gifts=True)


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
