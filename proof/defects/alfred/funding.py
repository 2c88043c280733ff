"""Alfred: money that comes in (contract.md F)."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_DOWN, Decimal

from proof.building_blocks import CENT, allowed, through_float, whole_units
from proof.declaring import Defects
from sandbox.alfred.records import AlfredWallet, Payment
from sandbox.alfred.rules import AlfredRules
from sandbox.alfred.users import OUTSIDE
from sandbox.ledger.postings import Movement

defect = Defects("alfred")

BUSINESS = "business rule"


@defect(BUSINESS, "F-1 F-2")
class FundingSessionIsForgotten(AlfredRules):
    """A Funding session is answered and never kept."""

    remember_payment_session = allowed


@defect(BUSINESS, "F-2 F-3", core=True)
class PaymentIsForgotten(AlfredRules):
    """A payment is answered with an id and never kept."""

    remember_payment = allowed


class Crediting(AlfredRules):
    """Credits another amount than was paid."""

    def credited(self, amount, _balance):
        """What reaches the account."""
        return amount

    def credit_payment(self, payment, balance):
        super().credit_payment(replace(payment, amount=self.credited(payment.amount, balance)), balance)


@defect(BUSINESS, "F-3 S-8")
class CreditedAMinorUnitLess(Crediting):
    """A funding credits a minor unit less than was paid."""

    def credited(self, amount, _balance):
        return amount - CENT


@defect(BUSINESS, "F-3 S-8")
class CreditedTwiceAtOnce(Crediting):
    """A funding credits twice what was paid."""

    def credited(self, amount, _balance):
        return amount * 2


@defect(BUSINESS, "F-3 S-8")
class NeverCredited(Crediting):
    """A confirmed payment is answered and credits nothing."""

    def credited(self, _amount, _balance):
        return Decimal(0)


@defect(BUSINESS, "F-3 F-5 S-8")
class LastFundingCounts(Crediting):
    """A second funding takes the place of the balance in place of adding to it."""

    def credited(self, amount, balance):
        return amount - balance


@defect(BUSINESS, "F-3 S-8")
class FundingsEndAtAHundred(Crediting):
    """What a funding brings above 100 is lost."""

    def credited(self, amount, _balance):
        return min(amount, Decimal(100))


@defect(BUSINESS, "F-3 S-8")
class FeeOfOnePercent(Crediting):
    """A funding of 10 or more loses one percent."""

    def credited(self, amount, _balance):
        fee = (amount / 100).quantize(CENT, ROUND_DOWN)
        return amount - fee if amount >= 10 else amount


@defect(BUSINESS, "F-5 F-3")
class CreditedInWholeUnits(Crediting):
    """The minor units of a funding are lost."""

    def credited(self, amount, _balance):
        return whole_units(amount)


@defect(BUSINESS, "F-5 F-3", core=True)
class CreditedThroughFloats(Crediting):
    """A funding of 19.99 credits 19.98, since it went through a float."""

    def credited(self, amount, _balance):
        return through_float(amount)


@defect(BUSINESS, "F-5 S-8")
class SecondPlaceOfASumIsLost(Crediting):
    """A balance that has grown to more than 1,000 loses its last place at the next funding."""

    def credited(self, amount, balance):
        total = (balance + amount).quantize(Decimal("0.1"), ROUND_DOWN)
        return total - balance if balance > 1000 else amount


@defect(BUSINESS, "F-5 S-1")
class BalanceAddedUpInFloats(AlfredRules):
    """Fundings are added up in floats: 0.10 and 0.20 make 0.30000000000000004."""

    def balance_of(self, wallet):
        entries = self.ledger.entries(self.account_name(wallet.account_id))
        return Decimal(repr(sum((float(each.amount) for each in entries), 0.0)))

    def amount_charged(self, purchase, session, balance):
        return super().amount_charged(purchase, session, balance).quantize(CENT)

    def check_balance_left(self, charged, balance):
        super().check_balance_left(charged, balance.quantize(CENT))


@defect(BUSINESS, "F-4 F-6 F-3")
class CreditedAtThePaymentsCreation(AlfredRules):
    """A payment credits its amount when it is created, and nothing when it is confirmed."""

    def remember_payment(self, payment):
        super().remember_payment(payment)
        super().credit_payment(payment, Decimal(0))

    def credit_payment(self, payment, balance):
        """Already done."""


@defect(BUSINESS, "F-4 F-3", core=True)
class CreditedAtCreationAndConfirmation(AlfredRules):
    """A payment credits its amount when it is created, and again when it is confirmed."""

    def remember_payment(self, payment):
        super().remember_payment(payment)
        self.credit_payment(payment, Decimal(0))


@defect(BUSINESS, "F-4 F-3", core=True)
class OneConfirmationCreditsAllPayments(AlfredRules):
    """Confirming one payment credits every open payment of the account."""

    def credit_payment(self, payment, balance):
        super().credit_payment(payment, balance)
        for other in self.records.all(Payment, account_id=payment.account_id):
            if other.id != payment.id and not other.confirmed:
                super().credit_payment(other, balance)
                self.records.keep(replace(other, confirmed=True))


@defect("idempotency", "F-6")
class SecondConfirmationCreditsAgain(AlfredRules):
    """Confirming a payment twice credits it twice."""

    def is_payment_confirmed(self, _payment):
        return False


@defect("idempotency", "F-6", core=True)
class SecondConfirmationCreditsAfterAnother(AlfredRules):
    """Only the last payment that was confirmed is remembered: an earlier one can be credited again."""

    def is_payment_confirmed(self, payment):
        return payment.confirmed and payment.id == self._last

    def remember_payment_confirmation(self, payment):
        self._last = payment.id
        return super().remember_payment_confirmation(payment)


@defect("idempotency", "F-6", core=True)
class SecondConfirmationCreditsWhatWasSpent(AlfredRules):
    """A payment whose money was spent can be confirmed, and credited, again."""

    def is_payment_confirmed(self, payment):
        wallet = self.records.first(AlfredWallet, account_id=payment.account_id)
        return payment.confirmed and self.balance_of(wallet) >= payment.amount


@defect("idempotency", "S-8 F-6")
class SecondConfirmationTakesBack(AlfredRules):
    """Confirming a payment a second time takes the money away again."""

    def is_payment_confirmed(self, payment):
        wallet = self.records.first(AlfredWallet, account_id=payment.account_id)
        if payment.confirmed and self.balance_of(wallet) >= payment.amount:
            with self.transaction():
                self.credit_payment(replace(payment, amount=-payment.amount), Decimal(0))
        return payment.confirmed


@defect("isolation", "F-8 F-3")
class FundingReachesTheNewestUser(AlfredRules):
    """A funding is credited to the user who came last."""

    def account_to_credit(self, _payment):
        return self.account_name(self.records.newest(AlfredWallet, 1)[0].account_id)


@defect("isolation", "F-8 S-8")
class FundingReachesEveryUserToo(AlfredRules):
    """A funding also credits every other user with a minor unit."""

    def credit_payment(self, payment, balance):
        super().credit_payment(payment, balance)
        for other in self.records.newest(AlfredWallet, 20):
            if other.account_id != payment.account_id:
                movements = [Movement(OUTSIDE, -CENT), Movement(self.account_name(other.account_id), CENT)]
                self.ledger.post("Funding", payment.id, movements, self.now())


@defect("isolation", "F-8 S-8")
class FundingIsTakenFromAnotherUser(AlfredRules):
    """A funding takes its money from another user who has as much."""

    def credit_payment(self, payment, balance):
        others = (each for each in self.records.newest(AlfredWallet, 20) if each.account_id != payment.account_id)
        rich = next((each for each in others if self.balance_of(each) >= payment.amount), None)
        super().credit_payment(payment, balance)
        if rich:
            account = self.account_name(rich.account_id)
            movements = [Movement(account, -payment.amount), Movement(OUTSIDE, payment.amount)]
            self.ledger.post("Funding", payment.id, movements, self.now())
