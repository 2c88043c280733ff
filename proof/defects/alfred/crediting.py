"""Alfred: when, how often and to whom a funding is credited (contract.md F-4, F-6, F-8)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from typing_extensions import override

from proof.building_blocks import CENT
from proof.declaring import Defects
from sandbox.alfred.records import AlfredWallet, Payment
from sandbox.alfred.rules import AlfredRules
from sandbox.alfred.users import OUTSIDE
from sandbox.ledger.postings import Movement
from sandbox.ledger.records import Record

defect = Defects("alfred")

BUSINESS = "business rule"


@defect(BUSINESS, "F-4 F-6 F-3")
class CreditedAtThePaymentsCreation(AlfredRules):
    """A payment credits its amount when it is created, and nothing when it is confirmed."""

    @override
    def keep(self, record: Record) -> None:
        super().keep(record)
        if isinstance(record, Payment) and not record.confirmed:
            super().credit_payment(record, Decimal(0))

    @override
    def credit_payment(self, payment: Payment, balance: Decimal) -> None:
        """Do nothing: it was credited before."""


@defect(BUSINESS, "F-4 F-3", core=True)
class CreditedAtCreationAndConfirmation(AlfredRules):
    """A payment credits its amount when it is created, and again when it is confirmed."""

    @override
    def keep(self, record: Record) -> None:
        super().keep(record)
        if isinstance(record, Payment) and not record.confirmed:
            self.credit_payment(record, Decimal(0))


@defect(BUSINESS, "F-4 F-3", core=True)
class OneConfirmationCreditsAllPayments(AlfredRules):
    """Confirming one payment credits every open payment of the account."""

    @override
    def credit_payment(self, payment: Payment, balance: Decimal) -> None:
        super().credit_payment(payment, balance)
        for other in self.records.all(Payment, account_id=payment.account_id):
            if other.id != payment.id and not other.confirmed:
                super().credit_payment(other, balance)
                self.records.keep(replace(other, confirmed=True))


@defect("idempotency", "F-6")
class SecondConfirmationCreditsAgain(AlfredRules):
    """Confirming a payment twice credits it twice."""

    @override
    def is_payment_confirmed(self, _payment: Payment) -> bool:
        return False


@defect("idempotency", "F-6", core=True)
class SecondConfirmationCreditsAfterAnother(AlfredRules):
    """Only the last payment that was confirmed is remembered: an earlier one can be credited again."""

    @override
    def is_payment_confirmed(self, payment: Payment) -> bool:
        return payment.confirmed and payment.id == self._last

    @override
    def keep(self, record: Record) -> None:
        if isinstance(record, Payment) and record.confirmed:
            self._last = record.id
        super().keep(record)


@defect("idempotency", "F-6", core=True)
class SecondConfirmationCreditsWhatWasSpent(AlfredRules):
    """A payment whose money was spent can be confirmed, and credited, again."""

    @override
    def is_payment_confirmed(self, payment: Payment) -> bool:
        wallet = self.records.all(AlfredWallet, account_id=payment.account_id)[0]
        return payment.confirmed and self.balance_of(wallet) >= payment.amount


@defect("idempotency", "S-8 F-6")
class SecondConfirmationTakesBack(AlfredRules):
    """Confirming a payment a second time takes the money away again."""

    @override
    def is_payment_confirmed(self, payment: Payment) -> bool:
        wallet = self.records.all(AlfredWallet, account_id=payment.account_id)[0]
        if payment.confirmed and self.balance_of(wallet) >= payment.amount:
            with self.transaction():
                self.credit_payment(replace(payment, amount=-payment.amount), Decimal(0))
        return payment.confirmed


@defect("isolation", "F-8 F-3")
class FundingReachesTheNewestUser(AlfredRules):
    """A funding is credited to the user who came last."""

    @override
    def account_to_credit(self, _payment: Payment) -> str:
        return self.account_name(self.records.newest(AlfredWallet, 1)[0].account_id)


@defect("isolation", "F-8 S-8")
class FundingReachesEveryUserToo(AlfredRules):
    """A funding also credits every other user with a minor unit."""

    @override
    def credit_payment(self, payment: Payment, balance: Decimal) -> None:
        super().credit_payment(payment, balance)
        for other in self.records.newest(AlfredWallet, 20):
            if other.account_id != payment.account_id:
                movements = [Movement(OUTSIDE, -CENT), Movement(self.account_name(other.account_id), CENT)]
                self.ledger.post("Funding", payment.id, movements, self.now())


@defect("isolation", "F-8 S-8")
class FundingIsTakenFromAnotherUser(AlfredRules):
    """A funding takes its money from another user who has as much."""

    @override
    def credit_payment(self, payment: Payment, balance: Decimal) -> None:
        others = (each for each in self.records.newest(AlfredWallet, 20) if each.account_id != payment.account_id)
        rich = next((each for each in others if self.balance_of(each) >= payment.amount), None)
        super().credit_payment(payment, balance)
        if rich:
            account = self.account_name(rich.account_id)
            movements = [Movement(account, -payment.amount), Movement(OUTSIDE, payment.amount)]
            self.ledger.post("Funding", payment.id, movements, self.now())
