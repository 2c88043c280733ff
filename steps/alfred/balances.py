"""A balance that is wrong: which clause it breaks, in the scenario or already in the plainest calls."""

from contextlib import AbstractContextManager
from decimal import Decimal

from harness.apis.alfred.client import Alfred
from harness.apis.alfred.users import User
from harness.client.calls import fresh_reference
from harness.failures import Finding, WrongOutcome
from steps.plain_calls import clause_of, plain_cause_first

NOTHING, FUNDED, SMALL, LARGE = (Decimal(text) for text in ("0.00", "20.10", "5.00", "50.00"))


def check_balance(alfred: Alfred, user: User, *allowed: Decimal) -> None:
    """Compare a user's balance. If it is wrong, look whether plain calls of another user give a wrong one too."""
    found, exchange = alfred.balance(user), alfred.recorder.scenario.last
    if found in allowed:
        return
    expected = " or ".join(map(str, allowed))
    clause = clause_of_plain_balances(alfred)
    if clause:
        finding = Finding("the balance", expected, str(found), compared=(found, allowed))
        raise alfred.recorder.violation(clause, (finding,), exchange)
    raise WrongOutcome(f"the balance must be {expected}, and it is {found}", "", exchange, (found, allowed))


def plain_balances_first(alfred: Alfred) -> AbstractContextManager[None]:
    """Run a comparison or a model. If it fails, make plain calls of another user, and name the clause they break."""
    return plain_cause_first(alfred.recorder, lambda: clause_of_plain_balances(alfred))


def clause_of_plain_balances(alfred: Alfred) -> str:
    """Return the clause that the balance of a new user breaks who only funds and buys; empty if it breaks none."""
    return clause_of(alfred.recorder, lambda: _first_broken(alfred))


def _first_broken(alfred: Alfred) -> str:
    user = alfred.users.authenticate(fresh_reference("user"))
    return _broken_by_funding(alfred, user) or _broken_by_buying(alfred, user)


def _broken_by_funding(alfred: Alfred, user: User) -> str:
    if alfred.balance(user) != NOTHING:
        other = alfred.users.authenticate(fresh_reference("user"))
        return "W-2" if _share_an_account(alfred, user, other) else "S-3"
    payment = alfred.funding.prepare_payment(user, FUNDED)
    if alfred.balance(user) != NOTHING:
        return "F-4"
    alfred.funding.confirm(payment)
    shown = alfred.balance(user)
    return "" if shown == FUNDED else _clause_of_wrong_funding(alfred, user, shown)


def _broken_by_buying(alfred: Alfred, user: User) -> str:
    """Return the clause that is broken after the user has funded the wallet, and the balance was right once."""

    def is_wrong(allowed: Decimal) -> bool:
        return alfred.balance(user) != allowed

    # Each balance is read after a session that nobody has confirmed.
    if is_wrong(FUNDED):
        return "S-6"
    session = alfred.purchases.open_on_new(SMALL, user)
    if session.balance_amount != SMALL:
        return "S-2"
    if is_wrong(FUNDED):
        return "S-6"
    other = alfred.users.authenticate(fresh_reference("user"))
    if is_wrong(FUNDED):
        return "S-5"
    if alfred.balance(other) != NOTHING:
        return "W-2" if _share_an_account(alfred, user, other) else "F-8"
    alfred.purchases.confirm(session)
    if is_wrong(FUNDED - SMALL):
        return "S-5"
    alfred.purchases.confirm(alfred.purchases.open_on_new(LARGE, user))
    return "S-5" if is_wrong(NOTHING) else ""


def _share_an_account(alfred: Alfred, user: User, other: User) -> bool:
    return alfred.users.account(user) == alfred.users.account(other)


def _clause_of_wrong_funding(alfred: Alfred, user: User, shown: Decimal) -> str:
    """Return F-3, or S-1 if only the part that the balance pays of a larger purchase is shown wrongly."""
    more = shown - SMALL
    if more > FUNDED and alfred.purchases.open_on_new(more, user).balance_amount == more:
        return "F-3"
    return "S-1" if alfred.purchases.open_on_new(FUNDED, user).balance_amount == FUNDED else "F-3"
