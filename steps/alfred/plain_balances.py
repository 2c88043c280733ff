"""A balance that is wrong: which clause the plainest calls of new users break already."""

from contextlib import AbstractContextManager
from decimal import Decimal

from harness.apis.alfred.client import Alfred
from harness.apis.alfred.users import User
from harness.client.readings import sent_as_documented
from harness.client.unique import fresh_reference
from steps.plain_calls import MOST_AMOUNTS, clause_of, plain_cause_first

NOTHING, FUNDED, SMALL, LARGE = (Decimal(text) for text in ("0.00", "20.10", "5.05", "50.30"))
OTHERS, MORE = Decimal("20.10"), Decimal("0.20")
COVERED = (Decimal("0.10"), SMALL, Decimal("15.00"), FUNDED)
SESSIONS = PURCHASES = 3
LEFT = FUNDED + MORE - PURCHASES * SMALL


def plain_balances_first(alfred: Alfred) -> AbstractContextManager[None]:
    """Run a comparison, a valid call or a model. If it fails, make plain calls, and name the clause they break."""
    return plain_cause_first(alfred.recorder, lambda: clause_of_plain_balances(alfred))


def clause_of_plain_balances(alfred: Alfred) -> str:
    """Return the clause that the balances of new users break who only fund and buy; empty if they break none."""
    return clause_of(alfred.recorder, lambda: _first_broken(alfred))


def _first_broken(alfred: Alfred) -> str:
    user = _new_user(alfred)
    return (
        _broken_by_equal_purchases(alfred, user)
        or _broken_by_funding(alfred, user)
        or _broken_by_sessions(alfred, user)
        or _broken_by_another(alfred, user)
        or _broken_by_buying(alfred, user)
        or _broken_by_amounts(alfred, user)
        or _broken_by_coming_back(alfred, user)
        or _broken_by_a_neighbour(alfred)
        or _broken_by_open_sessions(alfred)
        or _broken_by_a_purchase_in_between(alfred)
        or _broken_by_buying_without_balance(alfred)
    )


def _new_user(alfred: Alfred) -> User:
    return alfred.users.authenticate(fresh_reference("user"))


def _broken_by_equal_purchases(alfred: Alfred, user: User) -> str:
    """Create a purchase twice, which ``Purchases.create`` compares (P-2)."""
    for _ in range(2):
        alfred.purchases.create(FUNDED, user)
    return ""


def _broken_by_funding(alfred: Alfred, user: User) -> str:
    if alfred.balance(user) != NOTHING:
        return _clause_of_mixed_up_users(alfred, user, _new_user(alfred), "S-3")
    payment = alfred.funding.prepare_payment(user, FUNDED)
    alfred.funding.prepare_payment(user, MORE)
    alfred.users.account(user)
    if alfred.balance(user) != NOTHING:
        return "F-4"
    alfred.funding.confirm(payment)
    shown = alfred.balance(user)
    if shown == FUNDED + MORE:  # the other payment is credited too
        return "F-4"
    return "" if shown == FUNDED else _clause_of_wrong_funding(alfred, user, shown)


def _broken_by_sessions(alfred: Alfred, user: User) -> str:
    """Return the clause that sessions break which nobody confirms. The balance was right once."""
    if alfred.balance(user) != FUNDED:
        return "S-6"
    for amount in COVERED:
        if alfred.purchases.open_on_new(amount, user).balance_amount != amount:
            return "S-2"
        if alfred.balance(user) != FUNDED:
            return "S-6"
    purchase = alfred.purchases.create(SMALL, user)
    shown = {alfred.purchases.open_session(purchase, user).balance_amount for _ in range(SESSIONS)}
    if shown != {SMALL}:
        return "S-2"
    return "" if alfred.balance(user) == FUNDED else "S-6"


def _broken_by_another(alfred: Alfred, user: User) -> str:
    """Return the clause that is broken after another user has come, and after each of the two has funded again."""
    other = _new_user(alfred)
    if alfred.balance(user) != FUNDED:
        return "S-5"
    if alfred.balance(other) != NOTHING:
        return _clause_of_mixed_up_users(alfred, user, other, "F-8")
    alfred.funding.fund(other, OTHERS)
    if alfred.balance(user) != FUNDED:
        return "F-8"
    payment, others = (alfred.funding.prepare_payment(one, MORE) for one in (user, other))
    if alfred.balance(user) != FUNDED:
        return "F-4"
    alfred.funding.confirm(payment)
    if alfred.balance(other) != OTHERS:
        return "F-8"
    shown = alfred.balance(user)
    alfred.funding.confirm(others)
    if shown != FUNDED + MORE:
        # Only this user has open sessions that the balance covered.
        if alfred.balance(other) == OTHERS + MORE:
            # The payment that is still open has the same amount.
            return "F-4" if shown == FUNDED + 2 * MORE else "S-6"
        return "F-3" if shown in (FUNDED, FUNDED + 2 * MORE) else "F-5"
    return "" if alfred.balance(user) == FUNDED + MORE else "F-8"


def _broken_by_buying(alfred: Alfred, user: User) -> str:
    for times in range(1, PURCHASES + 1):
        purchase = alfred.purchases.create(SMALL, user)
        sessions = [alfred.purchases.open_session(purchase, user) for _ in range(times)]
        alfred.purchases.confirm(sessions[-1])
        if alfred.balance(user) != FUNDED + MORE - times * SMALL:
            return "S-5"
    return _broken_by_spending_all(alfred, user, LEFT) or _broken_by_spending_all(alfred, user, LARGE)


def _broken_by_spending_all(alfred: Alfred, user: User, amount: Decimal) -> str:
    """Buy for the whole balance or more, and fund again."""
    balance = alfred.balance(user)
    session = alfred.purchases.open_on_new(amount, user)
    if session.balance_amount != balance:
        return "S-2" if amount == balance else "S-1"
    alfred.purchases.confirm(session)
    return _broken_by_funding_again(alfred, user) if alfred.balance(user) == NOTHING else "S-5"


def _broken_by_funding_again(alfred: Alfred, user: User) -> str:
    """Return F-3 if a funding credits nothing, or S-8 if it is used up by a debt that is shown as nothing."""
    alfred.funding.fund(user, FUNDED)
    if alfred.balance(user) == FUNDED:
        return ""
    alfred.funding.fund(user, LARGE)
    return "F-3" if alfred.balance(user) in (NOTHING, LARGE) else "S-8"


def _broken_by_amounts(alfred: Alfred, user: User) -> str:
    """Return the clause that is broken if a new user buys for or funds an amount of the scenario."""
    for amount in _amounts(alfred, "createPurchase", "amount"):
        if alfred.purchases.open_on_new(amount, user).balance_amount != min(amount, FUNDED):
            return "S-2" if amount <= FUNDED else "S-1"
    for amount in _amounts(alfred, "createPayment", "paymentAmount"):
        another = _new_user(alfred)
        alfred.funding.fund(another, amount)
        if alfred.balance(another) != amount:
            return "S-1" if _is_only_shown_wrongly(alfred, another, amount) else "F-3"
    return ""


def _is_only_shown_wrongly(alfred: Alfred, user: User, funded: Decimal) -> bool:
    """Return whether a small balance is right after another funding, and a larger one after a purchase."""
    if funded <= SMALL:
        alfred.funding.fund(user, FUNDED)
        return alfred.balance(user) == funded + FUNDED
    alfred.purchases.confirm(alfred.purchases.open_on_new(funded - SMALL, user))
    return alfred.balance(user) == SMALL


def _broken_by_coming_back(alfred: Alfred, user: User) -> str:
    """Authenticate the user again. ContractViolation of W-2 if the account is another one then."""
    before = alfred.balance(user)
    again = alfred.users.authenticate(user.external_reference)
    if again.wallet_id != user.wallet_id:
        return "A-2"
    alfred.users.account(again)
    return "" if alfred.balance(again) == before else "S-8"


def _broken_by_a_neighbour(alfred: Alfred) -> str:
    """Return F-8 if the first funding of a user changes the balance of the user before, who has never funded."""
    before, user = _new_user(alfred), _new_user(alfred)
    alfred.funding.fund(user, FUNDED)
    return "" if alfred.balance(before) == NOTHING else "F-8"


def _broken_by_open_sessions(alfred: Alfred) -> str:
    """Confirm two purchases of the same amount, whose sessions are open together. ContractViolation of P-4."""
    user = _new_user(alfred)
    for session in [alfred.purchases.open_on_new(SMALL, user) for _ in range(2)]:
        alfred.purchases.confirm(session)
    return ""


def _broken_by_a_purchase_in_between(alfred: Alfred) -> str:
    """Return the clause that is broken if another user buys between a payment and its confirmation."""
    user, other = _new_user(alfred), _new_user(alfred)
    alfred.funding.fund(other, FUNDED)
    payment = alfred.funding.prepare_payment(user, OTHERS)
    alfred.purchases.confirm(alfred.purchases.open_on_new(SMALL, other))
    alfred.funding.confirm(payment)
    if alfred.balance(other) != FUNDED - SMALL:
        return "F-8"
    return "" if alfred.balance(user) == OTHERS else "F-3"


def _broken_by_buying_without_balance(alfred: Alfred) -> str:
    """Return the clause that is broken if a user's first funding follows a purchase."""
    user = _new_user(alfred)
    alfred.purchases.confirm(alfred.purchases.open_on_new(SMALL, user))
    return _broken_by_funding_again(alfred, user)


def _amounts(alfred: Alfred, operation: str, member: str) -> list[Decimal]:
    """Return a few amounts that were sent as documented. A large one counts if it was accepted (contract.md)."""
    calls = sent_as_documented(alfred.client.contract, alfred.recorder.scenario.story, operation)
    found = dict.fromkeys(
        Decimal(sent[member])
        for sent, exchange in calls
        if exchange.response and (exchange.response.status < 300 or sent[member] < LARGE)
    )
    return list(found)[:MOST_AMOUNTS]


def _clause_of_mixed_up_users(alfred: Alfred, user: User, other: User, clause: str) -> str:
    """Return the clause. ContractViolation of W-2 if the two share an account."""
    for each in (user, other):
        alfred.users.account(each)
    return clause


def _clause_of_wrong_funding(alfred: Alfred, user: User, shown: Decimal) -> str:
    """Return F-3, or S-1 if only the part that the balance pays of a larger purchase is shown wrongly."""
    more = shown - SMALL
    if more > FUNDED and alfred.purchases.open_on_new(more, user).balance_amount == more:
        return "F-3"
    return "S-1" if alfred.purchases.open_on_new(FUNDED, user).balance_amount == FUNDED else "F-3"
