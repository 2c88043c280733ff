"""What no response may give away: each call sent so that a careless platform would tell more than it should."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from pytest_bdd import given, then, when

from harness.apis.alfred.client import Alfred
from harness.apis.alfred.users import User
from harness.apis.walletapi.client import Wallet, WalletApi
from harness.client.calls import Call, made_up
from harness.gherkin.sentences import sentence
from harness.hostile.hostile_run import endure
from harness.hostile.odd_input import null_byte
from harness.hostile.rejected_input import not_json
from steps.subjects import ALFRED, CENTS, WALLETAPI, Subject, of_user, of_wallet

TO_BE_ESCAPED = '"<&/\\>'
UNKNOWN: Mapping[str, str] = {
    "authenticateWallet": "platformId",
    "createPurchase": "shopConfigurationId",
    "openPurchaseSession": "purchaseId",
    "confirmPurchase": "purchaseId",
    "getWallet": "walletId",
    "openPaymentSession": "walletAccountId",
    "createPayment": "walletAccountId",
    "confirmPayment": "paymentId",
    "createWallet": "WalletOwnerId",
    "depositByAlias": "Alias",
    "createGiftByAlias": "Alias",
    "purchaseByAlias": "Alias",
    "cancelPurchase": "ExternalReference",
    "refundPurchase": "ExternalReference",
    "balancesByAlias": "alias",
}
"""The id that a call names something by, in its path, its query or its body."""


def reading(alfred: Alfred, user: User) -> Subject:
    return of_user(alfred, user, lambda: alfred.users.wallet_call(user))


def payment_confirmation(alfred: Alfred, user: User) -> Subject:
    return of_user(alfred, user, lambda: alfred.funding.confirmation_call(alfred.funding.prepare_payment(user, CENTS)))


def balances(walletapi: WalletApi, wallet: Wallet) -> Subject:
    return of_wallet(walletapi, wallet, lambda: walletapi.balances_call(wallet.alias))


OF_USERS = {**ALFRED, "the wallet": reading, "the confirmation of a payment": payment_confirmation}
OF_WALLETS = {**WALLETAPI, "the balances": balances}


def unknown_credentials(call: Call) -> Iterator[Call]:
    """The call with each of its credentials made up, and made up so that a response would have to escape it."""
    for name, value in call.credentials:
        scheme, blank, secret = value.rpartition(" ")
        for unknown in (made_up(secret), made_up(secret) + TO_BE_ESCAPED):
            others = tuple(header for header in call.credentials if header[0] != name)
            yield call.carrying((*others, (name, f"{scheme}{blank}{unknown}")))


def for_something_unknown(call: Call) -> Iterator[Call]:
    """The call naming what nobody knows, by an id of the right shape."""
    name = UNKNOWN[call.operation]
    if name in call.path:
        yield call.to(**{name: made_up(call.path[name])})
    elif name in call.query:
        yield replace(call, query={name: made_up(call.query[name])}, proper=False)
    else:
        yield call.having({name: made_up(call.body[name])})


WAYS: Mapping[str, Callable[[Call], Iterator[Call]]] = {
    "as documented": lambda call: iter((call,)),
    "with a credential that nobody has": unknown_credentials,
    "for something that nobody knows": for_something_unknown,
}


@given(sentence("a user's call for {action}"), target_fixture="subject")
def a_users_call(alfred, user, action):
    return OF_USERS[action](alfred, user)


@given(sentence("a wallet's call for {action}"), target_fixture="subject")
def a_wallets_call(walletapi, wallet, action):
    return OF_WALLETS[action](walletapi, wallet)


@when(sentence("it is sent out {way}"))
def it_is_sent_out(subject, way):
    for call in WAYS[way](subject.fresh()):
        subject.client.attempt(call)


@when("its body is one that a parser or a database may choke on")
def it_is_sent_out_broken(subject):
    for hostiles in (not_json, null_byte):
        endure(subject.client, hostiles(subject.fresh), subject.plain)


@then("no response has carried a credential or told of the platform's insides")
def no_response_reveals(subject):
    for violation in subject.client.recorder.scenario.violations:
        raise violation
