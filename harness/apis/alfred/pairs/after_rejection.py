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
from harness.apis.alfred.walks.judged_calls import JudgedCalls
from harness.client.calls import Call
from harness.client.flaws import Flaw
from harness.client.unique import fresh_reference
from harness.walks.possibilities import REJECTION, UnexpectedResponse
from harness.walks.story import Story, made

USER, OTHER = 0, 1
FIVE, FUNDED, PAYMENT, PRICE = (Decimal(text) for text in ("5.00", "20.00", "30.00", "50.00"))
FIRST: Final = ("an unknown key", "a made-up token")


@dataclass(frozen=True)
class Opened:
    """What a user has open; the numbers are those of JudgedCalls."""

    session: int
    payment: int
    purchase: int
    funding_session: FundingSession


@dataclass(frozen=True)
class KindOfCall:
    """A call to reject; ``clauses`` are those of a wrong credential and of another flaw."""

    operation: str
    valid: Callable[[Alfred, JudgedCalls, Opened], Call]
    flaws: Mapping[str, Flaw]
    clauses: tuple[str, str]


@dataclass(frozen=True)
class RejectedCall:
    """A row: the name of a call in ``CALLS``, and of its flaw."""

    call: str
    flaw: str

    def __str__(self) -> str:
        return f"{self.call}: {self.flaw}"


CALLS: Final[Mapping[str, KindOfCall]] = {
    "authenticating a user": KindOfCall(
        "authenticateWallet",
        lambda alfred, calls, _: alfred.users.authentication_call(calls.users[USER].external_reference),
        flaws.AUTHENTICATION,
        ("A-4", "A-5"),
    ),
    "creating a purchase": KindOfCall(
        "createPurchase",
        lambda alfred, calls, _: alfred.purchases.creation_call(FIVE, calls.users[USER]),
        flaws.PURCHASE,
        ("P-5", "P-6"),
    ),
    "opening a session on a purchase": KindOfCall(
        "openPurchaseSession",
        lambda alfred, calls, opened: alfred.purchases.session_call(
            calls.sessions[opened.session].purchase, calls.users[USER]
        ),
        flaws.SESSION,
        ("P-5", "P-7"),
    ),
    "confirming a purchase": KindOfCall(
        "confirmPurchase",
        lambda alfred, calls, opened: alfred.purchases.confirmation_call(calls.current(opened.session)),
        flaws.CONFIRMATION,
        ("P-5", "P-8"),
    ),
    "reading a wallet": KindOfCall(
        "getWallet",
        lambda alfred, calls, _: alfred.users.wallet_call(calls.users[USER]),
        flaws.WALLET,
        ("W-3", "W-3"),
    ),
    "opening a Funding session": KindOfCall(
        "openPaymentSession",
        lambda alfred, calls, opened: alfred.funding.session_call(calls.users[USER], opened.funding_session.account_id),
        flaws.ACCOUNT,
        ("W-3", "F-7"),
    ),
    "creating a payment": KindOfCall(
        "createPayment",
        lambda alfred, _, opened: alfred.funding.payment_call(opened.funding_session, FIVE),
        flaws.PAYMENT,
        ("W-3", "F-7"),
    ),
    "confirming a payment": KindOfCall(
        "confirmPayment",
        lambda alfred, calls, opened: alfred.funding.confirmation_call(calls.payments[opened.payment]),
        flaws.PAYMENT_ID,
        ("W-3", "F-7"),
    ),
}


def rejected_calls(call: str) -> Sequence[RejectedCall]:
    """Return the rows of a call: first a wrong credential and a flaw of its own, then all others."""
    kind = CALLS[call]
    # By the clause, not by what the call takes on this target: P-5 says nothing of another user's token.
    own, wrong = list(kind.flaws), list(TOKEN if kind.clauses[0] == "W-3" else KEY)
    first = [next(name for name in wrong if name in FIRST), own[0]]
    return [RejectedCall(call, name) for name in dict.fromkeys((*first, *own, *wrong))]


class AfterRejection:
    """Two users have a session, a payment, a purchase and a Funding session open while a call is rejected."""

    def __init__(self, alfred: Alfred) -> None:
        self._alfred = alfred
        self._story = Story(alfred.recorder)
        self._calls = JudgedCalls(alfred, self._story)
        self._wallets: set[str] = set()

    def run(self, row: RejectedCall) -> None:
        """Try the row. ContractViolation of the clause that is broken, with the calls that led to it."""
        self._story.lines.clear()
        with self._story.told():
            if not self._calls.users:
                for user in (USER, OTHER):
                    self._calls.add_user()
                    self._calls.fund(user, FUNDED)
            opened = [self._open(user) for user in (USER, OTHER)]
            if self._reject(row, opened[USER]):
                self._use(row, opened)

    def _open(self, user: int) -> Opened:
        calls = self._calls
        payment, purchase = made(calls.create_payment(user, PAYMENT)), made(calls.create(user, FIVE))
        session = made(calls.open_on_new(user, PRICE))
        # The newest of the user: contract.md does not say that an older one still serves.
        return Opened(session, payment, purchase, made(calls.open_funding_session(user)))

    def _reject(self, row: RejectedCall, opened: Opened) -> bool:
        """Send the call with its flaw. False if the target cannot show this flaw."""
        kind = CALLS[row.call]
        of_credential, of_call = kind.clauses
        valid = kind.valid(self._alfred, self._calls, opened)
        try:
            if row.flaw in kind.flaws:
                clause, wrong = of_call, kind.flaws[row.flaw](valid)
            else:
                flaw = {**KEY, **TOKEN}[row.flaw]
                clause, wrong = of_credential, flaw(self._alfred.credentials, valid, self._calls.users[OTHER])
        except pytest.skip.Exception:
            return False
        outcome = self._alfred.attempt(wrong, clause)
        self._story.log(f"{row}: {'accepted' if outcome.accepted else 'rejected'}")
        if outcome.accepted:
            raise UnexpectedResponse(clause, REJECTION, "a success")
        return True

    def _use(self, row: RejectedCall, opened: Sequence[Opened]) -> None:
        calls = self._calls
        self._add_new_user()
        calls.read_accounts()
        for each in opened:
            self._confirm(row, each.session)
            calls.confirm_payment(each.payment)
        payment = made(calls.create_payment_in(opened[USER].funding_session, USER, FIVE))
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

    def _add_new_user(self) -> None:
        """The next user has a wallet of its own (A-3), with nothing in it (S-3)."""
        user = self._alfred.users.authenticate(fresh_reference("user"))
        self._story.log("a new user is authenticated")
        if user.wallet_id in self._wallets | {each.wallet_id for each in self._calls.users}:
            raise UnexpectedResponse("A-3", "a wallet of its own", "the wallet of another user")
        self._wallets.add(user.wallet_id)
        self._alfred.users.account(user)
        if balance := self._alfred.balance(user):
            raise UnexpectedResponse("S-3", "nothing in the wallet of a new user", f"a balance of {balance}")
