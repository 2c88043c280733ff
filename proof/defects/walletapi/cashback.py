"""WalletAPI: cashback (contract.md C)."""

from dataclasses import replace
from decimal import Decimal

from typing_extensions import override

from proof.building_blocks import CENT, NOTHING, SaleResponses, allowed, whole_units
from proof.declaring import Defects
from sandbox.http import fields
from sandbox.http.bodies import Body
from sandbox.walletapi.records import GiftUse, Order, Transaction, Wallet
from sandbox.walletapi.sales import Sales

defect = Defects("walletapi")

BUSINESS = "business rule"


@defect(BUSINESS, "C-1 C-3 T-7 M-1")
class CashbackIsAnsweredAndNotBooked(Sales):
    """A cashback is answered and never reaches the balance."""

    book_cashback = allowed


@defect(BUSINESS, "C-1 C-3", core=True)
class CashbackIsBookedAndNotAnswered(SaleResponses):
    """A cashback reaches the balance and is answered as 0."""

    @override
    def changed(self, value: Body) -> Body:
        return {**value, "CashbackAmount": NOTHING}


class Booking(Sales):
    """Books a cashback other than the returned one."""

    def booked(self, sale: Transaction) -> Decimal:
        """Return the amount to book."""
        return sale.cashback_amount

    @override
    def book_cashback(self, sale: Transaction, wallet: Wallet) -> None:
        super().book_cashback(replace(sale, cashback_amount=self.booked(sale)), wallet)


@defect(BUSINESS, "C-1 C-3 T-7 M-1")
class CashbackAMinorUnitShort(Booking):
    """A cashback reaches the balance a minor unit short."""

    @override
    def booked(self, sale: Transaction) -> Decimal:
        return sale.cashback_amount and sale.cashback_amount - CENT


@defect(BUSINESS, "C-1 C-3 T-7 M-1")
class CashbackBookedTwice(Booking):
    """A cashback reaches the balance twice."""

    @override
    def booked(self, sale: Transaction) -> Decimal:
        return sale.cashback_amount * 2


@defect(BUSINESS, "C-1 T-7")
class CashbackIsNotBookedWhereAGiftPaid(Booking):
    """A cashback on a sale that a gift paid is answered and not booked."""

    @override
    def booked(self, sale: Transaction) -> Decimal:
        return NOTHING if sale.gift_amount else sale.cashback_amount


class Giving(Sales):
    """The base class of defects that change the cashback of a sale."""

    @override
    def cashback_of(self, order: Order) -> Decimal:
        return self.cashback(order, super().cashback_of(order))

    def cashback(self, _order: Order, cashback: Decimal) -> Decimal:
        """Return the cashback of an order."""
        return cashback


@defect(BUSINESS, "C-1", core=True)
class CashbackEndsAtTheAmount(Giving):
    """A cashback larger than the sale is cut down to it."""

    @override
    def cashback(self, order: Order, cashback: Decimal) -> Decimal:
        return min(order.amount, cashback)


@defect(BUSINESS, "C-1")
class CashbackInWholeUnits(Giving):
    """A cashback loses its minor units."""

    @override
    def cashback(self, order: Order, cashback: Decimal) -> Decimal:
        return whole_units(cashback) if order.cashback_type == "Amount" else cashback


@defect(BUSINESS, "C-1")
class CashbackAmountTakenAsPercentage(Giving):
    """A cashback of an amount is treated as a percentage."""

    @override
    def cashback(self, order: Order, cashback: Decimal) -> Decimal:
        return self.percentage(order.amount, cashback) if order.cashback_type == "Amount" else cashback


@defect(BUSINESS, "C-2", core=True)
class CashbackWithoutBeingApplied(Sales):
    """A cashback that is named and not applied is given."""

    @override
    def order(self, body: Body) -> Order:
        order = super().order(body)
        named = order.cashback_type in ("Amount", "Percentage") and (order.cashback_value or 0) > 0
        return replace(order, cashback_apply=order.cashback_apply or named)


@defect(BUSINESS, "C-2 T-7")
class CashbackAnsweredWithoutBeingApplied(SaleResponses):
    """A sale without cashback returns a cashback of 1, which nobody gets."""

    @override
    def changed(self, value: Body) -> Body:
        return {**value, "CashbackAmount": value["CashbackAmount"] or Decimal(1)}


@defect(BUSINESS, "C-2 T-7 M-1", core=True)
class QuietCashbackOfAMinorUnit(Booking):
    """Every sale of 10 or more quietly gives a minor unit back."""

    @override
    def book_cashback(self, sale: Transaction, wallet: Wallet) -> None:
        extra = CENT if sale.amount >= 10 and not sale.cashback_amount else NOTHING
        super().book_cashback(replace(sale, cashback_amount=sale.cashback_amount + extra), wallet)


class _PercentageOfLess(Sales):
    """A percentage cashback is not calculated from the whole amount."""

    @override
    def sale(
        self, sale_id: str, order: Order, wallet: Wallet, balance: Decimal, uses: tuple[GiftUse, ...]
    ) -> Transaction:
        sale = super().sale(sale_id, order, wallet, balance, uses)
        if not order.cashback_apply or order.cashback_type != "Percentage" or order.cashback_value is None:
            return sale
        share = self.percentage(self.calculated_from(sale, balance, uses), order.cashback_value)
        after = sale.balance_after - sale.cashback_amount + share
        return replace(sale, cashback_amount=share, balance_after=after)

    def calculated_from(self, sale: Transaction, balance: Decimal, uses: tuple[GiftUse, ...]) -> Decimal:
        raise NotImplementedError


@defect(BUSINESS, "C-3", core=True)
class PercentageOfTheRest(_PercentageOfLess):
    """A percentage cashback is calculated from the part that the balance pays, not from the whole amount."""

    @override
    def calculated_from(self, sale: Transaction, _balance: Decimal, uses: tuple[GiftUse, ...]) -> Decimal:
        return sale.amount - self.gifts.gift_amount(uses)


@defect(BUSINESS, "C-3")
class PercentageOfTheBalance(_PercentageOfLess):
    """A percentage cashback is of the balance, not of the amount."""

    @override
    def calculated_from(self, _sale: Transaction, balance: Decimal, _uses: tuple[GiftUse, ...]) -> Decimal:
        return balance


@defect(BUSINESS, "C-3")
class PercentageTakenAsAmount(Sales):
    """A cashback of 10 percent gives 10."""

    @override
    def percentage(self, _amount: Decimal, percent: Decimal) -> Decimal:
        return percent.quantize(CENT)


@defect(BUSINESS, "C-3")
class PercentageInWholePercent(Sales):
    """A cashback of 2.5 percent gives 2 percent."""

    @override
    def percentage(self, amount: Decimal, percent: Decimal) -> Decimal:
        return super().percentage(amount, Decimal(int(percent)))


@defect(BUSINESS, "C-3")
class PercentageOfAThousand(Sales):
    """A cashback of 10 percent gives one percent."""

    @override
    def percentage(self, amount: Decimal, percent: Decimal) -> Decimal:
        return super().percentage(amount, percent / 10)


@defect(BUSINESS, "C-3")
class PercentageEndsAtFifty(Sales):
    """A cashback of more than 50 percent gives 50."""

    @override
    def percentage(self, amount: Decimal, percent: Decimal) -> Decimal:
        return super().percentage(amount, min(percent, Decimal(50)))


@defect(BUSINESS, "E-4")
class UnknownCashbackTypeIsAnAmount(Sales):
    """A cashback of an unknown type is treated as an amount."""

    @override
    def cashback_type(self, body: Body, *, apply: bool) -> str | None:
        kind = fields.optional_text(body, "CashbackType")
        return kind if not apply or kind in ("Amount", "Percentage") else "Amount"


@defect(BUSINESS, "E-4", core=True)
class UnknownCashbackTypeGivesNothing(Sales):
    """A sale with a cashback of an unknown type is made without cashback."""

    @override
    def order(self, body: Body) -> Order:
        known = body.get("CashbackType") in ("Amount", "Percentage")
        return super().order(body if known else {**body, "CashbackApply": False})


@defect(BUSINESS, "E-4 M-1")
class NegativeCashbackIsCharged(Sales):
    """A negative cashback is taken off the balance."""

    check_cashback_value = allowed


@defect(BUSINESS, "E-4")
class NegativeCashbackIsNothing(Sales):
    """A sale with a negative cashback is made without cashback."""

    @override
    def cashback_value(self, body: Body, *, apply: bool) -> Decimal | None:
        value = fields.number(body, "CashbackValue") if apply else None
        return NOTHING if value is not None and value < 0 else super().cashback_value(body, apply=apply)
