"""WalletAPI: what shows only beside another call, or after one (contract.md T, G, C, E, R, M)."""

import asyncio
from dataclasses import dataclass, field, replace
from decimal import Decimal

from typing_extensions import override

from proof.building_blocks import AfterRefusal, take
from proof.declaring import Defects
from sandbox.books import Books
from sandbox.http.bodies import Body
from sandbox.http.rejections import Rejection
from sandbox.http.responses import Call
from sandbox.walletapi.balances import Balances
from sandbox.walletapi.credentials import Credentials
from sandbox.walletapi.gifts import Gifts
from sandbox.walletapi.records import GiftStanding, GiftUse, Order, Outcome, Standing, Transaction, Wallet
from sandbox.walletapi.reversals import Reversals
from sandbox.walletapi.sales import NOTHING_BACK, Sales

defect = Defects("walletapi")

HISTORY = "history"
RACE = "race"
PAUSE = 0.005  # seconds
LATER = 1.0  # seconds
PLAIN = Decimal("0.00")


@defect("time", "G-1 G-2 E-3 G-5", core=True)
class ExpiredGiftEndsTheSearch(Gifts):
    """Gifts that were given before one that has expired pay nothing."""

    @override
    def usable_gifts(self, wallet: Wallet) -> tuple[GiftStanding, ...]:
        gifts = self.all_gifts(wallet)
        expired = [place for place, one in enumerate(gifts) if one.remaining and not self.is_usable(one)]
        later = gifts[expired[-1] + 1 :] if expired else gifts
        return self.gifts_in_order(tuple(filter(self.is_usable, later)))


@defect("time", "M-1 T-7 G-5")
class ExpiredRestIsTakenFromTheBalance(Balances):
    """The balance as read is less by what is left of gifts that were begun and have expired."""

    @override
    def standing(self, wallet: Wallet) -> Standing:
        standing = super().standing(wallet)
        gifts = [one for one in self.gifts.all_gifts(wallet) if one.remaining and not self.gifts.is_usable(one)]
        rest = sum((one.remaining for one in gifts if one.remaining < one.gift.amount), PLAIN)
        return replace(standing, balance=standing.balance - rest)


@defect(HISTORY, "G-3 T-1")
class SaleOfTheSameAmountShowsTheGift(Sales):
    """A sale that may not use gifts shows those of the wallet's earlier sale of the same amount."""

    @override
    async def purchase_by_alias(self, body: Body) -> Outcome:
        outcome = await super().purchase_by_alias(body)
        sale = outcome.transaction
        before = [
            one
            for one in self.books.records.all(Transaction, wallet_id=sale.wallet_id)
            if one.amount == sale.amount and one.gift_amount and one.id != sale.id
        ]
        if outcome.gift_uses or not before:
            return outcome
        uses = tuple(self.books.records.all(GiftUse, transaction_id=before[0].id))
        shown = replace(sale, gift_amount=before[0].gift_amount, gift_balance_id=before[0].gift_balance_id)
        return Outcome(shown, uses)


@defect("response", "G-6")
class UsedListGrows(Sales):
    """UsedGiftBalances also has an element for each earlier sale that the gift paid."""

    @override
    async def purchase_by_alias(self, body: Body) -> Outcome:
        outcome = await super().purchase_by_alias(body)
        earlier = tuple(
            use for one in outcome.gift_uses for use in self.books.records.all(GiftUse, gift_id=one.gift_id)
        )
        return replace(outcome, gift_uses=earlier or outcome.gift_uses)


@defect(HISTORY, "C-1 C-3")
class UndoneCashbackIsHeldBack(Sales):
    """The cashback of an undone sale is held back from the wallet's next cashback."""

    @override
    def sale(
        self, sale_id: str, order: Order, wallet: Wallet, balance: Decimal, uses: tuple[GiftUse, ...]
    ) -> Transaction:
        sale = super().sale(sale_id, order, wallet, balance, uses)
        held = self.__dict__.setdefault("held", set())
        for one in self.books.records.all(Transaction, wallet_id=wallet.id):
            sold = self.books.records.first(Transaction, id=one.main_transaction_id or "")
            if sold and sold.cashback_amount and sale.cashback_amount and one.id not in held:
                held.add(one.id)
                less = min(sold.cashback_amount, sale.cashback_amount)
                return replace(
                    sale, cashback_amount=sale.cashback_amount - less, balance_after=sale.balance_after - less
                )
        return sale


@defect("partial effect", "M-1 T-7")
class RepeatedReferenceIsCharged(Sales):
    """A sale that is rejected for its reference is charged."""

    @override
    def check_reference_free(self, order: Order) -> None:
        try:
            super().check_reference_free(order)
        except Rejection:
            wallet = self.wallets.wallet_behind(order.alias)
            if order.amount <= self.wallets.balance_of(wallet):
                take(self, wallet, order.amount)
            raise


@dataclass
class Keeping(Balances):
    kept: dict[str, Standing] = field(default_factory=dict)


@defect(RACE, "T-7 M-1", core=True)
class ReadingBesideACallIsKept(Keeping):
    """Balances that are read while a call changes them are shown until the next call changes them."""

    @override
    async def balances(self, alias: str) -> Standing:
        wallet = self.wallets.wallet_behind(alias)
        kept = self.kept.get(wallet.id)
        if kept and kept.wallet.updated == wallet.updated:
            return replace(kept, wallet=wallet)
        before = await super().balances(alias)
        await asyncio.sleep(PAUSE)
        now = self.wallets.wallet_behind(alias)
        if now.updated != wallet.updated:
            self.kept[wallet.id] = replace(before, wallet=now)
        return before


@defect(RACE, "E-3 M-2 M-1")
class RefusedSaleIsChargedForAMoment(AfterRefusal):
    """A sale of more than there is is charged and then given back: a reading in between shows too little."""

    @override
    async def after_refusal(self, body: Body) -> None:
        wallet = self.wallets.wallet_behind(str(body["Alias"]))
        balance = self.wallets.balance_of(wallet)
        if balance <= NOTHING_BACK:
            return
        for taken in (balance, -balance):
            take(self, wallet, taken)
            await asyncio.sleep(PAUSE)


@defect("partial effect", "E-4 M-1")
class RefusedSaleIsMadeLater(AfterRefusal):
    """A sale that is refused for its cashback is charged a second later."""

    reason = "negative"

    @override
    async def after_refusal(self, body: Body) -> None:
        task = asyncio.create_task(self._charge_later(body))
        self.__dict__.setdefault("tasks", []).append(task)

    async def _charge_later(self, body: Body) -> None:
        await asyncio.sleep(LATER)
        wallet, amount = self.wallets.wallet_behind(str(body["Alias"])), Decimal(body["Amount"])
        if self.wallets.balance_of(wallet) >= amount:
            take(self, wallet, amount)


@dataclass
class Remembering(Credentials):
    admitted: float = 0.0


@defect(RACE, "E-5 E-2", core=True)
class CredentialsServeTheirNeighbours(Remembering):
    """For two milliseconds after valid credentials, any others are accepted."""

    @override
    def admit(self, call: Call) -> None:
        now = asyncio.get_running_loop().time()
        try:
            super().admit(call)
        except Rejection:
            if now - self.admitted > PAUSE * 0.4:
                raise
        else:
            self.admitted = now


class RememberingRefusedAmounts(AfterRefusal):
    @override
    async def after_refusal(self, body: Body) -> None:
        order = self.order(body)
        refused(self.books).setdefault(order.external_reference, order.amount)


class GivingBackRefusedAmounts(Reversals):
    @override
    def undo_amount(self, sale: Transaction) -> Decimal:
        return refused(self.books).get(sale.external_reference) or super().undo_amount(sale)


def refused(books: Books) -> dict[str | None, Decimal]:
    amounts: dict[str | None, Decimal] = books.__dict__.setdefault("refused", {})
    return amounts


defect.add(
    "refused-amount-is-given-back",
    HISTORY,
    "R-2 M-1",
    "Undoing a sale gives back the amount of an earlier one with its reference that failed.",
    RememberingRefusedAmounts,
    core=True,
    reversals=GivingBackRefusedAmounts,
)
