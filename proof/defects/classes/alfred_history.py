"""Alfred: what shows only after some calls or some time (contract.md A, F, P)."""

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from typing_extensions import override

from proof.building_blocks import Overdrawing, sum_of_a_page
from proof.declaring import Defects
from proof.defects.classes.alfred_moments import LastFundingSessionGetsTheMoney, RememberingFundings
from sandbox.alfred.fundings import Fundings
from sandbox.alfred.purchases import Purchases
from sandbox.alfred.records import OUTSIDE, AlfredWallet, Payment, Purchase, PurchaseSession
from sandbox.alfred.users import Users
from sandbox.http import fields
from sandbox.http.bodies import Body
from sandbox.http.rejections import Rejection, require
from sandbox.ledger.postings import Movement

defect = Defects("alfred")

HISTORY = "history"
TIME = "time"
A_WHILE = timedelta(seconds=2)


@defect(TIME, "A-2")
class ReferenceIsForgottenAfterAWhile(Users):
    """A reference that comes back after two seconds gets another wallet."""

    @override
    def wallet_of_reference(self, reference: str) -> AlfredWallet | None:
        *_, wallet = (None, *self.books.records.all(AlfredWallet, reference=reference))
        return wallet if wallet and self.books.now() - wallet.opened < A_WHILE else None


@defect(TIME, "F-6")
class PaymentIsCreditedAgainAfterAWhile(Fundings):
    """A payment that is confirmed again after two seconds is credited again."""

    @override
    def is_payment_confirmed(self, payment: Payment) -> bool:
        return super().is_payment_confirmed(payment) and self.books.now() - payment.created < A_WHILE


@defect(TIME, "P-9")
class PurchaseIsChargedAgainAfterAWhile(Purchases):
    """A purchase that is confirmed again after two seconds is charged again."""

    @override
    def is_confirmed(self, purchase: Purchase) -> bool:
        return super().is_confirmed(purchase) and self.books.now() - purchase.created < A_WHILE


@defect(TIME, "F-4")
class PaymentsAreCreditedAfterAWhile(Users):
    """A payment is credited two seconds after it was created, confirmed or not."""

    @override
    def balance_of(self, wallet: AlfredWallet) -> Decimal:
        payments = self.books.records.all(Payment, account_id=wallet.account_id)
        due = (each.amount for each in payments if not each.confirmed and self.books.now() - each.created > A_WHILE)
        return super().balance_of(wallet) + sum(due, Decimal(0))


@defect(TIME, "P-4 P-10")
class SessionsEndAfterAWhile(Purchases):
    """A session on a purchase cannot be confirmed two seconds after the purchase was created."""

    @override
    def check_session_of_purchase(self, session: PurchaseSession, purchase: Purchase) -> None:
        super().check_session_of_purchase(session, purchase)
        require(self.books.now() - purchase.created < A_WHILE, "unknown_session")


@defect(HISTORY, "F-6")
class PaymentIsCreditedAgainAfterAnothersPayment(RememberingFundings):
    """A payment can be confirmed again after another user's payment was."""

    @override
    def is_payment_confirmed(self, payment: Payment) -> bool:
        again = super().is_payment_confirmed(payment) and self.last[-1:] == [payment.account_id]
        self.last.append(payment.account_id)
        return again


@defect(HISTORY, "P-9")
class PurchaseIsChargedAgainAfterAFunding(Purchases):
    """A purchase can be confirmed again once the user has created another payment."""

    @override
    def is_confirmed(self, purchase: Purchase) -> bool:
        if not purchase.confirmed_with:
            return False
        session = self.books.found(PurchaseSession, "unknown_session", id=purchase.confirmed_with)
        account = self.users.wallet_named(session.wallet_id).account_id
        payments = self.books.records.all(Payment, account_id=account)
        return all(each.created < purchase.created for each in payments)


@defect(HISTORY, "P-10 P-8")
class SecondWrongConfirmationEndsTheSession(Purchases):
    """After two confirmations with a wrong instrument, the session is closed."""

    @override
    def check_purchase_instrument(self, details: Body, session: PurchaseSession) -> None:
        wrong: defaultdict[str, int] = self.__dict__.setdefault("wrong", defaultdict(int))
        try:
            require(wrong[session.id] < 2, "unknown_session")
            super().check_purchase_instrument(details, session)
        except Rejection:
            wrong[session.id] += 1
            raise


@defect(HISTORY, "P-8")
class SessionOfAnEqualPurchaseConfirms(Purchases):
    """The session of another purchase of the same user and amount confirms a purchase."""

    @override
    def check_session_of_purchase(self, session: PurchaseSession, purchase: Purchase) -> None:
        if self.purchase_named(session.purchase_id).amount != purchase.amount:
            super().check_session_of_purchase(session, purchase)


@defect(HISTORY, "P-8")
class SessionOfAPaidPurchaseConfirms(Purchases):
    """The session of a purchase that is paid confirms another purchase of the same user."""

    @override
    def check_session_of_purchase(self, session: PurchaseSession, purchase: Purchase) -> None:
        if not self.is_confirmed(self.purchase_named(session.purchase_id)):
            super().check_session_of_purchase(session, purchase)


@defect(HISTORY, "F-3 F-8 S-8")
class LastFundingSessionOwnsNewPayments(LastFundingSessionGetsTheMoney):
    """A payment is created into the account whose Funding session was opened last."""

    @override
    async def create_payment(self, owner: AlfredWallet, body: Body) -> Payment:
        payment = await super().create_payment(owner, body)
        self.__dict__.setdefault("owners", {})[payment.id] = self.last[-1]
        return payment

    @override
    def account_to_credit(self, payment: Payment) -> str:
        return self.users.account_name(self.__dict__["owners"][payment.id])


@defect(HISTORY, "S-6 S-8")
class ThirdSessionOnAPurchaseSpends(Purchases):
    """The third session that is opened on a purchase takes its part of the balance."""

    @override
    async def open_purchase_session(self, purchase_id: str, body: Body) -> PurchaseSession:
        session = await super().open_purchase_session(purchase_id, body)
        if len(self.books.records.all(PurchaseSession, purchase_id=purchase_id)) == 3:
            self.charge(self.purchase_named(purchase_id), self.wallet_to_pay(body), session.balance_part)
        return session


@defect(HISTORY, "S-1 S-2 S-5", core=True)
class ThirdSessionOnAPurchaseShowsNothing(Purchases):
    """From the third session on, a purchase's sessions show no balance."""

    @override
    async def open_purchase_session(self, purchase_id: str, body: Body) -> PurchaseSession:
        self._opened = len(self.books.records.all(PurchaseSession, purchase_id=purchase_id))
        return await super().open_purchase_session(purchase_id, body)

    @override
    def balance_part(self, amount: Decimal, balance: Decimal) -> Decimal:
        return Decimal(0) if self._opened >= 2 else super().balance_part(amount, balance)


@defect("business rule", "P-6")
class PurchaseOfMinusHundredsIsAccepted(Purchases):
    """A purchase of -100 to -10,000 is accepted as a positive one."""

    @override
    def purchase_amount(self, body: Body) -> Decimal:
        amount = fields.number(body, "amount")
        return super().purchase_amount({**body, "amount": -amount if -10_000 <= amount <= -100 else amount})


@defect("business rule", "F-4 F-3")
class LargePaymentIsCreditedAtItsCreation(Fundings):
    """A payment of 10,000 or more credits its amount when it is created."""

    @override
    async def create_payment(self, owner: AlfredWallet, body: Body) -> Payment:
        payment = await super().create_payment(owner, body)
        if payment.amount >= 10_000:
            self.credit_payment(payment)
        return payment

    @override
    def is_payment_confirmed(self, payment: Payment) -> bool:
        return payment.amount >= 10_000 or super().is_payment_confirmed(payment)


@defect("isolation", "F-8 S-3 S-8")
class FirstFundingCreditsTheUserBefore(Fundings):
    """A user's first funding also credits the user who was created just before and was never funded."""

    @override
    def credit_payment(self, payment: Payment) -> None:
        wallets = self.books.records.all(AlfredWallet)
        number = next(place for place, one in enumerate(wallets) if one.account_id == payment.account_id)
        credited = [self.users.balance_of(one) for one in wallets[max(number - 1, 0) : number + 1]]
        super().credit_payment(payment)
        if number and not any(credited):
            super().credit_payment(replace(payment, account_id=wallets[number - 1].account_id))


@defect(HISTORY, "S-6 S-8 F-3")
class FundingChargesOpenSessions(Fundings):
    """A funding charges the newest session of its wallet, if it is open and the balance covered it."""

    @override
    def credit_payment(self, payment: Payment) -> None:
        super().credit_payment(payment)
        wallet = self.books.records.first(AlfredWallet, account_id=payment.account_id)
        sessions = self.books.records.all(PurchaseSession, wallet_id=wallet.id if wallet else "")
        covered = [session for session in sessions if session.balance_part and not session.remaining_part]
        purchase = self.books.records.first(Purchase, id=covered[-1].purchase_id) if covered else None
        if purchase and not purchase.confirmed_with:
            account = self.users.account_name(payment.account_id)
            movements = [Movement(OUTSIDE, purchase.amount), Movement(account, -purchase.amount)]
            self.books.ledger.post("Purchase", payment.id, movements, self.books.now())


@defect(HISTORY, "F-5 S-5 S-8", ledger=Overdrawing)
class TwentyMovementsMakeTheBalance(Users):
    """A balance is the sum of the last twenty movements of the account."""

    @override
    def balance_of(self, wallet: AlfredWallet) -> Decimal:
        return max(sum_of_a_page(self.books, self.account_name(wallet.account_id)), Decimal(0))
