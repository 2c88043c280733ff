"""Gifts on a wallet: given, spent first, used up, expired."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from pytest_bdd import given, then, when

from harness.sentences import sentence
from harness.walletapi import Gift, Wallet, WalletApi


@pytest.fixture
def gifts() -> list[Gift]:
    """The gifts of this scenario."""
    return []


@dataclass(frozen=True)
class Expiry:
    """When a gift expires by the platform's clock, and by ours the moment from which it surely has."""

    moment: datetime
    over: float


def platform_now(walletapi: WalletApi, wallet: Wallet) -> datetime:
    """The platform's clock, or ours where it sends no Date."""
    walletapi.balances(wallet)
    last = walletapi.judgement.last
    return (last.answer.date if last and last.answer else None) or datetime.now(UTC)


def soon(walletapi: WalletApi, wallet: Wallet) -> Expiry:
    """An expiry as near as the platform's clock, which counts whole seconds, can tell, and its own pace allows."""
    began = time.monotonic()
    date = platform_now(walletapi, wallet)
    now = time.monotonic()
    # A Date header may lag by a second, and leaves out what is under one: less than three could be past already.
    ahead = 3 + math.floor(now - began)
    return Expiry(date.replace(microsecond=0) + timedelta(seconds=ahead), now + ahead)


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


@given(sentence("a gift of {amount:Money} on it that expires in a moment"), target_fixture="expiry")
def a_gift_that_expires(walletapi, wallet, amount):
    expiry = soon(walletapi, wallet)
    walletapi.give(wallet, amount, expiry.moment)
    return expiry


@given("that gift has expired")
def it_has_expired(expiry):
    time.sleep(max(0.0, expiry.over - time.monotonic()) + 0.02)


@when(sentence("a gift of {amount:Money} is given"), target_fixture="given_gift")
def a_gift_is_given(walletapi, wallet, amount):
    return amount, walletapi.client.perform(walletapi.gift_call(wallet, amount))


@then("the answer shows the gift, whole and on this wallet")
def the_answer_shows_the_gift(wallet, given_gift):
    amount, value = given_gift
    assert str(value["WalletId"]).lower() == wallet.wallet_id.lower()
    assert (Decimal(value["Amount"]), Decimal(value["RemainingAmount"])) == (amount, amount)


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
