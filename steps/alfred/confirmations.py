"""Confirming a purchase, once and again, and what it takes from the balance."""

from dataclasses import dataclass, replace
from decimal import Decimal

from pytest_bdd import given, then, when

from harness.apis.alfred.client import Alfred
from harness.apis.alfred.flaws import calls as flaws
from harness.apis.alfred.purchases import PurchaseSession
from harness.apis.alfred.users import User
from harness.client.flaws import Flaw
from harness.failures import WrongOutcome
from harness.gherkin.sentences import sentence
from harness.verdict.plugin import judges
from steps.alfred.balances import check_balance
from steps.alfred.plain_balances import plain_balances_first

AGAIN = 3


@dataclass(frozen=True)
class Confirmation:
    """A confirmation, and the balance before it; None if the target does not show balances."""

    session: PurchaseSession
    before: Decimal | None


@given("the user has confirmed the purchase in cash")
@when("the user confirms the purchase in cash")
def the_user_confirms(alfred: Alfred, session: PurchaseSession) -> None:
    with plain_balances_first(alfred):
        alfred.purchases.confirm(session)


@given("the user has confirmed the other purchase in cash")
@when("the user confirms the other purchase in cash")
def the_user_confirms_the_other_purchase(alfred: Alfred, second_session: PurchaseSession) -> None:
    with plain_balances_first(alfred):
        alfred.purchases.confirm(second_session)


@when(sentence("the user buys for {amount:Money}"))
@when(sentence("the user buys {times:Count} times for {amount:Money}"))
@given(sentence("the user has bought for {amount:Money}"))
def the_user_buys(alfred: Alfred, user: User, amount: Decimal, times: int = 1) -> None:
    with plain_balances_first(alfred):
        for _ in range(times):
            alfred.purchases.confirm(alfred.purchases.open_on_new(amount, user))


@given(sentence("the other user has bought for {amount:Money}"))
def the_other_user_has_bought(alfred: Alfred, other: User, amount: Decimal) -> None:
    the_user_buys(alfred, other, amount)


@when("the user confirms the purchase again, with any result")
def the_user_confirms_again(alfred: Alfred, session: PurchaseSession) -> None:
    for _ in range(AGAIN):
        alfred.attempt(alfred.purchases.confirmation_call(session))


@when(sentence("the user confirms the purchase again with {flaw:Flaw}, with any result", Flaw=flaws.CONFIRMATION))
def the_user_confirms_again_wrongly(alfred: Alfred, session: PurchaseSession, flaw: Flaw) -> None:
    for _ in range(AGAIN):
        alfred.attempt(flaw(alfred.purchases.confirmation_call(session)))


@when("the user confirms the purchase again with the other user's wallet, with any result")
def the_user_confirms_again_with_another_wallet(alfred: Alfred, session: PurchaseSession, other: User) -> None:
    the_user_confirms_again_wrongly(alfred, session, flaws.with_wallet_of(other))


@when(
    "the user confirms the purchase with each of the two sessions, and each is accepted or rejected",
    target_fixture="accepted",
)
def the_user_confirms_with_both(alfred: Alfred, session: PurchaseSession, second_session: PurchaseSession) -> int:
    calls = [alfred.purchases.confirmation_call(each) for each in (second_session, session)]
    return sum(alfred.attempt(call).accepted for call in calls)


@when("the user opens another session on it and confirms again, and each is accepted or rejected")
def the_user_confirms_in_a_later_session(alfred: Alfred, session: PurchaseSession) -> None:
    opened = alfred.attempt(alfred.purchases.session_call(session.purchase, session.user))
    if opened.accepted:
        # Not its two parts: contract.md leaves open what a session on a confirmed purchase shows.
        ids = {"session_id": opened.payload["paymentSessionId"], "instrument_id": opened.payload["paymentInstrumentId"]}
        later = replace(session, **ids)
        alfred.attempt(alfred.purchases.confirmation_call(later))


@then("at least one confirmation was accepted")
def at_least_one_was_accepted(accepted: int) -> None:
    if not accepted:
        raise WrongOutcome("none was accepted", "", None, clause="P-4")


@when("the user then confirms the purchase correctly", target_fixture="confirmation")
def the_user_confirms_correctly(alfred: Alfred, session: PurchaseSession) -> Confirmation:
    return confirm_after_rejection(alfred, session)


@when("the user then confirms the other purchase correctly", target_fixture="confirmation")
def the_user_confirms_the_other_correctly(alfred: Alfred, second_session: PurchaseSession) -> Confirmation:
    return confirm_after_rejection(alfred, second_session)


def confirm_after_rejection(alfred: Alfred, session: PurchaseSession) -> Confirmation:
    """Confirm a purchase. ContractViolation of P-10 if that is rejected after a confirmation that was rejected."""
    story = alfred.recorder.scenario.story
    clause = "P-10" if any(each.request.operation == "confirmPurchase" for each in story) else ""
    before = alfred.balance(session.user) if alfred.shows_balance else None
    outcome = alfred.attempt(alfred.purchases.confirmation_call(session))
    if outcome.rejected:
        with plain_balances_first(alfred):
            raise alfred.client.wrong_rejection(outcome, clause)
    return Confirmation(session, before)


@then("the balance is reduced by the part that the session showed")
@then(sentence("the balance has paid {amount:Money}"))
@judges("P-10")
def the_balance_has_paid(alfred: Alfred, confirmation: Confirmation, amount: Decimal | None = None) -> None:
    if confirmation.before is None:
        alfred.recorder.note("the part was not compared: set [alfred.locate]")
    else:
        due = confirmation.session.balance_amount if amount is None else amount
        check_balance(alfred, confirmation.session.user, confirmation.before - (due or 0))
