"""What the WalletAPI remembers: wallets, gifts, transactions and the gifts that they used."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

DEPOSITS = "walletapi/deposits"
GIVEN = "walletapi/gifts-given"
SALES = "walletapi/sales"
CASHBACK = "walletapi/cashback"
ACCOUNTS = (DEPOSITS, GIVEN, SALES, CASHBACK)
"""The accounts that do not belong to a wallet. They may fall below zero."""


@dataclass(frozen=True)
class Wallet:
    """A wallet behind an alias; ``updated`` is None until money moved on it."""

    id: str
    owner_id: str
    name: str | None
    alias: str
    region_id: int
    currency: str
    description: str | None
    created: datetime
    updated: datetime | None = None


@dataclass(frozen=True)
class Gift:
    """Money that was given to a wallet; past ``expires`` it pays nothing. What is left of it the ledger knows."""

    id: str
    wallet_id: str
    amount: Decimal
    expires: datetime | None
    description: str | None
    external_reference: str | None
    created: datetime


@dataclass(frozen=True)
class Transaction:
    """A sale, or what undoes one (``main_transaction_id`` is then the sale). Never changed once made."""

    id: str
    wallet_id: str
    type: str
    amount: Decimal
    gift_amount: Decimal | None
    description: str | None
    external_reference: str | None
    created: datetime
    balance_after: Decimal
    gift_balance_id: str | None
    main_transaction_id: str | None
    unique_code: str
    cashback_amount: Decimal


@dataclass(frozen=True)
class GiftUse:
    id: str
    transaction_id: str
    gift_id: str
    amount: Decimal


@dataclass(frozen=True)
class Outcome:
    transaction: Transaction
    gift_uses: tuple[GiftUse, ...] = ()


@dataclass(frozen=True)
class GiftStanding:
    gift: Gift
    remaining: Decimal


@dataclass(frozen=True)
class Standing:
    """What a wallet holds: its balance without gifts, and the gifts that can be spent."""

    wallet: Wallet
    balance: Decimal
    gift_total: Decimal
    gifts: tuple[GiftStanding, ...] = ()


@dataclass(frozen=True)
class Order:
    """A sale as it was asked for."""

    alias: str
    amount: Decimal
    description: str | None
    external_reference: str | None
    use_gifts: bool
    cashback_apply: bool
    cashback_type: str | None
    cashback_value: Decimal | None


KINDS = {
    Wallet: ("alias",),
    Gift: ("wallet_id",),
    Transaction: ("external_reference", "main_transaction_id"),
    GiftUse: ("transaction_id",),
}
"""Each class that is stored, with the fields that have an index."""
