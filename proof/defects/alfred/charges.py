"""Alfred: what a confirmation takes, and what a rejected one leaves behind (contract.md P-8, P-10, S-7, S-8)."""

from dataclasses import replace
from decimal import Decimal

from typing_extensions import override

from proof.building_blocks import CENT, NOTHING, Charging, Overdrawing, allowed, through_float, whole_units
from proof.declaring import Defects
from sandbox.alfred.purchases import Purchases
from sandbox.alfred.records import AlfredWallet, Purchase, PurchaseSession
from sandbox.http.bodies import Body
from sandbox.http.rejections import Rejection

defect = Defects("alfred")

BUSINESS = "business rule"


@defect(BUSINESS, "S-8 S-5 S-4")
class ChargedAMinorUnitLess(Purchases):
    """A confirmation takes a minor unit less than the session showed."""

    @override
    def amount_charged(self, session: PurchaseSession) -> Decimal:
        return max(session.balance_part - CENT, NOTHING)


@defect(BUSINESS, "S-8 S-5 S-4")
class ChargedInWholeUnits(Purchases):
    """A confirmation takes no minor units off the balance."""

    @override
    def amount_charged(self, session: PurchaseSession) -> Decimal:
        return whole_units(session.balance_part)


@defect(BUSINESS, "S-8 S-5 S-4")
class ChargedThroughFloats(Purchases):
    """A confirmation loses a minor unit of amounts such as 19.99, in floats."""

    @override
    def amount_charged(self, session: PurchaseSession) -> Decimal:
        return through_float(session.balance_part)


@defect(BUSINESS, "S-8 S-5 S-4", core=True)
class RestIsChargedToTheBalance(Charging):
    """A split purchase takes the other instrument's part off the balance."""

    @override
    def charged(self, session: PurchaseSession, balance: Decimal) -> Decimal:
        return min(session.remaining_part, balance) if session.remaining_part else session.balance_part


@defect(BUSINESS, "S-8 S-5 S-2")
class CoveredPurchaseIsFree(Purchases):
    """A purchase that the balance covers whole takes nothing off it."""

    @override
    def amount_charged(self, session: PurchaseSession) -> Decimal:
        return session.balance_part if session.remaining_part else NOTHING


@defect(BUSINESS, "S-8 S-4 S-5")
class SplitPurchaseIsFree(Purchases):
    """A split purchase takes nothing off the balance."""

    @override
    def amount_charged(self, session: PurchaseSession) -> Decimal:
        return NOTHING if session.remaining_part else session.balance_part


@defect(BUSINESS, "S-8 S-5")
class FeeOnCoveredPurchases(Charging):
    """A confirmation takes a fee of 0.50 if the balance has as much to spare."""

    @override
    def charged(self, session: PurchaseSession, balance: Decimal) -> Decimal:
        return min(session.balance_part + Decimal("0.50"), balance) if session.balance_part else NOTHING

    @override
    def charge(self, purchase: Purchase, payer: AlfredWallet, charged: Decimal) -> None:
        super().charge(replace(purchase, amount=max(purchase.amount, charged)), payer, charged)


@defect(BUSINESS, "S-7 S-8 S-1", ledger=Overdrawing)
class TwoSessionsSpendOneBalance(Purchases):
    """Two sessions opened on the same balance both spend it, and the balance falls below zero."""

    check_balance_left = allowed


class HidingDebts(Purchases):
    """Shows a balance below zero as nothing."""

    @override
    def balance_part(self, amount: Decimal, balance: Decimal) -> Decimal:
        return min(amount, max(balance, NOTHING))


@defect(BUSINESS, "S-7 S-8", ledger=Overdrawing, core=True)
class DebtIsShownAsNothing(HidingDebts):
    """The same balance is spent twice, and the debt is shown as nothing."""

    check_balance_left = allowed


@defect(BUSINESS, "S-7 S-8 S-1", ledger=Overdrawing)
class OverdraftOfAMinorUnit(Charging):
    """A confirmation may take a minor unit more than there is."""

    @override
    def check_balance_left(self, charged: Decimal, balance: Decimal) -> None:
        super().check_balance_left(charged - CENT, balance)

    @override
    def charged(self, session: PurchaseSession, balance: Decimal) -> Decimal:
        part = super().charged(session, balance)
        return balance + CENT if session.remaining_part and part == balance and part else part


@defect(BUSINESS, "S-8 S-7", core=True)
class RejectedForLackAndEmptied(Purchases):
    """A confirmation that is rejected for lack of balance takes what is left."""

    @override
    async def confirm_purchase(self, purchase_id: str, body: Body) -> Purchase:
        try:
            return await super().confirm_purchase(purchase_id, body)
        except Rejection as rejection:
            payer = self.wallet_to_pay(body)
            left = self.users.balance_of(payer)
            if rejection.name == "balance_spent" and left:
                with self.books.ledger.transaction():
                    self.charge(replace(self.purchase_named(purchase_id), amount=left), payer, left)
            raise


class LeavingTraces(Purchases):
    """Calls ``trace`` after a confirmation that is rejected for ``slip``."""

    slip = ""

    @override
    async def confirm_purchase(self, purchase_id: str, body: Body) -> Purchase:
        try:
            return await super().confirm_purchase(purchase_id, body)
        except Rejection as rejection:
            if rejection.name == self.slip:
                with self.books.ledger.transaction():
                    self.trace(self.purchase_named(purchase_id), self.purchase_session_named(body), body)
            raise

    def trace(self, purchase: Purchase, session: PurchaseSession, body: Body) -> None:
        """Change something that a rejection must not change."""


@defect(BUSINESS, "P-10 P-4", core=True)
class WrongInstrumentEndsTheSession(LeavingTraces):
    """After a confirmation with a wrong instrument, the session confirms nothing any more."""

    slip = "instrument_not_offered"

    @override
    def trace(self, _purchase: Purchase, session: PurchaseSession, _body: Body) -> None:
        self.books.records.keep(replace(session, purchase_id=""))


@defect(BUSINESS, "P-10 S-8")
class WrongMethodClosesThePurchase(LeavingTraces):
    """After a confirmation with a wrong method, the purchase counts as paid."""

    slip = "method_not_offered"

    @override
    def trace(self, purchase: Purchase, session: PurchaseSession, _body: Body) -> None:
        self.books.records.keep(replace(purchase, confirmed_with=session.id))


@defect(BUSINESS, "P-10 S-8")
class WrongInstrumentMovesThePart(LeavingTraces):
    """After a confirmation with a wrong instrument, the balance pays nothing any more."""

    slip = "instrument_not_offered"

    @override
    def trace(self, purchase: Purchase, session: PurchaseSession, _body: Body) -> None:
        self.books.records.keep(replace(session, balance_part=NOTHING, remaining_part=purchase.amount))


@defect(BUSINESS, "P-10 P-4")
class AnotherPurchasesSessionIsUsedUp(LeavingTraces):
    """A session that was tried on another purchase no longer confirms its own."""

    slip = "session_of_another_purchase"

    @override
    def trace(self, _purchase: Purchase, session: PurchaseSession, _body: Body) -> None:
        self.books.records.keep(replace(session, purchase_id=""))


@defect("isolation", "P-10 P-8 P-4")
class AnotherUserTakesTheSessionOver(LeavingTraces):
    """A confirmation with another user's wallet is rejected, and gives that user the session."""

    slip = "session_of_another_wallet"

    @override
    def trace(self, _purchase: Purchase, session: PurchaseSession, body: Body) -> None:
        self.books.records.keep(replace(session, wallet_id=self.wallet_to_pay(body).id))


@defect(BUSINESS, "P-8 S-8")
class RejectedForItsInstrumentAndCharged(LeavingTraces):
    """A confirmation with a wrong instrument is rejected and takes the money."""

    slip = "instrument_not_offered"

    @override
    def trace(self, purchase: Purchase, session: PurchaseSession, _body: Body) -> None:
        self.charge(purchase, self.users.wallet_named(session.wallet_id), session.balance_part)


@defect(BUSINESS, "P-8 S-8")
class RejectedForItsMethodAndCharged(LeavingTraces):
    """A confirmation with a wrong method is rejected and takes the money."""

    slip = "method_not_offered"

    @override
    def trace(self, purchase: Purchase, session: PurchaseSession, _body: Body) -> None:
        self.charge(purchase, self.users.wallet_named(session.wallet_id), session.balance_part)


@defect("isolation", "P-8 S-8")
class RejectedForItsWalletAndCharged(LeavingTraces):
    """A confirmation with another user's wallet is rejected and takes that user's money."""

    slip = "session_of_another_wallet"

    @override
    def trace(self, purchase: Purchase, _session: PurchaseSession, body: Body) -> None:
        payer = self.wallet_to_pay(body)
        self.charge(purchase, payer, min(purchase.amount, self.users.balance_of(payer)))
