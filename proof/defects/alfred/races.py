"""Alfred: calls made at the same moment (contract.md A-2, P-2, P-9, F-3, F-6, F-8, S-7)."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from contextvars import ContextVar

from proof.building_blocks import Overdrawing, racing
from proof.declaring import Defects
from sandbox.alfred.records import Purchase
from sandbox.alfred.rules import AlfredRules
from sandbox.alfred.users import OUTSIDE
from sandbox.ledger.postings import Movement

defect = Defects("alfred")

RACE = "race"
BELIEVED_UNPAID: ContextVar[bool] = ContextVar("believed_unpaid", default=False)


@defect(RACE, "A-2", core=True)
class FirstLoginsRace(racing(AlfredRules, "authenticateWallet")):
    """A user who logs in twice at the same moment for the first time gets two wallets."""


@defect(RACE, "P-2", core=True)
class PurchaseIdsRace(racing(AlfredRules, "createPurchase")):
    """Purchases created at the same moment get the same id, which is counted up."""

    def new_purchase_id(self):
        return f"AAEAAApurchase{self.records.count(Purchase):010}"


@defect(RACE, "S-7 S-8 P-9", ledger=Overdrawing)
class ConfirmationsRace(racing(AlfredRules, "confirmPurchase")):
    """Purchases confirmed at the same moment spend the same balance."""


@defect(RACE, "S-7 S-8 P-9", ledger=Overdrawing, core=True)
class ConfirmationsRaceForAMillisecond(racing(AlfredRules, "confirmPurchase", pause=0.001)):
    """Purchases confirmed within the same millisecond spend the same balance."""


@defect(RACE, "S-7 S-8", ledger=Overdrawing, core=True)
class PurchasesOfOneWalletRace(racing(AlfredRules, "confirmPurchase")):
    """Confirmations wait for each other by purchase, not by wallet: two purchases spend the same balance."""

    def open_accounts(self):
        super().open_accounts()
        self._by_purchase = defaultdict(asyncio.Lock)

    async def confirm_purchase(self, purchase_id, body):
        async with self._by_purchase[purchase_id]:
            return await super().confirm_purchase(purchase_id, body)


@defect(RACE, "P-9")
class PaidIsAskedBeforeTheLock(AlfredRules):
    """Whether a purchase is paid is asked before waiting for one's turn, so that it can be charged twice."""

    async def confirm_purchase(self, purchase_id, body):
        BELIEVED_UNPAID.set(not super().is_confirmed(self.purchase_named(purchase_id)))
        await asyncio.sleep(0.003)
        return await super().confirm_purchase(purchase_id, body)

    def is_confirmed(self, purchase):
        return super().is_confirmed(purchase) and not BELIEVED_UNPAID.get()


@defect(RACE, "F-6", core=True)
class PaymentConfirmationsRace(racing(AlfredRules, "confirmPayment")):
    """A payment confirmed twice at the same moment is credited twice."""


@defect(RACE, "F-6")
class PaymentConfirmationsRaceForAMillisecond(racing(AlfredRules, "confirmPayment", pause=0.001)):
    """A payment confirmed twice within the same millisecond is credited twice."""


@defect(RACE, "F-3 F-5 S-8", core=True)
class FundingsOverwriteEachOther(racing(AlfredRules, "confirmPayment")):
    """Of two payments credited at the same moment, one is lost."""

    def credit_payment(self, payment, balance):
        account = self.account_to_credit(payment)
        change = balance + payment.amount - self.ledger.balance(account)
        self.ledger.post("Funding", payment.id, [Movement(OUTSIDE, -change), Movement(account, change)], self.now())


@defect(RACE, "F-8 F-3")
class FundingsOfTwoUsersMixUp(racing(AlfredRules, "confirmPayment")):
    """Of two users funded at the same moment, one gets the other's money."""

    def is_payment_confirmed(self, payment):
        self._at_hand = payment
        return super().is_payment_confirmed(payment)

    def account_to_credit(self, _payment):
        return self.account_name(self._at_hand.account_id)
