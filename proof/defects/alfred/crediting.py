"""Alfred: when, how often and to whom a funding is credited (contract.md F-4, F-6, F-8)."""

from dataclasses import replace

from typing_extensions import override

from proof.building_blocks import CENT
from proof.declaring import Defects
from sandbox.alfred.fundings import Fundings
from sandbox.alfred.records import OUTSIDE, AlfredWallet, Payment
from sandbox.http.bodies import Body
from sandbox.ledger.postings import Movement

defect = Defects("alfred")

BUSINESS = "business rule"


@defect(BUSINESS, "F-4 F-6 F-3")
class CreditedAtThePaymentsCreation(Fundings):
    """A payment credits its amount when it is created, and nothing when it is confirmed."""

    @override
    async def create_payment(self, owner: AlfredWallet, body: Body) -> Payment:
        payment = await super().create_payment(owner, body)
        super().credit_payment(payment)
        return payment

    @override
    def credit_payment(self, payment: Payment) -> None:
        """Do nothing: it was credited before."""


@defect(BUSINESS, "F-4 F-3", core=True)
class CreditedAtCreationAndConfirmation(Fundings):
    """A payment credits its amount when it is created, and again when it is confirmed."""

    @override
    async def create_payment(self, owner: AlfredWallet, body: Body) -> Payment:
        payment = await super().create_payment(owner, body)
        self.credit_payment(payment)
        return payment


@defect(BUSINESS, "F-4 F-3", core=True)
class OneConfirmationCreditsAllPayments(Fundings):
    """Confirming one payment credits every open payment of the account."""

    @override
    def credit_payment(self, payment: Payment) -> None:
        super().credit_payment(payment)
        for other in self.books.records.all(Payment, account_id=payment.account_id):
            if other.id != payment.id and not other.confirmed:
                super().credit_payment(other)
                self.books.records.keep(replace(other, confirmed=True))


@defect("history", "F-3 F-5 S-8 S-5")
class FirstOfTwoPaymentsOfASession(Fundings):
    """If two payments are created in one Funding session, confirming the first credits the amount of the second."""

    @override
    def credit_payment(self, payment: Payment) -> None:
        newest = self.books.records.all(Payment, session_id=payment.session_id)[-1]
        super().credit_payment(replace(payment, amount=newest.amount))


@defect("idempotency", "F-6")
class SecondConfirmationCreditsAgain(Fundings):
    """Confirming a payment twice credits it twice."""

    @override
    def is_payment_confirmed(self, _payment: Payment) -> bool:
        return False


@defect("idempotency", "F-6", core=True)
class SecondConfirmationCreditsAfterAnother(Fundings):
    """Only the last payment that was confirmed is remembered: an earlier one can be credited again."""

    @override
    def is_payment_confirmed(self, payment: Payment) -> bool:
        return payment.confirmed and payment.id == self._last

    @override
    async def confirm_payment(self, owner: AlfredWallet, payment_id: str) -> Payment:
        confirmed = await super().confirm_payment(owner, payment_id)
        self._last = confirmed.id
        return confirmed


@defect("idempotency", "F-6", core=True)
class SecondConfirmationCreditsWhatWasSpent(Fundings):
    """A payment whose money was spent can be confirmed, and credited, again."""

    @override
    def is_payment_confirmed(self, payment: Payment) -> bool:
        wallet = self.books.records.all(AlfredWallet, account_id=payment.account_id)[0]
        return payment.confirmed and self.users.balance_of(wallet) >= payment.amount


@defect("idempotency", "S-8 F-6")
class SecondConfirmationTakesBack(Fundings):
    """Confirming a payment a second time takes the money away again."""

    @override
    def is_payment_confirmed(self, payment: Payment) -> bool:
        wallet = self.books.records.all(AlfredWallet, account_id=payment.account_id)[0]
        if payment.confirmed and self.users.balance_of(wallet) >= payment.amount:
            with self.books.ledger.transaction():
                self.credit_payment(replace(payment, amount=-payment.amount))
        return payment.confirmed


@defect("isolation", "F-8 F-3")
class FundingReachesTheNewestUser(Fundings):
    """A funding is credited to the user who came last."""

    @override
    def account_to_credit(self, _payment: Payment) -> str:
        return self.users.account_name(self.books.records.newest(AlfredWallet, 1)[0].account_id)


@defect("isolation", "F-8 S-8")
class FundingReachesEveryUserToo(Fundings):
    """A funding also credits every other user with a minor unit."""

    @override
    def credit_payment(self, payment: Payment) -> None:
        super().credit_payment(payment)
        for other in self.books.records.newest(AlfredWallet, 20):
            if other.account_id != payment.account_id:
                movements = [Movement(OUTSIDE, -CENT), Movement(self.users.account_name(other.account_id), CENT)]
                self.books.ledger.post("Funding", payment.id, movements, self.books.now())


@defect("isolation", "F-8 S-8")
class FundingIsTakenFromAnotherUser(Fundings):
    """A funding takes its money from another user who has as much."""

    @override
    def credit_payment(self, payment: Payment) -> None:
        others = (each for each in self.books.records.newest(AlfredWallet, 20) if each.account_id != payment.account_id)
        rich = next((each for each in others if self.users.balance_of(each) >= payment.amount), None)
        super().credit_payment(payment)
        if rich:
            account = self.users.account_name(rich.account_id)
            movements = [Movement(account, -payment.amount), Movement(OUTSIDE, payment.amount)]
            self.books.ledger.post("Funding", payment.id, movements, self.books.now())
