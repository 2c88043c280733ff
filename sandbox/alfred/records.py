"""What Alfred remembers: wallets, tokens, purchases, payments and their sessions."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

OUTSIDE = "alfred/outside"
SALES = "alfred/sales"
ACCOUNTS = (OUTSIDE, SALES)
"""The accounts that do not belong to a user. They may fall below zero."""


@dataclass(frozen=True)
class AlfredWallet:
    """A user's wallet with its one account; ``reference`` is the platform's own name for the user."""

    id: str
    reference: str
    account_id: str
    opened: datetime


@dataclass(frozen=True)
class AccessToken:
    """A token that was issued; ``id`` is its digest."""

    id: str
    wallet_id: str
    issued: datetime


@dataclass(frozen=True)
class Purchase:
    """What a shop sells; ``confirmed_with`` is the session that paid it, None while unpaid."""

    id: str
    amount: Decimal
    currency: str
    shop_configuration_id: str
    billing_address: str | None
    shipping_address: str | None
    custom_type: str | None
    description: str | None
    created: datetime
    confirmed_with: str | None = None


@dataclass(frozen=True)
class PurchaseSession:
    """How a wallet could pay a purchase: a part by balance, the rest by an instrument."""

    id: str
    purchase_id: str
    wallet_id: str
    instrument_id: str
    balance_part: Decimal
    remaining_part: Decimal


@dataclass(frozen=True)
class PaymentSession:
    """How an account could be funded."""

    id: str
    account_id: str
    instrument_id: str


@dataclass(frozen=True)
class Payment:
    """A funding of an account; credited once it is confirmed."""

    id: str
    account_id: str
    session_id: str
    amount: Decimal
    currency: str
    description: str | None
    created: datetime
    confirmed: bool = False


@dataclass(frozen=True)
class Login:
    """What a platform gets for a user: the wallet, and a token to act on it."""

    wallet: AlfredWallet
    token: str


KINDS = {
    AlfredWallet: ("reference", "account_id"),
    AccessToken: (),
    Purchase: (),
    PurchaseSession: (),
    PaymentSession: (),
    Payment: (),
}
"""Each class that is stored, with the fields that have an index."""
