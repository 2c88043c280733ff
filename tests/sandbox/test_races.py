"""Simultaneous calls keep the rules, and break them without the lock."""

import asyncio
import contextlib
from decimal import Decimal

import pytest

from sandbox.application import Parts
from sandbox.books import Books
from sandbox.http.rejections import Rejection
from sandbox.ledger.database import Database
from sandbox.ledger.postings import Ledger
from sandbox.settings import Settings

AT_ONCE = 8


class RacingBooks(Books):
    """Without locking, another call runs between read and write."""

    def turn(self):
        return contextlib.nullcontext()

    @contextlib.asynccontextmanager
    async def writing(self):
        await asyncio.sleep(0.003)
        async with super().writing():
            yield


class SafeBooks(Books):
    """With locking, another call tries to run between read and write."""

    @contextlib.asynccontextmanager
    async def writing(self):
        await asyncio.sleep(0)
        async with super().writing():
            yield


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
    logins = await at_once(
        alfred.users.authenticate(alfred.users.books.settings.platform_id, login) for _ in range(AT_ONCE)
    )
    return len({login.wallet.id for login in logins})


async def confirmed_fundings(alfred):
    wallet = (
        await alfred.users.authenticate(alfred.users.books.settings.platform_id, {"externalReferenceId": "u"})
    ).wallet
    session = await alfred.fundings.open_payment_session(
        wallet, {"paymentType": "Funding", "walletAccountId": wallet.account_id}
    )
    details = {"selectedPaymentMethod": "cash", "selectedPaymentInstrumentId": session.instrument_id}
    body = {"paymentAmount": 20, "paymentCurrency": "BDT", "paymentSessionDetailsJson": details}
    payment = await alfred.fundings.create_payment(
        wallet, body | {"paymentSessionId": session.id, "walletAccountId": wallet.account_id}
    )
    await at_once(alfred.fundings.confirm_payment(wallet, payment.id) for _ in range(AT_ONCE))
    return wallet, alfred.users.balance_of(wallet)


async def confirmed_purchases(alfred, purchases):
    """Several purchases of 20 each on a balance of 20, or one of them many times."""
    wallet, _ = await confirmed_fundings(alfred)
    plain = {"amount": 20, "currency": "BDT", "shopConfigurationId": alfred.users.books.settings.shop_configuration_id}
    calls = []
    for _ in range(purchases):
        purchase = await alfred.purchases.create_purchase(plain)
        session = await alfred.purchases.open_purchase_session(purchase.id, {"walletId": wallet.id})
        details = {"selectedPaymentMethod": "cash", "selectedPaymentInstrumentId": session.instrument_id}
        body = {"paymentSessionDetails": details, "paymentSessionId": session.id, "walletId": wallet.id}
        calls += [(purchase.id, body)] * (AT_ONCE // purchases)
    before = alfred.users.balance_of(wallet)
    await at_once(alfred.purchases.confirm_purchase(*call) for call in calls)
    return before - alfred.users.balance_of(wallet)


async def sales(walletapi, same_sale_undone):
    """Sales of 20 each on a balance of 20, or one that is undone many times."""
    owner = walletapi.wallets.books.settings.owner_id
    opening = {"WalletOwnerId": owner, "RegionId": 1, "CurrencyCode": "TRY", "Alias": "5551234567"}
    await walletapi.wallets.create_wallet(opening)
    await walletapi.wallets.deposit({"Alias": "5551234567", "Amount": 20})
    sale = {"Alias": "5551234567", "Amount": 20}
    if same_sale_undone:
        await walletapi.sales.purchase_by_alias(sale | {"ExternalReference": "r"})
        await at_once(
            [walletapi.reversals.undo("Cancel", {"ExternalReference": "r"}) for _ in range(AT_ONCE // 2)]
            + [walletapi.reversals.undo("Refund", {"ExternalReference": "r"}) for _ in range(AT_ONCE // 2)]
        )
    else:
        await at_once(walletapi.sales.purchase_by_alias(sale) for _ in range(AT_ONCE))
    return (await walletapi.balances.balances("5551234567")).balance


@pytest.fixture
def of_books():
    """Return both APIs on a new ledger with these books."""

    def of(books):
        parts = Parts(books=books)
        shared = parts.shared(Settings(), Database())
        return parts.alfred(shared), parts.walletapi(shared)

    return of


def test_simultaneous_calls_keep_the_rules(of_books):
    assert asyncio.run(first_logins(of_books(SafeBooks)[0])) == 1
    assert asyncio.run(confirmed_purchases(of_books(SafeBooks)[0], 1)) == 20
    assert asyncio.run(sales(of_books(SafeBooks)[1], same_sale_undone=False)) == 0


def test_simultaneous_confirmations_credit_a_funding_once(of_books):
    assert asyncio.run(confirmed_fundings(of_books(SafeBooks)[0]))[1] == 20


def test_two_simultaneous_purchases_do_not_spend_the_same_balance(of_books):
    assert asyncio.run(confirmed_purchases(of_books(SafeBooks)[0], 2)) == 20


def test_simultaneous_undo_calls_undo_a_sale_once(of_books):
    assert asyncio.run(sales(of_books(SafeBooks)[1], same_sale_undone=True)) == 20


def test_without_locking_simultaneous_calls_break_the_rules(of_books, overdrawing):
    alfred, walletapi = of_books(RacingBooks)
    assert asyncio.run(first_logins(alfred)) == AT_ONCE
    assert asyncio.run(confirmed_fundings(alfred))[1] == 20 * AT_ONCE
    assert asyncio.run(confirmed_purchases(alfred, 1)) == 20 * AT_ONCE
    assert asyncio.run(sales(walletapi, same_sale_undone=False)) == Decimal(20 - 20 * AT_ONCE)


def test_without_locking_simultaneous_undo_calls_undo_a_sale_several_times(of_books, overdrawing):
    assert asyncio.run(sales(of_books(RacingBooks)[1], same_sale_undone=True)) == 20 * AT_ONCE
