"""The balances after confirmations at the same time."""

from decimal import Decimal

from pytest_bdd import then, when

from harness.apis.alfred.admin import Admin
from harness.apis.alfred.client import Alfred
from harness.apis.alfred.users import User
from harness.apis.alfred.walks.model import left_after_race
from harness.failures import ContractViolation
from harness.gherkin.sentences import sentence
from steps.alfred.plain_balances import plain_balances_first
from steps.alfred.races.sending import Race, Racer
from steps.alfred.users import the_admin_ui_shows_the_same
from steps.races import check_accepted


def balance_after(alfred: Alfred, user: User) -> Decimal:
    """Return the balance after a race. A balance below zero can't be shown, and breaks the clause of the race."""
    try:
        return alfred.balance(user)
    except ContractViolation as violation:
        if violation.clause != "S-1":
            raise
        clause, documented = alfred.recorder.scenario.clause, violation.documented
        raise alfred.recorder.violation(clause, violation.findings, documented=documented) from violation


def check_balances(alfred: Alfred, expected: dict[User, Decimal]) -> None:
    found = [balance_after(alfred, user) for user in expected]
    with plain_balances_first(alfred):
        assert found == list(expected.values())


@then("at least one call of each user was accepted")
def at_least_one_was_accepted(alfred: Alfred, races: list[Race]) -> None:
    for race in races:
        if not race.accepted:
            raise alfred.client.wrong_rejection(race.outcomes[0])


@then("every call was accepted")
def every_call_was_accepted(alfred: Alfred, races: list[Race]) -> None:
    check_accepted(alfred.client, (outcome for race in races for outcome in race.outcomes))


@then(sentence("each user's balance is {amount:Money}"))
def each_users_balance_is(alfred: Alfred, races: list[Race], amount: Decimal) -> None:
    check_balances(alfred, {race.racer.user: amount for race in races})


@then("each user's balance has changed by all payments")
@then("each user's balance has changed by all payments and purchases")
def each_users_balance_has_changed(alfred: Alfred, races: list[Race]) -> None:
    def expected(racer: Racer) -> Decimal:
        bought = sum((session.purchase.amount for session in racer.sessions), Decimal(0))
        return racer.before + sum(payment.amount for payment in racer.payments) - bought

    check_balances(alfred, {race.racer.user: expected(race.racer) for race in races})


@then("the Admin UI, if there is one, shows the same balance of each user")
def the_admin_ui_shows_each(alfred: Alfred, admin: Admin | None, races: list[Race], balance_shown: None) -> None:
    for race in races:
        the_admin_ui_shows_the_same(alfred, admin, race.racer.user, balance_shown)


@then("each user's balance matches the accepted confirmations", target_fixture="balances_left")
def each_users_balance_matches(alfred: Alfred, races: list[Race]) -> dict[User, Decimal]:
    balances = {race.racer.user: balance_after(alfred, race.racer.user) for race in races}
    for race, left in zip(races, balances.values(), strict=True):
        before, session = race.racer.before, race.racer.sessions[0]
        assert session.balance_amount is not None
        rejected = len(race.outcomes) - race.accepted
        allowed = left_after_race(before, session.purchase.amount, session.balance_amount, race.accepted, rejected)
        outcome = f"{race.accepted} of {len(race.outcomes)} purchases were accepted on a balance of {before}"
        alfred.recorder.note(f"{outcome}: {left} is left")
        expected = " or ".join(map(str, sorted(allowed))) or "nothing, because no order of them explains it,"
        assert left in allowed, f"{outcome}: {expected} may be left, and it is {left}"
    return balances


@when(sentence("each user funds the wallet with {amount:Money}"))
def each_user_funds_the_wallet(alfred: Alfred, balances_left: dict[User, Decimal], amount: Decimal) -> None:
    # A balance below zero may be shown as zero. Money that comes in afterwards reveals it.
    for user in balances_left:
        alfred.funding.fund(user, amount)


@then(sentence("each user's balance has increased by {amount:Money}"))
def each_users_balance_has_increased(alfred: Alfred, balances_left: dict[User, Decimal], amount: Decimal) -> None:
    check_balances(alfred, {user: left + amount for user, left in balances_left.items()})
