"""Gifts on a wallet: given, spent first, used up."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from pytest_bdd import given, then, when

from harness.apis.walletapi.client import Wallet, WalletApi
from harness.apis.walletapi.expiry import platform_now
from harness.apis.walletapi.wallet_pool import WalletPool
from harness.causes.words import comparison
from harness.client.calls import Call
from harness.failures import WrongOutcome
from harness.gherkin.sentences import sentence
from harness.verdict.plugin import judges
from steps.walletapi.plain_sales import plain_sales_first
from steps.walletapi.sales import Sale

EXPIRY: Mapping[str, timedelta | None] = {
    "": None,
    " that expires in half a minute": timedelta(seconds=30),
    " that expires in a minute": timedelta(minutes=1),
    " that expires tomorrow": timedelta(days=1),
    " that expires in 20 years": timedelta(days=7305),
}
GivenGift = tuple[Decimal, Any]
"""The amount of a gift, and the Value of the response."""


@pytest.fixture
def gifts() -> list[str]:
    return []


def gift_call(walletapi: WalletApi, wallet: Wallet, amount: Decimal, after: timedelta | None) -> Call:
    """Give a gift that expires after this time; None for a gift that does not expire."""
    expires = platform_now(walletapi, wallet) + after if after else None
    return walletapi.gift_call(wallet, amount, expires)


@given(sentence("a gift of {amount:Money} on the wallet{after:Expiry}", Expiry=EXPIRY))
@given(sentence("another gift of {amount:Money} on the wallet"))
@given(sentence("{count:Count} gifts of {amount:Money} each on the wallet"))
def a_gift(
    walletapi: WalletApi,
    gift_wallet: Wallet,
    gifts: list[str],
    amount: Decimal,
    after: timedelta | None = None,
    count: int = 1,
) -> None:
    for _ in range(count):
        given_gift = walletapi.client.perform(gift_call(walletapi, gift_wallet, amount, after))
        gifts.append(str(given_gift["Id"]).lower())


@given(sentence("a gift of {amount:Money} on each wallet, which expire at the same moment"))
def a_gift_on_each_wallet(walletapi: WalletApi, gift_wallet: Wallet, other_wallet: Wallet, amount: Decimal) -> None:
    tomorrow = platform_now(walletapi, gift_wallet) + timedelta(days=1)
    for wallet in (gift_wallet, other_wallet):
        walletapi.client.perform(walletapi.gift_call(wallet, amount, tomorrow))


@then(sentence("the other wallet still has its gift of {amount:Money}"))
def the_other_wallet_has_its_gift(
    walletapi: WalletApi, wallet_pool: WalletPool, other_wallet: Wallet, amount: Decimal
) -> None:
    with plain_sales_first(walletapi):
        assert walletapi.balances(other_wallet).gifts - wallet_pool.before[other_wallet].gifts == amount


@given(sentence("a gift of {amount:Money} on the wallet that a sale has used up"))
def a_gift_that_is_used_up(walletapi: WalletApi, gift_wallet: Wallet, amount: Decimal) -> None:
    walletapi.give(gift_wallet, amount)
    walletapi.sell(walletapi.sale_call(gift_wallet, amount, gifts=True))


@when(sentence("the merchant gives a gift of {amount:Money}{after:Expiry}", Expiry=EXPIRY), target_fixture="given_gift")
def the_merchant_gives_a_gift(
    walletapi: WalletApi, gift_wallet: Wallet, amount: Decimal, after: timedelta | None
) -> GivenGift:
    return amount, walletapi.client.perform(gift_call(walletapi, gift_wallet, amount, after))


@then("the response shows that the gift expires")
def the_response_shows_that_it_expires(given_gift: GivenGift) -> None:
    _, value = given_gift
    assert value["ExpirationDate"] is not None
    assert not value["IsUnlimited"]


@then("the response shows the complete gift on this wallet")
def the_response_shows_the_gift(wallet: Wallet, given_gift: GivenGift) -> None:
    amount, value = given_gift
    assert str(value["WalletId"]).lower() == wallet.wallet_id.lower()
    assert (Decimal(value["Amount"]), Decimal(value["RemainingAmount"])) == (amount, amount)
    for flag in ("IsUsed", "IsFullyUsed", "IsPartiallyUsed"):
        assert not value[flag], f"{flag} is true"


@then(sentence("the gifts pay {amount:Money}"))
def the_gifts_pay(walletapi: WalletApi, sale: Sale, amount: Decimal) -> None:
    paid = sale.transaction.amount("GiftAmount")
    with plain_sales_first(walletapi):
        if (paid or 0) < amount and walletapi.recorder.scenario.clause == "G-5":
            raise WrongOutcome(f"a gift that has not expired pays {paid or 0}", "", sale.outcome.exchange, clause="G-1")
        spent = sale.before.gifts - walletapi.balances(sale.wallet).gifts
        if paid != amount and spent == amount:
            text = f"GiftAmount is {paid}, and the gifts have paid {spent}"
            raise WrongOutcome(text, "", sale.outcome.exchange, (paid, (spent,)), clause="G-1")
        if paid != amount:
            text = f"GiftAmount is {comparison('==', paid, amount)}"
            raise WrongOutcome(text, "", sale.outcome.exchange, (paid, (amount,)))
        assert spent == amount


@then(sentence("{amount:Money} of the gifts are left"))
def of_the_gifts_are_left(walletapi: WalletApi, sale: Sale, amount: Decimal) -> None:
    with plain_sales_first(walletapi):
        assert walletapi.balances(sale.wallet).gifts == amount


@then("no gift pays")
@judges("T-1")
def no_gift_pays(walletapi: WalletApi, sale: Sale) -> None:
    paid = sale.transaction.amount("GiftAmount")
    if paid:
        clause = next((one for one in walletapi.recorder.scenario.clauses if one != "T-1"), "")
        with plain_sales_first(walletapi):
            raise WrongOutcome(f"gifts pay {paid}", "", sale.outcome.exchange, clause=clause)
    with plain_sales_first(walletapi):
        assert paid is None


@then("the sale names no gift")
def the_sale_names_no_gift(sale: Sale) -> None:
    for member in ("GiftAmount", "GiftBalanceId", "UsedGiftBalances"):
        assert sale.transaction.value[member] is None, f"{member} is {sale.transaction.value[member]!r}"


@then("the gifts are unchanged")
def the_gifts_are_unchanged(walletapi: WalletApi, sale: Sale) -> None:
    with plain_sales_first(walletapi):
        assert walletapi.balances(sale.wallet).gifts == sale.before.gifts


@then("the two sales name a gift each")
@judges("G-6")
def the_sales_name_a_gift_each(sale: Sale, second_sale: Sale, gifts: list[str]) -> None:
    values = [one.transaction.value for one in (sale, second_sale)]
    named = {str(value["GiftBalanceId"]).lower() for value in values}
    assert named <= set(gifts)
    # A platform may take a part of each gift.
    if all(len(value["UsedGiftBalances"] or ()) == 1 for value in values):
        assert len(named) == len(values)


@then(sentence("the sale names a gift that paid, and lists {count:Count}"))
@judges("G-6")
def the_sale_names_its_gifts(sale: Sale, gifts: list[str], count: int) -> None:
    assert str(sale.transaction.value["GiftBalanceId"]).lower() in gifts
    assert len(sale.transaction.value["UsedGiftBalances"] or ()) == count
