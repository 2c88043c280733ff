"""WalletAPI: gifts of a kind, with a past, or beside others (contract.md E-3, G)."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from typing_extensions import override

from proof.building_blocks import end_gift
from proof.declaring import Defects
from sandbox.http.bodies import Body
from sandbox.http.rejections import require
from sandbox.walletapi.gifts import Gifts
from sandbox.walletapi.records import Gift, GiftStanding, GiftUse, Order, Outcome, Transaction, Wallet
from sandbox.walletapi.sales import NOTHING_BACK, Sales
from sandbox.walletapi.wallets import Wallets

defect = Defects("walletapi")

HISTORY = "history"


@defect("time", "G-5 E-3")
class OnlyTheOldestGiftExpires(Gifts):
    """Only the first gift of a wallet expires."""

    @override
    def is_usable(self, standing: GiftStanding) -> bool:
        first = self.books.records.all(Gift, wallet_id=standing.gift.wallet_id)[0]
        return super().is_usable(standing) if first.id == standing.gift.id else standing.remaining > 0


@defect("time", "G-5 G-3")
class SaleWithoutGiftsKeepsThemForADay(Sales):
    """A sale that may not use gifts lets the gifts of the wallet expire a day later."""

    @override
    def book_sale(self, sale: Transaction, wallet: Wallet, uses: tuple[GiftUse, ...]) -> None:
        super().book_sale(sale, wallet, uses)
        for gift in self.books.records.all(Gift, wallet_id=wallet.id):
            if not uses and gift.expires:
                self.books.keep(replace(gift, expires=gift.expires + timedelta(days=1)))


@defect("time", "G-5")
class ExpiredGiftPaysExactlyItsRest(Sales):
    """A gift that has expired pays a sale of exactly what is left of it."""

    @override
    def gifts_to_spend(self, order: Order, wallet: Wallet) -> tuple[GiftStanding, ...]:
        gifts = self.gifts.all_gifts(wallet) if order.use_gifts else ()
        exact = tuple(one for one in gifts if one.remaining == order.amount and not self.gifts.is_usable(one))
        return exact or super().gifts_to_spend(order, wallet)


@defect("response", "G-6")
class BegunGiftIsNotListed(Sales):
    """If several gifts pay, only those that are used up are listed."""

    @override
    async def purchase_by_alias(self, body: Body) -> Outcome:
        outcome = await super().purchase_by_alias(body)
        gifts = self.gifts.all_gifts(self.wallets.wallet_behind(str(body["Alias"])))
        used_up = {one.gift.id for one in gifts if not one.remaining}
        listed = tuple(use for use in outcome.gift_uses if use.gift_id in used_up)
        return replace(outcome, gift_uses=listed) if len(outcome.gift_uses) > 1 else outcome


@defect("business rule", "E-3 G-1 G-2")
class LargestGiftMustCoverTheRest(Sales):
    """A sale with gifts fails if the balance and the largest gift together do not cover it."""

    @override
    def gifts_to_spend(self, order: Order, wallet: Wallet) -> tuple[GiftStanding, ...]:
        gifts = super().gifts_to_spend(order, wallet)
        largest = max((one.remaining for one in gifts), default=NOTHING_BACK)
        require(order.amount <= self.wallets.balance_of(wallet) + largest, "insufficient_balance")
        return gifts


@defect("business rule", "G-1 G-2 E-3")
class TwentyGiftsPerSale(Gifts):
    """A sale spends the first twenty gifts of a wallet."""

    @override
    def usable_gifts(self, wallet: Wallet) -> tuple[GiftStanding, ...]:
        return super().usable_gifts(wallet)[:20]


@defect(HISTORY, "G-1 G-2")
class GiftNeedsMoneyWhenItIsGiven(Gifts):
    """A gift to a wallet with a balance of zero pays nothing, whatever is deposited later."""

    @override
    def book_gift(self, gift: Gift) -> None:
        super().book_gift(gift)
        wallet = self.books.found(Wallet, "unknown_wallet", id=gift.wallet_id)
        if not self.wallets.balance_of(wallet):
            self.__dict__.setdefault("idle", set()).add(gift.id)

    @override
    def gift_uses(self, sale_id: str, amount: Decimal, gifts: tuple[GiftStanding, ...]) -> tuple[GiftUse, ...]:
        idle = self.__dict__.get("idle", set())
        return super().gift_uses(sale_id, amount, tuple(one for one in gifts if one.gift.id not in idle))


@defect(HISTORY, "G-2 M-1")
class DepositEndsBegunGifts(Wallets):
    """A deposit takes what is left of gifts of which a part was spent."""

    @override
    def book_deposit(self, wallet: Wallet, amount: Decimal, reference: str) -> None:
        super().book_deposit(wallet, amount, reference)
        for gift in self.books.records.all(Gift, wallet_id=wallet.id):
            if 0 < self.books.ledger.balance(f"walletapi/gift/{gift.id}") < gift.amount:
                end_gift(self.books, gift.id)
