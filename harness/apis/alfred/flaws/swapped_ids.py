"""An id of another kind in the place of an id: of the account in that of the wallet, and so on."""

from collections.abc import Callable, Mapping
from typing import Final

from harness.apis.alfred.flaws.calls import INSTRUMENT
from harness.apis.alfred.funding import FundingSession
from harness.apis.alfred.purchases import PurchaseSession
from harness.apis.alfred.users import User
from harness.client.flaws import Flaw, altered
from harness.client.similar_texts import of_another_kind
from harness.not_judged import NotJudged


def swapped(name: str, other: str) -> Flaw:
    """Use an id of another kind in place of this one. Skip if the two ids are the same."""
    return altered(name, lambda valid: _unless_same(other, valid))


def _unless_same(other: str, valid: str) -> str:
    if other == valid:
        NotJudged.SAME_ID.skip()
    return of_another_kind(other)


OfWallet = Callable[[User, str], Flaw]
"""Takes a user and the account of the user's wallet."""

SESSION: Final[Mapping[str, OfWallet]] = {
    "for the account in place of the wallet": lambda _, account: swapped("walletId", account),
    "for the user's reference in place of the wallet": lambda user, _: swapped("walletId", user.external_reference),
}
WALLET: Final[Mapping[str, OfWallet]] = {
    "the account in place of the wallet": lambda _, account: swapped("walletId", account),
    "the user's reference in place of the wallet": lambda user, _: swapped("walletId", user.external_reference),
}
ACCOUNT: Final[Mapping[str, OfWallet]] = {
    "the wallet in place of its account": lambda user, _: swapped("walletAccountId", user.wallet_id),
}

CONFIRMATION: Final[Mapping[str, Callable[[PurchaseSession], Flaw]]] = {
    "the session in place of the purchase": lambda session: swapped("purchaseId", session.session_id),
    "the purchase in place of the session": lambda session: swapped("paymentSessionId", session.purchase.purchase_id),
    "the session in place of the instrument": lambda session: swapped(INSTRUMENT, session.session_id),
}

PAYMENT: Final[Mapping[str, Callable[[FundingSession], Flaw]]] = {
    "into the wallet in place of its account": lambda session: swapped("walletAccountId", session.user.wallet_id),
    "in the account in place of a session": lambda session: swapped("paymentSessionId", session.account_id),
}
