"""Wallets of the WalletAPI: opening, depositing, reading the balances."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from pytest_bdd import given, then, when

from harness.apis.walletapi.client import Wallet, WalletApi
from harness.apis.walletapi.wallet_pool import WalletPool
from harness.budget.depth import Depth
from harness.client.calls import Outcome
from harness.client.unique import fresh_alias
from harness.failures import UsageError
from harness.gherkin.sentences import sentence
from harness.not_judged import NotJudged
from steps.last_balances import check_last_balances
from steps.walletapi.plain_sales import plain_sales_first

NOTHING = Decimal(0)
Opened = tuple[str, Any]
"""The alias of a new wallet, and the Value of the response."""


@pytest.fixture
def wallet_pool(walletapi: WalletApi) -> Iterator[WalletPool]:
    pool = WalletPool(walletapi)
    yield pool
    pool.release()


@pytest.fixture
def gift_wallet(wallet: Wallet, wallet_pool: WalletPool) -> Wallet:
    if wallet not in wallet_pool.without_gifts:
        raise UsageError('a scenario that gives gifts must begin with "a wallet without gifts"')
    return wallet


@given("a wallet", target_fixture="wallet")
@given(sentence("a wallet with {amount:Money} to spend"), target_fixture="wallet")
@given(sentence("another wallet with {amount:Money} to spend"), target_fixture="other_wallet")
def a_wallet(wallet_pool: WalletPool, amount: Decimal = NOTHING) -> Wallet:
    return wallet_pool.provide(amount)


PLACES = {"first": 0, "fifth": 4, "last": 9}


@given(
    sentence(
        "a wallet with {amount:Money} to spend, whose alias differs only in its {place:Place} digit", Place=PLACES
    ),
    target_fixture="wallet",
)
def a_wallet_with_a_similar_alias(
    walletapi: WalletApi, wallet_pool: WalletPool, other_wallet: Wallet, amount: Decimal, place: int
) -> Wallet:
    if not walletapi.target.owner_id:
        NotJudged.NO_OWNER.skip()
    digit = int(other_wallet.alias[place])
    # The first digit is not zero.
    alias = f"{other_wallet.alias[:place]}{digit % 9 + 1}{other_wallet.alias[place + 1 :]}"
    wallet = Wallet(walletapi.client.perform(walletapi.wallet_call(alias))["Id"], alias)
    wallet_pool.fill(wallet, amount)
    return wallet


@given("a wallet without gifts", target_fixture="wallet")
@given(sentence("a wallet with no gifts yet and {amount:Money} to spend"), target_fixture="wallet")
def a_wallet_without_gifts(wallet_pool: WalletPool, amount: Decimal = NOTHING) -> Wallet:
    return wallet_pool.provide(amount, without_gifts=True)


@when("the owner opens a wallet", target_fixture="opened")
def the_owner_opens_a_wallet(walletapi: WalletApi) -> Opened:
    if not walletapi.target.owner_id:
        NotJudged.NO_OWNER.skip()
    alias = fresh_alias()
    return alias, walletapi.client.perform(walletapi.wallet_call(alias))


@when("the owner tries to open a wallet by the alias of this one", target_fixture="opening")
def the_owner_opens_a_wallet_twice(walletapi: WalletApi, wallet: Wallet) -> Outcome:
    if not walletapi.target.owner_id:
        NotJudged.NO_OWNER.skip()
    return walletapi.attempt(walletapi.wallet_call(wallet.alias))


@then("if that was rejected, the wallet has what it had")
def the_wallet_has_what_it_had(walletapi: WalletApi, wallet: Wallet, wallet_pool: WalletPool, opening: Outcome) -> None:
    if opening.rejected:
        with plain_sales_first(walletapi):
            assert walletapi.balances(wallet) == wallet_pool.before[wallet]


@then("the response shows the wallet as it was requested")
def the_response_shows_the_wallet(walletapi: WalletApi, opened: Opened) -> None:
    alias, value = opened
    assert value["Alias"] == alias
    assert value["CurrencyCode"].upper() == walletapi.target.currency.upper()
    assert value["RegionId"] == walletapi.target.region_id
    assert str(value["WalletOwnerId"]).lower() == walletapi.target.owner_id.lower()
    assert not value["IsFrozen"]
    assert not value["IsDeleted"]


@then("the wallet is found by its alias")
def the_wallet_is_found(walletapi: WalletApi, opened: Opened) -> None:
    alias, value = opened
    found = walletapi.client.perform(walletapi.balances_call(alias))
    assert (str(found["Id"]).lower(), found["Alias"]) == (str(value["Id"]).lower(), alias)


@when(sentence("the merchant deposits {amount:Money}"), target_fixture="deposited")
@when(sentence("the merchant deposits {amount:Money} {times:Count} times"), target_fixture="deposited")
def the_merchant_deposits(walletapi: WalletApi, wallet: Wallet, amount: Decimal, times: int = 1) -> Any:
    return [walletapi.deposit(wallet, amount) for _ in range(times)][-1]


@then("the response shows the wallet with its new balance")
def the_response_shows_the_new_balance(walletapi: WalletApi, wallet: Wallet, deposited: Any) -> None:
    assert str(deposited["Id"]).lower() == wallet.wallet_id.lower()
    assert deposited["Alias"] == wallet.alias
    now = walletapi.balances(wallet)
    # No source says whether Balance and AvailableBalance include the gifts, or what is blocked.
    either = (now.wallet, now.wallet + now.gifts)
    available = Decimal(deposited["AvailableBalance"])
    with plain_sales_first(walletapi):
        assert Decimal(deposited["Balance"]) in either
        assert available in either or available + Decimal(deposited["BlockedBalance"]) in either
        assert Decimal(deposited["TotalGiftBalance"]) == now.gifts


@when("the merchant reads the balances", target_fixture="balances_read")
def the_merchant_reads_the_balances(walletapi: WalletApi, wallet: Wallet) -> Any:
    return walletapi.client.perform(walletapi.balances_call(wallet.alias))


@then("the response shows the wallet's balances, which add up to the total")
def the_response_shows_the_balances(wallet: Wallet, balances_read: Any) -> None:
    assert str(balances_read["Id"]).lower() == wallet.wallet_id.lower()
    assert balances_read["Alias"] == wallet.alias
    parts = Decimal(balances_read["WalletBalance"]) + Decimal(balances_read["TotalGiftBalance"])
    assert Decimal(balances_read["TotalBalance"]) == parts


@then(sentence("the wallet has {amount:Money} more than before"))
def the_wallet_has_more(walletapi: WalletApi, wallet: Wallet, wallet_pool: WalletPool, amount: Decimal) -> None:
    with plain_sales_first(walletapi):
        assert walletapi.balances(wallet).wallet - wallet_pool.before[wallet].wallet == amount


@then(sentence("the wallet has {amount:Money} more in gifts than before"))
def the_wallet_has_more_gifts(walletapi: WalletApi, wallet: Wallet, wallet_pool: WalletPool, amount: Decimal) -> None:
    with plain_sales_first(walletapi):
        assert walletapi.balances(wallet).gifts - wallet_pool.before[wallet].gifts == amount


@then("the other wallet is unchanged")
def the_other_wallet_is_unchanged(walletapi: WalletApi, other_wallet: Wallet, wallet_pool: WalletPool) -> None:
    with plain_sales_first(walletapi):
        assert walletapi.balances(other_wallet) == wallet_pool.before[other_wallet]


@then("every wallet of the run has what was read last")
def every_wallet_has_what_was_read_last(walletapi: WalletApi, depth: Depth) -> None:
    if not walletapi.target.owner_id:
        NotJudged.NO_OWNER.skip()  # other workers, and other scenarios, use the same aliases
    check_last_balances(
        walletapi.recorder, walletapi.last_balances, lambda wallet: walletapi.balances(wallet).wallet, depth
    )
