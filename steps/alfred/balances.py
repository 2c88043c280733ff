"""Comparing a user's balance."""

from decimal import Decimal

from harness.apis.alfred.client import Alfred
from harness.apis.alfred.users import User
from harness.causes.words import comparison
from harness.failures import Finding, WrongOutcome
from steps.alfred.plain_balances import clause_of_plain_balances, plain_balances_first

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
