"""What Alfred's users may hold after any calls, worked out without asking (contract.md S-8)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from harness.walks.possibilities import CallOutcome, Change, Possibilities, UnexpectedResponse

Amounts = frozenset[Decimal]


@dataclass(frozen=True)
class Holding:
    """One thing that a user may hold: the balance, and which payments and purchases were booked on it."""

    balance: Decimal = Decimal(0)
    credited: frozenset[int] = frozenset()
    charged: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Due:
    """A payment or a purchase: a user's amount, in major units, that is booked once."""

    user: int
    amount: Decimal


@dataclass(frozen=True)
class Session:
    """A session on a purchase, and the part that it showed as payable by balance."""

    purchase: int
    part: Decimal


class AlfredModel:
    """Users, payments, purchases and sessions, each by its number. A UnexpectedResponse tells of a broken clause."""

    def __init__(self) -> None:
        """Know nobody."""
        self.payments: list[Due] = []
        self.purchases: list[Due] = []
        self.sessions: list[Session] = []
        self._users: list[Possibilities[Holding]] = []
        self._blamed: list[str] = []

    def newcomer(self) -> int:
        """A user who holds nothing."""
        self._users.append(Possibilities(Holding()))
        self._blamed.append("S-8")
        return len(self._users) - 1

    def balances(self, user: int) -> Amounts:
        """What the user's balance may be."""
        return frozenset(holding.balance for holding in self._users[user].states)

    def balance_read(self, user: int, balance: Decimal) -> None:
        """The balance as it was read; the clause of another is that of the last call that could have changed it."""
        due = self.balances(user)
        if not self._users[user].keep(lambda holding: holding.balance == balance):
            raise UnexpectedResponse(self._blamed[user], f"a balance of {_either(due)}", str(balance))
        self._blamed[user] = "S-8"

    def rejected(self, user: int, clause: str, outcome: CallOutcome) -> None:
        """A call that must be rejected, and has no effect on anybody."""
        self._apply(
            user, lambda holding, outcome: () if outcome is CallOutcome.ACCEPTED else (holding,), outcome, clause
        )

    # Funding

    def payment(self, user: int, amount: Decimal) -> int:
        """A payment that was created; it credits nothing yet (F-4)."""
        self.payments.append(Due(user, amount))
        self._blamed[user] = "F-4"
        return len(self.payments) - 1

    def may_be_credited(self, payment: int) -> bool:
        """Whether the payment may have been confirmed already."""
        return any(payment in holding.credited for holding in self._users[self.payments[payment].user].states)

    def payment_confirmed(self, payment: int, outcome: CallOutcome) -> None:
        """Credited by the first confirmation, which must succeed (F-3), and by no other (F-6)."""
        user, amount = self.payments[payment].user, self.payments[payment].amount

        def change(holding: Holding, outcome: CallOutcome) -> Iterable[Holding]:
            if payment in holding.credited:
                return (holding,)
            credited = replace(holding, balance=holding.balance + amount, credited=holding.credited | {payment})
            return (credited,) if outcome is CallOutcome.ACCEPTED else ()

        clause = "F-6" if self.may_be_credited(payment) else "F-3"
        self._apply(user, change, outcome, clause)
        for other in range(len(self._users)):
            if other != user and self._blamed[other] == "S-8":
                self._blamed[other] = "F-8"

    # Buying

    def purchase(self, user: int, amount: Decimal) -> int:
        """A purchase that was created for a user."""
        self.purchases.append(Due(user, amount))
        return len(self.purchases) - 1

    def session(self, purchase: int, part: Decimal) -> int:
        """A session with the part that it showed payable by balance (S-1 to S-3); it spends nothing (S-6)."""
        user, amount = self.purchases[purchase].user, self.purchases[purchase].amount
        before = self.balances(user)
        if not self._users[user].keep(lambda holding: min(amount, holding.balance) == part):
            clause = "S-3" if max(before) == 0 else "S-2" if min(before) >= amount else "S-1"
            due = _either(min(amount, balance) for balance in before)
            raise UnexpectedResponse(clause, f"{due} of {amount} payable by balance", str(part))
        self._blamed[user] = "S-6"
        self.sessions.append(Session(purchase, part))
        return len(self.sessions) - 1

    def may_be_charged(self, purchase: int) -> bool:
        """Whether the purchase may have been confirmed already."""
        return any(purchase in holding.charged for holding in self._users[self.purchases[purchase].user].states)

    def purchase_confirmed(self, session: int, outcome: CallOutcome) -> None:
        """Charged by the first confirmation (S-8), which must succeed (P-4), and by no other (P-9).

        It is rejected where less is left than the session showed, or may be where the purchase has a later session.
        """
        purchase, part = self.sessions[session].purchase, self.sessions[session].part
        user, amount = self.purchases[purchase].user, self.purchases[purchase].amount
        older = any(later.purchase == purchase for later in self.sessions[session + 1 :])

        def change(holding: Holding, outcome: CallOutcome) -> Iterable[Holding]:
            if purchase in holding.charged:
                return (holding,)
            if outcome is CallOutcome.REJECTED:
                return (holding,) if older or part > holding.balance else ()
            confirmed = replace(holding, charged=holding.charged | {purchase})
            return [
                replace(confirmed, balance=holding.balance - charged)
                for charged in charges(holding.balance, amount, part)
            ]

        clause = "P-9" if self.may_be_charged(purchase) else "S-8"
        self._apply(user, change, outcome, clause, proper="P-4")

    def wrongly_confirmed(self, session: int, outcome: CallOutcome) -> None:
        """A confirmation with something wrong in it: rejected while the purchase is unpaid (P-8) and of no effect."""
        purchase = self.sessions[session].purchase

        def change(holding: Holding, outcome: CallOutcome) -> Iterable[Holding]:
            return (holding,) if purchase in holding.charged or outcome is CallOutcome.REJECTED else ()

        self._apply(self.purchases[purchase].user, change, outcome, "P-8")

    def _apply(
        self, user: int, change: Change[Holding], outcome: CallOutcome, clause: str, *, proper: str = ""
    ) -> None:
        if not self._users[user].become(change, outcome):
            if outcome is CallOutcome.ACCEPTED:
                raise UnexpectedResponse(clause, "a rejection", "a success")
            raise UnexpectedResponse(proper or clause, "a success: the call is as documented", "a rejection")
        self._blamed[user] = clause


def charges(balance: Decimal, amount: Decimal, part: Decimal) -> Amounts:
    """What a confirmation may take of a balance: the part that the session showed, or what it would show now (S-8)."""
    return frozenset({min(amount, balance), part} if part <= balance else {min(amount, balance)})


@cache
def left_after_race(balance: Decimal, amount: Decimal, part: Decimal, accepted: int, rejected: int) -> Amounts:
    """What may be left of a balance by so many equal purchases confirmed at one moment, whichever came first (S-7).

    The session of each showed this part. Empty where no order explains the answers.
    """
    left: set[Decimal] = set() if accepted or rejected else {balance}
    if accepted:
        for charged in charges(balance, amount, part):
            left |= left_after_race(balance - charged, amount, part, accepted - 1, rejected)
    if rejected and part > balance:
        left |= left_after_race(balance, amount, part, accepted, rejected - 1)
    return frozenset(left)


def _either(amounts: Iterable[Decimal]) -> str:
    return " or ".join(map(str, sorted(set(amounts))))
