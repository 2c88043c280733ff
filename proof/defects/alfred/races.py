"""Alfred: calls made at the same moment (contract.md A-2, P-2, P-4, P-9, P-10, F-3, F-6, F-8, S-7)."""

import asyncio
from collections import defaultdict
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from decimal import Decimal

from typing_extensions import override

from proof.building_blocks import Overdrawing, Racing, racing
from proof.declaring import Defects
from sandbox.alfred.fundings import Fundings
from sandbox.alfred.purchases import Purchases
from sandbox.alfred.records import OUTSIDE, Payment, Purchase
from sandbox.alfred.users import Users
from sandbox.http.bodies import Body
from sandbox.http.rejections import Rejection, require
from sandbox.ledger.postings import Movement

defect = Defects("alfred")

RACE = "race"
BELIEVED_UNPAID: ContextVar[bool] = ContextVar("believed_unpaid", default=False)
BALANCE_READ: ContextVar[Decimal] = ContextVar("balance_read")


@defect(RACE, "A-2", books=Racing, core=True)
class FirstLoginsRace(Users):
    """A user who logs in twice at the same moment for the first time gets two wallets."""

    authenticate = racing(Users.authenticate)


@defect(RACE, "P-2", core=True)
class PurchaseIdsRace(Purchases):
    """Purchases created at the same moment get the same id, which is counted up."""

    @override
    async def create_purchase(self, body: Body) -> Purchase:
        counted = self.books.records.count(Purchase)
        await asyncio.sleep(0.003)
        purchase = replace(await super().create_purchase(body), id=f"AAEAAApurchase{counted:010}")
        self.books.keep(purchase)
        return purchase


@defect(RACE, "S-7 S-8 P-9", books=Racing, ledger=Overdrawing)
class ConfirmationsRace(Purchases):
    """Purchases confirmed at the same moment spend the same balance."""

    confirm_purchase = racing(Purchases.confirm_purchase)


@defect(RACE, "S-7 S-8 P-9", books=Racing, ledger=Overdrawing, core=True)
class ConfirmationsRaceForAMillisecond(Purchases):
    """Purchases confirmed within the same millisecond spend the same balance."""

    confirm_purchase = racing(Purchases.confirm_purchase, 0.001)


@defect(RACE, "S-7 S-8", books=Racing, ledger=Overdrawing, core=True)
@dataclass
class PurchasesOfOneWalletRace(Purchases):
    """Confirmations wait for each other by purchase, not by wallet: two purchases spend the same balance."""

    def __post_init__(self) -> None:
        self._by_purchase: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    @override
    async def confirm_purchase(self, purchase_id: str, body: Body) -> Purchase:
        async with self._by_purchase[purchase_id]:
            return await racing(super().confirm_purchase)(purchase_id, body)


@defect(RACE, "P-9")
class PaidIsAskedBeforeTheLock(Purchases):
    """A confirmation reads whether the purchase is paid before it has the lock: it can be charged twice."""

    @override
    async def confirm_purchase(self, purchase_id: str, body: Body) -> Purchase:
        BELIEVED_UNPAID.set(not super().is_confirmed(self.purchase_named(purchase_id)))
        await asyncio.sleep(0.003)
        return await super().confirm_purchase(purchase_id, body)

    @override
    def is_confirmed(self, purchase: Purchase) -> bool:
        return super().is_confirmed(purchase) and not BELIEVED_UNPAID.get()


@defect(RACE, "P-4 P-10")
@dataclass
class BusyWithAWrongConfirmation(Purchases):
    """A valid confirmation is rejected while a wrong one of the same purchase is being rejected."""

    busy: set[str] = field(default_factory=set)

    @override
    async def confirm_purchase(self, purchase_id: str, body: Body) -> Purchase:
        require(purchase_id not in self.busy, "purchase_confirmed")
        try:
            return await super().confirm_purchase(purchase_id, body)
        except Rejection:
            self.busy.add(purchase_id)
            await asyncio.sleep(0.006)
            self.busy.discard(purchase_id)
            raise


@defect(RACE, "F-6", books=Racing, core=True)
class PaymentConfirmationsRace(Fundings):
    """A payment confirmed twice at the same moment is credited twice."""

    confirm_payment = racing(Fundings.confirm_payment)


@defect(RACE, "F-6", books=Racing)
class PaymentConfirmationsRaceForAMillisecond(Fundings):
    """A payment confirmed twice within the same millisecond is credited twice."""

    confirm_payment = racing(Fundings.confirm_payment, 0.001)


@defect(RACE, "F-3 F-5 S-8", books=Racing, core=True)
class FundingsOverwriteEachOther(Fundings):
    """Of two payments credited at the same moment, one is lost."""

    confirm_payment = racing(Fundings.confirm_payment)

    @override
    def is_payment_confirmed(self, payment: Payment) -> bool:
        BALANCE_READ.set(self.books.ledger.balance(self.account_to_credit(payment)))
        return super().is_payment_confirmed(payment)

    @override
    def credit_payment(self, payment: Payment) -> None:
        account = self.account_to_credit(payment)
        change = BALANCE_READ.get() + payment.amount - self.books.ledger.balance(account)
        movements = [Movement(OUTSIDE, -change), Movement(account, change)]
        self.books.ledger.post("Funding", payment.id, movements, self.books.now())


@defect(RACE, "F-8 F-3 F-6", books=Racing)
class FundingsOfTwoUsersMixUp(Fundings):
    """Of two users funded at the same moment, one gets the other's money."""

    confirm_payment = racing(Fundings.confirm_payment)

    @override
    def is_payment_confirmed(self, payment: Payment) -> bool:
        self._at_hand = payment
        return super().is_payment_confirmed(payment)

    @override
    def account_to_credit(self, _payment: Payment) -> str:
        return self.users.account_name(self._at_hand.account_id)
