"""Calls at the same moment: the rules are kept, and are broken without the lock."""

from __future__ import annotations

import asyncio
import contextlib
from decimal import Decimal

import pytest

from sandbox.alfred.rules import AlfredRules
from sandbox.http.rejections import Rejection
from sandbox.ledger.postings import Ledger
from sandbox.walletapi.rules import WalletApiRules

AT_ONCE = 8


class Racing:
    """Without the lock, another call comes in between read and write."""

    def exclusively(self, _operation):
        return contextlib.nullcontext()

    async def between_read_and_write(self, _operation):
        await asyncio.sleep(0.003)


class Suspending:
    """With the lock, another call tries to come in between read and write."""

    async def between_read_and_write(self, _operation):
        await asyncio.sleep(0)


class SafeAlfred(Suspending, AlfredRules):
    pass


class RacingAlfred(Racing, AlfredRules):
    pass


class SafeWalletApi(Suspending, WalletApiRules):
    pass


class RacingWalletApi(Racing, WalletApiRules):
    pass


@pytest.fixture
def overdrawing(monkeypatch):
    """Let the ledger overdraw accounts."""
    monkeypatch.setattr(Ledger, "check_not_overdrawn", lambda _ledger, _account: None)


async def at_once(calls):
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    for outcome in outcomes:
        assert not isinstance(outcome, Exception) or isinstance(outcome, Rejection), outcome
    return [outcome for outcome in outcomes if not isinstance(outcome, Rejection)]


async def first_logins(alfred):
    login = {"externalReferenceId": "new"}
    logins = await at_once(alfred.authenticate(alfred.settings.platform_id, login) for _ in range(AT_ONCE))
    return len({login.wallet.id for login in logins})


async def confirmed_fundings(alfred):
    wallet = (await alfred.authenticate(alfred.settings.platform_id, {"externalReferenceId": "u"})).wallet
    session = await alfred.open_payment_session(
        wallet, {"paymentType": "Funding", "walletAccountId": wallet.account_id}
    )
    details = {"selectedPaymentMethod": "cash", "selectedPaymentInstrumentId": session.instrument_id}
    body = {"paymentAmount": 20, "paymentCurrency": "BDT", "paymentSessionDetailsJson": details}
    payment = await alfred.create_payment(
        wallet, body | {"paymentSessionId": session.id, "walletAccountId": wallet.account_id}
    )
    await at_once(alfred.confirm_payment(wallet, payment.id) for _ in range(AT_ONCE))
    return wallet, alfred.balance_of(wallet)


async def confirmed_purchases(alfred, purchases):
    """Several purchases of 20 each on a balance of 20, or one of them many times."""
    wallet, _ = await confirmed_fundings(alfred)
    plain = {"amount": 20, "currency": "BDT", "shopConfigurationId": alfred.settings.shop_configuration_id}
    calls = []
    for _ in range(purchases):
        purchase = await alfred.create_purchase(plain)
        session = await alfred.open_purchase_session(purchase.id, {"walletId": wallet.id})
        details = {"selectedPaymentMethod": "cash", "selectedPaymentInstrumentId": session.instrument_id}
        body = {"paymentSessionDetails": details, "paymentSessionId": session.id, "walletId": wallet.id}
        calls += [(purchase.id, body)] * (AT_ONCE // purchases)
    before = alfred.balance_of(wallet)
    await at_once(alfred.confirm_purchase(*call) for call in calls)
    return before - alfred.balance_of(wallet)


async def sales(walletapi, same_sale_undone):
    """Sales of 20 each on a balance of 20, or one that is undone many times."""
    owner = walletapi.settings.owner_id
    opening = {"WalletOwnerId": owner, "RegionId": 1, "CurrencyCode": "TRY", "Alias": "5551234567"}
    await walletapi.create_wallet(opening)
    await walletapi.deposit({"Alias": "5551234567", "Amount": 20})
    sale = {"Alias": "5551234567", "Amount": 20}
    if same_sale_undone:
        await walletapi.purchase_by_alias(sale | {"ExternalReference": "r"})
        await at_once(
            [walletapi.cancel_purchase({"ExternalReference": "r"}) for _ in range(AT_ONCE // 2)]
            + [walletapi.refund_purchase({"ExternalReference": "r"}) for _ in range(AT_ONCE // 2)]
        )
    else:
        await at_once(walletapi.purchase_by_alias(sale) for _ in range(AT_ONCE))
    return (await walletapi.balances("5551234567")).balance


def test_calls_at_the_same_moment_keep_the_rules(books):
    assert asyncio.run(first_logins(books.rules(SafeAlfred))) == 1
    assert asyncio.run(confirmed_purchases(books.rules(SafeAlfred), 1)) == 20
    assert asyncio.run(sales(books.rules(SafeWalletApi), same_sale_undone=False)) == 0


def test_a_funding_is_credited_once_at_the_same_moment(books):
    assert asyncio.run(confirmed_fundings(books.rules(SafeAlfred)))[1] == 20


def test_two_purchases_never_spend_one_balance(books):
    assert asyncio.run(confirmed_purchases(books.rules(SafeAlfred), 2)) == 20


def test_a_sale_is_undone_once_at_the_same_moment(books):
    assert asyncio.run(sales(books.rules(SafeWalletApi), same_sale_undone=True)) == 20


def test_without_the_lock_calls_break_the_rules(books, overdrawing):
    alfred, walletapi = books.rules(RacingAlfred), books.rules(RacingWalletApi)
    assert asyncio.run(first_logins(alfred)) == AT_ONCE
    assert asyncio.run(confirmed_fundings(alfred))[1] == 20 * AT_ONCE
    assert asyncio.run(confirmed_purchases(alfred, 1)) == 20 * AT_ONCE
    assert asyncio.run(sales(walletapi, same_sale_undone=False)) == Decimal(20 - 20 * AT_ONCE)


def test_without_the_lock_a_sale_is_undone_twice(books, overdrawing):
    assert asyncio.run(sales(books.rules(RacingWalletApi), same_sale_undone=True)) == 20 * AT_ONCE
