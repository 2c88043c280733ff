"""Alfred's fundings: a session, a payment, its confirmation (contract.md F)."""

from dataclasses import dataclass, replace
from decimal import Decimal

from sandbox.alfred.ids import Ids
from sandbox.alfred.purchases import METHODS_OFFERED
from sandbox.alfred.records import OUTSIDE, AlfredWallet, Payment, PaymentSession
from sandbox.alfred.users import Users
from sandbox.books import Books
from sandbox.http import fields
from sandbox.http.bodies import Body
from sandbox.http.rejections import require
from sandbox.ledger.postings import Movement


@dataclass
class Fundings:
    """Money reaches a balance when its payment is confirmed, and not before."""

    books: Books
    ids: Ids
    users: Users

    # Opening a session: contract.md F-1, F-7

    async def open_payment_session(self, owner: AlfredWallet, body: Body) -> PaymentSession:
        require(fields.text(body, "paymentType") == "Funding", "wrong_payment_type", "paymentType")
        wallet = self.wallet_to_fund(body)
        self.check_account_is_owners(wallet, owner)
        session = PaymentSession(self.ids.payment_session(), wallet.account_id, self.ids.instrument())
        self.books.keep(session)
        return session

    def wallet_to_fund(self, body: Body) -> AlfredWallet:
        return self.books.found(AlfredWallet, "unknown_account", account_id=fields.text(body, "walletAccountId"))

    def check_account_is_owners(self, wallet: AlfredWallet, owner: AlfredWallet) -> None:
        require(wallet.id == owner.id, "foreign_account")

    # Creating a payment: contract.md F-2, F-4, F-7

    async def create_payment(self, owner: AlfredWallet, body: Body) -> Payment:
        wallet = self.wallet_to_fund(body)
        self.check_account_is_owners(wallet, owner)
        session = self.payment_session_named(body)
        self.check_session_of_account(session, wallet)
        details = fields.members(body, "paymentSessionDetailsJson")
        require(fields.text(details, "selectedPaymentMethod") in METHODS_OFFERED, "method_not_offered")
        self.check_funding_instrument(details, session)
        payment = Payment(
            id=self.ids.payment(),
            account_id=wallet.account_id,
            session_id=session.id,
            amount=self.payment_amount(body),
            currency=self.payment_currency(body),
            description=fields.optional_text(body, "description"),
            created=self.books.now(),
        )
        self.books.keep(payment)
        return payment

    def payment_session_named(self, body: Body) -> PaymentSession:
        return self.books.found(PaymentSession, "unknown_session", id=fields.text(body, "paymentSessionId"))

    def check_session_of_account(self, session: PaymentSession, wallet: AlfredWallet) -> None:
        require(session.account_id == wallet.account_id, "session_of_another_account")

    def check_funding_instrument(self, details: Body, session: PaymentSession) -> None:
        require(fields.text(details, "selectedPaymentInstrumentId") == session.instrument_id, "instrument_not_offered")

    def payment_amount(self, body: Body) -> Decimal:
        return fields.amount(body, "paymentAmount")

    def payment_currency(self, body: Body) -> str:
        currency = fields.text(body, "paymentCurrency")
        require(currency == self.books.settings.alfred_currency, "wrong_currency", "paymentCurrency")
        return currency

    # Confirming: contract.md F-3, F-5, F-6, F-8

    async def confirm_payment(self, owner: AlfredWallet, payment_id: str) -> Payment:
        """Credit the payment's amount to its account; once."""
        async with self.books.turn():
            payment = self.books.found(Payment, "unknown_payment", id=payment_id)
            self.check_payment_is_owners(payment, owner)
            if self.is_payment_confirmed(payment):
                return payment
            confirmed = replace(payment, confirmed=True)
            async with self.books.writing():
                self.credit_payment(payment)
                self.books.keep(confirmed)
            return confirmed

    def check_payment_is_owners(self, payment: Payment, owner: AlfredWallet) -> None:
        require(payment.account_id == owner.account_id, "foreign_payment")

    def is_payment_confirmed(self, payment: Payment) -> bool:
        """Return whether it is credited. Confirming again returns the same as the first time, and credits nothing."""
        return payment.confirmed

    def credit_payment(self, payment: Payment) -> None:
        account = self.account_to_credit(payment)
        movements = [Movement(OUTSIDE, -payment.amount), Movement(account, payment.amount)]
        self.books.ledger.post("Funding", payment.id, movements, self.books.now())

    def account_to_credit(self, payment: Payment) -> str:
        return self.users.account_name(payment.account_id)
