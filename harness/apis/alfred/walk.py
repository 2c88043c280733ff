"""A random walk of Alfred's users: they fund, buy, confirm and confirm again, and try what must be rejected."""

from __future__ import annotations

import sys
from dataclasses import replace
from decimal import Decimal
from typing import Final

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from harness.apis.alfred.client import Alfred, FundingSession, Payment, Purchase, PurchaseSession, User
from harness.apis.alfred.flaws import confirmation_with, payment_with
from harness.apis.alfred.model import AlfredModel
from harness.apis.alfred.random_input import DEEDS, DRAWS, NAMES, Draw
from harness.client.calls import Call
from harness.client.references import fresh_reference
from harness.walks.possibilities import CallOutcome, UnexpectedResponse
from harness.walks.walker import Walk, outcome_of

MINOR: Final = Decimal("0.01")


class AlfredWalk(RuleBasedStateMachine):
    """Each deed calls Alfred and tells the model what came; then the balance of whom it concerned is read."""

    def __init__(self, alfred: Alfred, walk: Walk) -> None:
        """Know nobody yet."""
        super().__init__()
        self.alfred = alfred
        self.walk = walk
        self.model = AlfredModel()
        self.users: list[User] = []
        self.accounts: list[str] = []
        self.payments: list[Payment] = []
        self.sessions: list[PurchaseSession] = []

    @initialize(draw=DRAWS)
    def two_users(self, draw: Draw) -> None:
        """A walk begins with two users, so that one may stand in the other's way, and with some money."""
        with self.walk.step():
            self.another_user(draw)
            self.another_user(draw)
            self.fund(draw)

    @rule(deed=st.sampled_from(DEEDS), draw=DRAWS)
    def do(self, deed: str, draw: Draw) -> None:
        """One deed; where it wants something that there is not yet, it is that which is done."""
        with self.walk.step():
            getattr(self, deed)(draw)

    def teardown(self) -> None:
        """A walk ends with everybody's balance, unless something else ended it."""
        if sys.exc_info()[0] is None and self.users:
            with self.walk.step():
                self._read(*range(len(self.users)))

    # Users

    def another_user(self, draw: Draw) -> None:
        """A user more, as long as there are few."""
        if len(self.users) == len(NAMES):
            return self.come_back(draw)
        user = self.walk.attempt(lambda: self.alfred.authenticate(fresh_reference("user")))
        account = user and self.walk.attempt(lambda: self.alfred.account(user))
        if user and account:
            self.users.append(user)
            self.accounts.append(account)
            self.model.newcomer()
            self.walk.log(f"user {NAMES[len(self.users) - 1]} is authenticated")
        return None

    def come_back(self, draw: Draw) -> None:
        """The same reference reaches the same wallet (A-2)."""
        who = draw.who % len(self.users)
        before = self.users[who]
        user = self.walk.attempt(lambda: self.alfred.authenticate(before.external_reference))
        self.walk.log(f"user {NAMES[who]} is authenticated again")
        if user and user.wallet_id != before.wallet_id:
            raise UnexpectedResponse("A-2", "the same wallet", "another wallet")
        self.users[who] = user or before
        self._read(who)

    # Funding

    def fund(self, draw: Draw) -> None:
        """Fund a wallet from first to last."""
        payment = self._pay(draw)
        if payment is not None:
            self._confirm_payment(payment)

    def prepare_a_payment(self, draw: Draw) -> None:
        """A payment that may be confirmed later, or never."""
        payment = self._pay(draw)
        if payment is not None:
            self._read(self.model.payments[payment].user)

    def confirm_a_payment(self, draw: Draw) -> None:
        """A payment that was prepared."""
        waiting = [number for number in range(len(self.payments)) if not self.model.may_be_credited(number)]
        if not waiting:
            return self.prepare_a_payment(draw)
        return self._confirm_payment(waiting[draw.which % len(waiting)])

    def confirm_a_payment_again(self, draw: Draw) -> None:
        """Any payment, one that was confirmed before too."""
        if not self.payments:
            return self.fund(draw)
        return self._confirm_payment(draw.which % len(self.payments))

    def pay_wrongly(self, draw: Draw) -> None:
        """A payment that must be rejected (F-7)."""
        session = self._funding_session(draw.who % len(self.users))
        if session is not None:
            flaw, call = payment_with(draw.which, self.alfred.payment_call(session, draw.funding), session)
            self._rejected(draw.who % len(self.users), "F-7", f"a payment with {flaw}", call)

    def confirm_anothers_payment(self, draw: Draw) -> None:
        """A payment that another user's token does not confirm (W-3)."""
        waiting = [number for number in range(len(self.payments)) if not self.model.may_be_credited(number)]
        if not waiting or self.alfred.role("confirmPayment") != "token":
            return self.prepare_a_payment(draw)
        number = waiting[draw.which % len(waiting)]
        owner = self.model.payments[number].user
        payment = replace(self.payments[number], user=self.users[(owner + 1) % len(self.users)])
        call = self.alfred.payment_confirmation_call(payment)
        return self._rejected(owner, "W-3", f"payment {number + 1} is confirmed with another user's token", call)

    def _funding_session(self, who: int) -> FundingSession | None:
        user, account = self.users[who], self.accounts[who]
        call = self.alfred.funding_session_call(user, account)
        payload = self.walk.attempt(lambda: self.alfred.client.perform(call))
        return payload and FundingSession(user, account, payload["paymentSessionId"], payload["paymentInstrumentId"])

    def _pay(self, draw: Draw) -> int | None:
        who = draw.who % len(self.users)
        session = self._funding_session(who)
        payment = session and self.walk.attempt(lambda: self.alfred.create_payment(session, draw.funding))
        if not payment:
            return None
        self.payments.append(payment)
        self.walk.log(f"{NAMES[who]} creates payment {len(self.payments)}, of {draw.funding}")
        return self.model.payment(who, draw.funding)

    def _confirm_payment(self, number: int) -> None:
        who = self.model.payments[number].user
        payment = replace(self.payments[number], user=self.users[who])
        outcome = self._sent(f"payment {number + 1} is confirmed", self.alfred.payment_confirmation_call(payment))
        self.model.payment_confirmed(number, outcome)
        self._read(who)

    # Buying

    def open_a_session(self, draw: Draw) -> None:
        """A session on a purchase of its own, to be confirmed later or never."""
        session = self._open(draw)
        if session is not None:
            self._read(self._owner(session))

    def buy(self, draw: Draw) -> None:
        """Buy from first to last."""
        session = self._open(draw)
        if session is not None:
            self._confirm(session)

    def open_another_session(self, draw: Draw) -> None:
        """A second session on a purchase that is not confirmed."""
        unpaid = self._unpaid()
        if not unpaid:
            return self.open_a_session(draw)
        session = unpaid[draw.which % len(unpaid)]
        self._show(self.model.sessions[session].purchase, self.sessions[session].purchase)
        return self._read(self._owner(session))

    def confirm_a_session(self, draw: Draw) -> None:
        """A session of a purchase that is not confirmed."""
        unpaid = self._unpaid()
        if not unpaid:
            return self.open_a_session(draw)
        return self._confirm(unpaid[draw.which % len(unpaid)])

    def confirm_again(self, draw: Draw) -> None:
        """Any session, one of a purchase that was confirmed before too."""
        if not self.sessions:
            return self.buy(draw)
        return self._confirm(draw.which % len(self.sessions))

    def confirm_wrongly(self, draw: Draw) -> None:
        """A confirmation with one thing wrong about it (P-8)."""
        if not self.sessions:
            return self.open_a_session(draw)
        sessions = self._unpaid() or range(len(self.sessions))
        number, other = sessions[draw.which % len(sessions)], draw.other % len(self.sessions)
        owner, purchase = self._owner(number), self.model.sessions[number].purchase
        call = self.alfred.confirmation_call(self._current(number))
        others = self.sessions[other] if self.model.sessions[other].purchase != purchase else None
        stranger = self.users[(owner + 1) % len(self.users)]
        flaw, call = confirmation_with(draw.other, call, self.sessions[number], others, stranger)
        outcome = self._sent(f"purchase {purchase + 1} is confirmed with {flaw}", call)
        self.model.wrongly_confirmed(number, outcome)
        return self._read(*range(len(self.users)))

    def _unpaid(self) -> list[int]:
        sessions = enumerate(self.model.sessions)
        return [number for number, session in sessions if not self.model.may_be_charged(session.purchase)]

    def _open(self, draw: Draw) -> int | None:
        who = draw.who % len(self.users)
        held = max(*self.model.balances(who), MINOR)
        amount = {"all": held, "a minor unit more": held + MINOR}.get(draw.price) or Decimal(draw.price)
        purchase = self.walk.attempt(lambda: self.alfred.create_purchase(amount, self.users[who]))
        return self._show(self.model.purchase(who, amount), purchase) if purchase else None

    def _show(self, number: int, purchase: Purchase) -> int | None:
        who = self.model.purchases[number].user
        session = self.walk.attempt(lambda: self.alfred.open_session(purchase, self.users[who]))
        if session is None:
            return None
        part = session.balance_amount or Decimal(0)
        what = f"{NAMES[who]} opens a session on purchase {number + 1}, of {purchase.amount}"
        self.walk.log(f"{what}: session {len(self.sessions) + 1} shows {part} payable by balance")
        self.sessions.append(session)
        return self.model.session(number, part)

    def _confirm(self, number: int) -> None:
        what = f"purchase {self.model.sessions[number].purchase + 1} is confirmed with session {number + 1}"
        outcome = self._sent(what, self.alfred.confirmation_call(self._current(number)))
        self.model.purchase_confirmed(number, outcome)
        self._read(self._owner(number))

    def _owner(self, session: int) -> int:
        return self.model.purchases[self.model.sessions[session].purchase].user

    def _current(self, session: int) -> PurchaseSession:
        # The user may have been authenticated anew since: whether an earlier token still works is not settled.
        return replace(self.sessions[session], user=self.users[self._owner(session)])

    # What every deed does

    def _sent(self, what: str, call: Call) -> CallOutcome:
        outcome = outcome_of(self.walk.attempt(lambda: self.alfred.attempt(call)))
        self.walk.log(f"{what}: {outcome.value}")
        return outcome

    def _rejected(self, who: int, clause: str, what: str, call: Call) -> None:
        self.model.rejected(who, clause, self._sent(what, call))
        self._read(who)

    def _read(self, *people: int) -> None:
        for who in people:
            balance = self.walk.attempt(lambda who=who: self.alfred.balance(self.users[who]))  # type: ignore[misc]
            if balance is not None:
                self.walk.log(f"the balance of {NAMES[who]} is {balance}")
                self.model.balance_read(who, balance)
