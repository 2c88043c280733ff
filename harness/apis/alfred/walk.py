"""A random walk of Alfred's users: they fund, buy, confirm and confirm again, and try what must be rejected."""

import sys
from dataclasses import replace
from decimal import Decimal
from typing import Final

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from harness.apis.alfred import flaws
from harness.apis.alfred.client import Alfred
from harness.apis.alfred.funding import FundingSession, Payment
from harness.apis.alfred.model import AlfredModel
from harness.apis.alfred.purchases import Purchase, PurchaseSession
from harness.apis.alfred.random_input import ACTIONS, FUNDINGS, NAMES, PRICES
from harness.apis.alfred.users import User
from harness.client.calls import Call, fresh_reference
from harness.walks.possibilities import CallOutcome, UnexpectedResponse
from harness.walks.walker import Walk, outcome_of

MINOR: Final = Decimal("0.01")
NUMBERS: Final = st.tuples(*[st.integers(0, 59)] * 5)


class AlfredWalk(RuleBasedStateMachine):
    """Each action calls Alfred, tells the model the outcome, and reads the balance of the user concerned."""

    def __init__(self, alfred: Alfred, walk: Walk) -> None:
        super().__init__()
        self.alfred = alfred
        self.walk = walk
        self.model = AlfredModel()
        self.users: list[User] = []
        self.payments: list[Payment] = []
        self.sessions: list[PurchaseSession] = []

    @initialize(numbers=NUMBERS)
    def begin(self, numbers: tuple[int, ...]) -> None:
        """Begin with two users, who may affect each other, and some money."""
        with self.walk.step(numbers):
            self.add_a_user()
            self.add_a_user()
            if self.users:
                self.fund()

    @rule(action=st.sampled_from(ACTIONS), numbers=NUMBERS)
    def act(self, action: str, numbers: tuple[int, ...]) -> None:
        """Take one action. If its precondition is missing, the action creates it instead."""
        with self.walk.step(numbers):
            # A user is missing if the response to an authentication was lost.
            getattr(self, action if len(self.users) > 1 else "add_a_user")()

    def teardown(self) -> None:
        """Read every balance at the end, unless the walk failed."""
        if sys.exc_info()[0] is None and self.users:
            with self.walk.step():
                self._read_balances(*range(len(self.users)))

    def add_a_user(self) -> None:
        if len(self.users) == len(NAMES):
            return self.authenticate_again()
        user = self.walk.attempt(lambda: self.alfred.users.authenticate(fresh_reference("user")))
        if user:
            self.users.append(user)
            self.model.add_user()
            self.walk.log(f"user {NAMES[len(self.users) - 1]} is authenticated")
        return None

    def authenticate_again(self) -> None:
        """The same reference reaches the same wallet (A-2)."""
        number = self._user()
        before = self.users[number]
        user = self.walk.attempt(lambda: self.alfred.users.authenticate(before.external_reference))
        self.walk.log(f"user {NAMES[number]} is authenticated again")
        if user and user.wallet_id != before.wallet_id:
            raise UnexpectedResponse("A-2", "the same wallet", "another wallet")
        self.users[number] = user or before
        self._read_balances(number)

    def _user(self) -> int:
        return self.walk.pick(range(len(self.users)))

    def fund(self) -> None:
        payment = self._create_payment()
        if payment is not None:
            self._confirm_payment(payment)

    def prepare_a_payment(self) -> None:
        payment = self._create_payment()
        if payment is not None:
            self._read_balances(self.model.payments[payment].user)

    def confirm_a_payment(self) -> None:
        payments = self._unconfirmed_payments()
        return self._confirm_payment(self.walk.pick(payments)) if payments else self.prepare_a_payment()

    def confirm_a_payment_again(self) -> None:
        """Confirm any payment, even one that was confirmed before."""
        return self._confirm_payment(self.walk.pick(range(len(self.payments)))) if self.payments else self.fund()

    def pay_wrongly(self) -> None:
        """Create a payment that must be rejected (F-7)."""
        number = self._user()
        session = self._open_funding_session(number)
        if session:
            name, flaw = self.walk.pick(list(flaws.PAYMENT.items()))
            call = flaw(self.alfred.funding.payment_call(session, self.walk.pick(FUNDINGS)))
            self._reject(number, "F-7", f"a payment {name}", call)

    def confirm_anothers_payment(self) -> None:
        """Try to confirm a payment with another user's token (W-3)."""
        payments = self._unconfirmed_payments()
        if not payments or self.alfred.credentials.role("confirmPayment") != "token":
            return self.prepare_a_payment()
        number = self.walk.pick(payments)
        owner = self.model.payments[number].user
        payment = replace(self.payments[number], user=self._other_user(owner))
        call = self.alfred.funding.confirmation_call(payment)
        return self._reject(owner, "W-3", f"payment {number + 1} is confirmed with another user's token", call)

    def _unconfirmed_payments(self) -> list[int]:
        return [number for number in range(len(self.payments)) if not self.model.may_be_credited(number)]

    def _other_user(self, user: int) -> User:
        return self.users[(user + 1) % len(self.users)]

    def _open_funding_session(self, number: int) -> FundingSession | None:
        return self.walk.attempt(lambda: self.alfred.funding.open_session(self.users[number]))

    def _create_payment(self) -> int | None:
        number = self._user()
        amount, session = self.walk.pick(FUNDINGS), self._open_funding_session(number)
        payment = session and self.walk.attempt(lambda: self.alfred.funding.create_payment(session, amount))
        if not payment:
            return None
        self.payments.append(payment)
        self.walk.log(f"{NAMES[number]} creates payment {len(self.payments)}, of {amount}")
        return self.model.add_payment(number, amount)

    def _confirm_payment(self, number: int) -> None:
        user = self.model.payments[number].user
        payment = replace(self.payments[number], user=self.users[user])
        outcome = self._send(f"payment {number + 1} is confirmed", self.alfred.funding.confirmation_call(payment))
        self.model.confirm_payment(number, outcome)
        self._read_balances(user)

    def open_a_session(self) -> None:
        session = self._open_on_new()
        if session is not None:
            self._read_balances(self._owner(session))

    def buy(self) -> None:
        session = self._open_on_new()
        if session is not None:
            self._confirm(session)

    def open_another_session(self) -> None:
        """Open a second session on a purchase that is not confirmed."""
        unpaid = self._unpaid_sessions()
        if not unpaid:
            return self.open_a_session()
        session = self.walk.pick(unpaid)
        self._open(self.model.sessions[session].purchase, self.sessions[session].purchase)
        return self._read_balances(self._owner(session))

    def confirm_a_session(self) -> None:
        unpaid = self._unpaid_sessions()
        return self._confirm(self.walk.pick(unpaid)) if unpaid else self.open_a_session()

    def confirm_again(self) -> None:
        """Confirm any session, even one of a purchase that was confirmed before."""
        return self._confirm(self.walk.pick(range(len(self.sessions)))) if self.sessions else self.buy()

    def confirm_wrongly(self) -> None:
        """Confirm with one thing wrong (P-8)."""
        if not self.sessions:
            return self.open_a_session()
        number = self.walk.pick(self._unpaid_sessions() or range(len(self.sessions)))
        other, purchase = self.walk.pick(range(len(self.sessions))), self.model.sessions[number].purchase
        stranger = self._other_user(self._owner(number))
        possible = {**flaws.CONFIRMATION, "another user's wallet": flaws.with_wallet_of(stranger)}
        if self.model.sessions[other].purchase != purchase:
            possible["the session of another purchase"] = flaws.with_session_of(self.sessions[other])
        name, flaw = self.walk.pick(list(possible.items()))
        call = flaw(self.alfred.purchases.confirmation_call(self._current(number)))
        outcome = self._send(f"purchase {purchase + 1} is confirmed with {name}", call)
        self.model.confirm_wrongly(number, outcome)
        return self._read_balances(*range(len(self.users)))

    def _unpaid_sessions(self) -> list[int]:
        sessions = enumerate(self.model.sessions)
        return [number for number, session in sessions if not self.model.may_be_charged(session.purchase)]

    def _open_on_new(self) -> int | None:
        number = self._user()
        balance = max(*self.model.balances(number), MINOR)
        price = self.walk.pick(PRICES)
        amount = {"all": balance, "a minor unit more": balance + MINOR}.get(price) or Decimal(price)
        purchase = self.walk.attempt(lambda: self.alfred.purchases.create(amount, self.users[number]))
        return self._open(self.model.add_purchase(number, amount), purchase) if purchase else None

    def _open(self, number: int, purchase: Purchase) -> int | None:
        user = self.model.purchases[number].user
        session = self.walk.attempt(lambda: self.alfred.purchases.open_session(purchase, self.users[user]))
        if session is None:
            return None
        part = session.balance_amount or Decimal(0)
        what = f"{NAMES[user]} opens a session on purchase {number + 1}, of {purchase.amount}"
        self.walk.log(f"{what}: session {len(self.sessions) + 1} shows {part} payable by balance")
        self.sessions.append(session)
        return self.model.add_session(number, part)

    def _confirm(self, number: int) -> None:
        what = f"purchase {self.model.sessions[number].purchase + 1} is confirmed with session {number + 1}"
        outcome = self._send(what, self.alfred.purchases.confirmation_call(self._current(number)))
        self.model.confirm_purchase(number, outcome)
        self._read_balances(self._owner(number))

    def _owner(self, session: int) -> int:
        return self.model.purchases[self.model.sessions[session].purchase].user

    def _current(self, session: int) -> PurchaseSession:
        # With the user's latest token: contract.md leaves open whether an earlier one still works.
        return replace(self.sessions[session], user=self.users[self._owner(session)])

    def _send(self, what: str, call: Call) -> CallOutcome:
        return outcome_of(self.walk.send(what, self.alfred.client, call))

    def _reject(self, user: int, clause: str, what: str, call: Call) -> None:
        self.model.reject(user, clause, self._send(what, call))
        self._read_balances(user)

    def _read_balances(self, *users: int) -> None:
        for number in users:
            user = self.users[number]
            balance = self.walk.attempt(lambda user=user: self.alfred.balance(user))  # type: ignore[misc]
            if balance is not None:
                self.walk.log(f"the balance of {NAMES[number]} is {balance}")
                self.model.read_balance(number, balance)
