"""A random walk of Alfred's users: they fund, buy, confirm and confirm again, and try what must be rejected."""

import sys
from decimal import Decimal
from typing import Final

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from harness.apis.alfred.client import Alfred
from harness.apis.alfred.flaws import calls as flaws
from harness.apis.alfred.users import User
from harness.apis.alfred.walks.judged_calls import NAMES, JudgedCalls
from harness.apis.alfred.walks.random_input import ACTIONS, FUNDINGS, PRICES, PRICES_OF_PURCHASES
from harness.apis.alfred.walks.rejected_calls import CALLS, Subject
from harness.walks.walker import Walk

MINOR: Final = Decimal("0.01")
NUMBERS: Final = st.tuples(*[st.integers(0, 59)] * 6)


class AlfredWalk(RuleBasedStateMachine):
    """Each action calls Alfred, passes the outcome to the model, and reads the balance of the user concerned."""

    def __init__(self, alfred: Alfred, walk: Walk) -> None:
        super().__init__()
        self.alfred = alfred
        self.walk = walk
        self.calls = JudgedCalls(alfred, walk)
        self.model = self.calls.model

    @initialize(numbers=NUMBERS)
    def begin(self, numbers: tuple[int, ...]) -> None:
        """Create two users, who may affect each other, and fund a wallet."""
        with self.walk.step(numbers):
            self.calls.add_user()
            self.calls.add_user()
            if self.calls.users:
                self.fund()

    @rule(numbers=NUMBERS)
    def act(self, numbers: tuple[int, ...]) -> None:
        """Take one action. If its precondition is missing, the action creates it instead."""
        with self.walk.step(numbers):
            # A user is missing if the response to an authentication was lost.
            action = self.walk.pick_action(ACTIONS)
            getattr(self, action if len(self.calls.users) > 1 else "add_a_user")()

    def teardown(self) -> None:
        """Read every balance at the end, unless the walk failed."""
        if sys.exc_info()[0] is None and self.calls.users:
            with self.walk.step():
                self.calls.read_balances(*range(len(self.calls.users)))

    def add_a_user(self) -> None:
        if len(self.calls.users) == len(NAMES):
            self.authenticate_again()
        else:
            self.calls.add_user()

    def authenticate_again(self) -> None:
        self.calls.authenticate_again(self._user())

    def _user(self) -> int:
        return self.walk.pick(range(len(self.calls.users)))

    def fund(self) -> None:
        self.calls.fund(self._user(), self.walk.pick(FUNDINGS))

    def prepare_a_payment(self) -> None:
        payment = self.calls.create_payment(self._user(), self.walk.pick(FUNDINGS))
        if payment is not None:
            self.calls.read_balances(self.model.payments[payment].user)

    def confirm_a_payment(self) -> None:
        payments = self._unconfirmed_payments()
        return self.calls.confirm_payment(self.walk.pick(payments)) if payments else self.prepare_a_payment()

    def confirm_a_payment_again(self) -> None:
        """Confirm any payment, even one that was confirmed before."""
        payments = range(len(self.calls.payments))
        return self.calls.confirm_payment(self.walk.pick(payments)) if payments else self.fund()

    def try_a_wrong_call(self) -> None:
        """Make a call of any kind with anything wrong with it, about what there is."""
        sessions = range(len(self.calls.sessions))
        if not sessions or not self.calls.payments:
            return self.buy()
        session = self.walk.pick(sessions)
        user = self.calls.owner(session)
        payments = [number for number, payment in enumerate(self.model.payments) if payment.user == user]
        funding_session = self.calls.open_funding_session(user)
        if not payments or not funding_session:
            return self.fund()
        subject = Subject(user, (session,), (self.walk.pick(payments),), funding_session)
        name, kind = self.walk.pick(list(CALLS.items()))
        flaw = self.walk.pick([*kind.own, *kind.credentials])
        try:
            wrong = list(kind.wrong(self.alfred, self.calls, subject, flaw, self._other_user(user)))
        except pytest.skip.Exception:
            return self.buy()
        for call in wrong:
            self.calls.reject_wrong(user, f"{name}, {flaw}", call)
        self.calls.create_payment_in(funding_session, user, self.walk.pick(FUNDINGS))
        return None

    def _unconfirmed_payments(self) -> list[int]:
        return [number for number in range(len(self.calls.payments)) if not self.model.may_be_credited(number)]

    def _other_user(self, user: int) -> User:
        return self.calls.users[(user + 1) % len(self.calls.users)]

    def open_a_session(self) -> None:
        session = self._open_on_new()
        if session is not None:
            self.calls.read_balances(self.calls.owner(session))

    def buy(self) -> None:
        session = self._open_on_new()
        if session is not None:
            self.calls.confirm(session)

    def open_another_session(self) -> None:
        """Open a second session on a purchase that is not confirmed."""
        unpaid = self._unpaid_sessions()
        if not unpaid:
            return self.open_a_session()
        session = self.walk.pick(unpaid)
        self.calls.open(self.model.sessions[session].purchase)
        return self.calls.read_balances(self.calls.owner(session))

    def create_a_purchase(self) -> None:
        """Create a purchase, on which a session is opened later."""
        self.calls.create(self._user(), self.walk.pick(PRICES_OF_PURCHASES))

    def open_a_late_session(self) -> None:
        """Open a session on any purchase that is not confirmed, also on one that has none yet."""
        unpaid = [each for each in range(len(self.model.purchases)) if not self.model.may_be_charged(each)]
        if not unpaid:
            return self.create_a_purchase()
        purchase = self.walk.pick(unpaid)
        self.calls.open(purchase)
        return self.calls.read_balances(self.model.purchases[purchase].user)

    def open_on_a_paid_purchase(self) -> None:
        """Try to open a session on a purchase that may be paid, and confirm it again."""
        paid = list(filter(self.calls.is_paid, range(len(self.calls.sessions))))
        if not paid:
            return self.buy()
        session = self.walk.pick(paid)
        self.calls.open_late(session)
        return self.calls.confirm(session)

    def read_accounts(self) -> None:
        self.calls.read_accounts()

    def confirm_a_session(self) -> None:
        unpaid = self._unpaid_sessions()
        return self.calls.confirm(self.walk.pick(unpaid)) if unpaid else self.open_a_session()

    def confirm_again(self) -> None:
        """Confirm any session, even one of a purchase that was confirmed before."""
        sessions = range(len(self.calls.sessions))
        return self.calls.confirm(self.walk.pick(sessions)) if sessions else self.buy()

    def confirm_wrongly(self) -> None:
        """Confirm with one thing wrong (P-8)."""
        sessions = self.calls.sessions
        if not sessions:
            return self.open_a_session()
        number = self.walk.pick(self._unpaid_sessions() or range(len(sessions)))
        other, purchase = self.walk.pick(range(len(sessions))), self.model.sessions[number].purchase
        stranger = self._other_user(self.calls.owner(number))
        possible = {**flaws.CONFIRMATION, "another user's wallet": flaws.with_wallet_of(stranger)}
        if self.model.sessions[other].purchase != purchase:
            possible["the session of another purchase"] = flaws.with_session_of(sessions[other])
        name, flaw = self.walk.pick(list(possible.items()))
        call = flaw(self.alfred.purchases.confirmation_call(self.calls.current(number)))
        return self.calls.confirm_wrongly(number, f"purchase {purchase + 1} is confirmed with {name}", call)

    def _unpaid_sessions(self) -> list[int]:
        return [number for number in range(len(self.calls.sessions)) if not self.calls.is_paid(number)]

    def _open_on_new(self) -> int | None:
        number = self._user()
        balance = max(*self.model.balances(number), MINOR)
        price = self.walk.pick(PRICES)
        amounts = {
            "all": balance,
            "a minor unit more": balance + MINOR,
            "a minor unit less": max(balance - MINOR, MINOR),
        }
        return self.calls.open_on_new(number, amounts.get(price) or Decimal(price))
