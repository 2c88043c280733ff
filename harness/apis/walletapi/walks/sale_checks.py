"""What the response of any sale, cancel or refund must say about itself (contract.md T-2 to T-6, G-3 to G-6, R-1)."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from harness.apis.walletapi.client import Balances, Wallet, moment
from harness.client.calls import Outcome
from harness.walks.possibilities import UnexpectedResponse

OUR_CLOCK: Final = timedelta(seconds=60)
# T-5 allows 2 s, which its own scenario judges. On a busy machine, the Date of hundreds of responses may lag by more.
TOLERANCE: Final = timedelta(seconds=10)
_UNSET: Final = ("SourceWalletId", "DestinationWalletId", "MainTransactionId")
_TEXTS: Final = ("Description", "ExternalReference")

Comparison = tuple[str, str, Any, Any]
"""A clause, what is compared, what is expected, and what was received."""


@dataclass
class Known:
    """The ids and codes of all transactions so far, and the ids of the gifts of each wallet.

    ``lost_gifts`` are the aliases that may have more gifts, because a response was lost.
    """

    transactions: set[tuple[str, str]] = field(default_factory=set)
    lost_gifts: set[str] = field(default_factory=set)
    gifts: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def check_new(self, clause: str, value: Any) -> None:
        """UnexpectedResponse if another transaction has the same id or code (T-3, R-1)."""
        for member in ("Id", "UniqueCode"):
            seen = member, str(value[member]).lower()
            if seen in self.transactions:
                raise UnexpectedResponse(clause, f"a new {member}", "one that another transaction has")
            self.transactions.add(seen)


def check_deposit(outcome: Outcome, wallet: Wallet) -> None:
    """Compare everything but the balances, which another call may have changed since (T-8)."""
    value = outcome.payload
    compare(
        [
            ("T-8", "Id", wallet.wallet_id.lower(), str(value["Id"]).lower()),
            ("T-8", "Alias", wallet.alias, value["Alias"]),
        ]
    )


def check_balance_after_deposit(outcome: Outcome, now: Balances) -> None:
    """Compare the balances in the response of a deposit with those that are read back (T-8)."""
    # No source says whether Balance includes the gifts.
    either = now.wallet, now.wallet + now.gifts
    shown = Decimal(outcome.payload["Balance"])
    if shown not in either:
        raise UnexpectedResponse("T-8", f"a Balance of {now.wallet}", str(shown))
    compare([("T-8", "TotalGiftBalance", now.gifts, Decimal(outcome.payload["TotalGiftBalance"]))])


def check_gift(outcome: Outcome, wallet: Wallet) -> None:
    """Compare a gift that was given with what was sent (T-8)."""
    value, sent = outcome.payload, outcome.call.body
    compare(
        [
            ("T-8", "WalletId", wallet.wallet_id.lower(), str(value["WalletId"]).lower()),
            ("T-8", "Amount", sent["Amount"], value["Amount"]),
            ("T-8", "RemainingAmount", sent["Amount"], value["RemainingAmount"]),
        ]
    )


def check_sale(outcome: Outcome, wallet: Wallet, gifts: Collection[str] | None) -> None:
    """Compare everything but the time, and the amounts, which the model predicts.

    ``gifts`` are the ids of the wallet's, if known.
    """
    value, sent = outcome.payload, outcome.call.body
    compare(("T-2", member, sent[member], value[member]) for member in _TEXTS if member in sent)
    compare(
        [
            ("T-2", "Amount", sent["Amount"], value["Amount"]),
            ("T-2", "TransactionType", "Purchase", value["TransactionType"]),
            ("T-4", "WalletId", wallet.wallet_id.lower(), str(value["WalletId"]).lower()),
            ("T-5", "UpdatedAt", None, value["UpdatedAt"]),
            *(("T-6", member, None, value[member]) for member in _UNSET),
        ]
    )
    check_gifts_of_sale(value, gifts, asked=sent.get("UseGiftBalances") is True)


def check_undoing(outcome: Outcome, sale: Outcome, type_: str) -> None:
    """Compare a cancel or a refund with the sale that it undoes (R-1)."""
    value, sold = outcome.payload, sale.payload
    compare(
        [
            ("R-1", "TransactionType", type_, value["TransactionType"]),
            ("R-1", "ExternalReference", sale.call.body["ExternalReference"], value["ExternalReference"]),
            ("R-1", "CashbackAmount", 0, value["CashbackAmount"]),
            ("R-1", "MainTransactionId", str(sold["Id"]).lower(), str(value["MainTransactionId"]).lower()),
            ("R-1", "WalletId", str(sold["WalletId"]).lower(), str(value["WalletId"]).lower()),
        ]
    )


def compare(comparisons: Iterable[Comparison]) -> None:
    for clause, member, expected, received in comparisons:
        if received != expected:
            words = f"{member} {_shown(expected)}"
            raise UnexpectedResponse(clause, words, _shown(received), (received, (expected,)))


def check_created(outcome: Outcome, before: datetime | None, after: datetime | None) -> None:
    """Compare the time of a sale with the Date headers before and after it, or our clock without them (T-5)."""
    created = moment(outcome.payload["CreatedAt"])
    if before is None or after is None:
        is_right, expected = abs(datetime.now(UTC) - created) <= OUR_CLOCK, "CreatedAt just now"
    else:
        is_right = before - TOLERANCE <= created <= after + TOLERANCE
        expected = f"CreatedAt from {before} to {after}"
    if not is_right:
        raise UnexpectedResponse("T-5", expected, str(created))


def check_gifts_of_sale(value: Any, gifts: Collection[str] | None, *, asked: bool) -> None:
    """Compare what a sale says of the gifts that paid. ``gifts`` are the ids of the wallet's, if known.

    ``asked``: the sale may use gifts.
    """
    amount, named, listed = value["GiftAmount"], value["GiftBalanceId"], value["UsedGiftBalances"]
    clause = "G-4" if gifts is not None and not gifts else "G-6" if asked else "G-3"
    if gifts is not None and len(listed or ()) > len(gifts):
        raise UnexpectedResponse("G-6", f"at most {len(gifts)} in UsedGiftBalances", str(len(listed)))
    if amount is None:
        compare([(clause, "GiftBalanceId", None, named)])
        if clause == "G-4" or listed != []:  # on a wallet that has or had a gift, the list may be empty
            compare([(clause, "UsedGiftBalances", None, listed)])
    elif named is None and not Decimal(amount):
        compare([("G-4" if asked else clause, "GiftAmount", None, amount)])
    elif gifts is not None and str(named).lower() not in gifts:
        raise UnexpectedResponse("G-6", "the id of a gift of this wallet as GiftBalanceId", _shown(named))


def _shown(value: Any) -> str:
    return repr(value) if isinstance(value, str) else "null" if value is None else str(value)
