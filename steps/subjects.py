"""The calls of both APIs that take a body, each ready to be sent as documented, with what it moves when it is taken."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

import pytest

from harness.apis.alfred.client import Alfred
from harness.apis.alfred.users import User
from harness.apis.walletapi.client import Wallet, WalletApi
from harness.client.calls import Call
from harness.client.client import Client
from harness.client.references import fresh_alias, fresh_reference
from harness.hostile.rejected_input import Fresh

CENTS: Final = Decimal("0.10")
FIVE: Final = Decimal("5.00")

Holdings = tuple[Decimal, ...]
"""What those concerned hold: a user's balance, or a wallet's and its gifts'; nothing where it can't be read."""


@dataclass(frozen=True)
class Subject:
    """One operation's call: ``fresh`` gives it anew, ``moves`` is what a taken one changes about ``holdings``.

    ``plain`` is a call beside it that must always be answered.
    """

    client: Client
    plain: Call
    fresh: Fresh
    holdings: Callable[[], Holdings]
    moves: Holdings
    repeats: bool = True

    def again(self, tried: Call) -> Call:
        """The call as documented: the same, or another where it is not settled that a reference may come again."""
        if self.repeats:
            return replace(tried, raw=None, content_type="application/json", proper=True, bare=False)
        return self.fresh()


def of_user(alfred: Alfred, user: User, fresh: Fresh, moves: Decimal = Decimal(0)) -> Subject:
    """A call whose effect is on a user's balance: it ``moves`` this much of it."""
    shown = alfred.shows_balance
    return Subject(
        client=alfred.client,
        plain=alfred.users.wallet_call(user),
        fresh=fresh,
        holdings=lambda: (alfred.balance(user),) if shown else (),
        moves=(moves,) if shown else (),
    )


def authentication(alfred: Alfred, user: User) -> Subject:
    # Of somebody else: whether the user's own token outlives another authentication is not settled.
    return of_user(alfred, user, lambda: alfred.users.authentication_call(fresh_reference("user")))


def purchase(alfred: Alfred, user: User) -> Subject:
    return of_user(alfred, user, lambda: alfred.purchases.creation_call(CENTS, user))


def purchase_session(alfred: Alfred, user: User) -> Subject:
    alfred.funding.fund(user, FIVE)
    opened = alfred.purchases.create(CENTS, user)
    return of_user(alfred, user, lambda: alfred.purchases.session_call(opened, user))


def purchase_confirmation(alfred: Alfred, user: User) -> Subject:
    alfred.funding.fund(user, FIVE)

    def fresh() -> Call:
        return alfred.purchases.confirmation_call(
            alfred.purchases.open_session(alfred.purchases.create(CENTS, user), user)
        )

    return of_user(alfred, user, fresh, moves=-CENTS)


def funding_session(alfred: Alfred, user: User) -> Subject:
    account = alfred.users.account(user)
    return of_user(alfred, user, lambda: alfred.funding.session_call(user, account))


def payment(alfred: Alfred, user: User) -> Subject:
    session = alfred.funding.open_session(user)
    return of_user(alfred, user, lambda: alfred.funding.payment_call(session, CENTS))


ALFRED: Final[Mapping[str, Callable[[Alfred, User], Subject]]] = {
    "an authentication": authentication,
    "a purchase": purchase,
    "a session on a purchase": purchase_session,
    "the confirmation of a purchase": purchase_confirmation,
    "a Funding session": funding_session,
    "a payment": payment,
}


def of_wallet(
    walletapi: WalletApi,
    wallet: Wallet,
    fresh: Fresh,
    moves: tuple[Decimal, Decimal] = (Decimal(0), Decimal(0)),
    *,
    repeats: bool = True,
) -> Subject:
    """A call whose effect is on a wallet: it ``moves`` this much of its balance, and of its gifts."""

    def holdings() -> Holdings:
        balances = walletapi.balances(wallet)
        return balances.wallet, balances.gifts

    return Subject(walletapi.client, walletapi.balances_call(wallet.alias), fresh, holdings, moves, repeats)


def sale(walletapi: WalletApi, wallet: Wallet) -> Subject:
    walletapi.deposit(wallet, FIVE)
    return of_wallet(walletapi, wallet, lambda: walletapi.sale_call(wallet, CENTS), (-CENTS, Decimal(0)), repeats=False)


def deposit(walletapi: WalletApi, wallet: Wallet) -> Subject:
    return of_wallet(
        walletapi, wallet, lambda: walletapi.deposit_call(wallet, CENTS), (CENTS, Decimal(0)), repeats=False
    )


def gift(walletapi: WalletApi, wallet: Wallet) -> Subject:
    return of_wallet(walletapi, wallet, lambda: walletapi.gift_call(wallet, CENTS), (Decimal(0), CENTS), repeats=False)


def new_wallet(walletapi: WalletApi, wallet: Wallet) -> Subject:
    if not walletapi.target.owner_id:
        pytest.skip("not judged: set owner_id")
    return of_wallet(walletapi, wallet, lambda: walletapi.wallet_call(fresh_alias()))


def undoing(operation: str) -> Callable[[WalletApi, Wallet], Subject]:
    def subject(walletapi: WalletApi, wallet: Wallet) -> Subject:
        walletapi.deposit(wallet, FIVE)

        def fresh() -> Call:
            reference = fresh_reference("sale")
            walletapi.sell(walletapi.sale_call(wallet, CENTS, reference=reference))
            return walletapi.undo_call(operation, reference)

        return of_wallet(walletapi, wallet, fresh, (CENTS, Decimal(0)))

    return subject


WALLETAPI: Final[Mapping[str, Callable[[WalletApi, Wallet], Subject]]] = {
    "a new wallet": new_wallet,
    "a deposit": deposit,
    "a gift": gift,
    "a sale": sale,
    "a cancellation": undoing("cancelPurchase"),
    "a refund": undoing("refundPurchase"),
}
