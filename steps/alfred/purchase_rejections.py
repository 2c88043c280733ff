"""Wrong authentications, purchases, sessions and confirmations."""

from __future__ import annotations

from decimal import Decimal

from pytest_bdd import when

from harness.apis.alfred import flaws
from harness.apis.alfred.client import Alfred
from harness.apis.alfred.flaws import CredentialFlaw
from harness.apis.alfred.purchases import PurchaseSession
from harness.apis.alfred.users import User
from harness.client.flaws import Flaw
from harness.gherkin.sentences import sentence
from steps.alfred.rejections import Attempt, TryCall

FIFTY = Decimal("50.00")


@when(sentence("the platform tries to authenticate the user with {key:Key}", Key=flaws.KEY), target_fixture="attempt")
def authenticating_with(alfred: Alfred, try_call: TryCall, user: User, key: CredentialFlaw) -> Attempt:
    return try_call(key(alfred.credentials, alfred.users.authentication_call(user.external_reference)))


@when(
    sentence("the platform tries to authenticate the user {flaw:Flaw}", Flaw=flaws.AUTHENTICATION),
    target_fixture="attempt",
)
def authenticating_wrongly(alfred: Alfred, try_call: TryCall, user: User, flaw: Flaw) -> Attempt:
    return try_call(flaw(alfred.users.authentication_call(user.external_reference)))


@when(sentence("the shop tries to create a purchase with {key:Key}", Key=flaws.KEY), target_fixture="attempt")
def creating_a_purchase_with(alfred: Alfred, try_call: TryCall, user: User, key: CredentialFlaw) -> Attempt:
    return try_call(key(alfred.credentials, alfred.purchases.creation_call(FIFTY, user)))


@when(sentence("the shop tries to create a purchase {flaw:Flaw}", Flaw=flaws.PURCHASE), target_fixture="attempt")
def creating_a_purchase_wrongly(alfred: Alfred, try_call: TryCall, user: User, flaw: Flaw) -> Attempt:
    return try_call(flaw(alfred.purchases.creation_call(FIFTY, user)))


@when(
    sentence("the user tries to open a session on the purchase with {key:Key}", Key=flaws.KEY), target_fixture="attempt"
)
def opening_a_session_with(alfred: Alfred, try_call: TryCall, session: PurchaseSession, key: CredentialFlaw) -> Attempt:
    return try_call(key(alfred.credentials, alfred.purchases.session_call(session.purchase, session.user)))


@when(sentence("the user tries to open a session {flaw:Flaw}", Flaw=flaws.SESSION), target_fixture="attempt")
def opening_a_session_wrongly(alfred: Alfred, try_call: TryCall, session: PurchaseSession, flaw: Flaw) -> Attempt:
    return try_call(flaw(alfred.purchases.session_call(session.purchase, session.user)))


@when(sentence("the user tries to confirm the purchase with {key:Key}", Key=flaws.KEY), target_fixture="attempt")
def confirming_with(alfred: Alfred, try_call: TryCall, session: PurchaseSession, key: CredentialFlaw) -> Attempt:
    return try_call(key(alfred.credentials, alfred.purchases.confirmation_call(session)))


@when(
    sentence("the user tries to confirm the purchase with {flaw:Flaw}", Flaw=flaws.CONFIRMATION),
    target_fixture="attempt",
)
def confirming_wrongly(alfred: Alfred, try_call: TryCall, session: PurchaseSession, flaw: Flaw) -> Attempt:
    return try_call(flaw(alfred.purchases.confirmation_call(session)))


@when("the user tries to confirm the purchase with the session of the other purchase", target_fixture="attempt")
def confirming_with_another_session(
    alfred: Alfred, try_call: TryCall, session: PurchaseSession, second_session: PurchaseSession
) -> Attempt:
    return try_call(flaws.in_session(second_session)(alfred.purchases.confirmation_call(session)))


@when(
    "the user tries to confirm the purchase with the session and the instrument of the other purchase",
    target_fixture="attempt",
)
def confirming_with_another_session_and_instrument(
    alfred: Alfred, try_call: TryCall, session: PurchaseSession, second_session: PurchaseSession
) -> Attempt:
    flaw = flaws.in_session(second_session, with_instrument=True)
    return try_call(flaw(alfred.purchases.confirmation_call(session)))


@when(
    "the user tries to confirm the other purchase with the session and the instrument of the first purchase",
    target_fixture="attempt",
)
def confirming_the_other_with_this_session(
    alfred: Alfred, try_call: TryCall, session: PurchaseSession, second_session: PurchaseSession
) -> Attempt:
    flaw = flaws.in_session(session, with_instrument=True)
    return try_call(flaw(alfred.purchases.confirmation_call(second_session)))


@when("the user tries to confirm the purchase with the session of the other user's purchase", target_fixture="attempt")
def confirming_with_the_others_session(
    alfred: Alfred, try_call: TryCall, session: PurchaseSession, others_session: PurchaseSession
) -> Attempt:
    return try_call(flaws.in_session(others_session)(alfred.purchases.confirmation_call(session)))


@when("the other user tries to confirm that purchase with the user's wallet", target_fixture="attempt")
def the_other_confirms_with_the_users_wallet(
    alfred: Alfred, try_call: TryCall, user: User, others_session: PurchaseSession
) -> Attempt:
    return try_call(flaws.with_wallet_of(user)(alfred.purchases.confirmation_call(others_session)))


@when("the user tries to confirm the purchase with the other user's wallet", target_fixture="attempt")
def confirming_with_the_others_wallet(
    alfred: Alfred, try_call: TryCall, session: PurchaseSession, other: User
) -> Attempt:
    return try_call(flaws.with_wallet_of(other)(alfred.purchases.confirmation_call(session)))
