"""Alfred: what a session shows, and what it must not do (contract.md S-1 to S-3, S-5, S-6)."""

from dataclasses import replace
from decimal import Decimal

from typing_extensions import override

from proof.building_blocks import CENT, NOTHING, Charging, balance_at_the_last, whole_units
from proof.declaring import Defects
from sandbox.alfred.purchases import Purchases
from sandbox.alfred.records import AlfredWallet, Purchase, PurchaseSession
from sandbox.http.bodies import Body

defect = Defects("alfred")

BUSINESS = "business rule"


@defect(BUSINESS, "S-1")
class RemainderAMinorUnitTooHigh(Purchases):
    """If a purchase is split, the rest is shown a minor unit too high."""

    @override
    def remaining_part(self, amount: Decimal, balance_part: Decimal) -> Decimal:
        rest = amount - balance_part
        return rest + CENT if rest and balance_part else rest


@defect(BUSINESS, "S-1 S-5")
class PartAMinorUnitTooLow(Purchases):
    """If a purchase is split, a minor unit of the balance is left out."""

    @override
    def balance_part(self, amount: Decimal, balance: Decimal) -> Decimal:
        return balance - CENT if NOTHING < balance < amount else min(amount, balance)


@defect(BUSINESS, "S-1")
class RemainderIsTheWholeAmount(Purchases):
    """The session asks another instrument for the whole amount, though the balance pays a part."""

    @override
    def remaining_part(self, amount: Decimal, balance_part: Decimal) -> Decimal:
        return amount if balance_part < amount else NOTHING


@defect(BUSINESS, "S-1 F-5")
class PartInWholeUnits(Purchases):
    """If a purchase is split, the minor units of the balance are left out."""

    @override
    def balance_part(self, amount: Decimal, balance: Decimal) -> Decimal:
        return whole_units(balance) if balance < amount else amount


@defect(BUSINESS, "S-1")
class RemainderInFloats(Purchases):
    """The rest is worked out in floats, and shows 0.15000000000000213 instead of 0.15."""

    @override
    def remaining_part(self, amount: Decimal, balance_part: Decimal) -> Decimal:
        return Decimal(repr(float(amount) - float(balance_part)))


@defect(BUSINESS, "S-2 S-1 S-5", core=True)
class WholeBalanceIsShownAndTaken(Purchases):
    """A balance larger than the amount is shown, and taken, whole."""

    @override
    def balance_part(self, _amount: Decimal, balance: Decimal) -> Decimal:
        return balance

    @override
    def remaining_part(self, amount: Decimal, balance_part: Decimal) -> Decimal:
        return max(amount - balance_part, NOTHING)


@defect(BUSINESS, "S-2")
class NothingPayableWhenCoveredExactly(Purchases):
    """A balance that is exactly the amount is not used."""

    @override
    def balance_part(self, amount: Decimal, balance: Decimal) -> Decimal:
        return NOTHING if amount == balance else min(amount, balance)


@defect(BUSINESS, "S-2")
class AMinorUnitAlwaysRemains(Purchases):
    """However large the balance, a minor unit is left for another instrument."""

    @override
    def balance_part(self, amount: Decimal, balance: Decimal) -> Decimal:
        return min(amount - CENT, balance)


@defect(BUSINESS, "S-2")
class LargeBalanceIsNotUsed(Purchases):
    """A balance larger than the amount is not used."""

    @override
    def balance_part(self, amount: Decimal, balance: Decimal) -> Decimal:
        return NOTHING if balance > amount else min(amount, balance)


@defect(BUSINESS, "S-3 P-4")
class WholeAmountShownWithoutABalance(Purchases):
    """A user without a balance is shown the whole amount as payable by balance."""

    @override
    def balance_part(self, amount: Decimal, balance: Decimal) -> Decimal:
        return min(amount, balance or amount)


@defect(BUSINESS, "S-3 P-4")
class AMinorUnitShownWithoutABalance(Purchases):
    """A user without a balance is shown a minor unit as payable by balance."""

    @override
    def balance_part(self, amount: Decimal, balance: Decimal) -> Decimal:
        return min(amount, balance or CENT)


@defect(BUSINESS, "S-3")
class LeastPartOfOneUnit(Charging):
    """The part payable by balance is never shown below one unit, also if there is nothing."""

    @override
    def balance_part(self, amount: Decimal, balance: Decimal) -> Decimal:
        return min(amount, max(balance, Decimal(1)))

    @override
    def charged(self, session: PurchaseSession, balance: Decimal) -> Decimal:
        return min(super().charged(session, balance), balance)


@defect(BUSINESS, "S-5 S-3 S-8", core=True)
class SessionsRememberTheBalance(Charging):
    """Sessions show the balance of the last funding, whatever was bought since."""

    @override
    def wallet_to_pay(self, body: Body) -> AlfredWallet:
        self._payer = super().wallet_to_pay(body)
        return self._payer

    @override
    def balance_part(self, amount: Decimal, _balance: Decimal) -> Decimal:
        entries = self.books.ledger.entries(self.users.account_name(self._payer.account_id))
        return min(amount, balance_at_the_last("Funding", entries))

    @override
    def charged(self, session: PurchaseSession, balance: Decimal) -> Decimal:
        return min(session.balance_part, balance)


@defect("history", "S-5 S-1 S-2 S-3")
class SecondSessionShowsTheFirstSplit(Purchases):
    """A second session of a wallet on the same purchase shows the split of the first, whatever happened since."""

    @override
    async def open_purchase_session(self, purchase_id: str, body: Body) -> PurchaseSession:
        session = await super().open_purchase_session(purchase_id, body)
        first = self.books.records.all(PurchaseSession, purchase_id=purchase_id, wallet_id=session.wallet_id)[0]
        session = replace(session, balance_part=first.balance_part, remaining_part=first.remaining_part)
        self.books.keep(session)
        return session


@defect("isolation", "S-5 S-1 F-8", core=True)
class SessionShowsTheNewestUsersBalance(Purchases):
    """A session shows the balance of the user who came last, not of the one who pays."""

    @override
    def balance_part(self, amount: Decimal, _balance: Decimal) -> Decimal:
        return min(amount, self.users.balance_of(self.books.records.newest(AlfredWallet, 1)[0]))


@defect(BUSINESS, "S-6 S-8", core=True)
class ChargedAtTheSession(Purchases):
    """Opening a session takes the money; confirming takes nothing."""

    @override
    async def open_purchase_session(self, purchase_id: str, body: Body) -> PurchaseSession:
        session = await super().open_purchase_session(purchase_id, body)
        self.charge(self.purchase_named(purchase_id), self.wallet_to_pay(body), session.balance_part)
        return session

    @override
    def amount_charged(self, _session: PurchaseSession) -> Decimal:
        return NOTHING


@defect(BUSINESS, "S-6", core=True)
class HeldByOpenSessions(Purchases):
    """A session that nobody confirms holds its part back from every later one."""

    @override
    def wallet_to_pay(self, body: Body) -> AlfredWallet:
        self._payer = super().wallet_to_pay(body)
        return self._payer

    @override
    def balance_part(self, amount: Decimal, balance: Decimal) -> Decimal:
        sessions = self.books.records.all(PurchaseSession, wallet_id=self._payer.id)
        held = sum(
            each.balance_part for each in sessions if not self.is_confirmed(self.purchase_named(each.purchase_id))
        )
        return min(amount, max(balance - held, NOTHING))


@defect(BUSINESS, "S-6 S-8 S-5")
class OpenSessionsAreChargedWithTheNext(Purchases):
    """A confirmation also charges what the user's other open sessions showed."""

    @override
    def charge(self, purchase: Purchase, payer: AlfredWallet, charged: Decimal) -> None:
        super().charge(purchase, payer, charged)
        for session in self.books.records.all(PurchaseSession, wallet_id=payer.id):
            other = self.books.records.first(Purchase, id=session.purchase_id)
            part = min(session.balance_part, self.users.balance_of(payer))
            if other and other.id != purchase.id and not self.is_confirmed(other) and part:
                super().charge(replace(other, amount=part), payer, part)


@defect(BUSINESS, "S-8 S-5")
class ReplacedSessionsAreGivenBack(Purchases):
    """A confirmation gives back what the purchase's other sessions showed, although nobody has taken it."""

    @override
    def charge(self, purchase: Purchase, payer: AlfredWallet, charged: Decimal) -> None:
        sessions = self.books.records.all(PurchaseSession, purchase_id=purchase.id)
        given_back = sum(each.balance_part for each in sessions[:-1])
        super().charge(purchase, payer, max(charged - given_back, NOTHING))
