"""Alfred's calls at the same moment: each user of a scenario is a round of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from pytest_bdd import given, then, when

from harness.apis.alfred.client import Alfred
from harness.apis.alfred.funding import Payment
from harness.apis.alfred.model import left_after_race
from harness.apis.alfred.purchases import PurchaseSession
from harness.apis.alfred.users import User
from harness.client.calls import Call, Outcome
from harness.client.references import fresh_reference
from harness.failures import ContractViolation
from harness.gherkin.sentences import sentence
from harness.session import may_use_proxy
from harness.target.target import Target

if TYPE_CHECKING:
    from harness.races.lanes import Lanes  # httpcore is slow to import, and only a race needs it

MUCH = Decimal("200.00")


@pytest.fixture(scope="session")
def lanes(target: Target) -> Iterator[Lanes]:
    """The connections that race; their threads end with the session."""
    from harness.races.lanes import Lanes

    opened = Lanes(target.limits.timeout, trust_env=may_use_proxy(target))
    yield opened
    opened.close()


@dataclass(frozen=True)
class Race:
    """What one user's calls at the same moment came to; ``before`` is the balance they began with."""

    user: User
    before: Decimal
    outcomes: Sequence[Outcome]
    sessions: Sequence[PurchaseSession] = ()
    payments: Sequence[Payment] = ()

    @property
    def accepted(self) -> int:
        """How many of the calls were accepted."""
        return sum(outcome.accepted for outcome in self.outcomes)


def raced(lanes: Lanes, alfred: Alfred, user: User, calls: Sequence[Call]) -> list[Outcome]:
    """Send the calls at one moment."""
    return lanes.race(alfred.client, calls, warm=alfred.users.wallet_call(user))


# Who races


@given(sentence("{count:Count} users with a balance of {amount:Money} each"), target_fixture="racers")
def users_with_a_balance(alfred, count, amount):
    users = [alfred.users.authenticate(fresh_reference("user")) for _ in range(count)]
    for user in users:
        alfred.funding.fund(user, amount)
    return dict.fromkeys(users, amount)


@given(sentence("each has opened a session on a purchase of {amount:Money}"), target_fixture="open_sessions")
def each_has_a_session(alfred, racers, amount):
    return {user: [alfred.purchases.open_session(alfred.purchases.create(amount, user), user)] for user in racers}


@given(sentence("each has opened two sessions on a purchase of {amount:Money}"), target_fixture="open_sessions")
def each_has_two_sessions(alfred, racers, amount):
    purchases = {user: alfred.purchases.create(amount, user) for user in racers}
    return {user: [alfred.purchases.open_session(purchases[user], user) for _ in range(2)] for user in racers}


@given(
    sentence("each has opened {count:Count} sessions, on as many purchases of {amount:Money}"),
    target_fixture="open_sessions",
)
def each_has_sessions(alfred, racers, count, amount):
    return {
        user: [alfred.purchases.open_session(alfred.purchases.create(amount, user), user) for _ in range(count)]
        for user in racers
    }


@given(sentence("each has a payment of {amount:Money} to confirm"), target_fixture="open_payments")
def each_has_a_payment(alfred, racers, amount):
    return {user: [alfred.funding.prepare_payment(user, amount)] for user in racers}


@given(
    sentence("each has {count:Count} payments to confirm, the first of {amount:Money} and each twice the one before"),
    target_fixture="open_payments",
)
def each_has_payments(alfred, racers, count, amount):
    # Sums of such amounts tell which of them are in it; each user's are that user's own multiple.
    return {
        user: [alfred.funding.prepare_payment(user, amount * place * 2**power) for power in range(count)]
        for place, user in enumerate(racers, start=1)
    }


# Confirmations at the same moment


@when(sentence("each purchase is confirmed {times:Count} times at the same moment"), target_fixture="races")
def each_purchase_is_confirmed(alfred, lanes, racers, open_sessions, times, balance_shown):
    return [
        Race(user, before, raced(lanes, alfred, user, _confirmations(alfred, open_sessions[user], times)))
        for user, before in racers.items()
    ]


def _confirmations(alfred: Alfred, sessions: Sequence[PurchaseSession], times: int) -> list[Call]:
    return [alfred.purchases.confirmation_call(sessions[turn % len(sessions)]) for turn in range(times)]


@when("each user's purchases are confirmed at the same moment", target_fixture="races")
def each_users_purchases_are_confirmed(alfred, lanes, racers, open_sessions, balance_shown):
    return [
        Race(
            user,
            before,
            raced(lanes, alfred, user, _confirmations(alfred, open_sessions[user], len(open_sessions[user]))),
            sessions=open_sessions[user],
        )
        for user, before in racers.items()
    ]


@when(sentence("each payment is confirmed {times:Count} times at the same moment"), target_fixture="races")
def each_payment_is_confirmed(alfred, lanes, racers, open_payments, times, balance_shown):
    return [
        Race(user, before, raced(lanes, alfred, user, [alfred.funding.confirmation_call(payment)] * times))
        for user, before in racers.items()
        for payment in open_payments[user]
    ]


@when("each user's payments are confirmed at the same moment", target_fixture="races")
def each_users_payments_are_confirmed(alfred, lanes, racers, open_payments, balance_shown):
    calls = {user: [alfred.funding.confirmation_call(each) for each in open_payments[user]] for user in racers}
    return [
        Race(user, before, raced(lanes, alfred, user, calls[user]), payments=open_payments[user])
        for user, before in racers.items()
    ]


@when("the payments of each two of them are confirmed at the same moment", target_fixture="races")
def the_payments_of_two_are_confirmed(alfred, lanes, racers, open_payments, balance_shown):
    users, races = list(racers), []
    for first, second in zip(users[::2], users[1::2], strict=True):
        pairs = zip(open_payments[first], open_payments[second], strict=True)
        calls = [alfred.funding.confirmation_call(payment) for pair in pairs for payment in pair]
        outcomes = raced(lanes, alfred, first, calls)
        races += [
            Race(first, racers[first], outcomes[::2], payments=open_payments[first]),
            Race(second, racers[second], outcomes[1::2], payments=open_payments[second]),
        ]
    return races


@when("each user's payments and purchases are confirmed at the same moment", target_fixture="races")
def payments_and_purchases_are_confirmed(alfred, lanes, racers, open_payments, open_sessions, balance_shown):
    races = []
    for user, before in racers.items():
        payments, sessions = open_payments[user], open_sessions[user]
        calls = [alfred.funding.confirmation_call(payment) for payment in payments]
        calls += _confirmations(alfred, sessions, len(sessions))
        races.append(Race(user, before, raced(lanes, alfred, user, calls), sessions, payments))
    return races


# What came of it


def balance_of(alfred: Alfred, user: User) -> Decimal:
    """The balance after a race. One that can't be shown, since it is below zero, is the race's doing."""
    try:
        return alfred.balance(user)
    except ContractViolation as shown:
        if shown.clause != "S-1":
            raise
        raise alfred.recorder.violation(alfred.recorder.scenario.clause, shown.findings) from shown


@then("each was accepted once or more")
def each_was_accepted(races):
    for race in races:
        assert race.accepted, f"none of {len(race.outcomes)} was accepted: {race.outcomes[0].summary}"


@then("every call was accepted")
def every_call_was_accepted(races):
    for outcome in (outcome for race in races for outcome in race.outcomes):
        assert outcome.accepted, f"{outcome.call.operation} was rejected: {outcome.summary}"


@then(sentence("each user's balance is {amount:Money}"))
def each_users_balance_is(alfred, races, amount):
    found = [balance_of(alfred, race.user) for race in races]
    assert found == [amount] * len(races)


@then("each user's balance is what it was and all that was paid in")
def each_users_balance_is_all(alfred, races):
    found = [balance_of(alfred, race.user) for race in races]
    assert found == [race.before + sum(payment.amount for payment in race.payments) for race in races]


@then("each user's balance is what it was, and what was paid in, less what was bought")
def each_users_balance_adds_up(alfred, races):
    found = [balance_of(alfred, race.user) for race in races]
    assert found == [
        race.before + sum(each.amount for each in race.payments) - sum(each.purchase.amount for each in race.sessions)
        for race in races
    ]


@then("what each was charged agrees with the answers, and no balance is below zero")
def what_was_charged_agrees(alfred, races):
    # A balance below zero may be shown as none: money that comes in afterwards tells.
    for race in races:
        amount, part = race.sessions[0].purchase.amount, race.sessions[0].balance_amount
        allowed = left_after_race(race.before, amount, part, race.accepted, len(race.outcomes) - race.accepted)
        left = balance_of(alfred, race.user)
        alfred.funding.fund(race.user, MUCH)
        later = balance_of(alfred, race.user) - MUCH
        alfred.recorder.note(
            f"{race.accepted} of {len(race.outcomes)} were accepted; of {race.before} there is {left} left"
        )
        assert left in allowed, _disagreement(race, left, allowed)
        assert later == left, f"{left} was shown as left, and {MUCH} more make {later + MUCH}"


def _disagreement(race: Race, left: Decimal, allowed: frozenset[Decimal]) -> str:
    told = f"{race.accepted} of {len(race.outcomes)} purchases were accepted on a balance of {race.before}"
    due = " or ".join(map(str, sorted(allowed)))
    return f"{told}: {due} may be left, and it is {left}" if due else f"{told}, which no order of them explains"
