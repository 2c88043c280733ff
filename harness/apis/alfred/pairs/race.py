"""Calls of two kinds at the same time, of one user or of two: some order of them must explain every response."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Final

from harness.apis.alfred.client import Alfred
from harness.apis.alfred.flaws import calls as flaws
from harness.apis.alfred.funding import Payment
from harness.apis.alfred.users import User, user_of
from harness.apis.alfred.walks.judged_calls import JudgedCalls
from harness.apis.alfred.walks.model import State
from harness.client.calls import Call, Outcome
from harness.client.unique import fresh_reference
from harness.walks.contenders import Contender, Raced, accepted, changes, raced
from harness.walks.possibilities import Change, UnexpectedResponse, must_be_rejected, unchanged
from harness.walks.story import Story, made

USER, OTHER = 0, 1
BASE: Final = Decimal("40.00")
TIMES: Final = 2  # how often a call is sent in a race
LARGER: Final = Decimal("7.03")
PAYMENTS: Final = tuple(Decimal(3 + 4 * number) / 100 for number in range(2 * TIMES))
CREDITED_AGAIN: Final = 2 * sum(PAYMENTS[:2])  # at most, in a race of two kinds of fundings

REJECTED: Final = {"confirmPurchase": "P-4", "confirmPayment": "F-3"}
"""By operation, the clause that a rejection breaks if no order of the calls explains it."""

Racer = Contender[State]
SendTogether = Callable[[User, Sequence[Call]], list[Outcome]]


class Race:
    def __init__(self, alfred: Alfred, send_together: SendTogether) -> None:
        self._alfred = alfred
        self._send_together = send_together
        self._story = Story(alfred.recorder)
        self._calls = JudgedCalls(alfred, self._story)

    def run(self, first: str, second: str) -> None:
        """Send calls of each kind at the same time, most of them twice. ContractViolation if no order explains them."""
        self._story.lines.clear()
        with self._story.told():
            if not self._calls.users:
                self._calls.add_user()
                self._calls.add_user()
            for user in (USER, OTHER):
                self._calls.fund(user, BASE)
            made = zip(*(self._contenders(kind) for kind in (first, second)), strict=True)
            self._judge([contender for pair in made for contender in pair], _clause(first, second))

    def _contenders(self, kind: str) -> list[Racer]:
        if kind == "new payments":
            # contract.md leaves open whether two payments may be created in one session.
            return [KINDS[kind](self, number) for number in range(2 * TIMES)]
        return [KINDS[kind](self, number) for number in range(2)] * TIMES

    def _judge(self, contenders: Sequence[Racer], clause: str) -> None:
        user = self._calls.users[USER]
        reading = self._alfred.users.wallet_call(user)
        read, *outcomes = self._send_together(user, [reading, *(contender.call for contender in contenders)])
        self._story.log("at the same time, the wallet is read")
        pairs = raced(self._alfred.client, contenders, outcomes, self._story)
        for number in (USER, OTHER):
            is_one = accepted(pairs, number, "confirmPurchase") <= 1  # nothing was spent twice
            own = "S-8" if clause == "S-7" and is_one else clause
            self._explain(number, pairs, own)
        self._read_balances(contenders)
        for contender, outcome in pairs:
            contender.follow(outcome)
        if read.rejected:
            raise self._alfred.client.wrong_rejection(read)

    def _explain(self, number: int, pairs: Raced[State], clause: str) -> None:
        """Pass the calls of a user to the model. If only a rejection has no explanation, it breaks its own clause."""
        rejected = {one.call.operation for one, outcome in pairs if one.owner == number and outcome.rejected}
        due = REJECTED.get(next(iter(rejected)), "") if len(rejected) == 1 else ""
        try:
            self._calls.model.race(number, changes(pairs, number), clause, if_rejected=due)
        except UnexpectedResponse as error:
            if error.clause == due != clause:
                try:
                    self._calls.read_balances(number)
                except UnexpectedResponse:
                    error.clause = clause  # what was rejected has moved money
            raise

    def _read_balances(self, contenders: Sequence[Racer]) -> None:
        """Read the balances after a race. If payments were credited again, F-6 is broken."""
        try:
            self._calls.read_balances(USER, OTHER)
        except UnexpectedResponse as error:
            found, allowed = error.compared or (None, ())
            has_payments = any(contender.call.operation == "confirmPayment" for contender in contenders)
            if has_payments and any(0 < found - one <= CREDITED_AGAIN for one in allowed):
                error.clause = "F-6"
            raise

    def new_payment(self, user: int, number: int) -> Racer:
        session, amount = made(self._calls.open_funding_session(user)), PAYMENTS[number]

        def follow(outcome: Outcome) -> None:
            self._calls.add_payment(user, Payment(self._calls.users[user], outcome.payload["id"], amount))
            self._calls.confirm_payment(len(self._calls.payments) - 1)

        call = self._alfred.funding.payment_call(session, amount)
        words = f"a payment of {amount} is created"
        return Contender(words, user, call, lambda _outcome: unchanged, must_succeed=True, follow=follow)

    def funding(self, user: int, number: int) -> Racer:
        payment = made(self._calls.create_payment(user, PAYMENTS[number]))
        call = self._alfred.funding.confirmation_call(self._calls.payments[payment])
        change = self._calls.model.crediting(payment)
        return Contender(f"payment {payment + 1} is confirmed", user, call, lambda _outcome: change)

    def purchase(self, user: int, amount: Decimal) -> Racer:
        session = made(self._calls.open_on_new(user, amount))
        call = self._alfred.purchases.confirmation_call(self._calls.current(session))
        change = self._calls.model.charging(session)
        return Contender(f"session {session + 1} is confirmed", user, call, lambda _outcome: change)

    def split_purchase(self, user: int, number: int) -> Racer:
        return self.purchase(user, max(self._calls.model.balances(user)) + LARGER + number)

    def wrong_confirmation(self, number: int) -> Racer:
        session = made(self._calls.open_on_new(USER, LARGER + number))
        valid = self._alfred.purchases.confirmation_call(self._calls.current(session))
        flaw = ("a method that was not offered", "an instrument that was not offered")[number % 2]
        call = flaws.CONFIRMATION[flaw](valid)
        words = f"session {session + 1} is confirmed with {flaw}"
        return Contender(words, USER, call, lambda _outcome: must_be_rejected, "P-8")

    def new_user(self, _number: int) -> Racer:
        reference = fresh_reference("user")

        def follow(outcome: Outcome) -> None:
            balance = self._alfred.balance(user_of(reference, outcome.payload))
            if balance:
                raise UnexpectedResponse("S-3", "a balance of 0 of a new user", str(balance), (balance, (Decimal(0),)))

        call = self._alfred.users.authentication_call(reference)
        words = "a new user is authenticated"
        return Contender(words, USER, call, lambda _outcome: unchanged, must_succeed=True, follow=follow)

    def session(self, number: int) -> Racer:
        calls, user = self._calls, self._calls.users[USER]
        amount = max(calls.model.balances(USER)) + 1000 + number
        place = made(calls.create(USER, amount))
        purchase = calls.purchases[place]

        def change(outcome: Outcome) -> Change[State]:
            part = self._alfred.purchases.session_of(purchase, user, outcome.payload).balance_amount
            return calls.model.showing(place, part or Decimal(0))

        call = self._alfred.purchases.session_call(purchase, user)
        return Contender(f"a session on purchase {place + 1} is opened", USER, call, change, must_succeed=True)


KINDS: Final[Mapping[str, Callable[[Race, int], Racer]]] = {
    "fundings": lambda race, number: race.funding(USER, number),
    "new payments": lambda race, number: race.new_payment(USER, number),
    "purchases": lambda race, number: race.purchase(USER, Decimal("9.01") + number),
    "split purchases": lambda race, number: race.split_purchase(USER, number),
    "new sessions": Race.session,
    "new users": Race.new_user,
    "another user's fundings": lambda race, number: race.funding(OTHER, number),
    "wrong confirmations": Race.wrong_confirmation,
    "another user's split purchases": lambda race, number: race.split_purchase(OTHER, number),
}


def _clause(first: str, second: str) -> str:
    kinds = {first.rpartition("'s ")[2], second.rpartition("'s ")[2]}
    # New users and payments move no money.
    kinds -= {"new users", "new payments"}
    return "F-3" if kinds == {"fundings"} else "S-7" if kinds and kinds <= {"purchases", "split purchases"} else "S-8"
