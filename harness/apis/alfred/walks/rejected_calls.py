"""Every kind of call with everything that can be wrong with it (contract.md, Rejection). Walks and pairs use it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final

from harness.apis.alfred.client import Alfred
from harness.apis.alfred.flaws import calls as flaws
from harness.apis.alfred.flaws.credentials import KEY, TOKEN
from harness.apis.alfred.funding import FundingSession
from harness.apis.alfred.users import User
from harness.apis.alfred.walks.judged_calls import JudgedCalls
from harness.client.calls import Call
from harness.client.flaws import Flaw

FIVE: Final = Decimal("5.00")


@dataclass(frozen=True)
class Subject:
    """What the calls of a user are about; the numbers are those of JudgedCalls."""

    user: int
    sessions: Sequence[int]
    payments: Sequence[int]
    funding_session: FundingSession


@dataclass(frozen=True)
class KindOfCall:
    """A call to reject; ``clauses`` are those of a wrong credential and of another flaw.

    ``of_another`` are flaws that name what another user has.
    """

    valid: Callable[[Alfred, JudgedCalls, Subject], Sequence[Call]]
    """Returns the calls that get the flaw: one for each thing that this kind of call can be about."""
    flaws: Mapping[str, Flaw]
    clauses: tuple[str, str]
    of_another: Mapping[str, Callable[[User], Flaw]] = field(default_factory=dict)

    @property
    def own(self) -> Sequence[str]:
        """The names of the flaws that are no wrong credentials."""
        return [*self.flaws, *self.of_another]

    @property
    def credentials(self) -> Sequence[str]:
        """The names of the wrong credentials.

        They follow from the clause, not from what the call takes on this target: P-5 says nothing of another user's
        token.
        """
        return list(TOKEN if self.clauses[0] == "W-3" else KEY)

    def wrong(self, alfred: Alfred, calls: JudgedCalls, subject: Subject, flaw: str, other: User) -> Iterator[Call]:
        """Yield the calls with a flaw, each with the clause by which it must be rejected, if there is one.

        ``other`` is another user, whose token or wallet may be sent. Skips the scenario if the target cannot show the
        flaw.
        """
        of_credential, of_call = self.clauses
        own = {**self.flaws, **{name: flaw_of(other) for name, flaw_of in self.of_another.items()}}
        for place, valid in enumerate(self.valid(alfred, calls, subject)):
            if flaw in own:
                is_open = of_call == "P-8" and calls.is_paid(subject.sessions[place])
                yield replace(own[flaw](valid), refusal="" if is_open else of_call)
            else:
                wrong = {**KEY, **TOKEN}[flaw](alfred.credentials, valid, other)
                yield replace(wrong, refusal=of_credential)


CALLS: Final[Mapping[str, KindOfCall]] = {
    "authenticating a user": KindOfCall(
        lambda alfred, calls, of: [alfred.users.authentication_call(calls.users[of.user].external_reference)],
        flaws.AUTHENTICATION,
        ("A-4", "A-5"),
    ),
    "creating a purchase": KindOfCall(
        lambda alfred, calls, of: [alfred.purchases.creation_call(FIVE, calls.users[of.user])],
        flaws.PURCHASE,
        ("P-5", "P-6"),
    ),
    "opening a session on a purchase": KindOfCall(
        lambda alfred, calls, of: [
            alfred.purchases.session_call(session.purchase, session.user) for session in map(calls.current, of.sessions)
        ],
        flaws.SESSION,
        ("P-5", "P-7"),
    ),
    "confirming a purchase": KindOfCall(
        lambda alfred, calls, of: [
            alfred.purchases.confirmation_call(session) for session in map(calls.current, of.sessions)
        ],
        flaws.CONFIRMATION,
        ("P-5", "P-8"),
        {"another user's wallet": flaws.with_wallet_of},
    ),
    "reading a wallet": KindOfCall(
        lambda alfred, calls, of: [alfred.users.wallet_call(calls.users[of.user])],
        flaws.WALLET,
        ("W-3", "W-3"),
    ),
    "opening a Funding session": KindOfCall(
        lambda alfred, calls, of: [alfred.funding.session_call(calls.users[of.user], of.funding_session.account_id)],
        flaws.ACCOUNT,
        ("W-3", "F-7"),
    ),
    "creating a payment": KindOfCall(
        lambda alfred, _, of: [alfred.funding.payment_call(of.funding_session, FIVE)],
        flaws.PAYMENT,
        ("W-3", "F-7"),
    ),
    "confirming a payment": KindOfCall(
        lambda alfred, calls, of: [
            alfred.funding.confirmation_call(payment) for payment in map(calls.current_payment, of.payments)
        ],
        flaws.PAYMENT_ID,
        ("W-3", "F-7"),
    ),
}
