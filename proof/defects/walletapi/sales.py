"""WalletAPI: the responses of a sale (contract.md T-2 to T-7)."""

import hashlib
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from typing_extensions import override

from proof.building_blocks import SaleResponses
from proof.declaring import Defects
from sandbox.http.bodies import Body
from sandbox.ledger import identifiers
from sandbox.walletapi.records import GiftUse, Order, Transaction, Wallet
from sandbox.walletapi.sales import Sales

defect = Defects("walletapi")

BUSINESS = "business rule"


@defect(BUSINESS, "T-2")
class AmountIsWhatTheBalancePaid(SaleResponses):
    """A sale that a gift pays in part returns the rest as its amount."""

    @override
    def changed(self, value: Body) -> Body:
        return {**value, "Amount": value["Amount"] - (value["GiftAmount"] or 0)}


@defect(BUSINESS, "T-2")
class AmountIsLessTheCashback(SaleResponses):
    """A sale with cashback returns the difference as its amount."""

    @override
    def changed(self, value: Body) -> Body:
        return {**value, "Amount": value["Amount"] - value["CashbackAmount"]}


@defect(BUSINESS, "T-2")
class TransactionTypeIsSale(SaleResponses):
    """A sale calls itself Sale instead of Purchase."""

    @override
    def changed(self, value: Body) -> Body:
        return {**value, "TransactionType": "Sale"}


@defect(BUSINESS, "T-2")
class DescriptionInPlainLetters(SaleResponses):
    """A description loses all letters that are not ASCII."""

    @override
    def changed(self, value: Body) -> Body:
        return {**value, "Description": (value["Description"] or "").encode("ascii", "replace").decode()}


@defect(BUSINESS, "T-2")
class DescriptionEscapedForHtml(SaleResponses):
    """A description comes back with its angle brackets written for HTML."""

    @override
    def changed(self, value: Body) -> Body:
        return {**value, "Description": (value["Description"] or "").replace("<", "&lt;").replace(">", "&gt;")}


@defect(BUSINESS, "T-2")
class DescriptionInLowerCase(SaleResponses):
    """A description comes back in lower case."""

    @override
    def changed(self, value: Body) -> Body:
        return {**value, "Description": (value["Description"] or "").lower()}


@defect("isolation", "T-2", core=True)
class ReferenceOfTheSaleBefore(SaleResponses):
    """A sale returns the reference of the sale before it, whoever made that."""

    @override
    def changed(self, value: Body) -> Body:
        before = getattr(self, "_before", value["ExternalReference"])
        self._before = value["ExternalReference"]
        return {**value, "ExternalReference": before}


@defect(BUSINESS, "T-2")
class ReferenceIsTheSalesId(SaleResponses):
    """A sale returns its own id instead of the reference that was sent."""

    @override
    def changed(self, value: Body) -> Body:
        return {**value, "ExternalReference": value["Id"]}


@defect("idempotency", "T-3 R-1", core=True)
class EqualSalesShareAnId(SaleResponses):
    """Two sales of the same amount from a wallet have the same id."""

    @override
    def changed(self, value: Body) -> Body:
        return {**value, "Id": str(uuid.uuid5(uuid.UUID(value["WalletId"]), str(value["Amount"])))}


@defect(BUSINESS, "T-3")
class CodeOfTheWallet(Sales):
    """All sales from a wallet have the same code."""

    @override
    def sale(
        self, sale_id: str, order: Order, wallet: Wallet, balance: Decimal, uses: tuple[GiftUse, ...]
    ) -> Transaction:
        return replace(super().sale(sale_id, order, wallet, balance, uses), unique_code=wallet.id)


@defect(BUSINESS, "T-3")
class CodeOfTheDay(Sales):
    """All sales of a day have the same code."""

    @override
    def new_unique_code(self) -> str:
        return str(uuid.UUID(bytes=hashlib.sha256(self.books.now().date().isoformat().encode()).digest()[:16]))


@defect("isolation", "T-4")
class SaleNamesTheNewestWallet(Sales):
    """A sale names the wallet that was opened last, though the right one pays."""

    @override
    def sale(
        self, sale_id: str, order: Order, wallet: Wallet, balance: Decimal, uses: tuple[GiftUse, ...]
    ) -> Transaction:
        sale = super().sale(sale_id, order, wallet, balance, uses)
        return replace(sale, wallet_id=self.books.records.newest(Wallet, 1)[0].id)


@defect(BUSINESS, "T-4 R-1 R-2")
class SaleNamesTheOwner(Sales):
    """A sale names the wallet's owner instead of the wallet."""

    @override
    def sale(
        self, sale_id: str, order: Order, wallet: Wallet, balance: Decimal, uses: tuple[GiftUse, ...]
    ) -> Transaction:
        return replace(super().sale(sale_id, order, wallet, balance, uses), wallet_id=wallet.owner_id)


@defect(BUSINESS, "T-4", core=True)
class SaleNamesNoKnownWallet(SaleResponses):
    """A sale names a wallet that does not exist."""

    @override
    def changed(self, value: Body) -> Body:
        return {**value, "WalletId": identifiers.new_guid()}


def dated(change: Callable[[datetime], datetime]) -> type[Sales]:
    class Dated(Sales):
        @override
        def sale(
            self, sale_id: str, order: Order, wallet: Wallet, balance: Decimal, uses: tuple[GiftUse, ...]
        ) -> Transaction:
            sale = super().sale(sale_id, order, wallet, balance, uses)
            return replace(sale, created=change(sale.created))

    return Dated


for _name, _sentence, _change, _core in (
    (
        "created-in-local-time",
        "A sale is dated three hours late, in local time.",
        lambda at: at + timedelta(hours=3),
        True,
    ),
    (
        "created-in-the-future",
        "A sale is dated ten seconds into the future.",
        lambda at: at + timedelta(seconds=10),
        False,
    ),
    (
        "created-before-it-was-made",
        "A sale is dated eight seconds before it was made.",
        lambda at: at - timedelta(seconds=8),
        False,
    ),
    (
        "created-at-midnight",
        "A sale is dated at the midnight before it.",
        lambda at: at.replace(hour=0, minute=0, second=0),
        False,
    ),
    ("created-last-year", "A sale is dated a year before it was made.", lambda at: at - timedelta(days=365), False),
):
    defect.add(_name, BUSINESS, "T-5", _sentence, dated(_change), core=_core)


@defect(BUSINESS, "T-5", core=True)
class UpdatedWhenCreated(SaleResponses):
    """A sale that was never updated says that it was, when it was made."""

    @override
    def changed(self, value: Body) -> Body:
        return {**value, "UpdatedAt": value["CreatedAt"]}


@defect(BUSINESS, "T-5")
class CreatedLastMonth(Sales):
    """A sale is dated at the end of the month before."""

    @override
    def sale(
        self, sale_id: str, order: Order, wallet: Wallet, balance: Decimal, uses: tuple[GiftUse, ...]
    ) -> Transaction:
        sale = super().sale(sale_id, order, wallet, balance, uses)
        return replace(sale, created=sale.created.replace(day=1) - timedelta(days=1))


@defect(BUSINESS, "T-6", core=True)
class SaleIsItsOwnMainTransaction(SaleResponses):
    """A sale names itself as its main transaction."""

    @override
    def changed(self, value: Body) -> Body:
        return {**value, "MainTransactionId": value["Id"]}


@defect(BUSINESS, "T-6", core=True)
class SaleNamesItsWalletAsSource(SaleResponses):
    """A sale names its own wallet as the source of a transfer."""

    @override
    def changed(self, value: Body) -> Body:
        return {**value, "SourceWalletId": value["WalletId"]}


@defect(BUSINESS, "T-6")
class SaleNamesADestination(SaleResponses):
    """A sale names the merchant as the destination of a transfer."""

    @override
    def changed(self, value: Body) -> Body:
        return {**value, "DestinationWalletId": "merchant"}
