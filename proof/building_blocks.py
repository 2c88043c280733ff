"""Pieces that several defects and variants are made of."""

from __future__ import annotations

import asyncio
import contextlib
import re
from dataclasses import replace
from datetime import UTC, datetime
from decimal import ROUND_DOWN, Decimal, InvalidOperation
from typing import Any

from sandbox.alfred.records import AlfredWallet
from sandbox.alfred.rules import AlfredRules
from sandbox.http.bodies import Body
from sandbox.http.rejections import Rejection
from sandbox.http.responses import Call, Reply, Responses
from sandbox.ledger.money import to_major, to_minor
from sandbox.ledger.postings import Ledger

CENT = Decimal("0.01")
NOTHING = Decimal("0.00")
ANYBODY = AlfredWallet("*", "*", "*", datetime(2000, 1, 1, tzinfo=UTC))

WORDS = {
    "authenticateWallet": "Authenticating a user",
    "createPurchase": "Creating a purchase",
    "openPurchaseSession": "Opening a session on a purchase",
    "confirmPurchase": "Confirming a purchase",
    "getWallet": "Reading a wallet",
    "openPaymentSession": "Opening a Funding session",
    "createPayment": "Creating a payment",
    "confirmPayment": "Confirming a payment",
    "createWallet": "Opening a wallet",
    "depositByAlias": "Making a deposit",
    "createGiftByAlias": "Giving a gift",
    "balancesByAlias": "Reading the balances",
    "purchaseByAlias": "Making a sale",
    "cancelPurchase": "Cancelling a sale",
    "refundPurchase": "Refunding a sale",
}


def allowed(*_given: Any, **_named: Any) -> None:
    """In the place of a check: nothing is rejected."""


def name_of(operation: str) -> str:
    """``createPurchase`` as part of a defect's name: create-purchase."""
    return re.sub(r"(?=[A-Z])", "-", operation).lower()


def whole_units(amount: Decimal) -> Decimal:
    """Without its minor units."""
    return to_major(to_minor(amount.quantize(Decimal(1), ROUND_DOWN)))


def through_float(amount: Decimal) -> Decimal:
    """Minor units as a careless float product cuts them: 19.99 becomes 19.98."""
    return to_major(int(float(amount) * 100))


def as_number(value: Any) -> Any:
    """A text that is a number as that number; everything else as it is."""
    try:
        number = Decimal(value) if isinstance(value, str) else value
    except InvalidOperation:
        return value
    return number if not isinstance(number, Decimal) or number.is_finite() else value


class Overdrawing(Ledger):
    """Lets what somebody holds fall below zero."""

    check_not_overdrawn = allowed


class ApiResponses(Responses):
    """Responses with a method for each API. ``call`` lets a defect change the responses of one operation."""

    def success(self, call: Call, payload: Body) -> Reply:
        is_alfred = call.api == "alfred"
        return self.alfred_success(call, payload) if is_alfred else self.walletapi_success(call, payload)

    def rejection(self, call: Call, rejection: Rejection) -> Reply:
        is_alfred = call.api == "alfred"
        return self.alfred_rejection(call, rejection) if is_alfred else self.walletapi_rejection(call, rejection)

    def alfred_success(self, call: Call, payload: Body) -> Reply:
        return super().success(call, payload)

    def alfred_rejection(self, call: Call, rejection: Rejection) -> Reply:
        return super().rejection(call, rejection)

    def walletapi_success(self, call: Call, value: Body) -> Reply:
        return super().success(call, value)

    def walletapi_rejection(self, call: Call, rejection: Rejection) -> Reply:
        return replace(super().rejection(call, rejection), status=self.walletapi_status(rejection))

    def walletapi_status(self, rejection: Rejection) -> int:
        return rejection.reason.status


class SaleResponses(ApiResponses):
    """Answers of another content for sales alone; what is booked stays right."""

    def walletapi_success(self, call, value):
        """The Value of a sale as ``told``."""
        return super().walletapi_success(call, self.told(value) if call.operation == "purchaseByAlias" else value)

    def told(self, value):
        """The Value that goes out."""
        return value


def racing(rules: type, *operations: str, pause: float = 0.003) -> type:
    """Rules that hold no lock in these operations, and pause (seconds) between what they read and what they write."""

    class Racing(rules):  # type: ignore[valid-type,misc]
        def exclusively(self, operation):
            return contextlib.nullcontext() if operation in operations else super().exclusively(operation)

        async def between_read_and_write(self, operation):
            if operation in operations:
                await asyncio.sleep(pause)

    return Racing


class ServingAnybody(AlfredRules):
    """What belongs to a user is not asked of a caller who is nobody in particular."""

    def check_wallet_is_owners(self, wallet, owner):
        if owner is not ANYBODY:
            super().check_wallet_is_owners(wallet, owner)

    def check_account_is_owners(self, wallet, owner):
        if owner is not ANYBODY:
            super().check_account_is_owners(wallet, owner)

    def check_payment_is_owners(self, payment, owner):
        if owner is not ANYBODY:
            super().check_payment_is_owners(payment, owner)
