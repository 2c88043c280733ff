"""An id of another kind in the place of an id: of the account in that of the wallet, and so on."""

from collections.abc import Callable, Mapping
from typing import Final

from harness.apis.alfred.flaws.calls import INSTRUMENT
from harness.apis.alfred.funding import FundingSession
from harness.apis.alfred.purchases import PurchaseSession
from harness.apis.alfred.users import User
from harness.client.calls import of_another_kind
from harness.client.flaws import Flaw, value_of
from harness.not_judged import NotJudged


def in_member(member: str, other: str) -> Flaw:
    """Set a member of the body to an id of another kind. Skip if the two ids are the same."""
    return lambda call: call.having({member: _unless_same(other, value_of(call, member))})


def in_path(name: str, other: str) -> Flaw:
    """Set an id in the path, in the same way."""
    return lambda call: call.to(**{name: _unless_same(other, call.path[name])})


def _unless_same(other: str, valid: str) -> str:
    if other == valid:
        NotJudged.SAME_ID.skip()
    return of_another_kind(other)


OfWallet = Callable[[User, str], Flaw]
"""Takes a user and the account of the user's wallet."""

SESSION: Final[Mapping[str, OfWallet]] = {
    "for the account in place of the wallet": lambda _, account: in_member("walletId", account),
    "for the user's reference in place of the wallet": lambda user, _: in_member("walletId", user.external_reference),
}
WALLET: Final[Mapping[str, OfWallet]] = {
    "the account in place of the wallet": lambda _, account: in_path("walletId", account),
    "the user's reference in place of the wallet": lambda user, _: in_path("walletId", user.external_reference),
}
ACCOUNT: Final[Mapping[str, OfWallet]] = {
    "the wallet in place of its account": lambda user, _: in_member("walletAccountId", user.wallet_id),
}

CONFIRMATION: Final[Mapping[str, Callable[[PurchaseSession], Flaw]]] = {
    "the session in place of the purchase": lambda session: in_path("purchaseId", session.session_id),
    "the purchase in place of the session": lambda session: in_member("paymentSessionId", session.purchase.purchase_id),
    "the session in place of the instrument": lambda session: in_member(INSTRUMENT, session.session_id),
}

PAYMENT: Final[Mapping[str, Callable[[FundingSession], Flaw]]] = {
    "into the wallet in place of its account": lambda session: in_member("walletAccountId", session.user.wallet_id),
    "in the account in place of a session": lambda session: in_member("paymentSessionId", session.account_id),
}
