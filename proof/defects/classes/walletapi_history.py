"""WalletAPI: sales and what undoes them, after some calls or some time (contract.md T to R)."""

from contextvars import ContextVar
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from typing_extensions import override

from proof.building_blocks import CENT, SaleResponses, allowed
from proof.declaring import Defects
from sandbox.http.bodies import Body
from sandbox.http.rejections import Rejection, require
from sandbox.ledger.postings import Movement
from sandbox.walletapi.records import (
    DEPOSITS,
    GiftUse,
    Order,
    Outcome,
    Transaction,
    Wallet,
)
from sandbox.walletapi.reversals import Reversals
from sandbox.walletapi.sales import Sales

defect = Defects("walletapi")

BUSINESS = "business rule"
HISTORY = "history"
TIME = "time"
A_WHILE = timedelta(seconds=2)
ORDER: ContextVar[Order | None] = ContextVar("order", default=None)


@defect(TIME, "T-5")
class SecondSaleKeepsTheTimeOfTheFirst(Sales):
    """A later sale from the same wallet has the time of the first."""

    @override
    def sale(
        self, sale_id: str, order: Order, wallet: Wallet, balance: Decimal, uses: tuple[GiftUse, ...]
    ) -> Transaction:
        sale = super().sale(sale_id, order, wallet, balance, uses)
        times: dict[str, datetime] = self.__dict__.setdefault("times", {})
        return replace(sale, created=times.setdefault(wallet.id, sale.created))


@defect(BUSINESS, "E-3 M-2")
class TinyOverdraftIsAccepted(Sales):
    """A wallet may be overdrawn by less than 0.05."""

    @override
    def check_covered(self, amount: Decimal, balance: Decimal, gift_amount: Decimal) -> None:
        super().check_covered(amount - CENT * 4, balance, gift_amount)

    @override
    def book_sale(self, sale: Transaction, wallet: Wallet, uses: tuple[GiftUse, ...]) -> None:
        over = -min(Decimal(0), self.wallets.balance_of(wallet) + self.gifts.gift_amount(uses) - sale.amount)
        if over:
            self.wallets.book_deposit(wallet, over, "credit")
        super().book_sale(sale, wallet, uses)


@defect(BUSINESS, "E-3")
class EmptyWalletPaysALittle(TinyOverdraftIsAccepted):
    """An empty wallet pays up to 0.04."""

    @override
    def check_covered(self, amount: Decimal, balance: Decimal, gift_amount: Decimal) -> None:
        if balance + gift_amount or amount > CENT * 4:
            Sales.check_covered(self, amount, balance, gift_amount)


@defect(BUSINESS, "E-3")
class CashbackPaysForItsSaleIfAGiftHelps(TinyOverdraftIsAccepted):
    """The cashback of a sale counts before the sale, if gifts pay a part."""

    @override
    async def purchase_by_alias(self, body: Body) -> Outcome:
        token = ORDER.set(self.order(body))
        try:
            return await super().purchase_by_alias(body)
        finally:
            ORDER.reset(token)

    @override
    def check_covered(self, amount: Decimal, balance: Decimal, gift_amount: Decimal) -> None:
        order = ORDER.get()
        extra = self.cashback_of(order) if order and gift_amount else Decimal(0)
        Sales.check_covered(self, amount, balance + extra, gift_amount)


class Spoiling(Sales):
    """Does something although it rejects the sale."""

    @override
    async def purchase_by_alias(self, body: Body) -> Outcome:
        try:
            return await super().purchase_by_alias(body)
        except Rejection:
            alias = body.get("Alias")
            wallet = self.books.records.first(Wallet, alias=alias) if isinstance(alias, str) else None
            if wallet:
                self.spoil(wallet, body)
            raise

    def spoil(self, wallet: Wallet, body: Body) -> None:
        raise NotImplementedError


@defect("partial effect", "E-3 E-4")
class RejectedSaleSpendsItsGift(Spoiling):
    """A rejected sale that may use gifts spends one all the same."""

    @override
    def spoil(self, wallet: Wallet, body: Body) -> None:
        gifts = self.gifts.usable_gifts(wallet)
        if body.get("UseGiftBalances") is True and gifts:
            account = self.gifts.gift_account(gifts[0].gift.id)
            movements = [Movement(account, -gifts[0].remaining), Movement(DEPOSITS, gifts[0].remaining)]
            self.books.ledger.post("Lost", wallet.id, movements, self.books.now())


@defect("partial effect", "E-3 E-4")
class RejectedSaleCreditsItsCashback(Spoiling):
    """A rejected sale credits its cashback all the same."""

    @override
    def spoil(self, wallet: Wallet, body: Body) -> None:
        value = body.get("CashbackValue")
        is_amount = isinstance(value, Decimal | int) and not isinstance(value, bool) and value > 0
        if body.get("CashbackApply") is True and is_amount:
            self.wallets.book_deposit(wallet, Decimal(str(value)).quantize(CENT), "cashback")


@defect(HISTORY, "R-2")
class OnlyTheLastSaleIsGivenBack(Reversals):
    """Undoing a sale gives back the amount of the wallet's last one."""

    @override
    def undo_amount(self, sale: Transaction) -> Decimal:
        sales = [
            each for each in self.books.records.all(Transaction, type="Purchase") if each.wallet_id == sale.wallet_id
        ]
        return super().undo_amount(sales[-1] if sales else sale)


@defect(TIME, "R-1 R-2")
class SalesCanBeUndoneForAWhile(Reversals):
    """A sale cannot be undone after two seconds."""

    @override
    def check_not_undone(self, sale: Transaction) -> None:
        super().check_not_undone(sale)
        require(self.books.now() - sale.created < A_WHILE, "already_undone")


@defect(BUSINESS, "R-2 M-1")
class UseOfGiftsForgetsTheSale(Reversals):
    """A sale that was allowed to use gifts, and found none, is not given back."""

    @override
    def undo_amount(self, sale: Transaction) -> Decimal:
        gifts = self.gifts.all_gifts(self.wallet_of_sale(sale))
        return (
            Decimal("0.00")
            if gifts and not sale.gift_amount and not sale.cashback_amount
            else super().undo_amount(sale)
        )


@defect(BUSINESS, "R-1")
class CancelOfASaleWithGiftIsARefund(Reversals):
    """The cancel of a sale that a gift paid in part says that it is a refund."""

    @override
    def undoing(self, kind: str, sale: Transaction, balance_after: Decimal) -> Transaction:
        undoing = super().undoing(kind, sale, balance_after)
        return replace(undoing, type="Refund") if sale.gift_amount else undoing


@defect(BUSINESS, "R-1")
class PercentageStaysInTheCancel(Reversals):
    """The cancel of a sale with more cashback than half its amount shows the cashback."""

    @override
    def undoing(self, kind: str, sale: Transaction, balance_after: Decimal) -> Transaction:
        undoing = super().undoing(kind, sale, balance_after)
        return (
            replace(undoing, cashback_amount=sale.cashback_amount)
            if sale.cashback_amount > sale.amount / 2
            else undoing
        )


@defect(BUSINESS, "R-2")
class UndoingShowsTheBalanceBefore(Reversals):
    """Undoing a sale after another sale shows the balance before."""

    @override
    def undoing(self, kind: str, sale: Transaction, balance_after: Decimal) -> Transaction:
        sales = [
            each for each in self.books.records.all(Transaction, type="Purchase") if each.wallet_id == sale.wallet_id
        ]
        shown = balance_after if sales[-1].id == sale.id else balance_after - self.undo_amount(sale)
        return super().undoing(kind, sale, shown)


@defect(HISTORY, "E-3")
class WalletIsLockedAfterFailures(Sales):
    """After three sales in a row that the balance does not cover, a wallet makes no more sales."""

    @override
    async def purchase_by_alias(self, body: Body) -> Outcome:
        failures: dict[str, int] = self.__dict__.setdefault("failures", {})
        alias = str(body.get("Alias"))
        require(failures.get(alias, 0) < 3, "insufficient_balance")
        try:
            outcome = await super().purchase_by_alias(body)
        except Rejection as rejection:
            failures[alias] = failures.get(alias, 0) + (rejection.name == "insufficient_balance")
            raise
        failures[alias] = 0
        return outcome


class AnyReference(Sales):
    check_reference_free = allowed


@defect(HISTORY, "T-3", sales=AnyReference)
class RepeatedReferenceHasTheIdOfTheFirst(SaleResponses):
    """A sale that repeats a reference is made, and returns the Id and the UniqueCode of the first."""

    @override
    def changed(self, value: Body) -> Body:
        sales: dict[str, Body] = self.__dict__.setdefault("sales", {})
        first = sales.setdefault(value["ExternalReference"], value)
        return {**value, "Id": first["Id"], "UniqueCode": first["UniqueCode"]}
