"""Variants of what no source settles (contract.md)."""

from __future__ import annotations

from decimal import Decimal

from typing_extensions import override

from proof.building_blocks import allowed
from proof.declaring import Variants
from sandbox.alfred.records import AccessToken, AlfredWallet, Payment, Purchase, PurchaseSession
from sandbox.alfred.rules import AlfredRules
from sandbox.http import fields
from sandbox.http.bodies import Body
from sandbox.http.rejections import Rejection
from sandbox.ledger import identifiers

variant = Variants()


@variant("alfred", core="alfred")
class SecondConfirmationIsRejected(AlfredRules):
    """Confirming what is confirmed is rejected."""

    @override
    async def confirm_purchase(self, purchase_id: str, body: Body) -> Purchase:
        purchase = self.records.first(Purchase, id=purchase_id)
        if purchase and self.is_confirmed(purchase):
            raise Rejection("purchase_confirmed")
        return await super().confirm_purchase(purchase_id, body)

    @override
    async def confirm_payment(self, owner: AlfredWallet, payment_id: str) -> Payment:
        payment = self.records.first(Payment, id=payment_id)
        if payment and payment.confirmed and payment.account_id == owner.account_id:
            raise Rejection("purchase_confirmed")
        return await super().confirm_payment(owner, payment_id)


@variant("alfred")
class SecondConfirmationAlwaysSucceeds(AlfredRules):
    """Confirming a confirmed purchase succeeds, whatever session, instrument or method is named."""

    @override
    async def confirm_purchase(self, purchase_id: str, body: Body) -> Purchase:
        purchase = self.records.first(Purchase, id=purchase_id)
        if purchase and self.is_confirmed(purchase):
            return purchase
        return await super().confirm_purchase(purchase_id, body)


@variant("alfred", core="alfred")
class PricedAnewAtTheConfirmation(AlfredRules):
    """A confirmation charges what the balance can pay by then."""

    @override
    def amount_charged(self, purchase: Purchase, _session: PurchaseSession, balance: Decimal) -> Decimal:
        return min(purchase.amount, balance)


@variant("alfred")
class ChargedAsMuchAsIsLeft(AlfredRules):
    """A confirmation charges what its session showed, or what is left of it."""

    @override
    def amount_charged(self, _purchase: Purchase, session: PurchaseSession, balance: Decimal) -> Decimal:
        return min(session.balance_part, balance)


@variant("alfred", core="alfred")
class NewestSessionAlone(AlfredRules):
    """Of several sessions of a purchase, only the newest confirms it."""

    @override
    def check_session_of_purchase(self, session: PurchaseSession, purchase: Purchase) -> None:
        super().check_session_of_purchase(session, purchase)
        newest = self.records.all(PurchaseSession, purchase_id=purchase.id)[-1]
        if not self.is_confirmed(purchase) and newest.id != session.id:
            raise Rejection("unknown_session")


@variant("alfred")
class ConfirmedPurchaseTakesSessions(AlfredRules):
    """A confirmed purchase takes further sessions."""

    check_takes_sessions = allowed


@variant("alfred")
class OneUserAPurchase(AlfredRules):
    """A purchase on which one user has a session is rejected to every other."""

    @override
    async def open_purchase_session(self, purchase_id: str, body: Body) -> PurchaseSession:
        sessions = self.records.all(PurchaseSession, purchase_id=purchase_id)
        if any(each.wallet_id != fields.text(body, "walletId") for each in sessions):
            raise Rejection("session_of_another_wallet")
        return await super().open_purchase_session(purchase_id, body)


@variant("alfred", core="alfred")
class OneInstrumentForAll(AlfredRules):
    """All sessions offer the same instrument."""

    @override
    def new_instrument_id(self) -> str:
        return "cash-desk-instrument-0001"

    new_funding_instrument_id = new_instrument_id


@variant("alfred", core="alfred")
class NewestTokenAlone(AlfredRules):
    """A user's earlier tokens end when another is issued."""

    @override
    def owner_of_token(self, operation: str, token: str) -> AlfredWallet:
        owner = super().owner_of_token(operation, token)
        if self.records.all(AccessToken, wallet_id=owner.id)[-1].id != identifiers.digest(token):
            raise Rejection("unknown_credential")
        return owner


@variant("alfred")
class OneTokenAUser(AlfredRules):
    """A user gets the same token at every login."""

    @override
    def open_accounts(self) -> None:
        super().open_accounts()
        self._tokens: dict[str, str] = {}

    @override
    def issue_token(self, wallet: AlfredWallet) -> str:
        if wallet.id not in self._tokens:
            self._tokens[wallet.id] = super().issue_token(wallet)
        return self._tokens[wallet.id]


@variant("alfred")
class KnownCountriesAlone(AlfredRules):
    """A session is rejected without a countryCode, or with an unknown one."""

    @override
    def check_country(self, body: Body) -> None:
        if fields.text(body, "countryCode") != self.settings.country_code:
            raise Rejection("unknown_shop_configuration")


@variant("alfred")
class TextsAreRequired(AlfredRules):
    """A purchase or payment is rejected without its texts and addresses."""

    @override
    async def create_purchase(self, body: Body) -> Purchase:
        for name in ("billingAddress", "shippingAddress", "customType", "description"):
            fields.required(body, name)
        return await super().create_purchase(body)

    @override
    async def create_payment(self, owner: AlfredWallet, body: Body) -> Payment:
        fields.required(body, "description")
        return await super().create_payment(owner, body)
