"""WalletAPI: calls made at the same moment (contract.md M-1, M-2, R-2, T-3)."""

from __future__ import annotations

import asyncio
import uuid
from collections import defaultdict
from contextvars import ContextVar
from decimal import Decimal

from typing_extensions import override

from proof.building_blocks import Overdrawing, Racing
from proof.declaring import Defects
from sandbox.http.bodies import Body
from sandbox.http.rejections import Rejection
from sandbox.ledger.postings import Ledger, LedgerError, Movement
from sandbox.walletapi.records import Gift, GiftUse, Outcome, Transaction, Wallet
from sandbox.walletapi.rules import WalletApiRules
from sandbox.walletapi.wallets import DEPOSITS

defect = Defects("walletapi")

RACE = "race"
COUNTED: ContextVar[int | None] = ContextVar("counted", default=None)


class OverdrawingGifts(Ledger):
    """Lets gifts fall below zero, but no other account."""

    @override
    def check_not_overdrawn(self, account: str) -> None:
        if not account.startswith("walletapi/gift/"):
            super().check_not_overdrawn(account)


@defect(RACE, "M-2 M-1 T-7 E-3", ledger=Overdrawing)
class SalesRace(Racing, WalletApiRules):
    """Sales made at the same moment spend the same money."""

    racing = ("purchaseByAlias",)


@defect(RACE, "M-2 M-1 T-7 E-3", ledger=Overdrawing)
class SalesRaceForAMillisecond(Racing, WalletApiRules):
    """Sales made within the same millisecond spend the same money."""

    racing = ("purchaseByAlias",)
    pause = 0.001


@defect(RACE, "M-2 M-1 G-2", ledger=OverdrawingGifts)
class GiftSpendingRaces(Racing, WalletApiRules):
    """Sales made at the same moment spend the same gift."""

    racing = ("purchaseByAlias",)

    @override
    def gift_remaining(self, gift: Gift) -> Decimal:
        return max(super().gift_remaining(gift), Decimal("0.00"))

    @override
    def book_sale(self, sale: Transaction, wallet: Wallet, uses: tuple[GiftUse, ...]) -> None:
        try:
            super().book_sale(sale, wallet, uses)
        except LedgerError:
            raise Rejection("insufficient_balance") from None


@defect(RACE, "M-1 M-2", core=True)
class DepositsOverwriteEachOther(Racing, WalletApiRules):
    """Of two deposits made at the same moment, one is lost."""

    racing = ("depositByAlias",)

    @override
    def book_deposit(self, wallet: Wallet, amount: Decimal, balance: Decimal, reference: str) -> None:
        account = self.account_name(wallet)
        change = balance + amount - self.ledger.balance(account)
        self.ledger.post("Deposit", reference, [Movement(DEPOSITS, -change), Movement(account, change)], self.now())


@defect(RACE, "R-2 M-1", core=True)
class UndoingsRace(Racing, WalletApiRules):
    """A sale undone twice at the same moment gives its money back twice."""

    racing = ("cancelPurchase", "refundPurchase")


@defect(RACE, "R-2 M-1", core=True)
class CancelAndRefundRace(Racing, WalletApiRules):
    """A cancel and a refund of a sale at the same moment give its money back twice; two of a kind do not."""

    racing = ("cancelPurchase", "refundPurchase")

    @override
    def open_accounts(self) -> None:
        super().open_accounts()
        self._by_kind: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    @override
    async def undo(self, operation: str, kind: str, body: Body) -> Outcome:
        async with self._by_kind[kind]:
            return await super().undo(operation, kind, body)


@defect(RACE, "T-3", core=True)
class CodesRace(WalletApiRules):
    """Sales made at the same moment get the same code, which is counted up."""

    @override
    async def purchase_by_alias(self, body: Body) -> Outcome:
        COUNTED.set(self.records.count(Transaction))
        await asyncio.sleep(0.003)
        return await super().purchase_by_alias(body)

    @override
    def new_unique_code(self) -> str:
        counted = COUNTED.get()
        return super().new_unique_code() if counted is None else str(uuid.UUID(int=counted + 1))
