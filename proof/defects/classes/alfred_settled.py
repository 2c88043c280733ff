"""Alfred: what is settled and opens again, and credentials that a call does not take (contract.md A, F, P, W)."""

import asyncio
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from typing_extensions import override

from proof.declaring import Defects
from sandbox.alfred.credentials import Credentials
from sandbox.alfred.fundings import Fundings
from sandbox.alfred.purchases import Purchases
from sandbox.alfred.records import AccessToken, AlfredWallet, Payment, Purchase, PurchaseSession
from sandbox.alfred.users import Users
from sandbox.http import fields
from sandbox.http.bodies import Body
from sandbox.http.rejections import Rejection
from sandbox.http.responses import Call
from sandbox.ledger import identifiers

defect = Defects("alfred")

HISTORY = "history"
PARTIAL = "partial effect"
LATER = 1.0  # seconds
NEIGHBOURS = 0.002  # seconds
NOTHING = Decimal(0)


@defect(HISTORY, "P-9 S-8 S-5", core=True)
class PaidPurchaseOpensAgain(Purchases):
    """A session that is rejected because the purchase is paid makes the purchase unpaid."""

    @override
    async def open_purchase_session(self, purchase_id: str, body: Body) -> PurchaseSession:
        try:
            return await super().open_purchase_session(purchase_id, body)
        except Rejection:
            for purchase in self.books.records.all(Purchase, id=purchase_id):
                self.books.keep(replace(purchase, confirmed_with=None))
            raise


@defect(PARTIAL, "S-1 S-2 P-10 S-5", core=True)
class RejectedConfirmationHidesTheBalance(Purchases):
    """A session that is opened after a rejected confirmation of its purchase shows nothing as payable by balance."""

    @override
    async def confirm_purchase(self, purchase_id: str, body: Body) -> Purchase:
        try:
            return await super().confirm_purchase(purchase_id, body)
        except Rejection:
            self.__dict__.setdefault("rejected", set()).add(purchase_id)
            raise

    @override
    async def open_purchase_session(self, purchase_id: str, body: Body) -> PurchaseSession:
        session = await super().open_purchase_session(purchase_id, body)
        if purchase_id not in self.__dict__.get("rejected", set()):
            return session
        hidden = replace(session, balance_part=NOTHING, remaining_part=session.balance_part + session.remaining_part)
        self.books.keep(hidden)
        return hidden


@defect(PARTIAL, "P-8 S-8 S-5")
class RejectedConfirmationIsMadeLater(Purchases):
    """A confirmation that is rejected for its method charges the balance a second later."""

    @override
    async def confirm_purchase(self, purchase_id: str, body: Body) -> Purchase:
        try:
            return await super().confirm_purchase(purchase_id, body)
        except Rejection as rejection:
            if rejection.name == "method_not_offered":
                task = asyncio.create_task(self._confirm_later(purchase_id, body))
                self.__dict__.setdefault("tasks", []).append(task)
            raise

    async def _confirm_later(self, purchase_id: str, body: Body) -> None:
        await asyncio.sleep(LATER)
        async with self.books.turn(), self.books.writing():
            purchase, session = self.purchase_named(purchase_id), self.purchase_session_named(body)
            payer = self.wallet_to_pay(body)
            charged = min(session.balance_part, self.users.balance_of(payer))
            if not self.is_confirmed(purchase):
                self.charge(purchase, payer, charged)


@defect(PARTIAL, "F-3 F-7 S-8 S-5")
class RejectedPaymentSetsTheOpenOne(Fundings):
    """The amount of a payment that is rejected for its currency becomes that of the account's open payment."""

    @override
    async def create_payment(self, owner: AlfredWallet, body: Body) -> Payment:
        try:
            return await super().create_payment(owner, body)
        except Rejection as rejection:
            if rejection.name == "wrong_currency":
                payments = self.books.records.all(Payment, account_id=owner.account_id)
                for payment in [one for one in payments if not one.confirmed][-1:]:
                    self.books.keep(replace(payment, amount=fields.amount(body, "paymentAmount")))
            raise


@defect(PARTIAL, "F-6 W-3 F-8 S-8", core=True)
class AnothersConfirmationMakesAPaymentUnpaid(Fundings):
    """A confirmed payment that another user tries to confirm can be confirmed again."""

    @override
    def check_payment_is_owners(self, payment: Payment, owner: AlfredWallet) -> None:
        try:
            super().check_payment_is_owners(payment, owner)
        except Rejection:
            self.books.keep(replace(payment, confirmed=False))
            raise


@defect(HISTORY, "F-6 S-8")
class ANewerTokenCreditsAgain(Fundings):
    """A payment is credited once per token of its user."""

    @override
    def is_payment_confirmed(self, payment: Payment) -> bool:
        (wallet,) = self.books.records.all(AlfredWallet, account_id=payment.account_id)
        token = self.books.records.all(AccessToken, wallet_id=wallet.id)[-1].id
        before = self.__dict__.setdefault("credited", {}).get(payment.id)
        self.__dict__["credited"][payment.id] = token
        return super().is_payment_confirmed(payment) and before == token


@defect("business rule", "A-5")
class EmptyValuesAreReferences(Users):
    """0, false, an empty list and an empty object are references like texts."""

    @override
    def external_reference(self, body: Body) -> str:
        sent = body.get("externalReferenceId")
        is_empty = not sent and sent is not None and not isinstance(sent, str)
        return repr(sent) if is_empty else super().external_reference(body)


TOKENS: ContextVar[str | None] = ContextVar("the token that came with the call", default=None)


class RememberingTheToken(Credentials):
    @override
    def admit(self, call: Call) -> AlfredWallet | None:
        TOKENS.set(self.presented(call.headers).token)
        return super().admit(call)


class ReachedByToken(Users):
    @override
    def wallet_of_reference(self, reference: str) -> AlfredWallet | None:
        if token := TOKENS.get():
            return RememberingTheToken(self.books).owner_of_token(token)
        return super().wallet_of_reference(reference)


defect.add(
    "token-beside-the-key-decides",
    "credentials",
    "A-3 A-2",
    "An authentication that also carries a user's token reaches that user's wallet.",
    RememberingTheToken,
    users=ReachedByToken,
)


@defect("credentials", "W-3")
class ReplacedTokenIsTheNewestUsers(Credentials):
    """A token that its user's next authentication has replaced works as that of the newest user."""

    @override
    def owner_of_token(self, token: str) -> AlfredWallet:
        owner = super().owner_of_token(token)
        newest = self.books.records.all(AccessToken, wallet_id=owner.id)[-1]
        is_replaced = newest.id != self.books.found(AccessToken, "unknown_credential", id=identifiers.digest(token)).id
        return self.books.records.newest(AlfredWallet, 1)[0] if is_replaced else owner


@dataclass
class Remembering(Credentials):
    admitted: float = 0.0


@defect("race", "P-5 W-3 A-4")
class KeysServeTheirNeighbours(Remembering):
    """For two milliseconds after a valid key, a call that takes a key is accepted with any."""

    @override
    def admit(self, call: Call) -> AlfredWallet | None:
        now = asyncio.get_running_loop().time()
        try:
            user = super().admit(call)
        except Rejection:
            if self.role(call) == "token" or now - self.admitted > NEIGHBOURS:
                raise
            return None
        if self.role(call) != "token":
            self.admitted = now
        return user


@defect("isolation", "A-3 W-2 F-8", core=True)
class SpentWalletIsGivenAway(Users):
    """A new user gets the wallet of a recent one who has spent the whole balance."""

    @override
    def wallet_of_reference(self, reference: str) -> AlfredWallet | None:
        wallet = super().wallet_of_reference(reference)
        recent = self.books.records.newest(AlfredWallet, 2) if wallet is None else ()
        for each in recent:
            if self.books.ledger.entries(self.account_name(each.account_id)) and not self.balance_of(each):
                return each
        return wallet


@defect("time", "S-8 S-5")
class PartIsGivenBackLater(Users):
    """The part of a purchase that had two sessions is given back three seconds after its confirmation."""

    @override
    def balance_of(self, wallet: AlfredWallet) -> Decimal:
        late = self.books.now() - timedelta(seconds=3)
        entries = self.books.ledger.entries(self.account_name(wallet.account_id))
        again = [one for one in entries if len(self.books.records.all(PurchaseSession, purchase_id=one.reference)) > 1]
        return super().balance_of(wallet) - sum((one.amount for one in again if one.at < late), Decimal(0))
