"""WalletAPI: cashback (contract.md C)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from proof.building_blocks import CENT, NOTHING, SaleResponses, allowed, whole_units
from proof.declaring import Defects
from sandbox.http import fields
from sandbox.walletapi.rules import WalletApiRules

defect = Defects("walletapi")

BUSINESS = "business rule"


@defect(BUSINESS, "C-1 C-3 T-7 M-1")
class CashbackIsAnsweredAndNotBooked(WalletApiRules):
    """A cashback is answered and never reaches the balance."""

    book_cashback = allowed


@defect(BUSINESS, "C-1 C-3", core=True)
class CashbackIsBookedAndNotAnswered(SaleResponses):
    """A cashback reaches the balance and is answered as 0."""

    def changed(self, value):
        return {**value, "CashbackAmount": NOTHING}


class Booking(WalletApiRules):
    """Books another cashback than is answered."""

    def booked(self, sale):
        """What reaches the balance."""
        return sale.cashback_amount

    def book_cashback(self, sale, wallet):
        super().book_cashback(replace(sale, cashback_amount=self.booked(sale)), wallet)


@defect(BUSINESS, "C-1 C-3 T-7 M-1")
class CashbackAMinorUnitShort(Booking):
    """A cashback reaches the balance a minor unit short."""

    def booked(self, sale):
        return sale.cashback_amount and sale.cashback_amount - CENT


@defect(BUSINESS, "C-1 C-3 T-7 M-1")
class CashbackBookedTwice(Booking):
    """A cashback reaches the balance twice."""

    def booked(self, sale):
        return sale.cashback_amount * 2


@defect(BUSINESS, "C-1 T-7")
class CashbackIsNotBookedWhereAGiftPaid(Booking):
    """A cashback on a sale that a gift paid is answered and not booked."""

    def booked(self, sale):
        return NOTHING if sale.gift_amount else sale.cashback_amount


class Giving(WalletApiRules):
    """Works the cashback out in another way."""

    def cashback_of(self, order):
        return self.cashback(order, super().cashback_of(order))

    def cashback(self, _order, cashback):
        """What is given back."""
        return cashback


@defect(BUSINESS, "C-1", core=True)
class CashbackEndsAtTheAmount(Giving):
    """A cashback larger than the sale is cut down to it."""

    def cashback(self, order, cashback):
        return min(order.amount, cashback)


@defect(BUSINESS, "C-1")
class CashbackInWholeUnits(Giving):
    """A cashback loses its minor units."""

    def cashback(self, order, cashback):
        return whole_units(cashback) if order.cashback_type == "Amount" else cashback


@defect(BUSINESS, "C-1")
class CashbackAmountTakenAsPercentage(Giving):
    """A cashback of an amount is taken for a percentage."""

    def cashback(self, order, cashback):
        return self.percentage(order.amount, cashback) if order.cashback_type == "Amount" else cashback


@defect(BUSINESS, "C-2", core=True)
class CashbackWithoutBeingApplied(WalletApiRules):
    """A cashback that is named and not applied is given."""

    def order(self, body):
        order = super().order(body)
        named = order.cashback_type in ("Amount", "Percentage") and (order.cashback_value or 0) > 0
        return replace(order, cashback_apply=order.cashback_apply or named)


@defect(BUSINESS, "C-2 T-7")
class CashbackAnsweredWithoutBeingApplied(SaleResponses):
    """A sale without cashback returns a cashback of 1, which nobody gets."""

    def changed(self, value):
        return {**value, "CashbackAmount": value["CashbackAmount"] or Decimal(1)}


@defect(BUSINESS, "C-2 T-7 M-1", core=True)
class QuietCashbackOfAMinorUnit(Booking):
    """Every sale of 10 or more quietly gives a minor unit back."""

    def book_cashback(self, sale, wallet):
        extra = CENT if sale.amount >= 10 and not sale.cashback_amount else NOTHING
        super().book_cashback(replace(sale, cashback_amount=sale.cashback_amount + extra), wallet)


@defect(BUSINESS, "C-3", core=True)
class PercentageOfTheRest(WalletApiRules):
    """A percentage cashback is of what the balance pays, not of the whole amount."""

    def sale(self, sale_id, order, wallet, balance, uses):
        sale = super().sale(sale_id, order, wallet, balance, uses)
        if not order.cashback_apply or order.cashback_type != "Percentage":
            return sale
        share = self.percentage(sale.amount - self.gift_amount(uses), order.cashback_value)
        after = sale.balance_after - sale.cashback_amount + share
        return replace(sale, cashback_amount=share, balance_after=after)


@defect(BUSINESS, "C-3")
class PercentageOfTheBalance(WalletApiRules):
    """A percentage cashback is of the balance, not of the amount."""

    def sale(self, sale_id, order, wallet, balance, uses):
        sale = super().sale(sale_id, order, wallet, balance, uses)
        if not order.cashback_apply or order.cashback_type != "Percentage":
            return sale
        share = self.percentage(balance, order.cashback_value)
        after = sale.balance_after - sale.cashback_amount + share
        return replace(sale, cashback_amount=share, balance_after=after)


@defect(BUSINESS, "C-3")
class PercentageTakenAsAmount(WalletApiRules):
    """A cashback of 10 percent gives 10."""

    def percentage(self, _amount, percent):
        return percent.quantize(CENT)


@defect(BUSINESS, "C-3")
class PercentageInWholePercent(WalletApiRules):
    """A cashback of 2.5 percent gives 2 percent."""

    def percentage(self, amount, percent):
        return super().percentage(amount, Decimal(int(percent)))


@defect(BUSINESS, "C-3")
class PercentageOfAThousand(WalletApiRules):
    """A cashback of 10 percent gives one percent."""

    def percentage(self, amount, percent):
        return super().percentage(amount, percent / 10)


@defect(BUSINESS, "C-3")
class PercentageEndsAtFifty(WalletApiRules):
    """A cashback of more than 50 percent gives 50."""

    def percentage(self, amount, percent):
        return super().percentage(amount, min(percent, Decimal(50)))


@defect(BUSINESS, "E-4")
class UnknownCashbackTypeIsAnAmount(WalletApiRules):
    """A cashback of an unknown type is taken for an amount."""

    def cashback_type(self, body, *, apply):
        kind = fields.optional_text(body, "CashbackType")
        return kind if not apply or kind in ("Amount", "Percentage") else "Amount"


@defect(BUSINESS, "E-4", core=True)
class UnknownCashbackTypeGivesNothing(WalletApiRules):
    """A sale with a cashback of an unknown type is made without cashback."""

    def order(self, body):
        known = body.get("CashbackType") in ("Amount", "Percentage")
        return super().order(body if known else {**body, "CashbackApply": False})


@defect(BUSINESS, "E-4 M-1")
class NegativeCashbackIsCharged(WalletApiRules):
    """A negative cashback is taken off the balance."""

    check_cashback_value = allowed


@defect(BUSINESS, "E-4")
class NegativeCashbackIsNothing(WalletApiRules):
    """A sale with a negative cashback is made without cashback."""

    def cashback_value(self, body, *, apply):
        value = fields.number(body, "CashbackValue") if apply else None
        return NOTHING if value is not None and value < 0 else super().cashback_value(body, apply=apply)
