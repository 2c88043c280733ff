"""What users did some seconds ago. It is done before the first scenario, so that a run seldom has to wait."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

import pytest
from pytest_bdd import given, then, when

from harness.apis.alfred.client import Alfred
from harness.apis.alfred.flaws.calls import CONFIRMATION
from harness.apis.alfred.flaws.credentials import KEY, TOKEN
from harness.apis.alfred.funding import FundingSession, Payment
from harness.apis.alfred.purchases import Purchase, PurchaseSession
from harness.apis.alfred.users import User
from harness.client.unique import fresh_reference
from harness.gherkin.sentences import sentence
from harness.walks.story import made
from steps.alfred.balances import check_balance
from steps.early import Early, make_early, when_ready

AGE = 3.0  # seconds
LONGEST = 240.0  # seconds; contract.md does not say for how long what is open can be used
EIGHTY, FIFTY, THIRTY, TWENTY = (Decimal(text) for text in ("80.00", "50.00", "30.00", "20.00"))


@dataclass(frozen=True)
class Earlier:
    user: User
    payment: Payment
    session: PurchaseSession
    funding_session: FundingSession | None = None
    purchase: Purchase | None = None


def confirmed(alfred: Alfred, user: User, payment: Payment) -> Earlier:
    session = alfred.purchases.open_on_new(THIRTY, user)
    alfred.purchases.confirm(session)
    return Earlier(user, payment, session)


def bought_only(alfred: Alfred, user: User, payment: Payment) -> Earlier:
    """Of a scenario that authenticates the user again: an earlier token may end then."""
    return confirmed(alfred, user, payment)


def session_opened(alfred: Alfred, user: User, payment: Payment) -> Earlier:
    return Earlier(user, payment, alfred.purchases.open_on_new(FIFTY, user))


def purchase_created(alfred: Alfred, user: User, payment: Payment) -> Earlier:
    session = alfred.purchases.open_on_new(FIFTY, user)
    return Earlier(user, payment, session, purchase=alfred.purchases.create(FIFTY, user))


def payment_created(alfred: Alfred, user: User, payment: Payment) -> Earlier:
    session = alfred.purchases.open_on_new(FIFTY, user)
    return Earlier(user, alfred.funding.prepare_payment(user, TWENTY), session)


def confirmed_without_key(alfred: Alfred, user: User, payment: Payment) -> Earlier:
    session = alfred.purchases.open_on_new(FIFTY, user)
    call = alfred.purchases.confirmation_call(session)
    alfred.attempt(KEY["an unknown key"](alfred.credentials, call, user), "P-5")
    return Earlier(user, payment, session)


def confirmed_wrongly(alfred: Alfred, user: User, payment: Payment) -> Earlier:
    session = alfred.purchases.open_on_new(FIFTY, user)
    for flaw in ("a method that was not offered", "an instrument that was not offered"):
        alfred.attempt(CONFIRMATION[flaw](alfred.purchases.confirmation_call(session)), "P-8")
    return Earlier(user, payment, session)


def confirmed_without_token(alfred: Alfred, user: User, payment: Payment) -> Earlier:
    created = alfred.funding.prepare_payment(user, TWENTY)
    call = alfred.funding.confirmation_call(created)
    alfred.attempt(TOKEN["a made-up token"](alfred.credentials, call, user), "W-3")
    return Earlier(user, created, alfred.purchases.open_on_new(FIFTY, user))


def funding_session_opened(alfred: Alfred, user: User, payment: Payment) -> Earlier:
    session = alfred.purchases.open_on_new(FIFTY, user)
    return Earlier(user, payment, session, alfred.funding.open_session(user))


Actions = Callable[[Alfred, User, Payment], Earlier]
OPEN: frozenset[Actions] = frozenset({session_opened, purchase_created, payment_created, funding_session_opened})
ACTIONS: Mapping[str, Actions] = {
    "bought for 30.00": confirmed,
    "left after buying for 30.00": bought_only,
    "opened a session on a purchase of 50.00": session_opened,
    "created a purchase of 50.00": purchase_created,
    "created a payment of 20.00": payment_created,
    "opened a Funding session": funding_session_opened,
    "tried to confirm a purchase of 50.00 with an unknown key": confirmed_without_key,
    "tried to confirm a purchase of 50.00 with a wrong method and a wrong instrument": confirmed_wrongly,
    "tried to confirm a payment of 20.00 with a made-up token": confirmed_without_token,
}


def do(alfred: Alfred, actions: Actions) -> tuple[Earlier, float]:
    """Fund a new user with 80.00, and do the rest. Return also the time.monotonic() at which that is old enough."""
    user = alfred.users.authenticate(fresh_reference("user"))
    payment = alfred.funding.prepare_payment(user, EIGHTY)
    alfred.funding.confirm(payment)
    return actions(alfred, user, payment), time.monotonic() + AGE


@pytest.fixture(scope="session")
def early_users(request: pytest.FixtureRequest, alfred_client: Alfred | None) -> dict[Actions, Early[Earlier]]:
    api = alfred_client
    if api is None or not api.shows_balance:
        return {}
    if not any(item.path.name == "time.feature" for item in request.session.items):
        return {}
    return make_early(api.recorder, {each: partial(do, api, each) for each in ACTIONS.values()})


@given(
    sentence("a user who paid in 80.00 and {actions:Actions} some seconds ago", Actions=ACTIONS),
    target_fixture="earlier",
)
def a_user_some_seconds_ago(
    alfred: Alfred, balance_shown: None, early_users: dict[Actions, Early[Earlier]], actions: Actions
) -> Earlier:
    early = early_users.get(actions)
    if early and actions in OPEN and time.monotonic() - early.ready_at > LONGEST:
        early = None
    return when_ready(alfred.recorder, early, lambda: do(alfred, actions))


@when("that payment is confirmed")
def that_payment_is_confirmed(alfred: Alfred, earlier: Earlier) -> None:
    alfred.funding.confirm(earlier.payment)


@when("that payment is confirmed again, with any result")
def that_payment_is_confirmed_again(alfred: Alfred, earlier: Earlier) -> None:
    alfred.attempt(alfred.funding.confirmation_call(earlier.payment))


@when(sentence("a payment of {amount:Money} is created in that session and confirmed"))
def a_payment_is_created_in_that_session(alfred: Alfred, earlier: Earlier, amount: Decimal) -> None:
    alfred.funding.confirm(alfred.funding.create_payment(made(earlier.funding_session), amount))


@when("that purchase is confirmed")
def that_purchase_is_confirmed(alfred: Alfred, earlier: Earlier) -> None:
    alfred.purchases.confirm(earlier.session)


@when("a session is opened on that purchase, and confirms it")
def that_purchase_is_bought(alfred: Alfred, earlier: Earlier) -> None:
    alfred.purchases.confirm(alfred.purchases.open_session(made(earlier.purchase), earlier.user))


@when("that purchase is confirmed again, with any result")
def that_purchase_is_confirmed_again(alfred: Alfred, earlier: Earlier) -> None:
    alfred.attempt(alfred.purchases.confirmation_call(earlier.session))


@then(sentence("that user's balance is {amount:Money}"))
def that_users_balance_is(alfred: Alfred, earlier: Earlier, amount: Decimal) -> None:
    check_balance(alfred, earlier.user, amount, clause=_clause_after(alfred))


def _clause_after(alfred: Alfred) -> str:
    """Return the clause of what this scenario has confirmed at last, if the scenario judges what was open before."""
    due, story = alfred.recorder.scenario.clause, alfred.recorder.scenario.story
    confirmed = Counter(each.request.operation for each in story)
    if due == "S-6" and confirmed["confirmPurchase"]:
        return "S-8"
    return "F-3" if due == "F-4" and confirmed["confirmPayment"] > 1 else ""  # the first one paid in 80.00


@when("the platform authenticates that user again", target_fixture="later_user")
def that_user_comes_back(alfred: Alfred, earlier: Earlier) -> User:
    return alfred.users.authenticate(earlier.user.external_reference)


@then(sentence("it is the same wallet, with a balance of {amount:Money}"))
def it_is_the_same_wallet(alfred: Alfred, earlier: Earlier, later_user: User, amount: Decimal) -> None:
    assert later_user.wallet_id == earlier.user.wallet_id
    check_balance(alfred, later_user, amount)
