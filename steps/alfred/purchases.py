"""Buying: purchases, the sessions that show how they can be paid, and their confirmation."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pytest_bdd import given, then, when

from harness.apis.alfred.admin import Admin
from harness.apis.alfred.client import Alfred
from harness.apis.alfred.users import User
from harness.gherkin.sentences import sentence
from harness.verdict.plugin import judges
from steps.alfred.users import newcomer


def shopper(alfred: Alfred, people: list[User]) -> User | None:
    """Who creates a purchase, where a target takes the user's token for that: the scenario's user, or a new one."""
    if alfred.credentials.role("createPurchase") != "token":
        return None
    return people[0] if people else newcomer(alfred, people)


@given(sentence("a purchase of {amount:Money}"), target_fixture="purchase")
@when(sentence("the shop creates a purchase of {amount:Money}"), target_fixture="purchase")
def a_purchase(alfred, people, amount):
    return alfred.purchases.create(amount, shopper(alfred, people))


@when(sentence("the shop creates {count:Count} purchases of {amount:Money}"), target_fixture="purchases")
def many_purchases(alfred, people, count, amount):
    return [alfred.purchases.create(amount, shopper(alfred, people)) for _ in range(count)]


@then("the purchase has an id")
@judges("P-1")
def the_purchase_has_an_id(purchase):
    assert purchase.purchase_id


@then("every purchase has an id of its own")
def every_purchase_has_its_own_id(purchases):
    ids = [purchase.purchase_id for purchase in purchases]
    assert len(set(ids)) == len(ids)


@given("the user has opened a session on it", target_fixture="session")
@when("the user opens a session on it", target_fixture="session")
def the_user_opens_a_session_on_it(alfred, purchase, user):
    return alfred.purchases.open_session(purchase, user)


@given(sentence("the user has opened a session on a purchase of {amount:Money}"), target_fixture="session")
@when(sentence("the user opens a session on a purchase of {amount:Money}"), target_fixture="session")
def the_user_opens_a_session(alfred, user, amount):
    return alfred.purchases.open_session(alfred.purchases.create(amount, user), user)


@given(
    sentence("the user has opened a session on another purchase, of {amount:Money}"), target_fixture="second_session"
)
def the_user_opens_a_session_on_another_purchase(alfred, user, amount):
    return alfred.purchases.open_session(alfred.purchases.create(amount, user), user)


@given(sentence("the other user has opened a session on a purchase of {amount:Money}"), target_fixture="others_session")
def the_other_opens_a_session(alfred, other, amount):
    return alfred.purchases.open_session(alfred.purchases.create(amount, other), other)


@given("the user has opened a second session on the same purchase", target_fixture="second_session")
def a_second_session_on_the_same_purchase(alfred, session):
    return alfred.purchases.open_session(session.purchase, session.user)


@when(sentence("the user opens {count:Count} sessions on purchases of {amount:Money} and confirms none"))
def sessions_never_confirmed(alfred, user, count, amount):
    for _ in range(count):
        alfred.purchases.open_session(alfred.purchases.create(amount, user), user)


@then("the session offers an instrument for it")
@judges("P-3")
def the_session_offers_an_instrument(session):
    assert session.session_id
    assert session.instrument_id


@then(sentence("{amount:Money} is payable by balance"))
@judges("S-1")
def payable_by_balance(session, balance_shown, amount):
    assert session.balance_amount == amount


@then(sentence("{amount:Money} is left for another instrument"))
@judges("S-1")
def left_for_another_instrument(session, balance_shown, amount):
    assert session.remaining_amount == amount


@given("the user has confirmed the purchase in cash")
@when("the user confirms the purchase in cash")
def the_user_confirms(alfred, session):
    alfred.purchases.confirm(session)


@when("the user confirms the other purchase in cash")
def the_user_confirms_the_other_purchase(alfred, second_session):
    alfred.purchases.confirm(second_session)


@when(sentence("the user buys for {amount:Money}"))
@given(sentence("the user has bought for {amount:Money}"))
def the_user_buys(alfred, user, amount):
    alfred.purchases.confirm(alfred.purchases.open_session(alfred.purchases.create(amount, user), user))


@when("the user confirms the purchase a second time, whatever comes of it")
def the_user_confirms_again(alfred, session):
    # contract.md, Tolerances: whether the second is rejected or answers as the first did is not settled.
    alfred.attempt(alfred.purchases.confirmation_call(session))


@when("the user confirms the purchase with each of the two sessions, whatever comes of it", target_fixture="accepted")
def the_user_confirms_with_both(alfred, session, second_session):
    outcomes = [alfred.attempt(alfred.purchases.confirmation_call(each)) for each in (second_session, session)]
    return sum(outcome.accepted for outcome in outcomes)


@when("the user opens another session on the confirmed purchase and confirms that, whatever comes of it")
def the_user_confirms_in_a_later_session(alfred, session):
    opened = alfred.attempt(alfred.purchases.session_call(session.purchase, session.user))
    if opened.accepted:
        payload = opened.payload
        call = alfred.purchases.confirmation_call(session)
        details = {
            "paymentSessionId": payload["paymentSessionId"],
            "paymentSessionDetails.selectedPaymentInstrumentId": payload["paymentInstrumentId"],
        }
        alfred.attempt(call.having(details))


@then("the purchase was accepted once or more")
def accepted_once_or_more(accepted):
    assert accepted


@then("the purchase can still be confirmed, at the part it showed")
def it_can_still_be_confirmed(alfred, session):
    before = alfred.balance(session.user) if alfred.shows_balance else None
    outcome = alfred.attempt(alfred.purchases.confirmation_call(session))
    if outcome.rejected:
        raise alfred.client.wrong_rejection(outcome, "P-10" if "P-10" in alfred.recorder.scenario.clauses else "")
    if before is None:
        alfred.recorder.note("the part was not compared: set [alfred.locate]")
        return
    spent = before - alfred.balance(session.user)
    assert spent == session.balance_amount, f"the session showed {session.balance_amount}, the balance fell by {spent}"


@given(sentence("the Admin UI, where there is one, shows a balance of {amount:Money}"))
def the_admin_ui_shows_before(alfred, admin, user, amount):
    if admin is not None:
        assert_shown(alfred, admin, user, amount)


@then(sentence("the Admin UI shows a balance of {amount:Money}"))
@judges("S-4")
def the_admin_ui_shows(alfred, admin, user, amount, balance_shown):
    if admin is None:
        pytest.skip("not judged: set [admin]")
    assert_shown(alfred, admin, user, amount)


@then("the Admin UI, where there is one, shows the same balance")
def the_admin_ui_agrees(alfred, admin, user, balance_shown):
    if admin is None:
        alfred.recorder.note("the target names no Admin UI: nothing compared")
        return
    assert_shown(alfred, admin, user, alfred.balance(user))


def assert_shown(alfred: Alfred, admin: Admin, user: User, amount: Decimal) -> None:
    alfred.recorder.note(admin.how)
    shown = admin.balance(user.wallet_id)
    assert shown == amount, f"the Admin UI shows {shown}, where {amount} is due"


@then(sentence("the other purchase can still be confirmed, for {amount:Money}"))
def the_other_can_still_be_confirmed(alfred, second_session, amount):
    before = alfred.balance(second_session.user) if alfred.shows_balance else None
    alfred.purchases.confirm(second_session)
    if before is not None:
        assert before - alfred.balance(second_session.user) == amount


@then("the purchase has spent nothing of the user's balance")
def nothing_was_spent(alfred, user):
    if not alfred.shows_balance:
        alfred.recorder.note("the balance was not compared: set [alfred.locate]")
        return
    assert alfred.balance(user) == 0
