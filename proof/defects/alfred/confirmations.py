"""Alfred: confirming a purchase once and with what belongs to it (contract.md P-4, P-8, P-9)."""

from dataclasses import replace
from decimal import Decimal

from typing_extensions import override

from proof.building_blocks import NOTHING, Charging, allowed
from proof.declaring import Defects
from sandbox.alfred.purchases import Purchases
from sandbox.alfred.records import OUTSIDE, AlfredWallet, Purchase, PurchaseSession
from sandbox.books import Books
from sandbox.http.bodies import Body
from sandbox.http.rejections import Rejection
from sandbox.ledger import identifiers
from sandbox.ledger.postings import Movement

defect = Defects("alfred")

BUSINESS = "business rule"


@defect(BUSINESS, "P-4 S-2", core=True)
class CoveredPurchaseCannotBeConfirmed(Purchases):
    """A purchase that the balance covers whole cannot be confirmed."""

    @override
    def amount_charged(self, session: PurchaseSession) -> Decimal:
        if not session.remaining_part:
            raise Rejection("method_not_offered")
        return super().amount_charged(session)


@defect(BUSINESS, "P-4 P-3")
class SessionNamesAnotherInstrument(Books):
    """The instrument that a session returns is not the one that its confirmation accepts."""

    @override
    def keep(self, record: object) -> None:
        if isinstance(record, PurchaseSession):
            record = replace(record, instrument_id=identifiers.new_alfred_id())
        super().keep(record)


@defect(BUSINESS, "P-4")
class ConfirmationRejectedOnceMoneyCameIn(Charging):
    """A purchase cannot be confirmed once the balance has grown since its session."""

    @override
    def charged(self, session: PurchaseSession, balance: Decimal) -> Decimal:
        if session.remaining_part and balance > session.balance_part:
            raise Rejection("balance_spent")
        return super().charged(session, balance)


@defect(BUSINESS, "P-8")
class UnknownPurchaseIsConfirmed(Purchases):
    """Confirming a purchase that does not exist succeeds."""

    @override
    async def confirm_purchase(self, purchase_id: str, body: Body) -> Purchase:
        try:
            return await super().confirm_purchase(purchase_id, body)
        except Rejection as rejection:
            if rejection.name != "unknown_purchase":
                raise
            return Purchase(purchase_id, NOTHING, "", "", None, None, None, None, self.books.now())


@defect(BUSINESS, "P-8")
class UnknownSessionIsOverlooked(Purchases):
    """A confirmation that names an unknown session is treated as the purchase's newest one."""

    @override
    def purchase_named(self, purchase_id: str) -> Purchase:
        self._confirming = super().purchase_named(purchase_id)
        return self._confirming

    @override
    def purchase_session_named(self, body: Body) -> PurchaseSession:
        try:
            return super().purchase_session_named(body)
        except Rejection:
            opened = self.books.records.all(PurchaseSession, purchase_id=self._confirming.id)
            if not opened:
                raise
            return opened[-1]


@defect(BUSINESS, "P-8")
class SessionOfAnotherPurchaseConfirms(Purchases):
    """A session opened on a cheap purchase pays for an expensive one."""

    check_session_of_purchase = allowed


@defect(BUSINESS, "P-8", core=True)
class AnyInstrumentConfirms(Purchases):
    """A confirmation may name any instrument."""

    check_purchase_instrument = allowed


@defect(BUSINESS, "P-8")
class AnyMethodConfirms(Purchases):
    """A confirmation may name any method of payment."""

    check_purchase_method = allowed


@defect("isolation", "P-8")
class AnotherUsersWalletPays(Purchases):
    """A user's purchase can be paid from another user's wallet."""

    check_session_of_wallet = allowed


@defect("isolation", "P-8")
class WalletOfAConfirmationIsOverlooked(Purchases):
    """A confirmation may name another user's wallet, and the session's pays."""

    check_session_of_wallet = allowed

    @override
    def purchase_session_named(self, body: Body) -> PurchaseSession:
        self._session = super().purchase_session_named(body)
        return self._session

    @override
    def charge(self, purchase: Purchase, _payer: AlfredWallet, charged: Decimal) -> None:
        super().charge(purchase, self.users.wallet_named(self._session.wallet_id), charged)

    @override
    def check_balance_left(self, charged: Decimal, _balance: Decimal) -> None:
        super().check_balance_left(charged, self.users.balance_of(self.users.wallet_named(self._session.wallet_id)))


@defect("idempotency", "P-9")
class SecondConfirmationChargesAgain(Purchases):
    """Confirming a purchase twice charges twice, if the balance suffices."""

    @override
    def is_confirmed(self, _purchase: Purchase) -> bool:
        return False


@defect("idempotency", "P-9")
class SecondConfirmationChargesWhatIsLeft(Charging):
    """Confirming a purchase twice charges again, as much as there is."""

    @override
    def is_confirmed(self, _purchase: Purchase) -> bool:
        return False

    @override
    def charged(self, session: PurchaseSession, balance: Decimal) -> Decimal:
        return min(super().charged(session, balance), balance)


@defect("idempotency", "P-9", core=True)
class SecondSessionChargesAgain(Purchases):
    """A purchase that was confirmed in one session is charged again in another."""

    @override
    def purchase_session_named(self, body: Body) -> PurchaseSession:
        self._session = super().purchase_session_named(body)
        return self._session

    @override
    async def confirm_purchase(self, purchase_id: str, body: Body) -> Purchase:
        self._confirming = True
        try:
            return await super().confirm_purchase(purchase_id, body)
        finally:
            self._confirming = False

    @override
    def is_confirmed(self, purchase: Purchase) -> bool:
        again = getattr(self, "_confirming", False) and purchase.confirmed_with != self._session.id
        return super().is_confirmed(purchase) and not again


@defect("idempotency", "P-9")
class SecondConfirmationChargesAfterAnother(Purchases):
    """Only the last purchase that was confirmed is remembered: an earlier one can be charged again."""

    @override
    def is_confirmed(self, purchase: Purchase) -> bool:
        return super().is_confirmed(purchase) and purchase.id == self._last

    @override
    async def confirm_purchase(self, purchase_id: str, body: Body) -> Purchase:
        confirmed = await super().confirm_purchase(purchase_id, body)
        self._last = confirmed.id
        return confirmed


class Repeating(Purchases):
    """Calls ``again`` in a second confirmation, which returns the same as the first."""

    @override
    async def confirm_purchase(self, purchase_id: str, body: Body) -> Purchase:
        before = self.books.records.first(Purchase, id=purchase_id)
        confirmed = await super().confirm_purchase(purchase_id, body)
        if before and before.confirmed_with:
            session = self.books.records.all(PurchaseSession, id=before.confirmed_with)[0]
            payer = self.users.wallet_named(session.wallet_id)
            with self.books.ledger.transaction():
                self.again(session, payer)
        return confirmed

    def move(self, payer: AlfredWallet, reference: str, amount: Decimal) -> None:
        """Take an amount off the balance, or add it if it is negative."""
        movements = [Movement(self.users.account_name(payer.account_id), -amount), Movement(OUTSIDE, amount)]
        self.books.ledger.post("Purchase", reference, movements, self.books.now())

    def again(self, session: PurchaseSession, payer: AlfredWallet) -> None:
        """Change something that a second confirmation must not change."""


@defect("idempotency", "P-9", core=True)
class SecondConfirmationChargesTheRest(Repeating):
    """A second confirmation takes the rest from the balance, if money came in since."""

    @override
    def again(self, session: PurchaseSession, payer: AlfredWallet) -> None:
        rest = min(session.remaining_part, self.users.balance_of(payer))
        self.move(payer, session.purchase_id, max(rest, NOTHING))


@defect("idempotency", "S-8 P-9")
class SecondConfirmationGivesBack(Repeating):
    """A second confirmation gives the user the money back."""

    @override
    def again(self, session: PurchaseSession, payer: AlfredWallet) -> None:
        self.move(payer, session.purchase_id, -session.balance_part)
