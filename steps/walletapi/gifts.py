"""Gifts on a wallet: given, spent first, used up, expired."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from pytest_bdd import given, then, when

from harness.apis.walletapi.client import Gift
from harness.gherkin.sentences import sentence
from steps.walletapi.expiry import platform_now


@pytest.fixture
def gifts() -> list[Gift]:
    """The gifts of this scenario."""
    return []


@given(sentence("a gift of {amount:Money} on it"))
@given(sentence("another gift of {amount:Money} on it"))
def a_gift(walletapi, wallet, gifts, amount):
    gifts.append(walletapi.give(wallet, amount))


@given(sentence("a gift of {amount:Money} on it, of which a sale left nothing"))
def a_gift_that_was_used_up(walletapi, wallet, amount):
    walletapi.give(wallet, amount)
    walletapi.sell(walletapi.sale_call(wallet, amount, gifts=True))


@given(sentence("a gift of {amount:Money} on it that expires tomorrow"))
def a_gift_until_tomorrow(walletapi, wallet, gifts, amount):
    gifts.append(walletapi.give(wallet, amount, platform_now(walletapi, wallet) + timedelta(days=1)))


@when(sentence("a gift of {amount:Money} is given"), target_fixture="given_gift")
def a_gift_is_given(walletapi, wallet, amount):
    return amount, walletapi.client.perform(walletapi.gift_call(wallet, amount))


@when(sentence("a gift of {amount:Money} is given until tomorrow"), target_fixture="given_gift")
def a_gift_is_given_until_tomorrow(walletapi, wallet, amount):
    tomorrow = platform_now(walletapi, wallet) + timedelta(days=1)
    return amount, walletapi.client.perform(walletapi.gift_call(wallet, amount, tomorrow))


@then("it shows that the gift expires")
def it_shows_that_the_gift_expires(given_gift):
    _, value = given_gift
    assert value["ExpirationDate"] is not None
    assert not value["IsUnlimited"]


@then("the response shows the gift, whole and on this wallet")
def the_response_shows_the_gift(wallet, given_gift):
    amount, value = given_gift
    assert str(value["WalletId"]).lower() == wallet.wallet_id.lower()
    assert (Decimal(value["Amount"]), Decimal(value["RemainingAmount"])) == (amount, amount)
    assert not any(value[flag] for flag in ("IsUsed", "IsFullyUsed", "IsPartiallyUsed"))


@then(sentence("the wallet's gifts are {amount:Money} more than before"))
def the_gifts_are_more(walletapi, wallet, held, amount):
    assert walletapi.balances(wallet).gifts - held[wallet].gifts == amount


@then(sentence("the gifts pay {amount:Money}"))
def the_gifts_pay(walletapi, sale, amount):
    assert sale.transaction.amount("GiftAmount") == amount
    assert sale.before.gifts - walletapi.balances(sale.wallet).gifts == amount


@then(sentence("{amount:Money} of the gifts is left"))
def of_the_gifts_is_left(walletapi, sale, amount):
    assert walletapi.balances(sale.wallet).gifts == amount


@then("no gift pays")
def no_gift_pays(sale):
    assert sale.transaction.amount("GiftAmount") is None


@then("the sale names no gift")
def the_sale_names_no_gift(sale):
    for member in ("GiftAmount", "GiftBalanceId", "UsedGiftBalances"):
        assert sale.transaction.value[member] is None, f"{member} is {sale.transaction.value[member]!r}"


@then("the gifts are untouched")
def the_gifts_are_untouched(walletapi, sale):
    assert walletapi.balances(sale.wallet).gifts == sale.before.gifts


@then(sentence("the sale names a gift that paid, and counts {count:Count}"))
def the_sale_names_its_gifts(sale, gifts, count):
    assert str(sale.transaction.value["GiftBalanceId"]).lower() in {gift.gift_id for gift in gifts}
    assert len(sale.transaction.value["UsedGiftBalances"] or ()) == count
