"""Confirmations of Alfred at the same time. Each user of a scenario is one round of the race."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

import pytest
from pytest_bdd import given, when

from harness.apis.alfred.client import Alfred
from harness.apis.alfred.flaws.calls import CONFIRMATION
from harness.apis.alfred.flaws.credentials import KEY, TOKEN
from harness.apis.alfred.funding import Payment
from harness.apis.alfred.purchases import PurchaseSession
from harness.apis.alfred.users import User
from harness.client.calls import Call, Outcome
from harness.gherkin.sentences import sentence
from harness.not_judged import NotJudged
from harness.races.lanes import Lanes
from steps.alfred.users import NewUser
from steps.races import check_wrong_ones

MINOR = Decimal("0.01")
SendTogether = Callable[[User, Sequence[Call]], list[Outcome]]


@dataclass(frozen=True)
class Racer:
    """A user whose confirmations are sent at the same time, with the balance before them."""

    user: User
    before: Decimal
    sessions: list[PurchaseSession] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)

    def confirmations(self, alfred: Alfred) -> list[Call]:
        """Confirm every payment and every session once."""
        payments = [alfred.funding.confirmation_call(payment) for payment in self.payments]
        return payments + [alfred.purchases.confirmation_call(session) for session in self.sessions]


@dataclass(frozen=True)
class Race:
    """The outcomes of one user's calls at the same time."""

    racer: Racer
    outcomes: Sequence[Outcome]

    @property
    def accepted(self) -> int:
        return sum(outcome.accepted for outcome in self.outcomes)


@pytest.fixture
def send_together(alfred: Alfred, lanes: Lanes) -> SendTogether:
    """Return the function that sends calls at the same time."""
    return lambda user, calls: lanes.race(alfred.client, calls, warm=alfred.users.wallet_call(user))


@given(sentence("{count:Count} users with a balance of {amount:Money} each"), target_fixture="racers")
def users_with_a_balance(new_user: NewUser, balance_shown: None, count: int, amount: Decimal) -> list[Racer]:
    return [Racer(new_user(amount), amount) for _ in range(count)]


@given(sentence("each user has opened a session on a purchase of {amount:Money}"))
@given(sentence("each user has opened {times:Count} sessions on the same purchase of {amount:Money}"))
def each_has_sessions_on_one_purchase(alfred: Alfred, racers: list[Racer], amount: Decimal, times: int = 1) -> None:
    for racer in racers:
        purchase = alfred.purchases.create(amount, racer.user)
        racer.sessions.extend(alfred.purchases.open_session(purchase, racer.user) for _ in range(times))


@given(sentence("each user has opened {count:Count} sessions, each on another purchase of {amount:Money}"))
def each_has_sessions(alfred: Alfred, racers: list[Racer], count: int, amount: Decimal) -> None:
    for racer in racers:
        racer.sessions.extend(alfred.purchases.open_on_new(amount, racer.user) for _ in range(count))


@given(sentence("each user has created a payment of {amount:Money}"))
def each_has_a_payment(alfred: Alfred, racers: list[Racer], amount: Decimal) -> None:
    for racer in racers:
        racer.payments.append(alfred.funding.prepare_payment(racer.user, amount))


@given(sentence("each user has created {count:Count} payments of different amounts"))
def each_has_payments(alfred: Alfred, racers: list[Racer], count: int) -> None:
    # Each is twice the one before, so that the sum shows which of them are in it. No two users have the same amounts.
    for place, racer in enumerate(racers, start=1):
        amounts = [MINOR * place * 2**power for power in range(count)]
        racer.payments.extend(alfred.funding.prepare_payment(racer.user, amount) for amount in amounts)


@when(sentence("each user opens {count:Count} sessions at the same time, each on another purchase of {amount:Money}"))
def each_opens_sessions(
    alfred: Alfred, send_together: SendTogether, racers: list[Racer], count: int, amount: Decimal
) -> None:
    for racer in racers:
        purchases = [alfred.purchases.create(amount, racer.user) for _ in range(count)]
        calls = [alfred.purchases.session_call(purchase, racer.user) for purchase in purchases]
        for purchase, outcome in zip(purchases, send_together(racer.user, calls), strict=True):
            if outcome.rejected:
                raise alfred.client.wrong_rejection(outcome)
            racer.sessions.append(alfred.purchases.session_of(purchase, racer.user, outcome.payload))


@when(sentence("each user opens {count:Count} sessions at the same time on one purchase of {amount:Money}"))
def each_opens_sessions_on_one_purchase(
    alfred: Alfred, send_together: SendTogether, racers: list[Racer], count: int, amount: Decimal
) -> None:
    for racer in racers:
        purchase = alfred.purchases.create(amount, racer.user)
        call = alfred.purchases.session_call(purchase, racer.user)
        outcomes = send_together(racer.user, [call] * count)
        if not any(outcome.accepted for outcome in outcomes):
            raise alfred.client.wrong_rejection(outcomes[0])
        opened = (outcome.payload for outcome in outcomes if outcome.accepted)
        racer.sessions.extend(alfred.purchases.session_of(purchase, racer.user, payload) for payload in opened)


@when("each user confirms one after another", target_fixture="races")
def each_user_confirms_one_after_another(alfred: Alfred, racers: list[Racer]) -> list[Race]:
    return [Race(racer, [alfred.attempt(call) for call in racer.confirmations(alfred)]) for racer in racers]


@when("each user confirms everything at the same time", target_fixture="races")
@when(sentence("each user confirms everything {times:Count} times at the same time"), target_fixture="races")
def each_user_confirms_everything(
    alfred: Alfred, send_together: SendTogether, racers: list[Racer], times: int = 1
) -> list[Race]:
    return [Race(racer, send_together(racer.user, racer.confirmations(alfred) * times)) for racer in racers]


@when("each user confirms everything and authenticates again at the same time", target_fixture="races")
def each_user_confirms_and_authenticates(
    alfred: Alfred, send_together: SendTogether, racers: list[Racer]
) -> list[Race]:
    if alfred.credentials.role("confirmPurchase") == "token":
        NotJudged.TOKEN_MAY_END.skip(operation="confirmPurchase")
    races = []
    for racer in racers:
        confirmations = racer.confirmations(alfred)
        authentication = alfred.users.authentication_call(racer.user.external_reference)
        outcomes = send_together(racer.user, [call for each in confirmations for call in (each, authentication)])
        # One of the tokens may be the only one that works.
        user = alfred.users.authenticate(racer.user.external_reference)
        races.append(Race(replace(racer, user=user), outcomes))
    return races


@when(
    sentence("each user confirms the purchase while {count:Count} wrong confirmations of it are made"),
    target_fixture="races",
)
def each_user_confirms_beside_wrong_ones(
    alfred: Alfred, send_together: SendTogether, racers: list[Racer], count: int
) -> list[Race]:
    """A wrong one that arrives after the valid one confirms what is paid: it may be accepted or rejected."""
    races = []
    for racer in racers:
        (valid,) = racer.confirmations(alfred)
        wrong = [CONFIRMATION["an instrument that was not offered"](valid) for _ in range(count)]
        outcomes = send_together(racer.user, [*wrong[: count // 2], valid, *wrong[count // 2 :]])
        races.append(Race(racer, [outcomes[count // 2]]))
    return races


@when("each user confirms everything while others try the same with wrong credentials", target_fixture="races")
def each_user_confirms_beside_wrong_credentials(
    alfred: Alfred, send_together: SendTogether, racers: list[Racer]
) -> list[Race]:
    """Every call is made twice: once as documented, and once with a credential that is missing or unknown."""
    races = []
    for place, racer in enumerate(racers):
        valid = racer.confirmations(alfred)
        wrong = [with_wrong_credential(alfred, call, racer.user, place + turn) for turn, call in enumerate(valid)]
        outcomes = send_together(racer.user, [call for pair in zip(valid, wrong, strict=True) for call in pair])
        check_wrong_ones(alfred.client, outcomes)
        races.append(Race(racer, outcomes[::2]))
    return races


def with_wrong_credential(alfred: Alfred, call: Call, user: User, turn: int) -> Call:
    takes_token = alfred.credentials.role(call.operation) == "token"
    flaws = (TOKEN["a made-up token"], TOKEN["no token"]) if takes_token else (KEY["an unknown key"], KEY["no key"])
    wrong = flaws[turn % len(flaws)](alfred.credentials, call, user)
    return replace(wrong, refusal=alfred.client.contract.operations[call.operation].credential_clause)


@when("two users at a time confirm everything at the same time", target_fixture="races")
def two_users_confirm_everything(alfred: Alfred, send_together: SendTogether, racers: list[Racer]) -> list[Race]:
    races = []
    for first, second in zip(racers[::2], racers[1::2], strict=True):
        pairs = zip(first.confirmations(alfred), second.confirmations(alfred), strict=True)
        outcomes = send_together(first.user, [call for pair in pairs for call in pair])
        races += [Race(first, outcomes[::2]), Race(second, outcomes[1::2])]
    return races
