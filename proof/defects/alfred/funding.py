"""Alfred: money that comes in (contract.md F)."""

from dataclasses import replace
from decimal import ROUND_DOWN, Decimal

from typing_extensions import override

from proof.building_blocks import CENT, in_single_precision, through_float, whole_units
from proof.declaring import Defects
from sandbox.alfred.fundings import Fundings
from sandbox.alfred.purchases import Purchases
from sandbox.alfred.records import AlfredWallet, Payment, PaymentSession, PurchaseSession
from sandbox.alfred.users import Users
from sandbox.books import Books
from sandbox.http.bodies import Body

defect = Defects("alfred")

BUSINESS = "business rule"


@defect(BUSINESS, "F-1 F-2")
class FundingSessionIsForgotten(Books):
    """A Funding session is returned but not stored."""

    @override
    def keep(self, record: object) -> None:
        if not isinstance(record, PaymentSession):
            super().keep(record)


@defect(BUSINESS, "F-2 F-3", core=True)
class PaymentIsForgotten(Books):
    """A payment gets an id but is not stored."""

    @override
    def keep(self, record: object) -> None:
        if not isinstance(record, Payment):
            super().keep(record)


class Crediting(Fundings):
    """Credits an amount other than the paid one."""

    def credited(self, amount: Decimal, _balance: Decimal) -> Decimal:
        """Return the amount to credit."""
        return amount

    @override
    def credit_payment(self, payment: Payment) -> None:
        balance = self.books.ledger.balance(self.account_to_credit(payment))
        super().credit_payment(replace(payment, amount=self.credited(payment.amount, balance)))


@defect(BUSINESS, "F-3 S-8")
class CreditedAMinorUnitLess(Crediting):
    """A funding credits a minor unit less than was paid."""

    @override
    def credited(self, amount: Decimal, _balance: Decimal) -> Decimal:
        return amount - CENT


@defect(BUSINESS, "F-3 S-8")
class CreditedTwiceAtOnce(Crediting):
    """A funding credits twice what was paid."""

    @override
    def credited(self, amount: Decimal, _balance: Decimal) -> Decimal:
        return amount * 2


@defect(BUSINESS, "F-3 S-8")
class NeverCredited(Crediting):
    """Confirming a payment succeeds but credits nothing."""

    @override
    def credited(self, _amount: Decimal, _balance: Decimal) -> Decimal:
        return Decimal(0)


@defect(BUSINESS, "F-3 F-5 S-8")
class LastFundingCounts(Crediting):
    """A second funding replaces the balance instead of adding to it."""

    @override
    def credited(self, amount: Decimal, balance: Decimal) -> Decimal:
        return amount - balance


@defect(BUSINESS, "F-3 S-8")
class FundingsEndAtAHundred(Crediting):
    """What a funding brings above 100 is lost."""

    @override
    def credited(self, amount: Decimal, _balance: Decimal) -> Decimal:
        return min(amount, Decimal(100))


@defect(BUSINESS, "F-3 S-8")
class FeeOfOnePercent(Crediting):
    """A funding of 10 or more loses one percent."""

    @override
    def credited(self, amount: Decimal, _balance: Decimal) -> Decimal:
        fee = (amount / 100).quantize(CENT, ROUND_DOWN)
        return amount - fee if amount >= 10 else amount


@defect(BUSINESS, "F-5 F-3")
class CreditedInWholeUnits(Crediting):
    """The minor units of a funding are lost."""

    @override
    def credited(self, amount: Decimal, _balance: Decimal) -> Decimal:
        return whole_units(amount)


@defect(BUSINESS, "F-5 F-3", core=True)
class CreditedThroughFloats(Crediting):
    """A funding of 19.99 credits 19.98, since it went through a float."""

    @override
    def credited(self, amount: Decimal, _balance: Decimal) -> Decimal:
        return through_float(amount)


@defect(BUSINESS, "F-3 F-5 S-8 S-5")
class LargeFundingThroughAShortFloat(Crediting):
    """A funding above 131,072 is credited through a 32-bit float, so its minor units come out differently."""

    @override
    def credited(self, amount: Decimal, _balance: Decimal) -> Decimal:
        return in_single_precision(amount)


@defect(BUSINESS, "F-3 F-5 S-8 S-5")
class SingleDecimalIsReadAsMinorUnits(Fundings):
    """A payment written with one decimal (20.5) counts as so many minor units: 20.05 is credited."""

    @override
    def payment_amount(self, body: Body) -> Decimal:
        amount, raw = super().payment_amount(body), body["paymentAmount"]
        has_one_decimal = isinstance(raw, Decimal) and raw.as_tuple().exponent == -1
        return (amount // 1 + amount % 1 / 10).quantize(CENT) if has_one_decimal else amount


@defect(BUSINESS, "F-5 S-8")
class SecondPlaceOfASumIsLost(Crediting):
    """A balance that has grown to more than 1,000 loses its last place at the next funding."""

    @override
    def credited(self, amount: Decimal, balance: Decimal) -> Decimal:
        total = (balance + amount).quantize(Decimal("0.1"), ROUND_DOWN)
        return total - balance if balance > 1000 else amount


class ChargingMinorUnits(Purchases):
    """Charges whole minor units, whatever the balance is."""

    @override
    def amount_charged(self, session: PurchaseSession) -> Decimal:
        return super().amount_charged(session).quantize(CENT)

    @override
    def check_balance_left(self, charged: Decimal, balance: Decimal) -> None:
        super().check_balance_left(charged, balance.quantize(CENT))


@defect(BUSINESS, "F-5 S-1 S-5", purchases=ChargingMinorUnits)
class BalanceAddedUpInFloats(Users):
    """Fundings are added up in floats: 0.10 and 0.20 make 0.30000000000000004."""

    @override
    def balance_of(self, wallet: AlfredWallet) -> Decimal:
        entries = self.books.ledger.entries(self.account_name(wallet.account_id))
        return Decimal(repr(sum((float(each.amount) for each in entries), 0.0)))
