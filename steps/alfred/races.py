"""Confirmations of Alfred at the same time. Each user of a scenario is one round of the race."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import pytest
from pytest_bdd import given, when

from harness.apis.alfred.client import Alfred
from harness.apis.alfred.funding import Payment
from harness.apis.alfred.purchases import PurchaseSession
from harness.apis.alfred.users import User
from harness.client.calls import Call, Outcome
from harness.gherkin.sentences import sentence
from harness.races.lanes import Lanes
from steps.alfred.users import NewUser

Racers = dict[User, Decimal]
"""The users that race, each with the balance before it."""
Sessions = dict[User, list[PurchaseSession]]
Payments = dict[User, list[Payment]]
SendTogether = Callable[[User, Sequence[Call]], list[Outcome]]


@dataclass(frozen=True)
class Race:
    """The outcomes of one user's calls at the same time."""

    user: User
    before: Decimal
    outcomes: Sequence[Outcome]
    sessions: Sequence[PurchaseSession] = ()
    payments: Sequence[Payment] = ()

    @property
    def accepted(self) -> int:
        return sum(outcome.accepted for outcome in self.outcomes)


@pytest.fixture
def send_together(alfred: Alfred, lanes: Lanes) -> SendTogether:
    """Return the function that sends calls at the same time."""
    return lambda user, calls: lanes.race(alfred.client, calls, warm=alfred.users.wallet_call(user))


@given(sentence("{count:Count} users with a balance of {amount:Money} each"), target_fixture="racers")
def users_with_a_balance(new_user: NewUser, balance_shown: None, count: int, amount: Decimal) -> Racers:
    return {new_user(amount): amount for _ in range(count)}


@given(sentence("each user has opened a session on a purchase of {amount:Money}"), target_fixture="open_sessions")
def each_has_a_session(alfred: Alfred, racers: Racers, amount: Decimal) -> Sessions:
    return {user: [alfred.purchases.open_on_new(amount, user)] for user in racers}


@given(sentence("each user has opened two sessions on a purchase of {amount:Money}"), target_fixture="open_sessions")
def each_has_two_sessions(alfred: Alfred, racers: Racers, amount: Decimal) -> Sessions:
    purchases = {user: alfred.purchases.create(amount, user) for user in racers}
    return {user: [alfred.purchases.open_session(purchases[user], user) for _ in range(2)] for user in racers}


@given(
    sentence("each user has opened {count:Count} sessions, each on another purchase of {amount:Money}"),
    target_fixture="open_sessions",
)
def each_has_sessions(alfred: Alfred, racers: Racers, count: int, amount: Decimal) -> Sessions:
    return {user: [alfred.purchases.open_on_new(amount, user) for _ in range(count)] for user in racers}


@given(sentence("each user has created a payment of {amount:Money}"), target_fixture="open_payments")
def each_has_a_payment(alfred: Alfred, racers: Racers, amount: Decimal) -> Payments:
    return {user: [alfred.funding.prepare_payment(user, amount)] for user in racers}


@given(
    sentence("each user has created {count:Count} payments, the first of {amount:Money} and each twice the one before"),
    target_fixture="open_payments",
)
def each_has_payments(alfred: Alfred, racers: Racers, count: int, amount: Decimal) -> Payments:
    # The sum of such amounts shows which of them are in it. Each user's amounts are a multiple of that user's own.
    return {
        user: [alfred.funding.prepare_payment(user, amount * place * 2**power) for power in range(count)]
        for place, user in enumerate(racers, start=1)
    }


def confirmations(alfred: Alfred, sessions: Sequence[PurchaseSession], times: int) -> list[Call]:
    """Confirm the sessions in turn, this many times."""
    return [alfred.purchases.confirmation_call(sessions[turn % len(sessions)]) for turn in range(times)]


def payment_confirmations(alfred: Alfred, payments: Sequence[Payment]) -> list[Call]:
    return [alfred.funding.confirmation_call(payment) for payment in payments]


@when(sentence("each purchase is confirmed {times:Count} times at the same time"), target_fixture="races")
def each_purchase_is_confirmed(
    alfred: Alfred,
    send_together: SendTogether,
    racers: Racers,
    open_sessions: Sessions,
    times: int,
) -> list[Race]:
    calls = {user: confirmations(alfred, open_sessions[user], times) for user in racers}
    return [Race(user, before, send_together(user, calls[user])) for user, before in racers.items()]


@when("each user's purchases are confirmed at the same time", target_fixture="races")
def each_users_purchases_are_confirmed(
    alfred: Alfred, send_together: SendTogether, racers: Racers, open_sessions: Sessions
) -> list[Race]:
    return [
        Race(user, before, send_together(user, confirmations(alfred, sessions, len(sessions))), sessions=sessions)
        for (user, before), sessions in zip(racers.items(), open_sessions.values(), strict=True)
    ]


@when(sentence("each payment is confirmed {times:Count} times at the same time"), target_fixture="races")
def each_payment_is_confirmed(
    alfred: Alfred,
    send_together: SendTogether,
    racers: Racers,
    open_payments: Payments,
    times: int,
) -> list[Race]:
    calls = {user: payment_confirmations(alfred, open_payments[user] * times) for user in racers}
    return [Race(user, before, send_together(user, calls[user])) for user, before in racers.items()]


@when("each user's payments are confirmed at the same time", target_fixture="races")
def each_users_payments_are_confirmed(
    alfred: Alfred, send_together: SendTogether, racers: Racers, open_payments: Payments
) -> list[Race]:
    return [
        Race(user, before, send_together(user, payment_confirmations(alfred, payments)), payments=payments)
        for (user, before), payments in zip(racers.items(), open_payments.values(), strict=True)
    ]


@when("the payments of two users at a time are confirmed at the same time", target_fixture="races")
def the_payments_of_two_are_confirmed(
    alfred: Alfred, send_together: SendTogether, racers: Racers, open_payments: Payments
) -> list[Race]:
    users, races = list(racers), []
    for first, second in zip(users[::2], users[1::2], strict=True):
        pairs = zip(open_payments[first], open_payments[second], strict=True)
        outcomes = send_together(first, payment_confirmations(alfred, [payment for pair in pairs for payment in pair]))
        races += [
            Race(first, racers[first], outcomes[::2], payments=open_payments[first]),
            Race(second, racers[second], outcomes[1::2], payments=open_payments[second]),
        ]
    return races


@when("each user's payments and purchases are confirmed at the same time", target_fixture="races")
def payments_and_purchases_are_confirmed(
    alfred: Alfred,
    send_together: SendTogether,
    racers: Racers,
    open_payments: Payments,
    open_sessions: Sessions,
) -> list[Race]:
    races = []
    for user, before in racers.items():
        payments, sessions = open_payments[user], open_sessions[user]
        calls = payment_confirmations(alfred, payments) + confirmations(alfred, sessions, len(sessions))
        races.append(Race(user, before, send_together(user, calls), sessions, payments))
    return races
