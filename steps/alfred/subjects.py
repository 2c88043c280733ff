"""The calls of Alfred that hostile input and privacy are about."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial

from pytest_bdd import given

from harness.apis.alfred.client import Alfred
from harness.apis.alfred.users import User
from harness.client.calls import Call
from harness.client.unique import fresh_reference
from harness.gherkin.sentences import sentence
from harness.hostile.rejected_input import Fresh
from steps.alfred.plain_balances import clause_of_plain_balances
from steps.subjects import Money, Subject

NewSubject = Callable[[Alfred, User], Subject]

CENTS = Decimal("0.10")
FIVE = Decimal("5.00")


def subject_of(alfred: Alfred, user: User, fresh: Fresh, clause: str, moves: Decimal = Decimal(0)) -> Subject:
    """Return a call that adds ``moves`` to the user's balance if it is accepted, as ``clause`` requires."""

    def money() -> Money:
        return (alfred.balance(user),) if alfred.shows_balance else ()

    shown = (moves,) if alfred.shows_balance else ()
    plain, clause_of_plain_calls = alfred.users.wallet_call(user), partial(clause_of_plain_balances, alfred)
    return Subject(alfred.client, plain, fresh, money, shown, clause, clause_of_plain_calls)


def authentication(alfred: Alfred, user: User) -> Subject:
    # Of another user: contract.md leaves open whether this user's token outlives another authentication.
    return subject_of(alfred, user, lambda: alfred.users.authentication_call(fresh_reference("user")), "S-8")


def purchase(alfred: Alfred, user: User) -> Subject:
    return subject_of(alfred, user, lambda: alfred.purchases.creation_call(CENTS, user), "S-8")


def purchase_session(alfred: Alfred, user: User) -> Subject:
    alfred.funding.fund(user, FIVE)
    created = alfred.purchases.create(CENTS, user)
    return subject_of(alfred, user, lambda: alfred.purchases.session_call(created, user), "S-6")


def purchase_confirmation(alfred: Alfred, user: User) -> Subject:
    alfred.funding.fund(user, FIVE)

    def fresh() -> Call:
        return alfred.purchases.confirmation_call(alfred.purchases.open_on_new(CENTS, user))

    return subject_of(alfred, user, fresh, "S-5", moves=-CENTS)


def wallet(alfred: Alfred, user: User) -> Subject:
    return subject_of(alfred, user, lambda: alfred.users.wallet_call(user), "S-8")


def funding_session(alfred: Alfred, user: User) -> Subject:
    account = alfred.users.account(user)
    return subject_of(alfred, user, lambda: alfred.funding.session_call(user, account), "F-4")


def payment(alfred: Alfred, user: User) -> Subject:
    def fresh() -> Call:
        # contract.md leaves open whether a Funding session serves several payments.
        return alfred.funding.payment_call(alfred.funding.open_session(user), CENTS)

    return subject_of(alfred, user, fresh, "F-4")


def payment_confirmation(alfred: Alfred, user: User) -> Subject:
    def fresh() -> Call:
        return alfred.funding.confirmation_call(alfred.funding.prepare_payment(user, CENTS))

    return subject_of(alfred, user, fresh, "F-3")


ACTIONS: Mapping[str, NewSubject] = {
    "an authentication": authentication,
    "a purchase": purchase,
    "a session on a purchase": purchase_session,
    "the confirmation of a purchase": purchase_confirmation,
    "the wallet": wallet,
    "a Funding session": funding_session,
    "a payment": payment,
    "the confirmation of a payment": payment_confirmation,
}


@given(sentence("the user's call for {action:Action}", Action=ACTIONS), target_fixture="subject")
def the_users_call(alfred: Alfred, user: User, action: NewSubject) -> Subject:
    return action(alfred, user)
