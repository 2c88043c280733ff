"""What Alfred must reject: a proper call with one thing wrong about it, and what may not come of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from pytest_bdd import then, when

from harness.apis.alfred.client import Alfred
from harness.apis.alfred.users import User
from harness.client.calls import Call, Outcome, made_up, near_miss, neighbour, other_case
from harness.client.references import fresh_reference
from harness.gherkin.sentences import sentence
from harness.wire.exchange import Headers

ORDERS: Mapping[str, Callable[[list[str]], str]] = {"before": min, "after": max}

AMOUNTS: Mapping[str, Any] = {
    "zero": 0,
    "zero with places": Decimal("0.00"),
    "a negative amount": Decimal("-20.00"),
    "a negative minor unit": Decimal("-0.01"),
    "a word": "twenty",
    "a number in quotes": "20.00",
    "true": True,
    "null": None,
    "a list": [20],
    "an object": {"value": 20},
}

NOT_TEXTS: Mapping[str, Any] = {
    "empty": "",
    "a number": 7,
    "true": True,
    "null": None,
    "a list": ["someuser"],
    "an object": {"id": "someuser"},
}


@dataclass(frozen=True)
class Attempt:
    """A call that should be rejected, and the balances of everybody concerned before it."""

    outcome: Outcome
    before: Mapping[User, Decimal]


def tried(alfred: Alfred, people: list[User], call: Call) -> Attempt:
    """Read the balances of everybody concerned, then send the call."""
    before = {user: alfred.balance(user) for user in people} if alfred.shows_balance else {}
    return Attempt(alfred.attempt(call), before)


# Credentials


def without(alfred: Alfred, call: Call) -> Headers:
    return ()


def unknown(alfred: Alfred, call: Call) -> Headers:
    return _altered(alfred, call, made_up)


def _altered(alfred: Alfred, call: Call, alter: Callable[[str], str]) -> Headers:
    value = call.credentials[0][1]
    token = alfred.credentials.role(call.operation) == "token"
    if token and alfred.target.token_scheme:
        value = value.removeprefix(f"{alfred.target.token_scheme} ")
    altered = alter(value)
    if altered == value:
        pytest.skip("not judged: the credential is the same in either case")
    return alfred.credentials.bearer(altered) if token else alfred.credentials.key(altered)


def almost(alfred: Alfred, call: Call) -> Headers:
    return _altered(alfred, call, near_miss)


def in_other_case(alfred: Alfred, call: Call) -> Headers:
    return _altered(alfred, call, other_case)


def of_another_role(alfred: Alfred, call: Call) -> Headers:
    shop, platform = alfred.target.shop_key.value, alfred.target.platform_key.value
    if shop == platform:
        pytest.skip("not judged: the target's shop_key and platform_key are the same")
    return alfred.credentials.key(shop if alfred.credentials.role(call.operation) == "platform" else platform)


CREDENTIALS: Mapping[str, Callable[[Alfred, Call], Headers]] = {
    "no key": without,
    "an unknown key": unknown,
    "another role's key": of_another_role,
    "a key that is off by one letter": almost,
    "the key in the other case": in_other_case,
    "no token": without,
    "a made-up token": unknown,
    "a token that is off by one letter": almost,
}


@when(sentence("authenticating the user is tried with {credential}"), target_fixture="attempt")
def authenticating_with(alfred, people, user, credential):
    call = alfred.users.authentication_call(user.external_reference)
    return tried(alfred, people, call.carrying(CREDENTIALS[credential](alfred, call)))


@when(
    sentence("authenticating the user is tried for a platform whose id comes {order} the key's own"),
    target_fixture="attempt",
)
def authenticating_for_another_platform(alfred, people, user, order):
    call = alfred.users.authentication_call(user.external_reference)
    return tried(alfred, people, call.to(platformId=neighbour(alfred.target.platform_id, ORDERS[order])))


@when(sentence("authenticating is tried with a reference that is {flaw}"), target_fixture="attempt")
def authenticating_with_a_bad_reference(alfred, people, user, flaw):
    call = alfred.users.authentication_call(fresh_reference("user"))
    flawed = (
        call.lacking("externalReferenceId")
        if flaw == "missing"
        else call.having({"externalReferenceId": NOT_TEXTS[flaw]})
    )
    return tried(alfred, people, flawed)


# Purchases


@when(sentence("creating a purchase is tried with {credential}"), target_fixture="attempt")
def creating_a_purchase_with(alfred, people, user, credential):
    call = alfred.purchases.creation_call(Decimal("50.00"), user)
    return tried(alfred, people, call.carrying(CREDENTIALS[credential](alfred, call)))


@when(sentence("opening a session on the purchase is tried with {credential}"), target_fixture="attempt")
def opening_a_session_with(alfred, people, session, credential):
    call = alfred.purchases.session_call(session.purchase, session.user)
    return tried(alfred, people, call.carrying(CREDENTIALS[credential](alfred, call)))


@when(sentence("confirming the purchase is tried with {credential}"), target_fixture="attempt")
def confirming_with(alfred, people, session, credential):
    call = alfred.purchases.confirmation_call(session)
    return tried(alfred, people, call.carrying(CREDENTIALS[credential](alfred, call)))


@when(sentence("creating a purchase is tried for an amount that is {flaw}"), target_fixture="attempt")
def creating_a_purchase_for(alfred, people, user, flaw):
    return tried(
        alfred, people, alfred.purchases.creation_call(Decimal("50.00"), user).having({"amount": AMOUNTS[flaw]})
    )


@when(sentence("creating a purchase is tried in {currency}, which the shop does not have"), target_fixture="attempt")
def creating_a_purchase_in_another_currency(alfred, people, user, currency):
    return tried(alfred, people, alfred.purchases.creation_call(Decimal("50.00"), user).having({"currency": currency}))


@when(
    sentence("creating a purchase is tried for a shop configuration whose id comes {order} the shop's own"),
    target_fixture="attempt",
)
def creating_a_purchase_of_no_shop(alfred, people, user, order):
    unknown_id = neighbour(alfred.target.shop_configuration_id, ORDERS[order])
    return tried(
        alfred,
        people,
        alfred.purchases.creation_call(Decimal("50.00"), user).having({"shopConfigurationId": unknown_id}),
    )


@when(sentence("creating a purchase is tried without its {member:Word}"), target_fixture="attempt")
def creating_a_purchase_without(alfred, people, user, member):
    return tried(alfred, people, alfred.purchases.creation_call(Decimal("50.00"), user).lacking(member))


@when(sentence("opening a session is tried {flaw}"), target_fixture="attempt")
def opening_a_session_is_tried(alfred, people, session, flaw):
    call = alfred.purchases.session_call(session.purchase, session.user)
    flawed = {
        "on an unknown purchase": lambda: call.to(purchaseId=made_up(session.purchase.purchase_id)),
        "for an unknown wallet": lambda: call.having({"walletId": made_up(session.user.wallet_id)}),
        "without a walletId": lambda: call.lacking("walletId"),
    }
    return tried(alfred, people, flawed[flaw]())


_INSTRUMENT = "paymentSessionDetails.selectedPaymentInstrumentId"
_METHOD = "paymentSessionDetails.selectedPaymentMethod"


@when(sentence("confirming is tried with {flaw} instead"), target_fixture="attempt")
def confirming_is_tried(alfred, people, session, flaw):
    call = alfred.purchases.confirmation_call(session)
    flawed = {
        "an unknown purchase": lambda: call.to(purchaseId=made_up(session.purchase.purchase_id)),
        "an unknown session": lambda: call.having({"paymentSessionId": made_up(session.session_id)}),
        "an instrument that was not offered": lambda: call.having({_INSTRUMENT: made_up(session.instrument_id)}),
        "an instrument whose id comes before the one offered": lambda: call.having(
            {_INSTRUMENT: neighbour(session.instrument_id, min)}
        ),
        "an instrument whose id comes after the one offered": lambda: call.having(
            {_INSTRUMENT: neighbour(session.instrument_id, max)}
        ),
        "a method that was not offered": lambda: call.having({_METHOD: "carrier-pigeon"}),
    }
    return tried(alfred, people, flawed[flaw]())


@when("confirming is tried with the session of the other purchase", target_fixture="attempt")
def confirming_with_another_purchases_session(alfred, people, session, second_session):
    return tried(
        alfred,
        people,
        alfred.purchases.confirmation_call(session).having({"paymentSessionId": second_session.session_id}),
    )


@when("confirming is tried with the session and the instrument of the other purchase", target_fixture="attempt")
def confirming_with_another_purchases_session_and_instrument(alfred, people, session, second_session):
    changes = {"paymentSessionId": second_session.session_id, _INSTRUMENT: second_session.instrument_id}
    return tried(alfred, people, alfred.purchases.confirmation_call(session).having(changes))


@when(
    "confirming the other purchase is tried with the session and the instrument of this one", target_fixture="attempt"
)
def confirming_another_purchase_with_this_session(alfred, people, session, second_session):
    changes = {"paymentSessionId": session.session_id, _INSTRUMENT: session.instrument_id}
    return tried(alfred, people, alfred.purchases.confirmation_call(second_session).having(changes))


@when("confirming is tried with the session of the other user's purchase", target_fixture="attempt")
def confirming_with_anothers_session(alfred, people, session, others_session):
    return tried(
        alfred,
        people,
        alfred.purchases.confirmation_call(session).having({"paymentSessionId": others_session.session_id}),
    )


@when("confirming the other user's purchase is tried with the user's wallet", target_fixture="attempt")
def confirming_anothers_purchase(alfred, people, user, others_session):
    return tried(
        alfred, people, alfred.purchases.confirmation_call(others_session).having({"walletId": user.wallet_id})
    )


@when("confirming is tried with the other user's wallet", target_fixture="attempt")
def confirming_with_anothers_wallet(alfred, people, session, other):
    return tried(alfred, people, alfred.purchases.confirmation_call(session).having({"walletId": other.wallet_id}))


@then("it is rejected")
def it_is_rejected(attempt):
    assert attempt.outcome.rejected, f"the platform accepted it: {attempt.outcome.summary}"


@then("every balance is as it was")
def every_balance_is_as_it_was(alfred, attempt):
    if not attempt.before:
        alfred.recorder.note("balances were not compared: set [alfred.locate]")
    for user, before in attempt.before.items():
        after = alfred.balance(user)
        assert after == before, f"a balance was {before} before the rejection and is {after} after it"
