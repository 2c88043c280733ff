"""Alfred: calls made at the same moment (contract.md A-2, P-2, P-9, F-3, F-6, F-8, S-7)."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from contextvars import ContextVar
from decimal import Decimal

from typing_extensions import override

from proof.building_blocks import Overdrawing, Racing
from proof.declaring import Defects
from sandbox.alfred.records import Payment, Purchase
from sandbox.alfred.rules import AlfredRules
from sandbox.alfred.users import OUTSIDE
from sandbox.http.bodies import Body
from sandbox.ledger.postings import Movement

defect = Defects("alfred")

RACE = "race"
BELIEVED_UNPAID: ContextVar[bool] = ContextVar("believed_unpaid", default=False)


@defect(RACE, "A-2", core=True)
class FirstLoginsRace(Racing, AlfredRules):
    """A user who logs in twice at the same moment for the first time gets two wallets."""

    racing = ("authenticateWallet",)


@defect(RACE, "P-2", core=True)
class PurchaseIdsRace(Racing, AlfredRules):
    """Purchases created at the same moment get the same id, which is counted up."""

    racing = ("createPurchase",)

    @override
    def new_purchase_id(self) -> str:
        return f"AAEAAApurchase{self.records.count(Purchase):010}"


@defect(RACE, "S-7 S-8 P-9", ledger=Overdrawing)
class ConfirmationsRace(Racing, AlfredRules):
    """Purchases confirmed at the same moment spend the same balance."""

    racing = ("confirmPurchase",)


@defect(RACE, "S-7 S-8 P-9", ledger=Overdrawing, core=True)
class ConfirmationsRaceForAMillisecond(Racing, AlfredRules):
    """Purchases confirmed within the same millisecond spend the same balance."""

    racing = ("confirmPurchase",)
    pause = 0.001


@defect(RACE, "S-7 S-8", ledger=Overdrawing, core=True)
class PurchasesOfOneWalletRace(Racing, AlfredRules):
    """Confirmations wait for each other by purchase, not by wallet: two purchases spend the same balance."""

    racing = ("confirmPurchase",)

    @override
    def open_accounts(self) -> None:
        super().open_accounts()
        self._by_purchase: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    @override
    async def confirm_purchase(self, purchase_id: str, body: Body) -> Purchase:
        async with self._by_purchase[purchase_id]:
            return await super().confirm_purchase(purchase_id, body)


@defect(RACE, "P-9")
class PaidIsAskedBeforeTheLock(AlfredRules):
    """Whether a purchase is paid is asked before waiting for one's turn, so that it can be charged twice."""

    @override
    async def confirm_purchase(self, purchase_id: str, body: Body) -> Purchase:
        BELIEVED_UNPAID.set(not super().is_confirmed(self.purchase_named(purchase_id)))
        await asyncio.sleep(0.003)
        return await super().confirm_purchase(purchase_id, body)

    @override
    def is_confirmed(self, purchase: Purchase) -> bool:
        return super().is_confirmed(purchase) and not BELIEVED_UNPAID.get()


@defect(RACE, "F-6", core=True)
class PaymentConfirmationsRace(Racing, AlfredRules):
    """A payment confirmed twice at the same moment is credited twice."""

    racing = ("confirmPayment",)


@defect(RACE, "F-6")
class PaymentConfirmationsRaceForAMillisecond(Racing, AlfredRules):
    """A payment confirmed twice within the same millisecond is credited twice."""

    racing = ("confirmPayment",)
    pause = 0.001


@defect(RACE, "F-3 F-5 S-8", core=True)
class FundingsOverwriteEachOther(Racing, AlfredRules):
    """Of two payments credited at the same moment, one is lost."""

    racing = ("confirmPayment",)

    @override
    def credit_payment(self, payment: Payment, balance: Decimal) -> None:
        account = self.account_to_credit(payment)
        change = balance + payment.amount - self.ledger.balance(account)
        self.ledger.post("Funding", payment.id, [Movement(OUTSIDE, -change), Movement(account, change)], self.now())


@defect(RACE, "F-8 F-3")
class FundingsOfTwoUsersMixUp(Racing, AlfredRules):
    """Of two users funded at the same moment, one gets the other's money."""

    racing = ("confirmPayment",)

    @override
    def is_payment_confirmed(self, payment: Payment) -> bool:
        self._at_hand = payment
        return super().is_payment_confirmed(payment)

    @override
    def account_to_credit(self, _payment: Payment) -> str:
        return self.account_name(self._at_hand.account_id)
