"""Funding a wallet: the account, the Funding session, the payment and its confirmation."""

from dataclasses import replace
from decimal import Decimal

from pytest_bdd import given, then, when

from harness.apis.alfred.client import Alfred
from harness.apis.alfred.funding import FundingSession, Payment
from harness.apis.alfred.users import User
from harness.client.calls import Outcome
from harness.gherkin.sentences import sentence
from harness.verdict.plugin import judges
from steps.alfred.balances import check_balance
from steps.alfred.plain_balances import NOTHING

AGAIN = 3
FORMS = {"30": Decimal(30), "30.0": Decimal("30.0"), "3E+1": Decimal("3E+1")}


@when("the user reads the wallet", target_fixture="account")
@when("the user reads the wallet again", target_fixture="account_again")
def the_user_reads_the_wallet(alfred: Alfred, user: User) -> str:
    return alfred.users.account(user)


@when("the user reads the wallet with the second token", target_fixture="account_again")
def the_user_reads_the_wallet_with_the_second_token(alfred: Alfred, user_again: User) -> str:
    return alfred.users.account(user_again)


@when("the other user reads the other wallet")
def the_other_user_reads_the_wallet(alfred: Alfred, other: User) -> None:
    alfred.users.account(other)


@then("the wallet has an account")
def the_wallet_has_an_account(account: str) -> None:
    assert account


@then("the account is the same")
def the_account_is_the_same(account: str, account_again: str) -> None:
    assert account_again == account


@then("the other user's wallet has a different account")
def the_other_wallet_has_a_different_account(alfred: Alfred, account: str, other: User) -> None:
    assert alfred.users.account(other) != account


@given("the user has opened a Funding session", target_fixture="funding_session")
@when("the user opens a Funding session", target_fixture="funding_session")
def the_user_opens_a_funding_session(alfred: Alfred, user: User) -> FundingSession:
    return alfred.funding.open_session(user)


@then("the Funding session offers an instrument")
@judges("F-1")
def the_funding_session_offers_an_instrument(funding_session: FundingSession) -> None:
    assert funding_session.session_id
    assert funding_session.instrument_id


@given(sentence("the user has created a payment of {amount:Money}"), target_fixture="payment")
@given(sentence("the user has created another payment of {amount:Money}"), target_fixture="second_payment")
def the_user_has_created_a_payment(alfred: Alfred, user: User, amount: Decimal) -> Payment:
    return alfred.funding.prepare_payment(user, amount)


@when(sentence("the user creates {count:Count} payments of {amount:Money}"))
def the_user_creates_payments(alfred: Alfred, user: User, count: int, amount: Decimal) -> None:
    for _ in range(count):
        alfred.funding.prepare_payment(user, amount)


@given(sentence("the other user has created a payment of {amount:Money}"), target_fixture="payment")
@given(sentence("the other user has created another payment of {amount:Money}"), target_fixture="second_payment")
def the_other_user_has_created_a_payment(alfred: Alfred, other: User, amount: Decimal) -> Payment:
    return alfred.funding.prepare_payment(other, amount)


@given(
    sentence(
        "the user has created payments of {first:Money} and {second:Money} in the session, "
        "if the platform allows a second one"
    ),
    target_fixture="payment",
)
def the_user_has_created_two_payments(
    alfred: Alfred, funding_session: FundingSession, first: Decimal, second: Decimal
) -> Payment:
    """Create two payments in one session and return the first. contract.md leaves open whether there may be two."""
    payment = alfred.funding.create_payment(funding_session, first)
    if alfred.attempt(alfred.funding.payment_call(funding_session, second)).rejected:
        alfred.recorder.note("a second payment in a session is rejected, which contract.md allows")
    return payment


@when(sentence("the user tries a funding of 30, written as {form:Form}", Form=FORMS), target_fixture="confirmation")
def the_user_tries_a_form(alfred: Alfred, user: User, form: Decimal) -> Outcome:
    """Create the payment and confirm it. contract.md does not say in which forms an amount is accepted."""
    session = alfred.funding.open_session(user)
    created = alfred.attempt(alfred.funding.payment_call(session, form))
    if created.rejected:
        return created
    payment = Payment(user, created.payload["id"], form)
    return alfred.attempt(alfred.funding.confirmation_call(payment))


@when("the first of the payments is confirmed, if the platform allows it", target_fixture="confirmation")
def the_first_payment_is_confirmed(alfred: Alfred, payment: Payment) -> Outcome:
    return alfred.attempt(alfred.funding.confirmation_call(payment))


@then(sentence("the user's balance is {credited:Money} if it was confirmed, and {before:Money} if it was not"))
def the_balance_is_by_confirmation(
    alfred: Alfred, user: User, balance_shown: None, confirmation: Outcome, credited: Decimal, before: Decimal
) -> None:
    check_balance(alfred, user, credited if confirmation.accepted else before)


@when("the other payment is confirmed")
def the_second_payment_is_confirmed(alfred: Alfred, second_payment: Payment) -> None:
    alfred.funding.confirm(second_payment)


@when(sentence("the user creates a payment of {amount:Money} in the session"), target_fixture="payment")
def the_user_creates_a_payment(alfred: Alfred, funding_session: FundingSession, amount: Decimal) -> Payment:
    return alfred.funding.create_payment(funding_session, amount)


@when(sentence("the user creates another payment of {amount:Money} in the session, with any result"))
def the_user_tries_another_payment(alfred: Alfred, funding_session: FundingSession, amount: Decimal) -> None:
    """contract.md leaves open whether a session takes a second payment."""
    alfred.attempt(alfred.funding.payment_call(funding_session, amount))


@then("the payment has an id")
@judges("F-2")
def the_payment_has_an_id(payment: Payment) -> None:
    assert payment.payment_id


@given("the user has confirmed the payment")
@when("the user confirms the payment")
@when("the payment is confirmed")
@when("the other user confirms the payment")
def the_payment_is_confirmed(alfred: Alfred, payment: Payment) -> None:
    alfred.funding.confirm(payment)


@when("the user confirms the payment again, with any result")
def the_user_confirms_the_payment_again(alfred: Alfred, payment: Payment) -> None:
    for _ in range(AGAIN):
        alfred.attempt(alfred.funding.confirmation_call(payment))


@when("the payment is confirmed again with the second token, with any result")
def the_payment_is_confirmed_again_with_the_second_token(alfred: Alfred, payment: Payment, user_again: User) -> None:
    the_user_confirms_the_payment_again(alfred, replace(payment, user=user_again))


@when("the other user confirms the payment again, with any result")
def the_other_user_confirms_the_payment_again(alfred: Alfred, payment: Payment, other: User) -> None:
    the_user_confirms_the_payment_again(alfred, replace(payment, user=other))


@when("the payment is confirmed with the second token")
def the_payment_is_confirmed_with_the_second_token(alfred: Alfred, payment: Payment, user_again: User) -> None:
    alfred.funding.confirm(replace(payment, user=user_again))


@when(
    sentence("a payment of {amount:Money} is created in the session and confirmed, both with the second token"),
)
def a_payment_is_made_with_the_second_token(
    alfred: Alfred, funding_session: FundingSession, user_again: User, amount: Decimal
) -> None:
    alfred.funding.confirm(alfred.funding.create_payment(replace(funding_session, user=user_again), amount))


@when(sentence("the user funds the wallet with {amount:Money}"))
@when(sentence("the user funds the wallet {times:Count} times with {amount:Money}"))
def the_user_funds_the_wallet(alfred: Alfred, user: User, amount: Decimal, times: int = 1) -> None:
    for _ in range(times):
        alfred.funding.fund(user, amount)


@when(
    sentence(
        "the user funds the wallet with {amount:Money}, or with {less:Money} if the platform takes no such amount"
    ),
    target_fixture="funded",
)
def the_user_funds_the_wallet_with_much(alfred: Alfred, user: User, amount: Decimal, less: Decimal) -> Decimal:
    """Return what was funded. contract.md leaves limits on the size of amounts open."""
    created = alfred.attempt(alfred.funding.payment_call(alfred.funding.open_session(user), amount))
    if created.accepted:
        payment = Payment(user, created.payload["id"], amount)
        if alfred.attempt(alfred.funding.confirmation_call(payment)).accepted:
            return amount
    alfred.recorder.note(f"a funding with {amount} is rejected, which contract.md allows")
    alfred.funding.fund(user, less)
    return less


@then("the user's balance is what was funded")
@then(sentence("the user's balance is what was funded minus {amount:Money}"))
@judges("F-3")
def the_balance_is_what_was_funded(
    alfred: Alfred, user: User, balance_shown: None, funded: Decimal, amount: Decimal = NOTHING
) -> None:
    check_balance(alfred, user, funded - amount)
