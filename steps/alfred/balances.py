"""Comparing a user's balance."""

from decimal import Decimal

from harness.apis.alfred.client import Alfred
from harness.apis.alfred.users import User
from harness.failures import Finding, WrongOutcome
from steps.alfred.plain_balances import clause_of_plain_balances, plain_balances_first


def check_balance(alfred: Alfred, user: User, *allowed: Decimal, clause: str = "") -> None:
    """Compare a user's balance. If it is wrong, look whether plain calls of another user give a wrong one too.

    ``clause`` is the one that only this balance breaks (default: the scenario's).
    """
    with plain_balances_first(alfred):
        found = alfred.balance(user)
    exchange = alfred.recorder.scenario.last
    if found in allowed:
        return
    expected = " or ".join(map(str, allowed))
    plain = clause_of_plain_balances(alfred)
    if plain:
        finding = Finding("the balance", expected, str(found), compared=(found, allowed))
        raise alfred.recorder.violation(plain, (finding,), exchange)
    text = f"the balance must be {expected}, and it is {found}"
    raise WrongOutcome(text, "", exchange, (found, allowed), clause=clause)
