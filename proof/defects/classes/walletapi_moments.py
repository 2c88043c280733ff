"""WalletAPI: what shows only between two wallets, after some calls, or at some moment (contract.md T to M)."""

import asyncio
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

from typing_extensions import override

from proof.building_blocks import CENT, ApiResponses, Overdrawing, Racing, racing
from proof.declaring import Defects
from sandbox.http.bodies import Body
from sandbox.http.rejections import Rejection, require
from sandbox.http.responses import Call, Reply
from sandbox.ledger.postings import Movement
from sandbox.walletapi.balances import Balances
from sandbox.walletapi.gifts import Gifts
from sandbox.walletapi.records import (
    DEPOSITS,
    Gift,
    GiftStanding,
    GiftUse,
    Order,
    Outcome,
    Standing,
    Transaction,
    Wallet,
)
from sandbox.walletapi.reversals import Reversals
from sandbox.walletapi.sales import Sales
from sandbox.walletapi.wallets import Wallets

defect = Defects("walletapi")

BUSINESS = "business rule"
MIXED_UP = "isolation"
HISTORY = "history"
TIME = "time"
RACE = "race"
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


@defect(MIXED_UP, "G-1 G-4 M-1 T-8")
class GiftsOfTheOwnerArePooled(Gifts):
    """A wallet without a gift spends those of the owner's other wallets."""

    @override
    def usable_gifts(self, wallet: Wallet) -> tuple[GiftStanding, ...]:
        own = super().usable_gifts(wallet)
        others = self.books.records.all(Wallet)
        neighbours = (each for each in others if each.created < wallet.created and each.owner_id == wallet.owner_id)
        return own or next(
            (gifts for each in neighbours if (gifts := super(GiftsOfTheOwnerArePooled, self).usable_gifts(each))), ()
        )


@defect(MIXED_UP, "C-1 C-3 M-1")
class CashbackForTheLastWallet(Sales):
    """Cashback is credited to the wallet that got a deposit last."""

    @override
    def book_cashback(self, sale: Transaction, wallet: Wallet) -> None:
        wallets = [each for each in self.books.records.all(Wallet) if each.updated]
        super().book_cashback(sale, max(wallets, key=lambda each: each.updated or each.created, default=wallet))


@defect(HISTORY, "G-1 G-2 G-6 M-1")
class TheThirdGiftIsNotUsed(Gifts):
    """At most two gifts pay for a sale."""

    @override
    def usable_gifts(self, wallet: Wallet) -> tuple[GiftStanding, ...]:
        return super().usable_gifts(wallet)[:2]


@defect(BUSINESS, "G-1 G-2")
class SmallGiftsAreLeft(Gifts):
    """A gift of which less than 1.00 is left pays nothing."""

    @override
    def is_usable(self, standing: GiftStanding) -> bool:
        return super().is_usable(standing) and standing.remaining >= 1


@defect(BUSINESS, "C-3")
class PercentageOfWhatTheBalancePays(Sales):
    """A percentage cashback is of what the balance pays, if gifts pay more than half."""

    @override
    def sale(
        self, sale_id: str, order: Order, wallet: Wallet, balance: Decimal, uses: tuple[GiftUse, ...]
    ) -> Transaction:
        sale = super().sale(sale_id, order, wallet, balance, uses)
        gift = sale.gift_amount or Decimal(0)
        if order.cashback_type != "Percentage" or gift * 2 <= order.amount:
            return sale
        cashback = (
            self.cashback_of(replace(order, amount=order.amount - gift)) if gift < order.amount else Decimal("0.00")
        )
        return replace(
            sale, cashback_amount=cashback, balance_after=sale.balance_after - sale.cashback_amount + cashback
        )


@defect(HISTORY, "T-8 M-1 G-1 G-2")
class GiftsAreCountedAsTheyWereGiven(Balances):
    """The total of the gifts counts a gift as it was given, if more than half of it is left."""

    @override
    def standing(self, wallet: Wallet) -> Standing:
        standing = super().standing(wallet)
        counted = [
            each.gift.amount if each.remaining * 2 > each.gift.amount else each.remaining
            for each in self.gifts_shown(wallet)
        ]
        return replace(standing, gift_total=sum(counted, Decimal("0.00")))


@defect(HISTORY, "G-6")
class UsedUpGiftIsNamed(Sales):
    """A sale that a later gift pays names the wallet's first gift."""

    @override
    def sale(
        self, sale_id: str, order: Order, wallet: Wallet, balance: Decimal, uses: tuple[GiftUse, ...]
    ) -> Transaction:
        sale = super().sale(sale_id, order, wallet, balance, uses)
        first = self.books.records.first(Gift, wallet_id=wallet.id)
        return replace(sale, gift_balance_id=sale.id) if uses and first and uses[0].gift_id != first.id else sale


class ResponsesByOperation(ApiResponses):
    """Changes the Value of one operation."""

    operation = ""

    @override
    def walletapi_success(self, call: Call, value: Body) -> Reply:
        return super().walletapi_success(call, self.changed(value) if call.operation == self.operation else value)

    def changed(self, value: Body) -> Body:
        raise NotImplementedError


@defect("response", "T-8")
class DepositShowsTheBalanceBefore(ResponsesByOperation):
    """A deposit onto a wallet with more than 50.00 shows the balance without its cents."""

    operation = "depositByAlias"

    @override
    def changed(self, value: Body) -> Body:
        balance = Decimal(str(value["Balance"]))
        return {**value, "Balance": balance.quantize(Decimal(1))} if balance > 50 else value


@defect("response", "T-8")
class GiftShowsNothingLeft(ResponsesByOperation):
    """A gift that expires is shown as used up."""

    operation = "createGiftByAlias"

    @override
    def changed(self, value: Body) -> Body:
        return {**value, "RemainingAmount": Decimal("0.00")} if value.get("ExpirationDate") else value


@defect(RACE, "T-2")
class DescriptionsMixUp(Sales):
    """Of sales at the same moment, one shows the description of another."""

    @override
    async def purchase_by_alias(self, body: Body) -> Outcome:
        self.__dict__["latest"] = body.get("Description")
        await asyncio.sleep(0.003)
        return await super().purchase_by_alias({**body, "Description": self.__dict__["latest"]})


@defect(RACE, "M-1", books=Racing, ledger=Overdrawing)
@dataclass
class DepositsDuringASaleAreLost(Sales):
    """A deposit that comes in while a sale is made is lost."""

    seen: dict[str, Decimal] = field(default_factory=dict)

    @override
    async def purchase_by_alias(self, body: Body) -> Outcome:
        alias = body.get("Alias")
        wallet = self.books.records.first(Wallet, alias=alias) if isinstance(alias, str) else None
        if wallet is None:
            return await super().purchase_by_alias(body)
        before = self.wallets.balance_of(wallet)
        await asyncio.sleep(0.003)
        lost = self.wallets.balance_of(wallet) - before
        if lost > 0:
            movements = [Movement(DEPOSITS, lost), Movement(self.wallets.account_name(wallet), -lost)]
            self.books.ledger.post("Lost", wallet.id, movements, self.books.now())
        return await super().purchase_by_alias(body)


@defect(RACE, "M-1 T-4 M-2", books=Racing, ledger=Overdrawing)
class SalesOfTwoWalletsMixUp(Sales):
    """Of two wallets that pay at the same moment, one pays for both."""

    @override
    async def purchase_by_alias(self, body: Body) -> Outcome:
        return await racing(super().purchase_by_alias)(body)

    @override
    def sale(
        self, sale_id: str, order: Order, wallet: Wallet, balance: Decimal, uses: tuple[GiftUse, ...]
    ) -> Transaction:
        self.__dict__["wallet"] = wallet
        return super().sale(sale_id, order, wallet, balance, uses)

    @override
    def book_sale(self, sale: Transaction, wallet: Wallet, uses: tuple[GiftUse, ...]) -> None:
        super().book_sale(sale, self.__dict__["wallet"], uses)


@defect(RACE, "M-1", books=Racing, ledger=Overdrawing)
class DepositsTogetherAreLost(Wallets):
    """A deposit that is made while two others are is lost."""

    @override
    async def deposit(self, body: Body) -> Wallet:
        self.__dict__["busy"] = self.__dict__.get("busy", 0) + 1
        try:
            await asyncio.sleep(0.003)
            return await super().deposit(body)
        finally:
            self.__dict__["busy"] -= 1

    @override
    def book_deposit(self, wallet: Wallet, amount: Decimal, reference: str) -> None:
        if self.__dict__.get("busy", 0) < 3:
            super().book_deposit(wallet, amount, reference)
