"""WalletAPI: what gifts pay, and what responses say about them (contract.md G)."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

from typing_extensions import override

from proof.building_blocks import CENT, NOTHING, Overdrawing, end_gift
from proof.declaring import Defects
from sandbox.http.bodies import Body
from sandbox.ledger.postings import Movement
from sandbox.walletapi.balances import Balances
from sandbox.walletapi.gifts import Gifts
from sandbox.walletapi.records import GIVEN, Gift, GiftStanding, GiftUse, Order, Transaction, Wallet
from sandbox.walletapi.sales import Sales

defect = Defects("walletapi")

BUSINESS = "business rule"


@defect(BUSINESS, "G-1 G-2")
class GiftIsSpentLast(Gifts):
    """The balance pays first, and a gift only what that lacks."""

    @override
    def gift_uses(self, sale_id: str, amount: Decimal, gifts: tuple[GiftStanding, ...]) -> tuple[GiftUse, ...]:
        for each in gifts[:1]:
            amount -= self.wallets.balance_of(self.books.found(Wallet, "unknown_wallet", id=each.gift.wallet_id))
        return super().gift_uses(sale_id, max(amount, NOTHING), gifts)


@defect(BUSINESS, "G-1 G-2 T-7 M-1", core=True)
class GiftAndBalanceBothPay(Sales):
    """A gift pays its part, and the balance pays the whole amount anyway, if it can."""

    @override
    def book_sale(self, sale: Transaction, wallet: Wallet, uses: tuple[GiftUse, ...]) -> None:
        super().book_sale(sale, wallet, uses)
        again = min(self.gifts.gift_amount(uses), self.wallets.balance_of(wallet))
        movements = [Movement(self.wallets.account_name(wallet), -again), Movement(GIVEN, again)]
        self.books.ledger.post("Purchase", sale.id, movements, sale.created)


@defect(BUSINESS, "G-1 E-3")
class GiftPaysAllOrNothing(Gifts):
    """A gift that does not cover the whole amount pays nothing."""

    @override
    def gift_part(self, due: Decimal, remaining: Decimal) -> Decimal:
        return due if remaining >= due else NOTHING


@defect(BUSINESS, "G-1 G-6 E-3", core=True)
class OneGiftASale(Sales):
    """Of several gifts, a sale spends one."""

    @override
    def gifts_to_spend(self, order: Order, wallet: Wallet) -> tuple[GiftStanding, ...]:
        return super().gifts_to_spend(order, wallet)[:1]


@defect(BUSINESS, "G-1 E-3")
class GiftKeepsAMinorUnit(Gifts):
    """A gift never pays its last minor unit."""

    @override
    def gift_part(self, due: Decimal, remaining: Decimal) -> Decimal:
        return min(due, remaining - CENT)


@defect(BUSINESS, "G-1")
class GiftInWholeUnits(Gifts):
    """A gift pays whole units only."""

    @override
    def gift_part(self, due: Decimal, remaining: Decimal) -> Decimal:
        return Decimal(int(min(due, remaining)))


@defect(BUSINESS, "G-1")
class GiftWithADatePaysNothing(Gifts):
    """A gift with an expiry date is never spent."""

    @override
    def is_usable(self, standing: GiftStanding) -> bool:
        return super().is_usable(standing) and standing.gift.expires is None


@defect(BUSINESS, "G-1")
class GiftEndsTwoDaysEarly(Gifts):
    """A gift cannot be spent in the two days before it expires."""

    @override
    def is_usable(self, standing: GiftStanding) -> bool:
        expires = standing.gift.expires
        return super().is_usable(standing) and not (expires and self.is_past(expires - timedelta(days=2)))


@defect(BUSINESS, "G-1 E-3 T-1")
class GiftNeedsABalance(Sales):
    """A gift on a wallet without a balance of its own is not spent."""

    @override
    def gifts_to_spend(self, order: Order, wallet: Wallet) -> tuple[GiftStanding, ...]:
        return super().gifts_to_spend(order, wallet) if self.wallets.balance_of(wallet) else ()


@defect(BUSINESS, "G-2 M-1")
class RestOfTheGiftIsLost(Sales):
    """A gift that is spent in part is gone whole."""

    @override
    def book_sale(self, sale: Transaction, wallet: Wallet, uses: tuple[GiftUse, ...]) -> None:
        super().book_sale(sale, wallet, uses)
        for use in uses:
            end_gift(self.books, use.gift_id)


@defect(BUSINESS, "G-2 T-7 M-1", core=True)
class RestOfTheGiftIsPaidOut(Sales):
    """What a sale leaves of a gift is put on the balance."""

    @override
    def book_sale(self, sale: Transaction, wallet: Wallet, uses: tuple[GiftUse, ...]) -> None:
        super().book_sale(sale, wallet, uses)
        for use in uses:
            left = self.books.ledger.balance(self.gifts.gift_account(use.gift_id))
            movements = [
                Movement(self.gifts.gift_account(use.gift_id), -left),
                Movement(self.wallets.account_name(wallet), left),
            ]
            self.books.ledger.post("Gift", sale.id, movements, sale.created)


@defect(BUSINESS, "G-1 G-2")
class GiftPaysAndIsNotSpent(Sales):
    """A gift pays a sale and is as large as before."""

    @override
    def book_sale(self, sale: Transaction, wallet: Wallet, uses: tuple[GiftUse, ...]) -> None:
        super().book_sale(sale, wallet, uses)
        for use in uses:
            movements = [Movement(GIVEN, -use.amount), Movement(self.gifts.gift_account(use.gift_id), use.amount)]
            self.books.ledger.post("Gift", sale.id, movements, sale.created)


class ShowingEveryGift(Balances):
    """Shows also the gifts that GiftPaysOnce does not spend."""

    @override
    def gifts_shown(self, wallet: Wallet) -> tuple[GiftStanding, ...]:
        return tuple(each for each in self.gifts.all_gifts(wallet) if Gifts.is_usable(self.gifts, each))


@defect(BUSINESS, "G-2", balances=ShowingEveryGift, core=True)
class GiftPaysOnce(Gifts):
    """What is left of a gift that paid once never pays again."""

    @override
    def is_usable(self, standing: GiftStanding) -> bool:
        used = any(use.gift_id == standing.gift.id for use in self.books.records.all(GiftUse))
        return super().is_usable(standing) and not used


@defect(BUSINESS, "G-3")
class GiftIsSpentUnasked(Sales):
    """A gift is spent even if the sale does not ask for it."""

    @override
    def gifts_to_spend(self, _order: Order, wallet: Wallet) -> tuple[GiftStanding, ...]:
        return self.gifts.usable_gifts(wallet)


@defect(BUSINESS, "G-3 E-3", core=True)
class GiftIsSpentUnaskedWhereTheBalanceLacks(Sales):
    """A gift that the sale does not ask for is spent if the balance is too low."""

    @override
    def gifts_to_spend(self, order: Order, wallet: Wallet) -> tuple[GiftStanding, ...]:
        lacking = self.wallets.balance_of(wallet) < order.amount
        return self.gifts.usable_gifts(wallet) if lacking else super().gifts_to_spend(order, wallet)


@defect(BUSINESS, "G-1 G-2 G-3")
class GiftSwitchIsReversed(Sales):
    """A gift is spent if the sale does not ask for it, and not if it does."""

    @override
    def order(self, body: Body) -> Order:
        order = super().order(body)
        return replace(order, use_gifts=not order.use_gifts)


@defect(BUSINESS, "G-5 E-3")
class ExpiryIsIgnored(Gifts):
    """A gift pays also after it has expired."""

    @override
    def is_usable(self, standing: GiftStanding) -> bool:
        return standing.remaining > 0


@defect(BUSINESS, "G-5 E-3", core=True)
class ExpiryIsComparedByDay(Gifts):
    """A gift that expires today pays until midnight."""

    @override
    def is_past(self, expires: datetime) -> bool:
        return datetime.combine(expires.date(), time(23, 59, 59), UTC) <= self.books.now()


@defect(BUSINESS, "G-5 E-3")
class ExpiryInLocalTime(Gifts):
    """A gift pays for three hours more, since its expiry is compared in local time."""

    @override
    def is_past(self, expires: datetime) -> bool:
        return expires + timedelta(hours=3) <= self.books.now()


@defect(BUSINESS, "E-3 G-5 M-1", ledger=Overdrawing, core=True)
class ExpiredGiftCountsAsCover(Sales):
    """An expired gift pays nothing, and counts anyway when it is asked whether a sale is covered."""

    @override
    def gifts_to_spend(self, order: Order, wallet: Wallet) -> tuple[GiftStanding, ...]:
        kept = self.gifts.all_gifts(wallet) if order.use_gifts else ()
        self._expired = sum((each.remaining for each in kept if not self.gifts.is_usable(each)), NOTHING)
        return super().gifts_to_spend(order, wallet)

    @override
    def check_covered(self, amount: Decimal, balance: Decimal, gift_amount: Decimal) -> None:
        super().check_covered(amount, balance, gift_amount + self._expired)


@defect("isolation", "G-4 G-1 M-1")
class GiftsOfAnyWalletPay(Sales):
    """A sale that may use gifts spends those of other wallets too."""

    @override
    def gifts_to_spend(self, order: Order, wallet: Wallet) -> tuple[GiftStanding, ...]:
        if not order.use_gifts:
            return ()
        others = (GiftStanding(gift, self.gifts.gift_remaining(gift)) for gift in self.books.records.newest(Gift, 20))
        return super().gifts_to_spend(order, wallet) or tuple(filter(self.gifts.is_usable, others))
