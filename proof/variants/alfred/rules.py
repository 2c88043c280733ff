"""Variants of what no source settles (contract.md)."""

import asyncio
from dataclasses import dataclass
from decimal import Decimal

from typing_extensions import override

from proof.building_blocks import Charging, allowed
from proof.declaring import Variants
from sandbox.alfred.credentials import Credentials
from sandbox.alfred.fundings import Fundings
from sandbox.alfred.ids import Ids
from sandbox.alfred.purchases import Purchases
from sandbox.alfred.records import AccessToken, AlfredWallet, Payment, Purchase, PurchaseSession
from sandbox.alfred.users import Users
from sandbox.http import fields
from sandbox.http.bodies import Body
from sandbox.http.rejections import Rejection
from sandbox.ledger import identifiers

variant = Variants()


class SecondPaymentConfirmationIsRejected(Fundings):
    """Confirming a confirmed payment is rejected."""

    @override
    async def confirm_payment(self, owner: AlfredWallet, payment_id: str) -> Payment:
        payment = self.books.records.first(Payment, id=payment_id)
        if payment and payment.confirmed and payment.account_id == owner.account_id:
            raise Rejection("purchase_confirmed")
        return await super().confirm_payment(owner, payment_id)


@variant("alfred", core="alfred", fundings=SecondPaymentConfirmationIsRejected)
class SecondConfirmationIsRejected(Purchases):
    """Confirming what is confirmed is rejected."""

    @override
    async def confirm_purchase(self, purchase_id: str, body: Body) -> Purchase:
        purchase = self.books.records.first(Purchase, id=purchase_id)
        if purchase and self.is_confirmed(purchase):
            raise Rejection("purchase_confirmed")
        return await super().confirm_purchase(purchase_id, body)


@variant("alfred", core="alfred")
class SecondConfirmationAlwaysSucceeds(Purchases):
    """Confirming a confirmed purchase succeeds, whatever session, instrument or method is named."""

    @override
    async def confirm_purchase(self, purchase_id: str, body: Body) -> Purchase:
        purchase = self.books.records.first(Purchase, id=purchase_id)
        if purchase and self.is_confirmed(purchase):
            return purchase
        return await super().confirm_purchase(purchase_id, body)


@variant("alfred", core="alfred")
class PricedAnewAtTheConfirmation(Charging):
    """A confirmation charges what the balance can pay by then."""

    @override
    def charged(self, session: PurchaseSession, balance: Decimal) -> Decimal:
        return min(session.balance_part + session.remaining_part, balance)


@variant("alfred")
class ChargedAsMuchAsIsLeft(Charging):
    """A confirmation charges what its session showed, or what is left of it."""

    @override
    def charged(self, session: PurchaseSession, balance: Decimal) -> Decimal:
        return min(session.balance_part, balance)


@variant("alfred", core="alfred")
class NewestSessionAlone(Purchases):
    """Only the newest session of a purchase can confirm it."""

    @override
    def check_session_of_purchase(self, session: PurchaseSession, purchase: Purchase) -> None:
        super().check_session_of_purchase(session, purchase)
        newest = self.books.records.all(PurchaseSession, purchase_id=purchase.id)[-1]
        if not self.is_confirmed(purchase) and newest.id != session.id:
            raise Rejection("unknown_session")


@variant("alfred")
class ConfirmedPurchaseTakesSessions(Purchases):
    """A confirmed purchase takes further sessions."""

    check_takes_sessions = allowed


@variant("alfred")
class OneUserAPurchase(Purchases):
    """A purchase on which one user has a session is rejected to every other."""

    @override
    async def open_purchase_session(self, purchase_id: str, body: Body) -> PurchaseSession:
        sessions = self.books.records.all(PurchaseSession, purchase_id=purchase_id)
        if any(each.wallet_id != fields.text(body, "walletId") for each in sessions):
            raise Rejection("session_of_another_wallet")
        return await super().open_purchase_session(purchase_id, body)


@variant("alfred", core="alfred")
class OneInstrumentForAll(Ids):
    """All sessions offer the same instrument."""

    @override
    def instrument(self) -> str:
        return "cash-desk-instrument-0001"


@variant("alfred", core="alfred")
class NewestTokenAlone(Credentials):
    """A user's earlier tokens end when another is issued."""

    @override
    def owner_of_token(self, token: str) -> AlfredWallet:
        owner = super().owner_of_token(token)
        if self.books.records.all(AccessToken, wallet_id=owner.id)[-1].id != identifiers.digest(token):
            raise Rejection("unknown_credential")
        return owner


@variant("alfred")
@dataclass
class OneTokenAUser(Users):
    """A user gets the same token at every login."""

    def __post_init__(self) -> None:
        self._tokens: dict[str, str] = {}

    @override
    def issue_token(self, wallet: AlfredWallet) -> str:
        if wallet.id not in self._tokens:
            self._tokens[wallet.id] = super().issue_token(wallet)
        return self._tokens[wallet.id]


@variant("alfred")
class KnownCountriesAlone(Purchases):
    """A session is rejected without a countryCode, or with an unknown one."""

    @override
    async def open_purchase_session(self, purchase_id: str, body: Body) -> PurchaseSession:
        session = await super().open_purchase_session(purchase_id, body)
        if fields.text(body, "countryCode") != self.books.settings.country_code:
            raise Rejection("unknown_shop_configuration")
        return session


class PaymentTextIsRequired(Fundings):
    """A payment is rejected without its description."""

    @override
    async def create_payment(self, owner: AlfredWallet, body: Body) -> Payment:
        fields.required(body, "description")
        return await super().create_payment(owner, body)


@variant("alfred", fundings=PaymentTextIsRequired)
class TextsAreRequired(Purchases):
    """A purchase or payment is rejected without its texts and addresses."""

    @override
    async def create_purchase(self, body: Body) -> Purchase:
        for name in ("billingAddress", "shippingAddress", "customType", "description"):
            fields.required(body, name)
        return await super().create_purchase(body)


@variant("alfred", core="alfred")
class FundingSessionServesOnePayment(Fundings):
    """A second payment in the same Funding session is rejected."""

    @override
    async def create_payment(self, owner: AlfredWallet, body: Body) -> Payment:
        if self.books.records.all(Payment, session_id=fields.text(body, "paymentSessionId")):
            raise Rejection("unknown_session")
        return await super().create_payment(owner, body)


@variant("alfred")
class ConfirmationInProgressIsRejected(Purchases):
    """A confirmation is rejected while the same one is being processed."""

    @override
    async def confirm_purchase(self, purchase_id: str, body: Body) -> Purchase:
        busy: set[str] = self.__dict__.setdefault("busy", set())
        same = f"{purchase_id} {body}"
        if same in busy and body.get("paymentSessionId"):
            raise Rejection("purchase_confirmed")
        busy.add(same)
        try:
            await asyncio.sleep(0.002)
            return await super().confirm_purchase(purchase_id, body)
        finally:
            busy.discard(same)
