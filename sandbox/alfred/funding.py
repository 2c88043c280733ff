"""Alfred's fundings: a session, a payment, its confirmation (contract.md F)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from sandbox.alfred.purchases import METHODS_OFFERED
from sandbox.alfred.records import AlfredWallet, Payment, PaymentSession
from sandbox.alfred.users import OUTSIDE, AlfredUsers
from sandbox.http import fields
from sandbox.http.bodies import Body
from sandbox.http.rejections import Rejection
from sandbox.ledger import identifiers
from sandbox.ledger.postings import Movement


class AlfredFunding(AlfredUsers):
    """Money reaches a balance when its payment is confirmed, and not before."""

    # Opening a session: contract.md F-1, F-7

    async def open_payment_session(self, owner: AlfredWallet, body: Body) -> PaymentSession:
        self.check_payment_type(body)
        wallet = self.wallet_to_fund(body)
        self.check_account_is_owners(wallet, owner)
        session = PaymentSession(self.new_payment_session_id(), wallet.account_id, self.new_funding_instrument_id())
        with self.transaction():
            self.remember_payment_session(session)
        return session

    def check_payment_type(self, body: Body) -> None:
        """There are fundings only."""
        if fields.text(body, "paymentType") != "Funding":
            raise Rejection("wrong_payment_type", "paymentType")

    def wallet_to_fund(self, body: Body) -> AlfredWallet:
        """The wallet whose account the call names."""
        wallet = self.records.first(AlfredWallet, account_id=fields.text(body, "walletAccountId"))
        if wallet is None:
            raise Rejection("unknown_account")
        return wallet

    def check_account_is_owners(self, wallet: AlfredWallet, owner: AlfredWallet) -> None:
        """Rejected for another user's account."""
        if wallet.id != owner.id:
            raise Rejection("foreign_account")

    def new_payment_session_id(self) -> str:
        return identifiers.new_alfred_id()

    def new_funding_instrument_id(self) -> str:
        return identifiers.new_alfred_id()

    def remember_payment_session(self, session: PaymentSession) -> None:
        """Keep it; no money moves."""
        self.records.keep(session)

    # Creating a payment: contract.md F-2, F-4, F-7

    async def create_payment(self, owner: AlfredWallet, body: Body) -> Payment:
        wallet = self.wallet_to_fund(body)
        self.check_payment_account_is_owners(wallet, owner)
        session = self.payment_session_named(body)
        self.check_session_of_account(session, wallet)
        details = fields.members(body, "paymentSessionDetailsJson")
        self.check_funding_method(details)
        self.check_funding_instrument(details, session)
        payment = Payment(
            id=self.new_payment_id(),
            account_id=wallet.account_id,
            session_id=session.id,
            amount=self.payment_amount(body),
            currency=self.payment_currency(body),
            description=fields.optional_text(body, "description"),
            created=self.now(),
        )
        with self.transaction():
            self.remember_payment(payment)
        return payment

    def check_payment_account_is_owners(self, wallet: AlfredWallet, owner: AlfredWallet) -> None:
        """Rejected for another user's account."""
        self.check_account_is_owners(wallet, owner)

    def payment_session_named(self, body: Body) -> PaymentSession:
        session = self.records.find(PaymentSession, fields.text(body, "paymentSessionId"))
        if session is None:
            raise Rejection("unknown_session")
        return session

    def check_session_of_account(self, session: PaymentSession, wallet: AlfredWallet) -> None:
        """Rejected with another account's session."""
        if session.account_id != wallet.account_id:
            raise Rejection("session_of_another_account")

    def check_funding_method(self, details: Body) -> None:
        """Rejected with a method that was not offered."""
        if fields.text(details, "selectedPaymentMethod") not in METHODS_OFFERED:
            raise Rejection("method_not_offered")

    def check_funding_instrument(self, details: Body, session: PaymentSession) -> None:
        """Rejected with an instrument that this session did not offer."""
        if fields.text(details, "selectedPaymentInstrumentId") != session.instrument_id:
            raise Rejection("instrument_not_offered")

    def payment_amount(self, body: Body) -> Decimal:
        """A number above zero."""
        return fields.amount(body, "paymentAmount")

    def payment_currency(self, body: Body) -> str:
        currency = fields.text(body, "paymentCurrency")
        if currency != self.settings.alfred_currency:
            raise Rejection("wrong_currency", "paymentCurrency")
        return currency

    def new_payment_id(self) -> str:
        return identifiers.new_alfred_id()

    def remember_payment(self, payment: Payment) -> None:
        """Keep it; no money moves (F-4)."""
        self.records.keep(payment)

    # Confirming: contract.md F-3, F-5, F-6, F-8

    async def confirm_payment(self, owner: AlfredWallet, payment_id: str) -> Payment:
        """Credit the payment's amount to its account; once."""
        async with self.exclusively("confirmPayment"):
            payment = self.payment_named(payment_id)
            self.check_payment_is_owners(payment, owner)
            if self.is_payment_confirmed(payment):
                return payment
            balance = self.balance_of(owner)
            await self.between_read_and_write("confirmPayment")
            with self.transaction():
                self.credit_payment(payment, balance)
                return self.remember_payment_confirmation(payment)

    def payment_named(self, payment_id: str) -> Payment:
        payment = self.records.find(Payment, payment_id)
        if payment is None:
            raise Rejection("unknown_payment")
        return payment

    def check_payment_is_owners(self, payment: Payment, owner: AlfredWallet) -> None:
        """Rejected with another user's token (W-3)."""
        if payment.account_id != owner.account_id:
            raise Rejection("foreign_payment")

    def is_payment_confirmed(self, payment: Payment) -> bool:
        """Whether it is credited; confirming again answers as the first time and credits nothing."""
        return payment.confirmed

    def credit_payment(self, payment: Payment, balance: Decimal) -> None:  # noqa: ARG002
        """Book what comes in. ``balance`` was read before; the ledger adds to what there is, so it is not used."""
        account = self.account_to_credit(payment)
        movements = [Movement(OUTSIDE, -payment.amount), Movement(account, payment.amount)]
        self.ledger.post("Funding", payment.id, movements, self.now())

    def account_to_credit(self, payment: Payment) -> str:
        """The payment's own account (F-8)."""
        return self.account_name(payment.account_id)

    def remember_payment_confirmation(self, payment: Payment) -> Payment:
        confirmed = replace(payment, confirmed=True)
        self.records.keep(confirmed)
        return confirmed
