"""Sales that must fail, and what may not come of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from pytest_bdd import then, when

from harness.apis.walletapi.client import Balances, Cashback, Wallet, WalletApi, key_headers
from harness.client.calls import Call, Outcome, made_up, near_miss, other_case
from harness.client.references import fresh_alias
from harness.gherkin.sentences import sentence
from harness.wire.exchange import Headers
from steps.alfred.rejections import AMOUNTS

TEN = Decimal("10.00")
_ILL_TYPED = frozenset({"a word", "a number in quotes", "true", "null", "a list", "an object"})


@dataclass(frozen=True)
class FailedSale:
    """A sale that should fail, and what the wallet held before."""

    outcome: Outcome
    wallet: Wallet
    before: Balances


def tried(walletapi: WalletApi, wallet: Wallet, call: Call) -> FailedSale:
    """Read what the wallet holds, then send the sale."""
    before = walletapi.balances(wallet)
    return FailedSale(walletapi.attempt(call), wallet, before)


def _different(walletapi: WalletApi) -> tuple[str, str]:
    key, client = walletapi.target.key.value, walletapi.target.client.value
    if key == client:
        pytest.skip("not judged: the target's key and client are the same")
    return key, client


def _in_other_case(value: str) -> str:
    if other_case(value) == value:
        pytest.skip("not judged: the credential is the same in either case")
    return other_case(value)


def credentials(walletapi: WalletApi, flaw: str) -> Headers:
    """The two headers with what a row says is wrong about them."""
    key, client = walletapi.target.key.value, walletapi.target.client.value
    pairs: Mapping[str, Callable[[], tuple[str | None, str | None]]] = {
        "without apikeypublic": lambda: (None, client),
        "without apiclientpublic": lambda: (key, None),
        "without either": lambda: (None, None),
        "with an unknown apikeypublic": lambda: (made_up(key), client),
        "with an unknown apiclientpublic": lambda: (key, made_up(client)),
        "with an apikeypublic that is off by one letter": lambda: (near_miss(key), client),
        "with an apiclientpublic that is off by one letter": lambda: (key, near_miss(client)),
        "with an apikeypublic in the other case": lambda: (_in_other_case(key), client),
        "with an apiclientpublic in the other case": lambda: (key, _in_other_case(client)),
        "with the two swapped": lambda: _different(walletapi)[::-1],
    }
    return key_headers(*pairs[flaw]())


@when(sentence("a sale of 10.00 is tried {flaw} in its headers"), target_fixture="failed")
def a_sale_with_wrong_headers(walletapi, wallet, flaw):
    call = walletapi.sale_call(wallet, TEN)
    return tried(walletapi, wallet, call.carrying(credentials(walletapi, flaw)))


@when(sentence("a sale of an amount that is {flaw} is tried"), target_fixture="failed")
def a_sale_of_no_amount(walletapi, wallet, flaw):
    call = walletapi.sale_call(wallet, TEN).having({"Amount": AMOUNTS[flaw]}, bare=flaw in _ILL_TYPED)
    return tried(walletapi, wallet, call)


@when("a sale is tried by an unknown alias", target_fixture="failed")
def a_sale_by_an_unknown_alias(walletapi, wallet):
    return tried(walletapi, wallet, walletapi.sale_call(wallet, TEN).having({"Alias": fresh_alias()}))


@when(sentence("a sale is tried without its {member:Word}"), target_fixture="failed")
def a_sale_without(walletapi, wallet, member):
    return tried(walletapi, wallet, walletapi.sale_call(wallet, TEN).lacking(member))


@when("a sale is tried with a cashback of an unknown type", target_fixture="failed")
def a_sale_with_an_unknown_cashback(walletapi, wallet):
    return tried(walletapi, wallet, flawed_cashback(walletapi, wallet, "Cake", Decimal("5.00")))


@when(sentence("a sale is tried with a cashback by {kind:Word} of {value:Money}"), target_fixture="failed")
def a_sale_with_a_negative_cashback(walletapi, wallet, kind, value):
    return tried(walletapi, wallet, flawed_cashback(walletapi, wallet, kind, value))


def flawed_cashback(walletapi: WalletApi, wallet: Wallet, kind: str, value: Decimal) -> Call:
    """A sale whose cashback is wrong."""
    sent: dict[str, Any] = {"CashbackApply": True, "CashbackType": kind, "CashbackValue": value}
    return walletapi.sale_call(wallet, TEN).having(sent)


def more_than(
    walletapi: WalletApi, wallet: Wallet, *, gifts: bool, excess: Decimal, cashback: Cashback | None = None
) -> Call:
    """A sale of so much more than what the wallet, and its gifts where they may be used, hold now."""
    held = walletapi.balances(wallet)
    amount = held.wallet + (held.gifts if gifts else 0) + excess
    return walletapi.sale_call(wallet, amount, gifts=gifts, cashback=cashback)


@when(sentence("a sale of {excess:Money} more than the wallet holds is tried"), target_fixture="failed")
def a_sale_of_too_much(walletapi, wallet, excess):
    return tried(walletapi, wallet, more_than(walletapi, wallet, gifts=False, excess=excess))


@when(sentence("a sale of {excess:Money} more than the wallet and its gifts hold is tried"), target_fixture="failed")
def a_sale_of_too_much_with_gifts(walletapi, wallet, excess):
    return tried(walletapi, wallet, more_than(walletapi, wallet, gifts=True, excess=excess))


@when(
    sentence("a sale of {excess:Money} more than the wallet holds is tried with a cashback of {value:Money}"),
    target_fixture="failed",
)
def a_sale_of_too_much_with_cashback(walletapi, wallet, excess, value):
    cashback = Cashback("Amount", value)
    return tried(walletapi, wallet, more_than(walletapi, wallet, gifts=False, excess=excess, cashback=cashback))


@when("a sale of exactly what the wallet holds is made", target_fixture="failed")
def a_sale_of_exactly_as_much(walletapi, wallet):
    return tried(walletapi, wallet, more_than(walletapi, wallet, gifts=False, excess=Decimal(0)))


@when("a sale of exactly what the wallet and its gifts hold is made", target_fixture="failed")
def a_sale_of_exactly_as_much_with_gifts(walletapi, wallet):
    return tried(walletapi, wallet, more_than(walletapi, wallet, gifts=True, excess=Decimal(0)))


@then("it succeeds")
def it_succeeds(failed):
    assert failed.outcome.accepted, f"the platform rejected it: {failed.outcome.summary}"


@then("the wallet is empty")
def the_wallet_is_empty(walletapi, failed):
    assert walletapi.balances(failed.wallet).wallet == 0


@then("the wallet and its gifts are empty")
def the_wallet_and_gifts_are_empty(walletapi, failed):
    assert walletapi.balances(failed.wallet) == Balances(Decimal(0), Decimal(0))


@then("it fails")
def it_fails(failed):
    assert failed.outcome.rejected, f"the platform accepted it: {failed.outcome.summary}"


@then("the wallet and its gifts are as they were")
def they_are_as_they_were(walletapi, failed):
    assert walletapi.balances(failed.wallet) == failed.before


@then("a proper sale of 10.00 is still possible")
def a_proper_sale_is_possible(walletapi, failed):
    walletapi.sell(walletapi.sale_call(failed.wallet, TEN))
    assert failed.before.wallet - walletapi.balances(failed.wallet).wallet == TEN


@when(
    sentence("a sale of {excess:Money} more than the wallet holds is tried, though it may use gifts"),
    target_fixture="failed",
)
def a_sale_of_too_much_that_may_use_gifts(walletapi, wallet, excess):
    amount = walletapi.balances(wallet).wallet + excess
    return tried(walletapi, wallet, walletapi.sale_call(wallet, amount, gifts=True))
