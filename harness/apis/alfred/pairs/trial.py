"""Tries one kind of purchase with two users, and compares everything with the model."""

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from harness.apis.alfred import flaws
from harness.apis.alfred.client import Alfred
from harness.apis.alfred.judged_calls import JudgedCalls
from harness.apis.alfred.pairs.kinds_of_purchase import FUNDINGS, LARGE, OF_BALANCE, KindOfPurchase
from harness.apis.alfred.purchases import Purchase
from harness.walks.story import Story
from harness.walks.walker import outcome_of

USER, OTHER = 0, 1
MINOR: Final = Decimal("0.01")
FIVE, TEN = Decimal("5.00"), Decimal("10.00")


class Trial:
    """The calls of one row."""

    def __init__(self, alfred: Alfred) -> None:
        self._alfred = alfred
        self._story = Story(alfred.recorder)
        self._calls = JudgedCalls(alfred, self._story)

    def run(self, row: KindOfPurchase) -> None:
        """Try the row. ContractViolation of the clause that is broken, with the calls that led to it."""
        with self._story.told():
            self._run(row)

    def _run(self, row: KindOfPurchase) -> None:
        calls = self._calls
        calls.add_user()
        calls.add_user()
        calls.fund(OTHER, TEN)
        for amount in FUNDINGS[row.balance]:
            if not self._fund(Decimal(amount)):
                return
        self._between(row.before)
        session = self._open(row)
        if session is None:
            return
        self._between(row.between, session)
        calls.confirm(session)
        self._after(row.after, session)
        calls.read_balances(USER, OTHER)

    def _fund(self, amount: Decimal) -> bool:
        """Fund the user. Return False if the platform rejects a payment of a large amount."""
        if amount > LARGE:
            session = self._alfred.funding.open_session(self._calls.users[USER])
            if self._alfred.attempt(self._alfred.funding.payment_call(session, amount)).rejected:
                return False
        self._calls.fund(USER, amount)
        return True

    def _open(self, row: KindOfPurchase) -> int | None:
        """Open the session to confirm. None if the platform rejects a purchase of a large amount."""
        calls = self._calls
        (balance,) = calls.model.balances(USER)
        relative = row.amount in OF_BALANCE
        amount = max(balance + OF_BALANCE[row.amount], MINOR) if relative else Decimal(row.amount)
        if amount > LARGE:
            creation = self._alfred.purchases.creation_call(amount, calls.users[USER])
            if self._alfred.attempt(creation).rejected:
                return None
        purchase = self._alfred.purchases.create(amount, calls.users[USER])
        if row.sessions == "a session after the other user's" and not self._may_share(purchase):
            purchase = self._alfred.purchases.create(amount, calls.users[USER])
        number = calls.model.add_purchase(USER, amount)
        session = calls.open(number, purchase)
        return calls.open(number, purchase) if row.sessions == "two sessions" else session

    def _may_share(self, purchase: Purchase) -> bool:
        """Open a session for each user. contract.md leaves open whether both may have one on the same purchase."""
        for name, user in (("B", OTHER), ("A", USER)):
            call = self._alfred.purchases.session_call(purchase, self._calls.users[user])
            opened = self._alfred.attempt(call)
            self._story.log(f"{name} opens a session on the purchase: {outcome_of(opened).value}")
        return opened.accepted

    def _between(self, what: str, session: int | None = None) -> None:
        calls = self._calls
        events: dict[str, Callable[[], object]] = {
            "nothing": lambda: None,
            "a funding": lambda: calls.fund(USER, FIVE),
            "the other user's funding": lambda: calls.fund(OTHER, FIVE),
            "another purchase": lambda: self._buy(USER),
            "the other user's purchase": lambda: self._buy(OTHER),
            "a session that is not confirmed": lambda: calls.open_on_new(USER, FIVE),
            "a session on another purchase": lambda: calls.open_on_new(USER, FIVE),
            "a payment that is not confirmed": lambda: calls.create_payment(USER, FIVE),
            "the other user's payment that is not confirmed": lambda: calls.create_payment(OTHER, FIVE),
            "a refused payment": self._pay_wrongly,
            "the user comes back": lambda: calls.authenticate_again(USER),
            "a refused confirmation": lambda: self._confirm_wrongly(session, 1),
            "two refused confirmations": lambda: self._confirm_wrongly(session, 2),
        }
        events[what]()

    def _pay_wrongly(self) -> None:
        session = self._alfred.funding.open_session(self._calls.users[USER])
        call = self._alfred.funding.payment_call(session, -FIVE)
        self._calls.reject(USER, "F-7", "a payment of -5.00", call)

    def _confirm_wrongly(self, session: int | None, times: int) -> None:
        for name in list(flaws.CONFIRMATION)[: times if session is not None else 0]:
            call = flaws.CONFIRMATION[name](self._alfred.purchases.confirmation_call(self._calls.current(session or 0)))
            self._calls.confirm_wrongly(session or 0, f"the purchase is confirmed with {name}", call)

    def _buy(self, user: int) -> None:
        session = self._calls.open_on_new(user, FIVE)
        if session is not None:
            self._calls.confirm(session)

    def _after(self, what: str, session: int) -> None:
        calls = self._calls
        if what.startswith("a funding"):
            calls.fund(USER, TEN)
        if what.endswith("the same confirmation"):
            for _ in range(2 if what.startswith("two") else 1):
                calls.confirm(session)
        elif what == "the first payment is confirmed again":
            for _ in range(2):
                calls.confirm_payment(1 if len(calls.payments) > 1 else 0)
        elif what == "another purchase":
            self._buy(USER)
