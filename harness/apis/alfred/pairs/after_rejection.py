"""Has a call rejected, and then uses everything that was open before (contract.md, Rejection)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import pytest

from harness.apis.alfred.client import Alfred
from harness.apis.alfred.funding import FundingSession
from harness.apis.alfred.walks.judged_calls import JudgedCalls
from harness.apis.alfred.walks.rejected_calls import CALLS, FIVE, Subject
from harness.walks.possibilities import REJECTION, UnexpectedResponse
from harness.walks.story import Story, made

USER, OTHER = 0, 1
TEN, FUNDED, PAYMENT, PRICE = (Decimal(text) for text in ("10.00", "20.00", "30.00", "50.00"))
FIRST: Final = ("an unknown key", "a made-up token")


@dataclass(frozen=True)
class Settled:
    """What a user has confirmed: a session of a paid purchase, and a payment; the numbers are those of JudgedCalls."""

    session: int
    payment: int


@dataclass(frozen=True)
class Opened:
    """What a user has open; the numbers are those of JudgedCalls. The second session is opened again before its use."""

    session: int
    second_session: int
    payment: int
    purchase: int
    funding_session: FundingSession
    settled: Settled

    def subject(self, user: int) -> Subject:
        sessions = (self.session, self.second_session, self.settled.session)
        return Subject(user, sessions, (self.payment, self.settled.payment), self.funding_session)


@dataclass(frozen=True)
class RejectedCall:
    """A row: the name of a call in ``CALLS``, and of the flaws with which it is sent, one after another."""

    call: str
    flaws: tuple[str, ...]
    words: str

    def __str__(self) -> str:
        return f"{self.call}: {self.words}"


def rejected_calls(call: str) -> Sequence[RejectedCall]:
    """Return the rows of a call: a wrong credential, a flaw of its own, all of each kind in turn, then the others."""
    own, wrong = CALLS[call].own, CALLS[call].credentials
    first = [next(name for name in wrong if name in FIRST), own[0]]
    single = [RejectedCall(call, (name,), name) for name in dict.fromkeys((*first, *own, *wrong))]
    every = {"every wrong credential": wrong, "every other flaw": own}
    together = [RejectedCall(call, tuple(names), words) for words, names in every.items() if len(names) > 1]
    return [*single[: len(first)], *together, *single[len(first) :]]


class AfterRejection:
    """Two users have a session, a payment, a purchase and a Funding session open while a call is rejected."""

    def __init__(self, alfred: Alfred) -> None:
        self._alfred = alfred
        self._story = Story(alfred.recorder)
        self._calls = JudgedCalls(alfred, self._story)
        self._settled: list[Settled] = []

    def run(self, row: RejectedCall) -> None:
        """Try the row. ContractViolation of the clause that is broken, with the calls that led to it."""
        self._story.lines.clear()
        with self._story.told():
            if not self._calls.users:
                self._settled = [self._settle(user) for user in (USER, OTHER)]
            opened = [self._open(user) for user in (USER, OTHER)]
            # Every flaw is sent before the first use.
            if sum(self._reject(row, flaw, opened[USER]) for flaw in row.flaws):
                self._use(row, opened)

    def _settle(self, user: int) -> Settled:
        calls = self._calls
        calls.add_user()
        payment = made(calls.create_payment(user, FUNDED))
        calls.confirm_payment(payment)
        session = made(calls.open_on_new(user, FIVE))
        calls.confirm(session)
        return Settled(session, payment)

    def _open(self, user: int) -> Opened:
        calls = self._calls
        payment = made(calls.create_payment(user, PAYMENT))
        session, second_session = (made(calls.open_on_new(user, price)) for price in (PRICE, TEN))
        purchase = made(calls.create(user, FIVE))
        # The newest of the user: contract.md does not say that an older one still serves.
        funding_session = made(calls.open_funding_session(user))
        return Opened(session, second_session, payment, purchase, funding_session, self._settled[user])

    def _reject(self, row: RejectedCall, flaw: str, opened: Opened) -> bool:
        """Send the calls with a flaw. False if the target cannot show this flaw."""
        subject = opened.subject(USER)
        try:
            wrong = list(CALLS[row.call].wrong(self._alfred, self._calls, subject, flaw, self._calls.users[OTHER]))
        except pytest.skip.Exception:
            return False
        for call in wrong:
            outcome = self._alfred.attempt(call)
            self._story.log(f"{row.call}, {flaw}: {'accepted' if outcome.accepted else 'rejected'}")
            if outcome.accepted and call.refusal:
                raise UnexpectedResponse(call.refusal, REJECTION, "a success")
        return True

    def _use(self, row: RejectedCall, opened: Sequence[Opened]) -> None:
        calls = self._calls
        calls.check_new_user()
        calls.read_accounts()
        for each in opened:
            calls.confirm_payment(each.settled.payment)
            calls.confirm(each.settled.session)
            self._confirm(row, each.session)
            calls.confirm_payment(each.payment)
            calls.confirm(made(calls.open(each.purchase)))
        payment = made(calls.create_payment_in(opened[USER].funding_session, USER, FIVE))
        calls.confirm(made(calls.open(calls.model.sessions[opened[USER].second_session].purchase)))
        calls.confirm_payment(payment)
        calls.authenticate_again(USER)

    def _confirm(self, row: RejectedCall, session: int) -> None:
        try:
            self._calls.confirm(session)
        except UnexpectedResponse as error:
            if error.clause == "P-4" and row.call == "confirming a purchase":
                error.clause = "P-10"
            raise
