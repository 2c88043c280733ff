"""WalletAPI: what gifts pay, and what responses say about them (contract.md G)."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

from typing_extensions import override

from proof.building_blocks import CENT, NOTHING, Overdrawing
from proof.declaring import Defects
from sandbox.http.bodies import Body
from sandbox.ledger.postings import Movement
from sandbox.walletapi.records import Gift, GiftStanding, GiftUse, Order, Transaction, Wallet
from sandbox.walletapi.rules import WalletApiRules
from sandbox.walletapi.wallets import GIVEN

defect = Defects("walletapi")

BUSINESS = "business rule"


@defect(BUSINESS, "G-1 G-2")
class GiftIsSpentLast(WalletApiRules):
    """The balance pays first, and a gift only what that lacks."""

    @override
    def gifts_to_spend(self, order: Order, wallet: Wallet) -> tuple[GiftStanding, ...]:
        self._purse = self.balance_of(wallet)
        return super().gifts_to_spend(order, wallet)

    @override
    def gift_uses(self, sale_id: str, amount: Decimal, gifts: tuple[GiftStanding, ...]) -> tuple[GiftUse, ...]:
        return super().gift_uses(sale_id, max(amount - self._purse, NOTHING), gifts)


@defect(BUSINESS, "G-1 T-7 M-1", core=True)
class GiftAndBalanceBothPay(WalletApiRules):
    """A gift pays its part, and the balance pays the whole amount anyway, if it can."""

    @override
    def book_sale(self, sale: Transaction, wallet: Wallet, uses: tuple[GiftUse, ...]) -> None:
        super().book_sale(sale, wallet, uses)
        again = min(self.gift_amount(uses), self.balance_of(wallet))
        movements = [Movement(self.account_name(wallet), -again), Movement(GIVEN, again)]
        self.ledger.post("Purchase", sale.id, movements, sale.created)


@defect(BUSINESS, "G-1 E-3")
class GiftPaysAllOrNothing(WalletApiRules):
    """A gift that does not cover the whole amount pays nothing."""

    @override
    def gift_part(self, due: Decimal, remaining: Decimal) -> Decimal:
        return due if remaining >= due else NOTHING


@defect(BUSINESS, "G-1 G-6", core=True)
class OneGiftASale(WalletApiRules):
    """Of several gifts, a sale spends one."""

    @override
    def gifts_to_spend(self, order: Order, wallet: Wallet) -> tuple[GiftStanding, ...]:
        return super().gifts_to_spend(order, wallet)[:1]


@defect(BUSINESS, "G-1 E-3")
class GiftKeepsAMinorUnit(WalletApiRules):
    """A gift never pays its last minor unit."""

    @override
    def gift_part(self, due: Decimal, remaining: Decimal) -> Decimal:
        return min(due, remaining - CENT)


@defect(BUSINESS, "G-1")
class GiftInWholeUnits(WalletApiRules):
    """A gift pays whole units only."""

    @override
    def gift_part(self, due: Decimal, remaining: Decimal) -> Decimal:
        return Decimal(int(min(due, remaining)))


@defect(BUSINESS, "G-1")
class GiftWithADatePaysNothing(WalletApiRules):
    """A gift with an expiry date is never spent."""

    @override
    def is_usable(self, standing: GiftStanding) -> bool:
        return super().is_usable(standing) and standing.gift.expires is None


@defect(BUSINESS, "G-1")
class GiftEndsTwoDaysEarly(WalletApiRules):
    """A gift cannot be spent in the two days before it expires."""

    @override
    def is_usable(self, standing: GiftStanding) -> bool:
        expires = standing.gift.expires
        return super().is_usable(standing) and not (expires and self.is_past(expires - timedelta(days=2)))


@defect(BUSINESS, "G-1 E-3 T-1")
class GiftNeedsABalance(WalletApiRules):
    """A gift on a wallet without a balance of its own is not spent."""

    @override
    def gifts_to_spend(self, order: Order, wallet: Wallet) -> tuple[GiftStanding, ...]:
        return super().gifts_to_spend(order, wallet) if self.balance_of(wallet) else ()


@defect(BUSINESS, "G-2 M-1")
class RestOfTheGiftIsLost(WalletApiRules):
    """A gift that is spent in part is gone whole."""

    @override
    def book_sale(self, sale: Transaction, wallet: Wallet, uses: tuple[GiftUse, ...]) -> None:
        super().book_sale(sale, wallet, uses)
        for use in uses:
            left = self.ledger.balance(self.gift_account(use.gift_id))
            movements = [Movement(self.gift_account(use.gift_id), -left), Movement(GIVEN, left)]
            self.ledger.post("Gift", sale.id, movements, sale.created)


@defect(BUSINESS, "G-2 T-7 M-1", core=True)
class RestOfTheGiftIsPaidOut(WalletApiRules):
    """What a sale leaves of a gift is put on the balance."""

    @override
    def book_sale(self, sale: Transaction, wallet: Wallet, uses: tuple[GiftUse, ...]) -> None:
        super().book_sale(sale, wallet, uses)
        for use in uses:
            left = self.ledger.balance(self.gift_account(use.gift_id))
            movements = [Movement(self.gift_account(use.gift_id), -left), Movement(self.account_name(wallet), left)]
            self.ledger.post("Gift", sale.id, movements, sale.created)


@defect(BUSINESS, "G-2")
class GiftPaysAndIsNotSpent(WalletApiRules):
    """A gift pays a sale and is as large as before."""

    @override
    def book_sale(self, sale: Transaction, wallet: Wallet, uses: tuple[GiftUse, ...]) -> None:
        super().book_sale(sale, wallet, uses)
        for use in uses:
            movements = [Movement(GIVEN, -use.amount), Movement(self.gift_account(use.gift_id), use.amount)]
            self.ledger.post("Gift", sale.id, movements, sale.created)


@defect(BUSINESS, "G-2", core=True)
class GiftPaysOnce(WalletApiRules):
    """What is left of a gift that paid once never pays again."""

    @override
    def is_usable(self, standing: GiftStanding) -> bool:
        used = any(use.gift_id == standing.gift.id for use in self.records.all(GiftUse))
        return super().is_usable(standing) and not used

    @override
    def gifts_shown(self, wallet: Wallet) -> tuple[GiftStanding, ...]:
        return tuple(filter(super().is_usable, self.all_gifts(wallet)))


@defect(BUSINESS, "G-3")
class GiftIsSpentUnasked(WalletApiRules):
    """A gift is spent also if the sale does not ask for it."""

    @override
    def gifts_to_spend(self, _order: Order, wallet: Wallet) -> tuple[GiftStanding, ...]:
        return self.usable_gifts(wallet)


@defect(BUSINESS, "G-3 E-3", core=True)
class GiftIsSpentUnaskedWhereTheBalanceLacks(WalletApiRules):
    """A gift that the sale does not ask for is spent if the balance does not suffice."""

    @override
    def gifts_to_spend(self, order: Order, wallet: Wallet) -> tuple[GiftStanding, ...]:
        lacking = self.balance_of(wallet) < order.amount
        return self.usable_gifts(wallet) if lacking else super().gifts_to_spend(order, wallet)


@defect(BUSINESS, "G-3")
class GiftSwitchIsReversed(WalletApiRules):
    """A gift is spent if the sale does not ask for it, and not if it does."""

    @override
    def use_gifts(self, body: Body) -> bool:
        return not super().use_gifts(body)


@defect(BUSINESS, "G-5 E-3")
class ExpiryIsIgnored(WalletApiRules):
    """A gift pays also after it has expired."""

    @override
    def is_usable(self, standing: GiftStanding) -> bool:
        return standing.remaining > 0


@defect(BUSINESS, "G-5 E-3", core=True)
class ExpiryIsComparedByDay(WalletApiRules):
    """A gift that expires today pays until midnight."""

    @override
    def is_past(self, expires: datetime) -> bool:
        return datetime.combine(expires.date(), time(23, 59, 59), UTC) <= self.now()


@defect(BUSINESS, "G-5 E-3")
class ExpiryInLocalTime(WalletApiRules):
    """A gift pays for three hours more, since its expiry is compared in local time."""

    @override
    def is_past(self, expires: datetime) -> bool:
        return expires + timedelta(hours=3) <= self.now()


@defect(BUSINESS, "E-3 G-5 M-1", ledger=Overdrawing, core=True)
class ExpiredGiftCountsAsCover(WalletApiRules):
    """An expired gift pays nothing, and counts anyway when it is asked whether a sale is covered."""

    @override
    def gifts_to_spend(self, order: Order, wallet: Wallet) -> tuple[GiftStanding, ...]:
        kept = self.all_gifts(wallet) if order.use_gifts else ()
        self._expired = sum((each.remaining for each in kept if not self.is_usable(each)), NOTHING)
        return super().gifts_to_spend(order, wallet)

    @override
    def check_covered(self, amount: Decimal, balance: Decimal, gift_amount: Decimal) -> None:
        super().check_covered(amount, balance, gift_amount + self._expired)


@defect("isolation", "G-4 G-1 M-1")
class GiftsOfAnyWalletPay(WalletApiRules):
    """A sale that may use gifts spends those of other wallets too."""

    @override
    def gifts_to_spend(self, order: Order, wallet: Wallet) -> tuple[GiftStanding, ...]:
        if not order.use_gifts:
            return ()
        others = (GiftStanding(gift, self.gift_remaining(gift)) for gift in self.records.newest(Gift, 20))
        return super().gifts_to_spend(order, wallet) or tuple(filter(self.is_usable, others))
