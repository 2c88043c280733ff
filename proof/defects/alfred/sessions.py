"""Alfred: what a session shows, and what it must not do (contract.md S-1 to S-3, S-5, S-6)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from typing_extensions import override

from proof.building_blocks import CENT, NOTHING, whole_units
from proof.declaring import Defects
from sandbox.alfred.records import AlfredWallet, Payment, Purchase, PurchaseSession
from sandbox.alfred.rules import AlfredRules
from sandbox.http.bodies import Body
from sandbox.ledger.records import Record

defect = Defects("alfred")

BUSINESS = "business rule"


@defect(BUSINESS, "S-1")
class RemainderAMinorUnitTooHigh(AlfredRules):
    """If a purchase is split, the rest is shown a minor unit too high."""

    @override
    def remaining_part(self, amount: Decimal, balance_part: Decimal) -> Decimal:
        rest = amount - balance_part
        return rest + CENT if rest and balance_part else rest


@defect(BUSINESS, "S-1 S-5")
class PartAMinorUnitTooLow(AlfredRules):
    """If a purchase is split, a minor unit of the balance is left out."""

    @override
    def balance_part(self, amount: Decimal, balance: Decimal) -> Decimal:
        return balance - CENT if NOTHING < balance < amount else min(amount, balance)


@defect(BUSINESS, "S-1")
class RemainderIsTheWholeAmount(AlfredRules):
    """The session asks another instrument for the whole amount, though the balance pays a part."""

    @override
    def remaining_part(self, amount: Decimal, balance_part: Decimal) -> Decimal:
        return amount if balance_part < amount else NOTHING


@defect(BUSINESS, "S-1 F-5")
class PartInWholeUnits(AlfredRules):
    """If a purchase is split, the minor units of the balance are left out."""

    @override
    def balance_part(self, amount: Decimal, balance: Decimal) -> Decimal:
        return whole_units(balance) if balance < amount else amount


@defect(BUSINESS, "S-1")
class RemainderInFloats(AlfredRules):
    """The rest is worked out in floats, and shows 0.15000000000000213 instead of 0.15."""

    @override
    def remaining_part(self, amount: Decimal, balance_part: Decimal) -> Decimal:
        return Decimal(repr(float(amount) - float(balance_part)))


@defect(BUSINESS, "S-2 S-1 S-5", core=True)
class WholeBalanceIsShownAndTaken(AlfredRules):
    """A balance larger than the amount is shown, and taken, whole."""

    @override
    def balance_part(self, _amount: Decimal, balance: Decimal) -> Decimal:
        return balance

    @override
    def remaining_part(self, amount: Decimal, balance_part: Decimal) -> Decimal:
        return max(amount - balance_part, NOTHING)


@defect(BUSINESS, "S-2")
class NothingPayableWhenCoveredExactly(AlfredRules):
    """A balance that is exactly the amount is not used."""

    @override
    def balance_part(self, amount: Decimal, balance: Decimal) -> Decimal:
        return NOTHING if amount == balance else min(amount, balance)


@defect(BUSINESS, "S-2")
class AMinorUnitAlwaysRemains(AlfredRules):
    """However large the balance, a minor unit is left for another instrument."""

    @override
    def balance_part(self, amount: Decimal, balance: Decimal) -> Decimal:
        return min(amount - CENT, balance)


@defect(BUSINESS, "S-2")
class LargeBalanceIsNotUsed(AlfredRules):
    """A balance larger than the amount is not used."""

    @override
    def balance_part(self, amount: Decimal, balance: Decimal) -> Decimal:
        return NOTHING if balance > amount else min(amount, balance)


@defect(BUSINESS, "S-3 P-4")
class WholeAmountShownWithoutABalance(AlfredRules):
    """A user without a balance is shown the whole amount as payable by balance."""

    @override
    def balance_part(self, amount: Decimal, balance: Decimal) -> Decimal:
        return min(amount, balance or amount)


@defect(BUSINESS, "S-3 P-4")
class AMinorUnitShownWithoutABalance(AlfredRules):
    """A user without a balance is shown a minor unit as payable by balance."""

    @override
    def balance_part(self, amount: Decimal, balance: Decimal) -> Decimal:
        return min(amount, balance or CENT)


@defect(BUSINESS, "S-3")
class LeastPartOfOneUnit(AlfredRules):
    """The part payable by balance is never shown below one unit, also if there is nothing."""

    @override
    def balance_part(self, amount: Decimal, balance: Decimal) -> Decimal:
        return min(amount, max(balance, Decimal(1)))

    @override
    def amount_charged(self, purchase: Purchase, session: PurchaseSession, balance: Decimal) -> Decimal:
        return min(super().amount_charged(purchase, session, balance), balance)


@defect(BUSINESS, "S-5 S-3 S-8", core=True)
class SessionsRememberTheBalance(AlfredRules):
    """Sessions show the balance of the last funding, whatever was bought since."""

    @override
    def open_accounts(self) -> None:
        super().open_accounts()
        self._seen: dict[str, Decimal] = {}

    @override
    def wallet_to_pay(self, body: Body) -> AlfredWallet:
        self._payer = super().wallet_to_pay(body)
        return self._payer

    @override
    def balance_part(self, amount: Decimal, balance: Decimal) -> Decimal:
        return min(amount, self._seen.setdefault(self._payer.account_id, balance))

    @override
    def amount_charged(self, purchase: Purchase, session: PurchaseSession, balance: Decimal) -> Decimal:
        return min(super().amount_charged(purchase, session, balance), balance)

    @override
    def credit_payment(self, payment: Payment, balance: Decimal) -> None:
        self._seen.pop(payment.account_id, None)
        super().credit_payment(payment, balance)


@defect("isolation", "S-5 S-1 F-8", core=True)
class SessionShowsTheNewestUsersBalance(AlfredRules):
    """A session shows the balance of the user who came last, not of the one who pays."""

    @override
    def balance_part(self, amount: Decimal, _balance: Decimal) -> Decimal:
        return min(amount, self.balance_of(self.records.newest(AlfredWallet, 1)[0]))


@defect(BUSINESS, "S-6 S-8", core=True)
class ChargedAtTheSession(AlfredRules):
    """Opening a session takes the money; confirming takes nothing."""

    @override
    def keep(self, record: Record) -> None:
        super().keep(record)
        if isinstance(record, PurchaseSession):
            purchase = self.purchase_named(record.purchase_id)
            super().charge(purchase, self.wallet_named(record.wallet_id), record.balance_part)

    @override
    def amount_charged(self, _purchase: Purchase, _session: PurchaseSession, _balance: Decimal) -> Decimal:
        return NOTHING


@defect(BUSINESS, "S-6", core=True)
class HeldByOpenSessions(AlfredRules):
    """A session that nobody confirms holds its part back from every later one."""

    @override
    def wallet_to_pay(self, body: Body) -> AlfredWallet:
        self._payer = super().wallet_to_pay(body)
        return self._payer

    @override
    def balance_part(self, amount: Decimal, balance: Decimal) -> Decimal:
        sessions = self.records.all(PurchaseSession, wallet_id=self._payer.id)
        held = sum(
            each.balance_part for each in sessions if not self.is_confirmed(self.purchase_named(each.purchase_id))
        )
        return min(amount, max(balance - held, NOTHING))


@defect(BUSINESS, "S-6 S-8")
class OpenSessionsAreChargedWithTheNext(AlfredRules):
    """A confirmation also charges what the user's other open sessions showed."""

    @override
    def charge(self, purchase: Purchase, payer: AlfredWallet, charged: Decimal) -> None:
        super().charge(purchase, payer, charged)
        for session in self.records.all(PurchaseSession, wallet_id=payer.id):
            other = self.records.first(Purchase, id=session.purchase_id)
            part = min(session.balance_part, self.balance_of(payer))
            if other and other.id != purchase.id and not self.is_confirmed(other) and part:
                super().charge(replace(other, amount=part), payer, part)
