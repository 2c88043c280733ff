"""Has a call rejected, and then uses everything that was open before (contract.md, Rejection)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import pytest

from harness.apis.alfred.client import Alfred
from harness.apis.alfred.flaws import calls as flaws
from harness.apis.alfred.flaws.credentials import KEY, TOKEN
from harness.apis.alfred.funding import FundingSession
from harness.apis.alfred.purchases import PurchaseSession
from harness.apis.alfred.walks.judged_calls import JudgedCalls
from harness.client.calls import Call
from harness.client.flaws import Flaw
from harness.walks.possibilities import REJECTION, UnexpectedResponse
from harness.walks.story import Story, made

USER, OTHER = 0, 1
SETTLED = 2  # the place of what is settled among the calls about purchases
FIVE, TEN, FUNDED, PAYMENT, PRICE = (Decimal(text) for text in ("5.00", "10.00", "20.00", "30.00", "50.00"))
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


@dataclass(frozen=True)
class KindOfCall:
    """A call to reject; ``clauses`` are those of a wrong credential and of another flaw."""

    valid: Callable[[Alfred, JudgedCalls, Opened], Sequence[Call]]
    """Returns the calls that get the flaw: one for each thing that this kind of call can be about."""
    flaws: Mapping[str, Flaw]
    clauses: tuple[str, str]


@dataclass(frozen=True)
class RejectedCall:
    """A row: the name of a call in ``CALLS``, and of the flaws with which it is sent, one after another."""

    call: str
    flaws: tuple[str, ...]
    words: str

    def __str__(self) -> str:
        return f"{self.call}: {self.words}"


def _sessions(calls: JudgedCalls, opened: Opened) -> Sequence[PurchaseSession]:
    numbers = (opened.session, opened.second_session, opened.settled.session)
    return [calls.current(number) for number in numbers]


CALLS: Final[Mapping[str, KindOfCall]] = {
    "authenticating a user": KindOfCall(
        lambda alfred, calls, _: [alfred.users.authentication_call(calls.users[USER].external_reference)],
        flaws.AUTHENTICATION,
        ("A-4", "A-5"),
    ),
    "creating a purchase": KindOfCall(
        lambda alfred, calls, _: [alfred.purchases.creation_call(FIVE, calls.users[USER])],
        flaws.PURCHASE,
        ("P-5", "P-6"),
    ),
    "opening a session on a purchase": KindOfCall(
        lambda alfred, calls, opened: [
            alfred.purchases.session_call(session.purchase, session.user) for session in _sessions(calls, opened)
        ],
        flaws.SESSION,
        ("P-5", "P-7"),
    ),
    "confirming a purchase": KindOfCall(
        lambda alfred, calls, opened: [
            alfred.purchases.confirmation_call(session) for session in _sessions(calls, opened)
        ],
        flaws.CONFIRMATION,
        ("P-5", "P-8"),
    ),
    "reading a wallet": KindOfCall(
        lambda alfred, calls, _: [alfred.users.wallet_call(calls.users[USER])],
        flaws.WALLET,
        ("W-3", "W-3"),
    ),
    "opening a Funding session": KindOfCall(
        lambda alfred, calls, opened: [
            alfred.funding.session_call(calls.users[USER], opened.funding_session.account_id)
        ],
        flaws.ACCOUNT,
        ("W-3", "F-7"),
    ),
    "creating a payment": KindOfCall(
        lambda alfred, _, opened: [alfred.funding.payment_call(opened.funding_session, FIVE)],
        flaws.PAYMENT,
        ("W-3", "F-7"),
    ),
    "confirming a payment": KindOfCall(
        lambda alfred, calls, opened: [
            alfred.funding.confirmation_call(calls.current_payment(number))
            for number in (opened.payment, opened.settled.payment)
        ],
        flaws.PAYMENT_ID,
        ("W-3", "F-7"),
    ),
}


def rejected_calls(call: str) -> Sequence[RejectedCall]:
    """Return the rows of a call: a wrong credential, a flaw of its own, all of each kind in turn, then the others."""
    kind = CALLS[call]
    # By the clause, not by what the call takes on this target: P-5 says nothing of another user's token.
    own, wrong = list(kind.flaws), list(TOKEN if kind.clauses[0] == "W-3" else KEY)
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
        payment, purchase = made(calls.create_payment(user, PAYMENT)), made(calls.create(user, FIVE))
        session, second_session = (made(calls.open_on_new(user, price)) for price in (PRICE, TEN))
        # The newest of the user: contract.md does not say that an older one still serves.
        funding_session = made(calls.open_funding_session(user))
        return Opened(session, second_session, payment, purchase, funding_session, self._settled[user])

    def _reject(self, row: RejectedCall, flaw: str, opened: Opened) -> bool:
        """Send the calls with a flaw. False if the target cannot show this flaw."""
        kind = CALLS[row.call]
        of_credential, of_call = kind.clauses
        is_own = flaw in kind.flaws
        for number, valid in enumerate(kind.valid(self._alfred, self._calls, opened)):
            try:
                wrong = kind.flaws[flaw](valid) if is_own else self._with_credential(flaw, valid)
            except pytest.skip.Exception:
                return False
            # P-8 is judged on unpaid purchases. The last of a kind is the one that is settled.
            clause = of_credential if not is_own else "" if of_call == "P-8" and number == SETTLED else of_call
            outcome = self._alfred.attempt(wrong, clause)
            self._story.log(f"{row.call}, {flaw}: {'accepted' if outcome.accepted else 'rejected'}")
            if outcome.accepted and clause:
                raise UnexpectedResponse(clause, REJECTION, "a success")
        return True

    def _with_credential(self, flaw: str, valid: Call) -> Call:
        return {**KEY, **TOKEN}[flaw](self._alfred.credentials, valid, self._calls.users[OTHER])

    def _use(self, row: RejectedCall, opened: Sequence[Opened]) -> None:
        calls = self._calls
        calls.check_new_user()
        calls.read_accounts()
        for each in opened:
            calls.confirm_payment(each.settled.payment)
            calls.confirm(each.settled.session)
            self._confirm(row, each.session)
            calls.confirm_payment(each.payment)
        payment = made(calls.create_payment_in(opened[USER].funding_session, USER, FIVE))
        calls.confirm(made(calls.open(calls.model.sessions[opened[USER].second_session].purchase)))
        calls.confirm(made(calls.open(opened[USER].purchase)))
        calls.confirm_payment(payment)
        calls.authenticate_again(USER)

    def _confirm(self, row: RejectedCall, session: int) -> None:
        try:
            self._calls.confirm(session)
        except UnexpectedResponse as error:
            if error.clause == "P-4" and row.call == "confirming a purchase":
                error.clause = "P-10"
            raise
