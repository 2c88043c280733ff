"""What several defects and variants share."""

import asyncio
import contextlib
import re
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager
from contextvars import ContextVar
from dataclasses import replace
from datetime import UTC, datetime
from decimal import ROUND_DOWN, Decimal, InvalidOperation
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from typing_extensions import override

from sandbox.alfred.purchases import Purchases
from sandbox.alfred.records import AlfredWallet, PurchaseSession
from sandbox.books import Books
from sandbox.http.bodies import Body
from sandbox.http.rejections import Rejection
from sandbox.http.responses import Call, Reply, Responses
from sandbox.ledger.money import to_major, to_minor
from sandbox.ledger.postings import Entry, Ledger, Movement
from sandbox.walletapi.records import GIVEN, SALES, Outcome, Wallet
from sandbox.walletapi.sales import Sales

CENT = Decimal("0.01")
NOTHING = Decimal("0.00")


class AnyId(str):
    """Equals every id."""

    __slots__ = ()

    @override
    def __eq__(self, _other: object) -> bool:
        return True

    __hash__ = str.__hash__


ANYBODY = AlfredWallet(AnyId(), "*", AnyId(), datetime(2000, 1, 1, tzinfo=UTC))
"""A user who owns every wallet, account and payment."""
P = ParamSpec("P")
T = TypeVar("T")
_PAUSE: ContextVar[float] = ContextVar("pause", default=0.0)  # seconds


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


def in_single_precision(amount: Decimal) -> Decimal:
    """Return the amount as four bytes can hold it."""
    (held,) = struct.unpack("f", struct.pack("f", float(amount)))
    return max(Decimal(held).quantize(CENT), CENT)


def as_number(value: Any) -> Any:
    """Return the number that a text contains; any other value unchanged."""
    try:
        number = Decimal(value) if isinstance(value, str) else value
    except InvalidOperation:
        return value
    return number if not isinstance(number, Decimal) or number.is_finite() else value


def balance_at_the_last(reason: str, entries: Sequence[Entry]) -> Decimal:
    """Return the balance right after the last entry for this reason."""
    places = [place for place, entry in enumerate(entries, 1) if entry.reason == reason]
    return sum((entry.amount for entry in entries[: max(places, default=0)]), NOTHING)


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
        return rejection.status


class SaleResponses(ApiResponses):
    """Changes the responses to sales. What the ledger books stays right."""

    @override
    def walletapi_success(self, call: Call, value: Body) -> Reply:
        return super().walletapi_success(call, self.changed(value) if call.operation == "purchaseByAlias" else value)

    def changed(self, value: Body) -> Body:
        """Return the Value that is sent instead of this one."""
        return value


class Racing(Books):
    """Lets the methods that ``racing`` made go without turns, and wait before they write."""

    @override
    def turn(self) -> AbstractAsyncContextManager[Any]:
        return contextlib.nullcontext() if _PAUSE.get() else super().turn()

    @override
    @contextlib.asynccontextmanager
    async def writing(self) -> AsyncIterator[None]:
        if _PAUSE.get():
            await asyncio.sleep(_PAUSE.get())
        async with super().writing():
            yield


def racing(method: Callable[P, Awaitable[T]], pause: float = 0.003) -> Callable[P, Coroutine[Any, Any, T]]:
    """Return a method that, with Racing books, waits between read and write while other calls are served."""

    @wraps(method)
    async def raced(*args: P.args, **kwargs: P.kwargs) -> T:
        token = _PAUSE.set(pause)
        try:
            return await method(*args, **kwargs)
        finally:
            _PAUSE.reset(token)

    return raced


class Charging(Purchases):
    """Charges an amount other than the one that the session showed."""

    @override
    def amount_charged(self, session: PurchaseSession) -> Decimal:
        return self.charged(session, self.users.balance_of(self.users.wallet_named(session.wallet_id)))

    def charged(self, session: PurchaseSession, _balance: Decimal) -> Decimal:
        """Return the amount to charge, given the balance."""
        return session.balance_part


def take(sales: Sales, wallet: Wallet, amount: Decimal) -> None:
    """Take an amount from a balance; a negative one is given."""
    movements = [Movement(sales.wallets.account_name(wallet), -amount), Movement(SALES, amount)]
    sales.books.ledger.post("Purchase", "", movements, sales.books.now())


def end_gift(books: Books, gift_id: str) -> None:
    """Take what is left of a gift."""
    account = f"walletapi/gift/{gift_id}"
    left = books.ledger.balance(account)
    books.ledger.post("Gift", gift_id, [Movement(GIVEN, left), Movement(account, -left)], books.now())


def sum_of_a_page(books: Books, account: str) -> Decimal:
    """Return the sum of the last twenty movements of an account."""
    return sum((entry.amount for entry in books.ledger.entries(account)[-20:]), Decimal(0))


class AfterRefusal(Sales):
    """Calls ``after_refusal`` if a sale is refused for ``reason``."""

    reason = "insufficient_balance"

    @override
    async def purchase_by_alias(self, body: Body) -> Outcome:
        try:
            return await super().purchase_by_alias(body)
        except Rejection as rejection:
            if rejection.name == self.reason:
                await self.after_refusal(body)
            raise

    async def after_refusal(self, body: Body) -> None:
        raise NotImplementedError
