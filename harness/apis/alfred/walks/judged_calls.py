"""Calls of Alfred for which the model knows every allowed outcome. Walks and pairs use them."""

from dataclasses import replace
from decimal import Decimal
from typing import Final

from harness.apis.alfred.client import Alfred
from harness.apis.alfred.funding import FundingSession, Payment
from harness.apis.alfred.purchases import Purchase, PurchaseSession
from harness.apis.alfred.users import User
from harness.apis.alfred.walks.model import AlfredModel
from harness.client.calls import Call
from harness.client.unique import fresh_reference
from harness.failures import ContractViolation
from harness.walks.possibilities import CallOutcome, UnexpectedResponse
from harness.walks.story import Story
from harness.walks.walker import Walk, outcome_of

NAMES: Final = "ABC"  # of the users


class JudgedCalls:
    """Makes calls for users, and compares outcomes and balances with the model. UnexpectedResponse if they differ."""

    def __init__(self, alfred: Alfred, sender: Story | Walk) -> None:
        self.model = AlfredModel()
        self.users: list[User] = []
        self.payments: list[Payment] = []
        self.purchases: list[Purchase] = []
        self.sessions: list[PurchaseSession] = []
        self._alfred = alfred
        self._sender = sender
        self._wallets: set[str] = set()  # of the users that ``check_new_user`` made

    def add_user(self) -> None:
        user = self._sender.attempt(lambda: self._alfred.users.authenticate(fresh_reference("user")))
        if user:
            self.users.append(user)
            self.model.add_user()
            self._sender.log(f"user {NAMES[len(self.users) - 1]} is authenticated")

    def check_new_user(self) -> None:
        """The next user has a wallet of its own (A-3), with nothing in it (S-3)."""
        user = self._alfred.users.authenticate(fresh_reference("user"))
        self._sender.log("a new user is authenticated")
        if user.wallet_id in self._wallets | {each.wallet_id for each in self.users}:
            raise UnexpectedResponse("A-3", "a wallet of its own", "the wallet of another user")
        self._wallets.add(user.wallet_id)
        self._alfred.users.account(user)
        if balance := self._alfred.balance(user):
            raise UnexpectedResponse("S-3", "nothing in the wallet of a new user", f"a balance of {balance}")

    def authenticate_again(self, number: int) -> None:
        """The same reference reaches the same wallet (A-2)."""
        before = self.users[number]
        user = self._sender.attempt(lambda: self._alfred.users.authenticate(before.external_reference))
        self._sender.log(f"user {NAMES[number]} is authenticated again")
        if user and user.wallet_id != before.wallet_id:
            raise UnexpectedResponse("A-2", "the same wallet", "another wallet")
        self.users[number] = user or before
        self.model.authenticate_again(number)
        self.read_balances(number)

    def read_accounts(self) -> None:
        """Read the account of each wallet, which ``Users.account`` compares (W-2)."""
        for number, user in enumerate(self.users):
            self._sender.log(f"the account of {NAMES[number]}'s wallet is read")
            self._sender.attempt(lambda user=user: self._alfred.users.account(user))  # type: ignore[misc]

    def open_funding_session(self, number: int) -> FundingSession | None:
        return self._sender.attempt(lambda: self._alfred.funding.open_session(self.users[number]))

    def create_payment(self, number: int, amount: Decimal) -> int | None:
        session = self.open_funding_session(number)
        return self.create_payment_in(session, number, amount) if session else None

    def create_payment_in(self, session: FundingSession, number: int, amount: Decimal) -> int | None:
        payment = self._sender.attempt(lambda: self._alfred.funding.create_payment(session, amount))
        if not payment:
            return None
        return self.add_payment(number, payment)

    def add_payment(self, number: int, payment: Payment) -> int:
        """Remember a payment that was created, and return its number."""
        self.payments.append(payment)
        self._sender.log(f"{NAMES[number]} creates payment {len(self.payments)}, of {payment.amount}")
        return self.model.add_payment(number, payment.amount)

    def confirm_payment(self, number: int) -> None:
        payment = self.current_payment(number)
        outcome = self.send(f"payment {number + 1} is confirmed", self._alfred.funding.confirmation_call(payment))
        self.model.confirm_payment(number, outcome)
        self.read_balances(self.model.payments[number].user)

    def current_payment(self, number: int) -> Payment:
        """Return a payment with its user's latest token: contract.md leaves open whether an earlier one still works."""
        return replace(self.payments[number], user=self.users[self.model.payments[number].user])

    def fund(self, number: int, amount: Decimal) -> None:
        payment = self.create_payment(number, amount)
        if payment is not None:
            self.confirm_payment(payment)

    def create(self, number: int, amount: Decimal) -> int | None:
        """Create a purchase for a user, and return its number."""
        purchase = self._sender.attempt(lambda: self._alfred.purchases.create(amount, self.users[number]))
        if purchase is None:
            return None
        self._sender.log(f"purchase {len(self.purchases) + 1} of {amount} is created")
        self.purchases.append(purchase)
        return self.model.add_purchase(number, amount)

    def open_on_new(self, number: int, amount: Decimal) -> int | None:
        """Create a purchase, open a session on it, and return the number of the session."""
        created = self.create(number, amount)
        return None if created is None else self.open(created)

    def open(self, number: int) -> int | None:
        """Open a session on a purchase, and return the number of the session."""
        purchase, user = self.purchases[number], self.model.purchases[number].user
        session = self._sender.attempt(lambda: self._alfred.purchases.open_session(purchase, self.users[user]))
        if session is None:
            return None
        part = session.balance_amount or Decimal(0)
        what = f"{NAMES[user]} opens a session on purchase {number + 1}, of {purchase.amount}"
        self._sender.log(f"{what}: session {len(self.sessions) + 1} shows {part} payable by balance")
        self.sessions.append(session)
        return self.model.add_session(number, part)

    def open_late(self, session: int) -> None:
        """Try to open another session on a purchase that is paid: contract.md leaves open whether it is accepted."""
        number = self.model.sessions[session].purchase
        call = self._alfred.purchases.session_call(self.purchases[number], self.users[self.owner(session)])
        self.send(f"another session on purchase {number + 1} is opened", replace(call, proper=False))

    def confirm(self, number: int) -> None:
        what = f"purchase {self.model.sessions[number].purchase + 1} is confirmed with session {number + 1}"
        outcome = self.send(what, self._alfred.purchases.confirmation_call(self.current(number)))
        self.model.confirm_purchase(number, outcome)
        self.read_balances(self.owner(number))

    def confirm_wrongly(self, number: int, what: str, call: Call) -> None:
        """Confirm with one thing wrong (P-8)."""
        due = "" if self.is_paid(number) else "P-8"
        self.model.confirm_wrongly(number, self.send(what, replace(call, refusal=due)))
        self.read_balances(*range(len(self.users)))

    def reject(self, user: int, clause: str, what: str, call: Call) -> None:
        self.reject_wrong(user, what, replace(call, refusal=clause))

    def reject_wrong(self, user: int, what: str, call: Call) -> None:
        """Make a call that must be rejected by its ``refusal``; without one, contract.md leaves that open."""
        outcome = self.send(what, call)
        if call.refusal:
            self.model.reject(user, call.refusal, outcome)
        self.read_balances(user)

    def is_paid(self, session: int) -> bool:
        """Return whether the purchase of a session may have been confirmed already."""
        return self.model.may_be_charged(self.model.sessions[session].purchase)

    def owner(self, session: int) -> int:
        return self.model.purchases[self.model.sessions[session].purchase].user

    def current(self, session: int) -> PurchaseSession:
        """Return a session with its user's latest token, like ``current_payment``."""
        return replace(self.sessions[session], user=self.users[self.owner(session)])

    def send(self, what: str, call: Call) -> CallOutcome:
        return outcome_of(self._sender.send(what, self._alfred.client, call))

    def read_balances(self, *users: int) -> None:
        for number in users:
            user = self.users[number]
            try:
                balance = self._sender.attempt(lambda user=user: self._alfred.balance(user))  # type: ignore[misc]
            except ContractViolation as violation:
                # No session may show a balance below zero (S-1). What led to it is broken.
                if violation.clause != "S-1" or not any(each.received.startswith("-") for each in violation.findings):
                    raise
                expected = "a balance of zero or more"
                raise UnexpectedResponse(self.model.suspects[number], expected, "one below zero") from violation
            if balance is not None:
                self._sender.log(f"the balance of {NAMES[number]} is {balance}")
                self.model.read_balance(number, balance)
