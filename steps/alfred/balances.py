"""Comparing the balances of users."""

from decimal import Decimal

from pytest_bdd import given, then

from harness.apis.alfred.client import Alfred
from harness.apis.alfred.users import User
from harness.budget.depth import Depth
from harness.causes.words import comparison
from harness.failures import Finding, WrongOutcome
from steps.alfred.plain_balances import clause_of_plain_balances, plain_balances_first
from steps.last_balances import check_last_balances

NOT_ABOUT_MONEY = frozenset({"A-1", "A-2", "A-3", "P-1", "P-2", "P-3", "P-4", "W-1", "W-2"})


def check_balance(alfred: Alfred, user: User, *allowed: Decimal, clause: str = "") -> None:
    """Compare a user's balance. If it is wrong, look whether plain calls of another user give a wrong one too.

    ``clause`` is the one that only this balance breaks. By default it is the scenario's, or S-8 if that one is not
    about money.
    """
    with plain_balances_first(alfred):
        found = alfred.balance(user)
    exchange = alfred.recorder.scenario.last
    if found in allowed:
        return
    text = comparison("==", found, *allowed) if len(allowed) == 1 else comparison("in", found, allowed)
    plain = clause_of_plain_balances(alfred)
    if plain:
        finding = Finding("the balance", " or ".join(map(str, allowed)), text, compared=(found, allowed))
        raise alfred.recorder.violation(plain, (finding,), exchange)
    clause = clause or ("S-8" if alfred.recorder.scenario.clause in NOT_ABOUT_MONEY else "")
    raise WrongOutcome(text, "", exchange, (found, allowed), clause=clause)


@given("the user's balance has been read")
def the_balance_has_been_read(alfred: Alfred, user: User, balance_shown: None) -> None:
    alfred.balance(user)


@then("every user of the run reaches the same wallet, and has what was read last")
def every_user_has_what_was_read_last(alfred: Alfred, depth: Depth) -> None:
    def read(user: User) -> Decimal:
        again = alfred.users.authenticate(user.external_reference)
        if again.wallet_id != user.wallet_id:
            text = "the reference of a user of the run reaches another wallet"
            raise WrongOutcome(text, "", alfred.recorder.scenario.last, clause="A-2")
        return alfred.balance(again)

    check_last_balances(alfred.recorder, alfred.last_balances, read, depth)
