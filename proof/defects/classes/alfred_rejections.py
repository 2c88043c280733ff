"""Alfred: what a rejected call, or an earlier one, does to what is tried afterwards (contract.md A, F, P, W)."""

import json
from dataclasses import replace
from decimal import Decimal
from urllib.parse import unquote_plus

from typing_extensions import override

from proof.declaring import Defects
from proof.defects.classes.alfred_ids import Comparing
from sandbox.alfred.credentials import Credentials
from sandbox.alfred.fundings import Fundings
from sandbox.alfred.purchases import Purchases
from sandbox.alfred.records import (
    OUTSIDE,
    AccessToken,
    AlfredWallet,
    Login,
    Payment,
    PaymentSession,
    Purchase,
    PurchaseSession,
)
from sandbox.alfred.users import Users
from sandbox.http.bodies import Body
from sandbox.http.rejections import Rejection
from sandbox.http.responses import Call
from sandbox.ledger.postings import Movement

defect = Defects("alfred")

HISTORY = "history"
PARTIAL = "partial effect"
MIXED_UP = "isolation"
VALUES = "business rule"


@defect(PARTIAL, "W-1 F-1 F-2 F-3")
class RejectedAuthenticationEndsTheToken(Credentials):
    """An authentication that is rejected for its key ends the tokens of the user that it named."""

    @override
    def admit(self, call: Call) -> AlfredWallet | None:
        try:
            return super().admit(call)
        except Rejection:
            sent = json.loads(call.raw) if call.operation == "authenticateWallet" else {}
            for wallet in self.books.records.all(AlfredWallet, reference=str(sent.get("externalReferenceId"))):
                for token in self.books.records.all(AccessToken, wallet_id=wallet.id):
                    self.books.keep(replace(token, wallet_id=""))
            raise


@defect(PARTIAL, "P-4 P-10")
class RejectedSessionClosesTheOpenOnes(Purchases):
    """A call for a session that is rejected closes the sessions that the purchase has."""

    @override
    async def open_purchase_session(self, purchase_id: str, body: Body) -> PurchaseSession:
        try:
            return await super().open_purchase_session(purchase_id, body)
        except Rejection:
            for session in self.books.records.all(PurchaseSession, purchase_id=purchase_id):
                self.books.keep(replace(session, wallet_id=""))
            raise


@defect(PARTIAL, "P-8")
class WalletOfAConfirmationIsCheckedOnce(Purchases):
    """After a confirmation with the right wallet was rejected for its method, one with any wallet is accepted."""

    @override
    def check_session_of_wallet(self, session: PurchaseSession, payer: AlfredWallet) -> None:
        if session.id not in self.__dict__.setdefault("checked", set()):
            super().check_session_of_wallet(session, payer)
        self.__dict__["last"] = session.id

    @override
    def check_purchase_method(self, details: Body) -> None:
        try:
            super().check_purchase_method(details)
        except Rejection:
            self.__dict__["checked"].add(self.__dict__["last"])
            raise


@defect(MIXED_UP, "A-3 W-2 F-8")
class UserAfterARejectionSharesAWallet(Users):
    """The first new user after a rejected authentication reaches the wallet of the user who came before."""

    @override
    async def authenticate(self, platform_id: str, body: Body) -> Login:
        try:
            return await super().authenticate(platform_id, body)
        except Rejection:
            self.__dict__["rejected"] = True
            raise

    @override
    def wallet_of_reference(self, reference: str) -> AlfredWallet | None:
        wallet = super().wallet_of_reference(reference)
        if wallet is None and self.__dict__.pop("rejected", False):
            return self.books.records.newest(AlfredWallet, 1)[0]
        return wallet


@defect(HISTORY, "A-2 S-8")
class UserWhoSpentEverythingIsNew(Users):
    """A user who has spent the whole balance reaches a new wallet at the next authentication."""

    @override
    def wallet_of_reference(self, reference: str) -> AlfredWallet | None:
        wallet = super().wallet_of_reference(reference)
        if wallet is None or self.balance_of(wallet):
            return wallet
        if not any(each.confirmed for each in self.books.records.all(Payment, account_id=wallet.account_id)):
            return wallet
        self.books.keep(replace(wallet, reference=f"{reference} spent"))
        return None


@defect(HISTORY, "F-3")
class PaymentNeedsTheTokenOfItsTime(Fundings):
    """A payment cannot be confirmed after its user has authenticated again."""

    @override
    def check_payment_is_owners(self, payment: Payment, owner: AlfredWallet) -> None:
        super().check_payment_is_owners(payment, owner)
        tokens = self.books.records.all(AccessToken, wallet_id=owner.id)
        if any(token.issued > payment.created for token in tokens) and not payment.confirmed:
            raise Rejection("unknown_payment")


@defect(MIXED_UP, "F-6 F-8 S-8")
class AnothersConfirmationOfAPaidPaymentCredits(Fundings):
    """A confirmed payment that another user confirms is rejected, and credits that user."""

    @override
    def check_payment_is_owners(self, payment: Payment, owner: AlfredWallet) -> None:
        if payment.confirmed and payment.account_id != owner.account_id:
            with self.books.ledger.transaction():
                self.credit_payment(replace(payment, account_id=owner.account_id))
        super().check_payment_is_owners(payment, owner)


@defect(MIXED_UP, "F-7")
class ServedFundingSessionServesEveryAccount(Fundings):
    """A Funding session in which a payment was made serves every account."""

    @override
    def check_session_of_account(self, session: PaymentSession, wallet: AlfredWallet) -> None:
        if not self.books.records.all(Payment, session_id=session.id):
            super().check_session_of_account(session, wallet)


@defect(MIXED_UP, "F-8 S-8")
class FundingReachesLongerReferences(Fundings):
    """A payment is also credited to the users whose reference begins with that of its user."""

    @override
    def credit_payment(self, payment: Payment) -> None:
        super().credit_payment(payment)
        (payer,) = self.books.records.all(AlfredWallet, account_id=payment.account_id)
        for other in self.books.records.newest(AlfredWallet, 20):
            if other.id != payer.id and other.reference.startswith(payer.reference):
                super().credit_payment(replace(payment, account_id=other.account_id))


@defect(VALUES, "A-3")
class ReferencesAreReadAsInAUrl(Comparing):
    """A plus sign in a reference is a blank, and %41 is an A."""

    @override
    def key(self, reference: str) -> str:
        return unquote_plus(reference)


@defect("credentials", "W-3 F-7")
class EmptyTokenIsTheNewestUsers(Credentials):
    """An empty token is that of the user who came last."""

    @override
    def admit(self, call: Call) -> AlfredWallet | None:
        if self.role(call) == "token" and self.presented(call.headers).token == "":
            return self.books.records.newest(AlfredWallet, 1)[0]
        return super().admit(call)


@defect(VALUES, "P-7")
class PaymentOpensASession(Purchases):
    """A session can be opened on the id of a payment."""

    @override
    def purchase_named(self, purchase_id: str) -> Purchase:
        payment = self.books.records.first(Payment, id=purchase_id)
        if payment is None:
            return super().purchase_named(purchase_id)
        return Purchase(payment.id, payment.amount, payment.currency, "", None, None, None, None, payment.created)


@defect(VALUES, "P-6")
class EmptyBodyIsAPurchase(Purchases):
    """An empty object creates a purchase of 1."""

    @override
    async def create_purchase(self, body: Body) -> Purchase:
        settings = self.books.settings
        usual = {
            "amount": Decimal(1),
            "currency": settings.alfred_currency,
            "shopConfigurationId": settings.shop_configuration_id,
        }
        return await super().create_purchase(body or usual)


@defect("history", "S-6 S-8 F-3")
class FundingOfTheRestPays(Fundings):
    """A funding of just what an open session leaves to pay charges the part that it shows."""

    @override
    def credit_payment(self, payment: Payment) -> None:
        super().credit_payment(payment)
        wallet = self.books.records.first(AlfredWallet, account_id=payment.account_id)
        for session in self.books.records.all(PurchaseSession, wallet_id=wallet.id if wallet else ""):
            if session.remaining_part == payment.amount and session.balance_part:
                part = session.balance_part
                movements = [Movement(OUTSIDE, part), Movement(self.users.account_name(payment.account_id), -part)]
                self.books.ledger.post("Purchase", session.id, movements, self.books.now())
