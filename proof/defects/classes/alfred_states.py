"""Alfred: what shows only in some state of a user or a purchase (contract.md A, F, P, S)."""

import json
from dataclasses import replace
from decimal import Decimal

from typing_extensions import override

from proof.building_blocks import NOTHING, Overdrawing, whole_units
from proof.declaring import Defects
from proof.defects.alfred.charges import HidingDebts, LeavingTraces
from sandbox.alfred.credentials import Credentials
from sandbox.alfred.fundings import Fundings
from sandbox.alfred.purchases import Purchases
from sandbox.alfred.records import AlfredWallet, Payment, Purchase, PurchaseSession
from sandbox.alfred.users import Users
from sandbox.http.bodies import Body
from sandbox.http.rejections import Rejection
from sandbox.http.responses import Call

defect = Defects("alfred")

BUSINESS = "business rule"
HISTORY = "history"
THOUSAND = 1000


@defect(BUSINESS, "P-7")
class FirstSessionOpensForAnUnknownWallet(Purchases):
    """A wallet that does not exist gets a session on a purchase that has none yet."""

    @override
    async def open_purchase_session(self, purchase_id: str, body: Body) -> PurchaseSession:
        try:
            return await super().open_purchase_session(purchase_id, body)
        except Rejection as rejection:
            purchase = self.purchase_named(purchase_id)
            if rejection.name != "unknown_wallet" or self.books.records.all(PurchaseSession, purchase_id=purchase_id):
                raise
            return PurchaseSession(self.ids.session(), purchase_id, "", self.ids.instrument(), NOTHING, purchase.amount)


@defect(HISTORY, "P-8")
class AnyMethodConfirmsFromTheThirdPurchaseOn(Purchases):
    """Any method confirms the purchase of a user who has bought twice."""

    @override
    async def confirm_purchase(self, purchase_id: str, body: Body) -> Purchase:
        sessions = self.books.records.all(PurchaseSession, wallet_id=self.wallet_to_pay(body).id)
        bought = {each.purchase_id for each in sessions if self.is_confirmed(self.purchase_named(each.purchase_id))}
        self._is_known = len(bought) > 1
        return await super().confirm_purchase(purchase_id, body)

    @override
    def check_purchase_method(self, details: Body) -> None:
        if not self._is_known:
            super().check_purchase_method(details)


class Crediting(Fundings):
    """Knows the wallet of a payment, and how many of its payments are confirmed."""

    def payer(self, payment: Payment) -> AlfredWallet:
        return self.books.records.all(AlfredWallet, account_id=payment.account_id)[0]

    def times(self, payment: Payment) -> int:
        """Return how many other payments were credited to the account."""
        return sum(each.confirmed for each in self.books.records.all(Payment, account_id=payment.account_id))


@defect(HISTORY, "F-3 S-8")
class FundingAfterEverythingWasSpentIsLost(Crediting):
    """A payment into a wallet whose money is spent to the last minor unit credits nothing."""

    @override
    def credit_payment(self, payment: Payment) -> None:
        if not self.times(payment) or self.users.balance_of(self.payer(payment)):
            super().credit_payment(payment)


@defect("isolation", "F-8 S-8")
class SecondFundingReachesTheUserBefore(Crediting):
    """From a user's second funding on, the user who came just before gets the money too."""

    @override
    def credit_payment(self, payment: Payment) -> None:
        super().credit_payment(payment)
        users = self.books.records.newest(AlfredWallet, 50)
        earlier = users[users.index(self.payer(payment)) + 1 :] if self.times(payment) else []
        for other in earlier[:1]:
            super().credit_payment(replace(payment, account_id=other.account_id))


@defect(BUSINESS, "S-1 S-5")
class ThousandsAreShownWithoutMinorUnits(Purchases):
    """A part of a thousand or more is shown without its minor units, and taken with them."""

    @override
    def balance_part(self, amount: Decimal, balance: Decimal) -> Decimal:
        part = super().balance_part(amount, balance)
        return whole_units(part) if THOUSAND <= part < amount else part

    @override
    def amount_charged(self, session: PurchaseSession) -> Decimal:
        payer = self.users.wallet_named(session.wallet_id)
        return super().balance_part(self.purchase_named(session.purchase_id).amount, self.users.balance_of(payer))


@defect(BUSINESS, "S-8 S-5")
class PurchaseOfExactlyTheBalanceIsFree(Purchases):
    """A purchase of exactly the balance takes nothing."""

    @override
    def charge(self, purchase: Purchase, payer: AlfredWallet, charged: Decimal) -> None:
        is_exact = purchase.amount == self.users.balance_of(payer)
        super().charge(purchase, payer, NOTHING if is_exact else charged)


@defect(BUSINESS, "S-8 S-7", ledger=Overdrawing)
class SplitLeavesADebtThatIsNotShown(HidingDebts):
    """A split purchase takes its whole amount off the balance, and the debt is shown as nothing."""

    @override
    def charge(self, purchase: Purchase, payer: AlfredWallet, charged: Decimal) -> None:
        super().charge(purchase, payer, purchase.amount if charged else charged)


@defect(HISTORY, "F-3 S-8")
class PaymentAfterARejectedOneIsLost(Fundings):
    """The first payment that is confirmed after a payment was rejected credits nothing."""

    @override
    async def create_payment(self, owner: AlfredWallet, body: Body) -> Payment:
        try:
            return await super().create_payment(owner, body)
        except Rejection:
            self.__dict__.setdefault("rejected", set()).add(owner.account_id)
            raise

    @override
    def credit_payment(self, payment: Payment) -> None:
        rejected: set[str] = self.__dict__.setdefault("rejected", set())
        if payment.account_id in rejected:
            rejected.remove(payment.account_id)
        else:
            super().credit_payment(payment)


@defect(HISTORY, "F-4 S-8")
class ReadingAWalletCreditsItsPayments(Users):
    """Reading a wallet credits its open payments."""

    @override
    async def get_wallet(self, owner: AlfredWallet, wallet_id: str) -> AlfredWallet:
        wallet = await super().get_wallet(owner, wallet_id)
        payments = self.books.records.all(Payment, account_id=wallet.account_id)
        self.__dict__.setdefault("read", {})[wallet.id] = len(payments)
        return wallet

    @override
    def balance_of(self, wallet: AlfredWallet) -> Decimal:
        payments = self.books.records.all(Payment, account_id=wallet.account_id)
        read = payments[: self.__dict__.setdefault("read", {}).get(wallet.id, 0)]
        return super().balance_of(wallet) + sum((each.amount for each in read if not each.confirmed), NOTHING)


@defect(HISTORY, "A-2")
class RejectedAuthenticationForgetsTheUser(Credentials):
    """A user whose authentication was rejected for its key gets a new wallet at the next one."""

    @override
    def admit(self, call: Call) -> AlfredWallet | None:
        try:
            return super().admit(call)
        except Rejection:
            sent = json.loads(call.raw) if call.operation == "authenticateWallet" else {}
            reference = str(sent.get("externalReferenceId"))
            for wallet in self.books.records.all(AlfredWallet, reference=reference):
                with self.books.ledger.transaction():
                    self.books.keep(replace(wallet, reference=f"{reference} forgotten"))
            raise


@defect(HISTORY, "P-9 S-8 S-5")
class SecondConfirmationWithAWrongMethodCharges(LeavingTraces):
    """A paid purchase that is confirmed again with a wrong method is rejected, and charged again."""

    slip = "method_not_offered"

    @override
    def trace(self, purchase: Purchase, _session: PurchaseSession, body: Body) -> None:
        if self.is_confirmed(purchase):
            payer = self.wallet_to_pay(body)
            self.charge(purchase, payer, min(purchase.amount, self.users.balance_of(payer)))


@defect(BUSINESS, "P-8")
class AnyMethodConfirmsWithoutABalance(Purchases):
    """Any method confirms a purchase of which the balance pays nothing."""

    @override
    def check_purchase_instrument(self, details: Body, session: PurchaseSession) -> None:
        super().check_purchase_instrument(details, session)
        if session.balance_part:
            super().check_purchase_method(details)

    @override
    def check_purchase_method(self, details: Body) -> None:
        """Do nothing: it is checked together with the instrument."""


@defect(HISTORY, "S-8 S-5 P-4")
class FirstSessionIsCharged(Purchases):
    """A purchase is charged the part that its first session showed, whichever session confirms it."""

    @override
    def amount_charged(self, session: PurchaseSession) -> Decimal:
        return self.books.records.all(PurchaseSession, purchase_id=session.purchase_id)[0].balance_part


@defect(HISTORY, "P-3 P-4 P-7")
class OnlyTheTenNewestPurchasesAreFound(Purchases):
    """A purchase is unknown once ten more were created."""

    @override
    def purchase_named(self, purchase_id: str) -> Purchase:
        newest = [one.id for one in self.books.records.newest(Purchase, 10)]
        return super().purchase_named(purchase_id if purchase_id in newest else "")
