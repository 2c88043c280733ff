"""WalletAPI: what an earlier sale, failure or undo does to later calls, and wallets that are mixed up (contract.md)."""

import asyncio
from dataclasses import dataclass, field, replace
from decimal import Decimal

from typing_extensions import override

from proof.building_blocks import AfterRefusal, end_gift
from proof.declaring import Defects
from sandbox.http.bodies import Body
from sandbox.http.rejections import require
from sandbox.walletapi.records import Gift, GiftStanding, GiftUse, Order, Outcome, Transaction, Wallet
from sandbox.walletapi.reversals import Reversals
from sandbox.walletapi.sales import NOTHING_BACK, Sales
from sandbox.walletapi.wallets import Wallets

defect = Defects("walletapi")

HISTORY = "history"
MIXED_UP = "isolation"
PAUSE = 0.005  # seconds


@defect(HISTORY, "M-1")
class DepositOfAnUndoneAmountIsLost(Wallets):
    """A deposit of the amount of the wallet's last undone sale succeeds and credits nothing."""

    @override
    def book_deposit(self, wallet: Wallet, amount: Decimal, reference: str) -> None:
        undone = [one for one in self.books.records.all(Transaction, wallet_id=wallet.id) if one.main_transaction_id]
        if not undone or undone[-1].amount != amount:
            super().book_deposit(wallet, amount, reference)


@defect(HISTORY, "R-2")
class UndoIsForgottenAfterFourOthers(Reversals):
    """A sale can be undone again after four other sales of the wallet were undone."""

    @override
    def check_not_undone(self, sale: Transaction) -> None:
        transactions = self.books.records.all(Transaction, wallet_id=sale.wallet_id)
        recent = [one.main_transaction_id for one in transactions if one.main_transaction_id][-4:]
        require(sale.id not in recent, "already_undone")


@defect(HISTORY, "R-1")
class UndoNamesTheLastSaleOfItsGift(Reversals):
    """Undoing a sale that a gift paid names the last sale that the gift paid."""

    @override
    def undoing(self, kind: str, sale: Transaction, balance_after: Decimal) -> Transaction:
        undoing = super().undoing(kind, sale, balance_after)
        if sale.gift_balance_id is None:
            return undoing
        *_, last = self.books.records.all(GiftUse, gift_id=sale.gift_balance_id)
        return replace(undoing, main_transaction_id=last.transaction_id)


@defect(HISTORY, "C-1 C-3")
class CashbackOncePerUndoneAmount(Sales):
    """A sale gets no cashback if one of the same amount, with cashback, was undone on the wallet."""

    @override
    def sale(
        self, sale_id: str, order: Order, wallet: Wallet, balance: Decimal, uses: tuple[GiftUse, ...]
    ) -> Transaction:
        transactions = self.books.records.all(Transaction, wallet_id=wallet.id)
        undone = {one.main_transaction_id for one in transactions}
        given = [one.amount for one in transactions if one.id in undone and one.cashback_amount]
        order = replace(order, cashback_apply=order.cashback_apply and order.amount not in given)
        return super().sale(sale_id, order, wallet, balance, uses)


@dataclass
class HoldingSales(AfterRefusal):
    held: dict[str, Decimal] = field(default_factory=dict)  # by alias


@defect("partial effect", "E-4 E-3")
class UnknownCashbackHoldsTheAmount(HoldingSales):
    """A sale that fails for its CashbackType holds its amount until the wallet's next sale that succeeds."""

    reason = "unknown_cashback_type"

    @override
    async def after_refusal(self, body: Body) -> None:
        self.held[str(body["Alias"])] = Decimal(str(body["Amount"]))

    @override
    def book_sale(self, sale: Transaction, wallet: Wallet, uses: tuple[GiftUse, ...]) -> None:
        super().book_sale(sale, wallet, uses)
        self.held.pop(wallet.alias, None)

    @override
    def gifts_to_spend(self, order: Order, wallet: Wallet) -> tuple[GiftStanding, ...]:
        gifts = super().gifts_to_spend(order, wallet)
        there = self.wallets.balance_of(wallet) + sum((one.remaining for one in gifts), NOTHING_BACK)
        require(order.amount + self.held.get(order.alias, NOTHING_BACK) <= there, "insufficient_balance")
        return gifts


@defect(MIXED_UP, "T-4 M-1 E-4")
class NeighbourOfTheLastSaleIsCharged(Sales):
    """A sale is charged to the wallet of the sale before, if only the last digit of their aliases differs."""

    @override
    def order(self, body: Body) -> Order:
        order = super().order(body)
        last = self.__dict__.get("last", order.alias)
        self.__dict__["last"] = last if last[:-1] == order.alias[:-1] else order.alias
        return replace(order, alias=self.__dict__["last"])


@defect(MIXED_UP, "G-1 G-2")
class UsedUpGiftEmptiesItsTwins(Sales):
    """A gift that a sale uses up takes with it the gifts of the same amount and ExpirationDate on other wallets."""

    @override
    def book_sale(self, sale: Transaction, wallet: Wallet, uses: tuple[GiftUse, ...]) -> None:
        super().book_sale(sale, wallet, uses)
        for use in uses:
            gift = self.books.found(Gift, "unknown_gift", id=use.gift_id)
            if gift.expires and not self.gifts.gift_remaining(gift):
                for twin in self.books.records.all(Gift):
                    if (twin.amount, twin.expires) == (gift.amount, gift.expires):
                        end_gift(self.books, twin.id)


@dataclass
class MeetingSales(Sales):
    present: list[str] = field(default_factory=list)


@defect("race", "T-4")
class SalesTogetherNameOneWallet(MeetingSales):
    """Sales of several wallets that may use gifts, made at the same time, return the WalletId of one of them."""

    @override
    async def purchase_by_alias(self, body: Body) -> Outcome:
        outcome = await super().purchase_by_alias(body)
        if not body.get("UseGiftBalances"):
            return outcome
        self.present.append(outcome.transaction.wallet_id)
        await asyncio.sleep(PAUSE)
        return replace(outcome, transaction=replace(outcome.transaction, wallet_id=self.present[-1]))
