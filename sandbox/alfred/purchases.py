"""Alfred's purchases: creating, showing how to pay, confirming (contract.md P, S)."""

from dataclasses import dataclass, replace
from decimal import Decimal

from sandbox.alfred.ids import Ids
from sandbox.alfred.records import OUTSIDE, SALES, AlfredWallet, Purchase, PurchaseSession
from sandbox.alfred.users import Users
from sandbox.books import Books
from sandbox.http import fields
from sandbox.http.bodies import Body
from sandbox.http.rejections import require
from sandbox.ledger.postings import Movement

METHODS_OFFERED = ("cash",)


@dataclass
class Purchases:
    """A purchase is priced when a session is opened on it, and paid when it is confirmed."""

    books: Books
    ids: Ids
    users: Users

    # Creating: contract.md P-1, P-2, P-6

    async def create_purchase(self, body: Body) -> Purchase:
        purchase = Purchase(
            id=self.ids.purchase(),
            amount=self.purchase_amount(body),
            currency=self.purchase_currency(body),
            shop_configuration_id=self.shop_configuration(body),
            billing_address=fields.optional_text(body, "billingAddress"),
            shipping_address=fields.optional_text(body, "shippingAddress"),
            custom_type=fields.optional_text(body, "customType"),
            description=fields.optional_text(body, "description"),
            created=self.books.now(),
        )
        self.books.keep(purchase)
        return purchase

    def purchase_amount(self, body: Body) -> Decimal:
        return fields.amount(body, "amount")

    def purchase_currency(self, body: Body) -> str:
        currency = fields.text(body, "currency")
        require(currency == self.books.settings.alfred_currency, "wrong_currency", "currency")
        return currency

    def shop_configuration(self, body: Body) -> str:
        configuration = fields.text(body, "shopConfigurationId")
        require(configuration == self.books.settings.shop_configuration_id, "unknown_shop_configuration")
        return configuration

    # Showing how it can be paid: contract.md P-3, P-7, S-1, S-2, S-3, S-6

    async def open_purchase_session(self, purchase_id: str, body: Body) -> PurchaseSession:
        """Show how much of the purchase this wallet's balance pays now, and what remains."""
        purchase = self.purchase_named(purchase_id)
        wallet = self.wallet_to_pay(body)
        fields.optional_text(body, "countryCode")
        self.check_takes_sessions(purchase)
        part = self.balance_part(purchase.amount, self.users.balance_of(wallet))
        session = PurchaseSession(
            id=self.ids.session(),
            purchase_id=purchase.id,
            wallet_id=wallet.id,
            instrument_id=self.ids.instrument(),
            balance_part=part,
            remaining_part=self.remaining_part(purchase.amount, part),
        )
        self.books.keep(session)
        return session

    def purchase_named(self, purchase_id: str) -> Purchase:
        return self.books.found(Purchase, "unknown_purchase", id=purchase_id)

    def wallet_to_pay(self, body: Body) -> AlfredWallet:
        return self.users.wallet_named(fields.text(body, "walletId"))

    def check_takes_sessions(self, purchase: Purchase) -> None:
        require(not self.is_confirmed(purchase), "purchase_confirmed")

    def balance_part(self, amount: Decimal, balance: Decimal) -> Decimal:
        return min(amount, balance)

    def remaining_part(self, amount: Decimal, balance_part: Decimal) -> Decimal:
        return amount - balance_part

    # Confirming: contract.md P-4, P-8, P-9, P-10, S-7, S-8

    async def confirm_purchase(self, purchase_id: str, body: Body) -> Purchase:
        """Pay the part that the session showed from the balance, the rest by its instrument; once."""
        async with self.books.turn():
            purchase = self.purchase_named(purchase_id)
            session = self.purchase_session_named(body)
            payer = self.wallet_to_pay(body)
            self.check_session_of_purchase(session, purchase)
            self.check_session_of_wallet(session, payer)
            details = fields.members(body, "paymentSessionDetails")
            self.check_purchase_method(details)
            self.check_purchase_instrument(details, session)
            if self.is_confirmed(purchase):
                return purchase
            charged = self.amount_charged(session)
            self.check_balance_left(charged, self.users.balance_of(payer))
            confirmed = replace(purchase, confirmed_with=session.id)
            async with self.books.writing():
                self.charge(purchase, payer, charged)
                self.books.keep(confirmed)
            return confirmed

    def purchase_session_named(self, body: Body) -> PurchaseSession:
        return self.books.found(PurchaseSession, "unknown_session", id=fields.text(body, "paymentSessionId"))

    def check_session_of_purchase(self, session: PurchaseSession, purchase: Purchase) -> None:
        require(session.purchase_id == purchase.id, "session_of_another_purchase")

    def check_session_of_wallet(self, session: PurchaseSession, payer: AlfredWallet) -> None:
        require(session.wallet_id == payer.id, "session_of_another_wallet")

    def check_purchase_method(self, details: Body) -> None:
        require(fields.text(details, "selectedPaymentMethod") in METHODS_OFFERED, "method_not_offered")

    def check_purchase_instrument(self, details: Body, session: PurchaseSession) -> None:
        require(fields.text(details, "selectedPaymentInstrumentId") == session.instrument_id, "instrument_not_offered")

    def is_confirmed(self, purchase: Purchase) -> bool:
        """Return whether it is paid. Confirming again returns the same as the first time, and charges nothing."""
        return purchase.confirmed_with is not None

    def amount_charged(self, session: PurchaseSession) -> Decimal:
        """Return the part that the session showed, also if money came in since."""
        return session.balance_part

    def check_balance_left(self, charged: Decimal, balance: Decimal) -> None:
        require(charged <= balance, "balance_spent")

    def charge(self, purchase: Purchase, payer: AlfredWallet, charged: Decimal) -> None:
        """The shop gets the whole amount: a part off the balance, the rest from outside."""
        movements = [
            Movement(self.users.account_name(payer.account_id), -charged),
            Movement(OUTSIDE, charged - purchase.amount),
            Movement(SALES, purchase.amount),
        ]
        self.books.ledger.post("Purchase", purchase.id, movements, self.books.now())
