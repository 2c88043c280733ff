"""What several defects and variants share."""

from __future__ import annotations

import asyncio
import contextlib
import re
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import UTC, datetime
from decimal import ROUND_DOWN, Decimal, InvalidOperation
from typing import Any, ClassVar

from typing_extensions import override

from sandbox.alfred.records import AlfredWallet, Payment
from sandbox.alfred.rules import AlfredRules
from sandbox.http.bodies import Body
from sandbox.http.rejections import Rejection
from sandbox.http.responses import Call, Reply, Responses
from sandbox.ledger.money import to_major, to_minor
from sandbox.ledger.postings import Ledger
from sandbox.rules import Rules

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


def allowed(*_args: Any, **_kwargs: Any) -> None:
    """Replace a check: nothing is rejected."""


def name_of(operation: str) -> str:
    """Return an operation's name as part of a defect's name: ``createPurchase`` is create-purchase."""
    return re.sub(r"(?=[A-Z])", "-", operation).lower()


def whole_units(amount: Decimal) -> Decimal:
    """Return an amount without its minor units."""
    return to_major(to_minor(amount.quantize(Decimal(1), ROUND_DOWN)))


def through_float(amount: Decimal) -> Decimal:
    """Return an amount as a careless product of floats cuts it: 19.99 becomes 19.98."""
    return to_major(int(float(amount) * 100))


def as_number(value: Any) -> Any:
    """Return the number that a text contains; any other value unchanged."""
    try:
        number = Decimal(value) if isinstance(value, str) else value
    except InvalidOperation:
        return value
    return number if not isinstance(number, Decimal) or number.is_finite() else value


class Overdrawing(Ledger):
    """Lets every account fall below zero."""

    check_not_overdrawn = allowed


class ApiResponses(Responses):
    """Responses with a method for each API. ``call`` lets a defect change the responses of one operation."""

    @override
    def success(self, call: Call, payload: Body) -> Reply:
        is_alfred = call.api == "alfred"
        return self.alfred_success(call, payload) if is_alfred else self.walletapi_success(call, payload)

    @override
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
    """Changes the responses to sales. What the ledger books stays right."""

    @override
    def walletapi_success(self, call: Call, value: Body) -> Reply:
        return super().walletapi_success(call, self.changed(value) if call.operation == "purchaseByAlias" else value)

    def changed(self, value: Body) -> Body:
        """Return the Value that is sent instead of this one."""
        return value


class Racing(Rules):
    """Rules without a lock in some operations. They wait between what they read and what they write."""

    racing: ClassVar[tuple[str, ...]] = ()
    pause: ClassVar[float] = 0.003  # seconds

    @override
    def exclusively(self, operation: str) -> AbstractAsyncContextManager[Any]:
        return contextlib.nullcontext() if operation in self.racing else super().exclusively(operation)

    @override
    async def between_read_and_write(self, operation: str) -> None:
        if operation in self.racing:
            await asyncio.sleep(self.pause)


class ServingAnybody(AlfredRules):
    """Does not ask whose a wallet, an account or a payment is if the caller is ANYBODY."""

    @override
    def check_wallet_is_owners(self, wallet: AlfredWallet, owner: AlfredWallet) -> None:
        if owner is not ANYBODY:
            super().check_wallet_is_owners(wallet, owner)

    @override
    def check_account_is_owners(self, wallet: AlfredWallet, owner: AlfredWallet) -> None:
        if owner is not ANYBODY:
            super().check_account_is_owners(wallet, owner)

    @override
    def check_payment_is_owners(self, payment: Payment, owner: AlfredWallet) -> None:
        if owner is not ANYBODY:
            super().check_payment_is_owners(payment, owner)
