"""Wallets of the WalletAPI: whose they are, what they hold, and how money gets on them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from pytest_bdd import given, then, when

from harness.apis.walletapi.client import Wallet, WalletApi
from harness.apis.walletapi.wallet_pool import WalletPool
from harness.client.references import fresh_alias
from harness.gherkin.sentences import sentence


@pytest.fixture
def purses(walletapi: WalletApi) -> Iterator[WalletPool]:
    """The wallets of this scenario."""
    taken = WalletPool(walletapi)
    yield taken
    taken.release()


@pytest.fixture
def gifts_matter(request: pytest.FixtureRequest) -> bool:
    """Whether the scenario speaks of gifts, so that it must know which there are (contract.md, WalletAPI)."""
    scenario = getattr(request.node, "scenario", None)
    return scenario is None or any("gift" in step.name for step in scenario.template.steps)


def holding(walletapi: WalletApi, purses: WalletPool, amount: Decimal, *, without_gifts: bool) -> Wallet:
    """A wallet with this much more than it held before."""
    wallet = purses.take(without_gifts=without_gifts)
    walletapi.deposit(wallet, amount)
    return wallet


@given("a wallet", target_fixture="wallet")
def a_wallet(purses, gifts_matter):
    return purses.take(without_gifts=gifts_matter)


@given(sentence("a wallet holding {amount:Money}"), target_fixture="wallet")
def a_wallet_holding(walletapi, purses, gifts_matter, amount):
    return holding(walletapi, purses, amount, without_gifts=gifts_matter)


@given(sentence("another wallet holding {amount:Money}"), target_fixture="other_wallet")
def another_wallet_holding(walletapi, purses, gifts_matter, amount):
    return holding(walletapi, purses, amount, without_gifts=gifts_matter)


@given("what the wallets hold is known", target_fixture="held")
def what_the_wallets_hold(walletapi, wallet, other_wallet):
    return {each: walletapi.balances(each) for each in (wallet, other_wallet)}


@given("what the wallet holds is known", target_fixture="held")
def what_the_wallet_holds(walletapi, wallet):
    return {wallet: walletapi.balances(wallet)}


@when("a wallet is opened for the target's owner", target_fixture="opened")
def a_wallet_is_opened(walletapi):
    if not walletapi.target.owner_id:
        pytest.skip("not judged: set owner_id")
    alias = fresh_alias()
    return alias, walletapi.client.perform(walletapi.wallet_call(alias))


@then("the response shows the wallet as it was asked for")
def the_response_shows_the_wallet(walletapi, opened):
    alias, value = opened
    assert value["Alias"] == alias
    assert value["CurrencyCode"].upper() == walletapi.target.currency.upper()
    assert value["RegionId"] == walletapi.target.region_id
    assert str(value["WalletOwnerId"]).lower() == walletapi.target.owner_id.lower()
    assert not value["IsFrozen"]
    assert not value["IsDeleted"]


@then("its alias reaches it")
def its_alias_reaches_it(walletapi, opened):
    alias, value = opened
    found = walletapi.client.perform(walletapi.balances_call(alias))
    assert (str(found["Id"]).lower(), found["Alias"]) == (str(value["Id"]).lower(), alias)


@when(sentence("{amount:Money} is deposited"), target_fixture="deposited")
def it_is_deposited(walletapi, wallet, amount):
    return walletapi.deposit(wallet, amount)


@then("the response shows the wallet with the balance that it now has")
def the_response_shows_the_balance(walletapi, wallet, deposited):
    assert str(deposited["Id"]).lower() == wallet.wallet_id.lower()
    assert deposited["Alias"] == wallet.alias
    now = walletapi.balances(wallet)
    # No source says which of the two counts the gifts, nor whether what is blocked is available.
    either = (now.wallet, now.wallet + now.gifts)
    available = Decimal(deposited["AvailableBalance"])
    assert Decimal(deposited["Balance"]) in either
    assert available in either or available + Decimal(deposited["BlockedBalance"]) in either
    assert Decimal(deposited["TotalGiftBalance"]) == now.gifts


@when("the balances are read", target_fixture="read")
def the_balances_are_read(walletapi, wallet):
    return walletapi.client.perform(walletapi.balances_call(wallet.alias))


@then("the response shows the wallet's balances, and the total is the wallet's own and the gifts'")
def the_response_shows_the_balances(wallet, read):
    assert str(read["Id"]).lower() == wallet.wallet_id.lower()
    assert read["Alias"] == wallet.alias
    assert Decimal(read["TotalBalance"]) == Decimal(read["WalletBalance"]) + Decimal(read["TotalGiftBalance"])


@then(sentence("the wallet holds {amount:Money} more than before"))
def the_wallet_holds_more(walletapi, wallet, held, amount):
    assert walletapi.balances(wallet).wallet - held[wallet].wallet == amount


@then("the other wallet holds what it held before")
def the_other_wallet_is_untouched(walletapi, other_wallet, held):
    assert walletapi.balances(other_wallet) == held[other_wallet]
