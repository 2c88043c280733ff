"""Sessions on purchases that several users open at the same time."""

from decimal import Decimal

from pytest_bdd import given, then, when

from harness.apis.alfred.client import Alfred
from harness.apis.alfred.purchases import PurchaseSession
from harness.gherkin.sentences import sentence
from steps.alfred.plain_balances import plain_balances_first
from steps.alfred.races.creation import send_valid
from steps.alfred.races.sending import Race, Racer, SendTogether
from steps.alfred.users import NewUser

ROUNDS = 3
STEP = Decimal("10.00")


@given(sentence("{count:Count} users with different balances"), target_fixture="racers")
def users_with_different_balances(new_user: NewUser, balance_shown: None, count: int) -> list[Racer]:
    balances = [STEP * number for number in range(1, count + 1)]
    return [Racer(new_user(balance), balance) for balance in balances]


@when(
    sentence("each user opens {times:Count} sessions on purchases of {amount:Money}, all at the same time"),
    target_fixture="opened",
)
def sessions_are_opened(
    alfred: Alfred, send_together: SendTogether, racers: list[Racer], times: int, amount: Decimal
) -> list[PurchaseSession]:
    opened = []
    for _ in range(ROUNDS):
        made = [(racer.user, alfred.purchases.create(amount, racer.user)) for racer in racers * times]
        calls = [alfred.purchases.session_call(purchase, user) for user, purchase in made]
        outcomes = send_valid(alfred, send_together, racers[0].user, calls)
        for (user, purchase), outcome in zip(made, outcomes, strict=True):
            opened.append(alfred.purchases.session_of(purchase, user, outcome.payload))
    return opened


@when("each user opens a Funding session, all at the same time, and pays in it", target_fixture="races")
def funding_sessions_are_opened(alfred: Alfred, send_together: SendTogether, racers: list[Racer]) -> list[Race]:
    accounts = [alfred.users.account(racer.user) for racer in racers]
    calls = [alfred.funding.session_call(racer.user, account) for racer, account in zip(racers, accounts, strict=True)]
    outcomes = send_valid(alfred, send_together, racers[0].user, calls)
    for racer, account, outcome in zip(racers, accounts, outcomes, strict=True):
        session = alfred.funding.session_of(racer.user, account, outcome.payload)
        racer.payments.append(alfred.funding.create_payment(session, STEP + len(racer.payments)))
    for racer in racers:
        alfred.funding.confirm(racer.payments[-1])
    return [Race(racer, []) for racer in racers]


@then("each session shows the balance of its own user")
def each_session_shows_its_users_balance(alfred: Alfred, racers: list[Racer], opened: list[PurchaseSession]) -> None:
    balances = {racer.user.wallet_id: racer.before for racer in racers}
    with plain_balances_first(alfred):
        for session in opened:
            assert session.balance_amount == balances[session.user.wallet_id]
