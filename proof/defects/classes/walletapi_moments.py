"""WalletAPI: what shows only between two wallets, after some calls, or at some moment (contract.md T to M)."""

import asyncio
from dataclasses import dataclass, field, replace
from decimal import Decimal

from typing_extensions import override

from proof.building_blocks import ApiResponses, Overdrawing, Racing, racing
from proof.declaring import Defects
from sandbox.http.bodies import Body
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
from sandbox.walletapi.sales import Sales
from sandbox.walletapi.wallets import Wallets

defect = Defects("walletapi")

BUSINESS = "business rule"
MIXED_UP = "isolation"
HISTORY = "history"
RACE = "race"


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
