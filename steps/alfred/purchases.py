"""Buying: purchases, and the sessions that show how they can be paid."""

from decimal import Decimal

import pytest
from pytest_bdd import given, then, when

from harness.apis.alfred.client import Alfred
from harness.apis.alfred.purchases import Purchase, PurchaseSession
from harness.apis.alfred.users import User
from harness.gherkin.sentences import sentence
from harness.verdict.plugin import judges
from steps.alfred.plain_balances import plain_balances_first
from steps.alfred.users import NOTHING, NewUser

FIFTY = Decimal("50.00")


@pytest.fixture
def shopper(alfred: Alfred, users: list[User], new_user: NewUser) -> User | None:
    """Return the user whose token creates a purchase; None if a key does on this target."""
    if alfred.credentials.role("createPurchase") != "token":
        return None
    return users[0] if users else new_user(NOTHING)


@given(sentence("the shop has created a purchase of {amount:Money}"), target_fixture="purchase")
@given(sentence("the shop has created another purchase of {amount:Money}"), target_fixture="second_purchase")
@when(sentence("the shop creates a purchase of {amount:Money}"), target_fixture="purchase")
def the_shop_creates_a_purchase(alfred: Alfred, shopper: User | None, amount: Decimal) -> Purchase:
    return alfred.purchases.create(amount, shopper)


@when(sentence("the shop creates {count:Count} purchases of {amount:Money}"), target_fixture="purchases")
def the_shop_creates_purchases(alfred: Alfred, shopper: User | None, count: int, amount: Decimal) -> list[Purchase]:
    return [alfred.purchases.create(amount, shopper) for _ in range(count)]


@then("the purchase has an id")
@judges("P-1")
def the_purchase_has_an_id(purchase: Purchase) -> None:
    assert purchase.purchase_id


@then("every purchase has a different id")
def every_purchase_has_a_different_id(purchases: list[Purchase]) -> None:
    ids = [purchase.purchase_id for purchase in purchases]
    assert len(set(ids)) == len(ids), f"{len(ids)} purchases have only {len(set(ids))} different ids"


@given("the user has opened a session on the purchase", target_fixture="session")
@when("the user opens a session on the purchase", target_fixture="session")
def the_user_opens_a_session_on_the_purchase(alfred: Alfred, purchase: Purchase, user: User) -> PurchaseSession:
    return alfred.purchases.open_session(purchase, user)


@given(sentence("the user has opened a session on a purchase of {amount:Money}"), target_fixture="session")
@when(sentence("the user opens a session on a purchase of {amount:Money}"), target_fixture="session")
@given(sentence("the user has opened a session on another purchase of {amount:Money}"), target_fixture="second_session")
def the_user_opens_a_session(alfred: Alfred, user: User, amount: Decimal) -> PurchaseSession:
    return alfred.purchases.open_on_new(amount, user)


@given(sentence("the other user has opened a session on a purchase of {amount:Money}"), target_fixture="others_session")
def the_other_user_opens_a_session(alfred: Alfred, other: User, amount: Decimal) -> PurchaseSession:
    return alfred.purchases.open_on_new(amount, other)


@given("the user has opened a second session on the same purchase", target_fixture="second_session")
@when("the user opens another session on the same purchase", target_fixture="session")
def the_user_opens_a_second_session(alfred: Alfred, session: PurchaseSession) -> PurchaseSession:
    return alfred.purchases.open_session(session.purchase, session.user)


@given("the other user has opened a session on the same purchase, if the platform allows it", target_fixture="purchase")
def the_other_user_opens_one_on_the_same(alfred: Alfred, user: User, other: User) -> Purchase:
    purchase = alfred.purchases.create(FIFTY, user)
    sessions = [alfred.attempt(alfred.purchases.session_call(purchase, each)) for each in (other, user)]
    if all(session.accepted for session in sessions):
        return purchase
    alfred.recorder.note("only one user may open sessions on a purchase, which contract.md allows")
    return alfred.purchases.create(FIFTY, user)


@when(
    sentence("the user opens {count:Count} sessions, each on another purchase of {amount:Money}"),
    target_fixture="sessions",
)
def the_user_opens_sessions(alfred: Alfred, user: User, count: int, amount: Decimal) -> list[PurchaseSession]:
    return [alfred.purchases.open_on_new(amount, user) for _ in range(count)]


@when(sentence("the user opens {count:Count} sessions on one purchase of {amount:Money}"), target_fixture="sessions")
def the_user_opens_sessions_on_one(alfred: Alfred, user: User, count: int, amount: Decimal) -> list[PurchaseSession]:
    purchase = alfred.purchases.create(amount, user)
    return [alfred.purchases.open_session(purchase, user) for _ in range(count)]


@then(sentence("{amount:Money} is payable by balance in each of the sessions"))
def it_is_payable_in_each(
    alfred: Alfred, balance_shown: None, sessions: list[PurchaseSession], amount: Decimal
) -> None:
    with plain_balances_first(alfred):
        assert [session.balance_amount for session in sessions] == [amount] * len(sessions)


@then("the session offers an instrument for the purchase")
@judges("P-3")
def the_session_offers_an_instrument(session: PurchaseSession) -> None:
    assert session.session_id
    assert session.instrument_id


@then(sentence("{amount:Money} is payable by balance"))
@judges("S-1")
def payable_by_balance(session: PurchaseSession, balance_shown: None, amount: Decimal) -> None:
    assert session.balance_amount == amount


@then(sentence("{amount:Money} is left for another instrument"))
@judges("S-1")
def left_for_another_instrument(session: PurchaseSession, balance_shown: None, amount: Decimal) -> None:
    assert session.remaining_amount == amount
