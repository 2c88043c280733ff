"""Funding a wallet: the account, the Funding session, the payment and its confirmation."""

from __future__ import annotations

from decimal import Decimal

from pytest_bdd import given, then, when

from harness.apis.alfred.client import Alfred
from harness.apis.alfred.users import User
from harness.gherkin.sentences import sentence
from harness.verdict.plugin import judges


@given("the wallet names its account", target_fixture="account")
@when("the wallet is read", target_fixture="account")
def the_wallet_is_read(alfred, user):
    return alfred.users.account(user)


@when("the wallet is read again", target_fixture="account_again")
def the_wallet_is_read_again(alfred, user):
    return alfred.users.account(user)


@when("the wallet is read with the token that came second", target_fixture="account_again")
def the_wallet_is_read_with_the_second_token(alfred, user_again):
    return alfred.users.account(user_again)


@then("it names its account")
def it_names_its_account(account):
    assert account


@then("it names the same account")
def it_names_the_same_account(account, account_again):
    assert account_again == account


@then("the other user's wallet names another account")
def the_other_wallet_names_another_account(alfred, account, other):
    assert alfred.users.account(other) != account


@given("an open Funding session", target_fixture="funding_session")
@when("a Funding session is opened for it", target_fixture="funding_session")
@when("a Funding session is opened", target_fixture="funding_session")
def a_funding_session_is_opened(alfred, user):
    return alfred.funding.open_session(user)


@then("the session offers an instrument to pay with")
@judges("F-1")
def the_funding_session_offers_an_instrument(funding_session):
    assert funding_session.session_id
    assert funding_session.instrument_id


@given(sentence("a payment of {amount:Money} into the user's wallet that is not confirmed"), target_fixture="payment")
def an_unconfirmed_payment(alfred, user, amount):
    return alfred.funding.prepare_payment(user, amount)


@given(
    sentence("a payment of {amount:Money} into the other user's wallet that is not confirmed"), target_fixture="payment"
)
def an_unconfirmed_payment_of_the_other(alfred, other, amount):
    return alfred.funding.prepare_payment(other, amount)


@when(sentence("a payment of {amount:Money} is created in it"), target_fixture="payment")
def a_payment_is_created(alfred, funding_session, amount):
    return alfred.funding.create_payment(funding_session, amount)


@then("the payment has an id")
@judges("F-2")
def the_payment_has_an_id(payment):
    assert payment.payment_id


@given("the payment is confirmed")
@when("the payment is confirmed")
def the_payment_is_confirmed(alfred, payment):
    alfred.funding.confirm(payment)


@when("the payment is confirmed a second time, whatever comes of it")
def the_payment_is_confirmed_again(alfred, payment):
    # contract.md, Tolerances: whether the second is rejected or answers as the first did is not settled.
    alfred.attempt(alfred.funding.confirmation_call(payment))


@when(sentence("the user's wallet is funded with {amount:Money}"))
def the_wallet_is_funded(alfred, user, amount):
    alfred.funding.fund(user, amount)


@when(sentence("the user's wallet is funded {times:Count} times with {amount:Money}"))
def the_wallet_is_funded_often(alfred, user, times, amount):
    for _ in range(times):
        alfred.funding.fund(user, amount)


@then(sentence("the payment can still be confirmed, and the user then has {amount:Money}"))
def the_payment_can_still_be_confirmed(alfred, payment, amount):
    alfred.funding.confirm(payment)
    assert_balance(alfred, payment.user, amount)


@then(sentence("the session still takes a payment, and the user then has {amount:Money}"))
def the_session_still_takes_a_payment(alfred, funding_session, amount):
    alfred.funding.confirm(alfred.funding.create_payment(funding_session, Decimal("20.00")))
    assert_balance(alfred, funding_session.user, amount)


def assert_balance(alfred: Alfred, user: User, amount: Decimal) -> None:
    if not alfred.shows_balance:
        alfred.recorder.note("the balance was not compared: set [alfred.locate]")
        return
    assert alfred.balance(user) == amount
