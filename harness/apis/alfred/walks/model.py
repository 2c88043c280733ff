"""A model of the balances of Alfred's users after any sequence of calls (contract.md S-8)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from harness.walks.possibilities import CallOutcome, Change, Possibilities, UnexpectedResponse, must_be_rejected

Amounts = frozenset[Decimal]


@dataclass(frozen=True)
class State:
    """A possible state of a user: the balance, and the numbers of the payments and purchases that are booked."""

    balance: Decimal = Decimal(0)
    credited: frozenset[int] = frozenset()
    charged: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Booking:
    """A payment or a purchase of a user; ``amount`` in major units. It is booked once."""

    user: int
    amount: Decimal


@dataclass(frozen=True)
class Session:
    """A session on a purchase; ``part`` is what it showed as payable by balance."""

    purchase: int
    part: Decimal


class AlfredModel:
    """Users, payments, purchases and sessions by number. UnexpectedResponse if a response breaks a clause."""

    def __init__(self) -> None:
        self.payments: list[Booking] = []
        self.purchases: list[Booking] = []
        self.sessions: list[Session] = []
        self._users: list[Possibilities[State]] = []
        self.suspects: list[str] = []
        """Per user, the clause that an unexpected balance breaks: that of the last call that could have changed it."""

    def add_user(self) -> None:
        self._users.append(Possibilities(State()))
        self.suspects.append("S-8")

    def authenticate_again(self, user: int) -> None:
        """Expect the same wallet, with what is in it (A-2)."""
        if self.suspects[user] == "S-8":
            self.suspects[user] = "A-2"

    def balances(self, user: int) -> Amounts:
        return frozenset(state.balance for state in self._users[user].states)

    def read_balance(self, user: int, balance: Decimal) -> None:
        expected = self.balances(user)
        if not self._users[user].keep(lambda state: state.balance == balance):
            raise UnexpectedResponse(
                self.suspects[user], f"a balance of {_one_of(expected)}", str(balance), (balance, tuple(expected))
            )
        self.suspects[user] = "S-8"

    def reject(self, user: int, clause: str, outcome: CallOutcome) -> None:
        """Apply a call that must be rejected, and changes nothing."""
        self._apply(user, must_be_rejected, outcome, clause)

    def add_payment(self, user: int, amount: Decimal) -> int:
        """Add a payment and return its number. It credits nothing yet (F-4)."""
        self.payments.append(Booking(user, amount))
        self.suspects[user] = "F-4"
        return len(self.payments) - 1

    def may_be_credited(self, payment: int) -> bool:
        """Return whether the payment may have been confirmed already."""
        return any(payment in state.credited for state in self._users[self.payments[payment].user].states)

    def confirm_payment(self, payment: int, outcome: CallOutcome) -> None:
        """Credit a payment at its first confirmation, which must succeed (F-3), and at no other (F-6).

        After purchases that left nothing, a wrong balance breaks S-8: a debt may have been shown as zero.
        """
        user = self.payments[payment].user
        was_spent = max(self.balances(user)) == 0 and any(state.charged for state in self._users[user].states)
        self._apply(user, self.crediting(payment), outcome, "F-6" if self.may_be_credited(payment) else "F-3")
        if was_spent and self.suspects[user] == "F-3":
            self.suspects[user] = "S-8"
        for other in range(len(self._users)):
            if other != user and self.suspects[other] == "S-8":
                self.suspects[other] = "F-8"

    def crediting(self, payment: int) -> Change[State]:
        """Return the change by the confirmation of a payment."""
        amount = self.payments[payment].amount

        def change(state: State, outcome: CallOutcome) -> Iterable[State]:
            if payment in state.credited:
                return (state,)
            credited = replace(state, balance=state.balance + amount, credited=state.credited | {payment})
            return (credited,) if outcome is CallOutcome.ACCEPTED else ()

        return change

    def add_purchase(self, user: int, amount: Decimal) -> int:
        self.purchases.append(Booking(user, amount))
        return len(self.purchases) - 1

    def add_session(self, purchase: int, part: Decimal) -> int:
        """Add a session, which spends nothing (S-6), and return its number. Compare its part (S-1 to S-3)."""
        user, amount = self.purchases[purchase].user, self.purchases[purchase].amount
        before = self.balances(user)
        if not self._users[user].keep(lambda state: min(amount, state.balance) == part):
            clause = "S-3" if max(before) == 0 else "S-2" if min(before) >= amount else "S-1"
            allowed = tuple(min(amount, balance) for balance in before)
            words = f"{_one_of(allowed)} of {amount} payable by balance"
            raise UnexpectedResponse(clause, words, str(part), (part, allowed))
        self.suspects[user] = "S-6"
        self.sessions.append(Session(purchase, part))
        return len(self.sessions) - 1

    def may_be_charged(self, purchase: int) -> bool:
        """Return whether the purchase may have been confirmed already."""
        return any(purchase in state.charged for state in self._users[self.purchases[purchase].user].states)

    def confirm_purchase(self, session: int, outcome: CallOutcome) -> None:
        """Charge a purchase at its first confirmation (S-8), which must succeed (P-4), and at no other (P-9).

        It is rejected if less is left than the session showed. It may be if the purchase has a later session.
        """
        purchase = self.sessions[session].purchase
        clause = "P-9" if self.may_be_charged(purchase) else "S-8"
        self._apply(self.purchases[purchase].user, self.charging(session), outcome, clause, if_rejected="P-4")

    def charging(self, session: int) -> Change[State]:
        """Return the change by the confirmation of a purchase."""
        purchase, part = self.sessions[session].purchase, self.sessions[session].part
        amount = self.purchases[purchase].amount
        is_older = any(later.purchase == purchase for later in self.sessions[session + 1 :])

        def change(state: State, outcome: CallOutcome) -> Iterable[State]:
            if purchase in state.charged:
                return (state,)
            if outcome is CallOutcome.REJECTED:
                return (state,) if is_older or part > state.balance else ()
            confirmed = replace(state, charged=state.charged | {purchase})
            return [
                replace(confirmed, balance=state.balance - charge) for charge in charges(state.balance, amount, part)
            ]

        return change

    def showing(self, purchase: int, part: Decimal) -> Change[State]:
        """Return the change by a session that showed this part: none, if the balance was one that gives this part."""
        amount = self.purchases[purchase].amount

        def change(state: State, outcome: CallOutcome) -> Iterable[State]:
            return (state,) if outcome is CallOutcome.ACCEPTED and min(amount, state.balance) == part else ()

        return change

    def confirm_wrongly(self, session: int, outcome: CallOutcome) -> None:
        """Apply a wrong confirmation: rejected while the purchase is unpaid (P-8), and without effect."""
        purchase = self.sessions[session].purchase

        def change(state: State, outcome: CallOutcome) -> Iterable[State]:
            return (state,) if purchase in state.charged or outcome is CallOutcome.REJECTED else ()

        self._apply(self.purchases[purchase].user, change, outcome, "P-8")

    def race(
        self, user: int, calls: Sequence[tuple[Change[State], CallOutcome]], clause: str, *, if_rejected: str = ""
    ) -> None:
        """Apply calls of a user that were made at the same time."""
        self._users[user].become_together(calls, clause, if_rejected=if_rejected)
        self.suspects[user] = clause

    def _apply(
        self, user: int, change: Change[State], outcome: CallOutcome, clause: str, *, if_rejected: str = ""
    ) -> None:
        self._users[user].become(change, outcome, clause, if_rejected=if_rejected)
        self.suspects[user] = clause


def charges(balance: Decimal, amount: Decimal, part: Decimal) -> Amounts:
    """Return what a confirmation may take of a balance: the part that the session showed, or a new one (S-8)."""
    return frozenset({min(amount, balance), part} if part <= balance else {min(amount, balance)})


@cache
def left_after_race(balance: Decimal, amount: Decimal, part: Decimal, accepted: int, rejected: int) -> Amounts:
    """Return what equal purchases confirmed at the same time may leave of a balance, in any order (S-7).

    The session of each showed this part. Empty if no order explains the responses.
    """
    left: set[Decimal] = set() if accepted or rejected else {balance}
    if accepted:
        for charge in charges(balance, amount, part):
            left |= left_after_race(balance - charge, amount, part, accepted - 1, rejected)
    if rejected and part > balance:
        left |= left_after_race(balance, amount, part, accepted, rejected - 1)
    return frozenset(left)


def _one_of(amounts: Iterable[Decimal]) -> str:
    return " or ".join(map(str, sorted(set(amounts))))
