"""Tries one kind of purchase with two users, and compares everything with the model."""

import zlib
from collections.abc import Callable
from decimal import Decimal
from typing import Final

from harness.apis.alfred.client import Alfred
from harness.apis.alfred.flaws import calls as flaws
from harness.apis.alfred.pairs.kinds_of_purchase import FUNDINGS, OF_BALANCE, KindOfPurchase
from harness.apis.alfred.walks.judged_calls import NAMES, JudgedCalls
from harness.client.spending import LARGE
from harness.walks.story import Story, made
from harness.walks.walker import outcome_of

USER, OTHER = 0, 1
MINOR: Final = Decimal("0.01")
THREE, FIVE, TEN = Decimal("3.00"), Decimal("5.00"), Decimal("10.00")
OTHERS_PURCHASE: Final = "the other user buys with a session from before"


class Trial:
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
            if not self._fund(self._moderate(amount)):
                return
        self._between(row.before)
        session = self._open(row)
        if session is None:
            return
        others = calls.open_on_new(OTHER, THREE) if row.after == OTHERS_PURCHASE else None
        self._between(row.between, session, zlib.crc32(str(row).encode()))
        calls.confirm(session)
        if others is not None:
            calls.confirm(others)
        self._after(row.after, session)
        calls.read_accounts()
        calls.read_balances(USER, OTHER)

    def _moderate(self, amount: str) -> Decimal:
        return self._alfred.recorder.spending.moderate(Decimal(amount), "alfred")

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
        amount = max(balance + OF_BALANCE[row.amount], MINOR) if relative else self._moderate(row.amount)
        if amount > LARGE:
            creation = self._alfred.purchases.creation_call(amount, calls.users[USER])
            if self._alfred.attempt(creation).rejected:
                return None
        number = made(calls.create(USER, amount))
        if row.sessions == "a session after the other user's" and not self._may_share(number):
            number = made(calls.create(USER, amount))
        self._between(row.created)
        session = calls.open(number)
        if row.sessions.endswith("in between"):
            calls.fund(USER, FIVE)
        if row.sessions == "a session before the other user's" and self._open_for(OTHER, number):
            # contract.md leaves open whether the user's own session still serves, and whether another may be opened.
            return calls.open(number if self._open_for(USER, number) else made(calls.create(USER, amount)))
        return calls.open(number) if row.sessions.startswith("two sessions") else session

    def _may_share(self, number: int) -> bool:
        """Open a session for each user. contract.md leaves open whether both may have one on the same purchase."""
        self._open_for(OTHER, number)
        return self._open_for(USER, number)

    def _open_for(self, user: int, number: int) -> bool:
        call = self._alfred.purchases.session_call(self._calls.purchases[number], self._calls.users[user])
        opened = self._alfred.attempt(call)
        self._story.log(f"{NAMES[user]} opens a session on the purchase: {outcome_of(opened).value}")
        return opened.accepted

    def _between(self, what: str, session: int | None = None, flaw: int = 0) -> None:
        calls = self._calls
        events: dict[str, Callable[[], object]] = {
            "nothing": lambda: None,
            "a funding": lambda: calls.fund(USER, FIVE),
            "the other user's funding": lambda: calls.fund(OTHER, FIVE),
            "another purchase": lambda: self._buy(USER),
            "the other user's purchase": lambda: self._buy(OTHER),
            "a session that is not confirmed": lambda: calls.open_on_new(USER, FIVE),
            "a session on another purchase": lambda: calls.open_on_new(USER, FIVE),
            "the other user's session": lambda: calls.open_on_new(OTHER, FIVE),
            "another purchase is created": lambda: calls.create(USER, FIVE),
            "the other user's purchase is created": lambda: calls.create(OTHER, FIVE),
            "payments of both users, created before either is confirmed": self._fund_both,
            "a payment that is not confirmed": lambda: calls.create_payment(USER, FIVE),
            "the other user's payment that is not confirmed": lambda: calls.create_payment(OTHER, FIVE),
            "a refused payment": self._pay_wrongly,
            "a refused purchase": self._create_wrongly,
            "a refused session": self._open_wrongly,
            "the wallet is read": calls.read_accounts,
            "the user comes back": lambda: calls.authenticate_again(USER),
            "a refused confirmation": lambda: self._confirm_wrongly(made(session), flaw, 1),
            "two refused confirmations": lambda: self._confirm_wrongly(made(session), flaw, 2),
        }
        events[what]()

    def _pay_wrongly(self) -> None:
        session = self._alfred.funding.open_session(self._calls.users[USER])
        call = self._alfred.funding.payment_call(session, -FIVE)
        self._calls.reject(USER, "F-7", "a payment of -5.00", call)

    def _create_wrongly(self) -> None:
        call = self._alfred.purchases.creation_call(-FIVE, self._calls.users[USER])
        self._calls.reject(USER, "P-6", "a purchase of -5.00", call)

    def _open_wrongly(self) -> None:
        number = made(self._calls.create(USER, FIVE))
        call = self._alfred.purchases.session_call(self._calls.purchases[number], self._calls.users[USER])
        self._calls.reject(USER, "P-7", "a session for an unknown wallet", flaws.SESSION["for an unknown wallet"](call))

    def _fund_both(self) -> None:
        payments = [made(self._calls.create_payment(user, THREE + user)) for user in (USER, OTHER)]
        for payment in payments:
            self._calls.confirm_payment(payment)

    def _confirm_wrongly(self, session: int, first: int, times: int) -> None:
        """Confirm with one thing wrong. Rows take turns with the flaws, beginning with the one of number ``first``."""
        possible = {**flaws.CONFIRMATION, "the other user's wallet": flaws.with_wallet_of(self._calls.users[OTHER])}
        names = list(possible)
        for number in range(first, first + times):
            name = names[number % len(names)]
            call = possible[name](self._alfred.purchases.confirmation_call(self._calls.current(session)))
            self._calls.confirm_wrongly(session, f"the purchase is confirmed with {name}", call)

    def _buy(self, user: int) -> None:
        self._calls.confirm(made(self._calls.open_on_new(user, FIVE)))

    def _after(self, what: str, session: int) -> None:
        calls = self._calls
        if what.startswith("a funding"):
            calls.fund(USER, TEN)
        if what.startswith("the user comes back"):
            calls.authenticate_again(USER)
        if what.startswith("another session"):
            calls.open_late(session)
        if what.endswith("the same confirmation"):
            for _ in range(2 if what.startswith("two") else 1):
                calls.confirm(session)
        elif what == "the first payment is confirmed again":
            for _ in range(2):
                calls.confirm_payment(1 if len(calls.payments) > 1 else 0)
        elif what == "another purchase":
            self._buy(USER)
        elif what == "a purchase of all that is left, and another":
            self._spend_all()

    def _spend_all(self) -> None:
        """Buy for all that is left, and once more. The next new user gets nothing of this one."""
        calls = self._calls
        left = max(calls.model.balances(USER))
        for amount in (left, FIVE) if left else (FIVE,):
            calls.confirm(made(calls.open_on_new(USER, amount)))
        calls.check_new_user()
