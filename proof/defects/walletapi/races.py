"""WalletAPI: calls made at the same moment (contract.md M-1, M-2, R-2, T-3)."""

import asyncio
import uuid
from collections import defaultdict
from contextvars import ContextVar
from dataclasses import dataclass
from decimal import Decimal

from typing_extensions import override

from proof.building_blocks import Overdrawing, Racing, racing
from proof.declaring import Defects
from sandbox.http.bodies import Body
from sandbox.http.rejections import Rejection
from sandbox.ledger.postings import Ledger, LedgerError
from sandbox.walletapi.gifts import Gifts
from sandbox.walletapi.records import Gift, GiftUse, Outcome, Transaction, Wallet
from sandbox.walletapi.reversals import Reversals
from sandbox.walletapi.sales import Sales
from sandbox.walletapi.wallets import Wallets

defect = Defects("walletapi")

RACE = "race"
BALANCE_READ: ContextVar[Decimal] = ContextVar("balance_read")
COUNTED: ContextVar[int | None] = ContextVar("counted", default=None)


class OverdrawingGifts(Ledger):
    """Lets gifts fall below zero, but no other account."""

    @override
    def check_not_overdrawn(self, account: str) -> None:
        if not account.startswith("walletapi/gift/"):
            super().check_not_overdrawn(account)


@defect(RACE, "M-2 M-1 T-7 E-3", books=Racing, ledger=Overdrawing)
class SalesRace(Sales):
    """Sales made at the same moment spend the same money."""

    purchase_by_alias = racing(Sales.purchase_by_alias)


@defect(RACE, "M-2 M-1 T-7 E-3", books=Racing, ledger=Overdrawing)
class SalesRaceForAMillisecond(Sales):
    """Sales made within the same millisecond spend the same money."""

    purchase_by_alias = racing(Sales.purchase_by_alias, 0.001)


class HidingDebts(Gifts):
    """Shows a gift below zero as empty."""

    @override
    def gift_remaining(self, gift: Gift) -> Decimal:
        return max(super().gift_remaining(gift), Decimal("0.00"))


@defect(RACE, "M-2 M-1 G-2 T-7", books=Racing, gifts=HidingDebts, ledger=OverdrawingGifts)
class GiftSpendingRaces(Sales):
    """Sales made at the same moment spend the same gift."""

    purchase_by_alias = racing(Sales.purchase_by_alias)

    @override
    def book_sale(self, sale: Transaction, wallet: Wallet, uses: tuple[GiftUse, ...]) -> None:
        try:
            super().book_sale(sale, wallet, uses)
        except LedgerError:
            raise Rejection("insufficient_balance") from None


@defect(RACE, "M-1 M-2", books=Racing, core=True)
class DepositsOverwriteEachOther(Wallets):
    """Of two deposits made at the same moment, one is lost."""

    deposit = racing(Wallets.deposit)

    @override
    def wallet_behind(self, alias: str) -> Wallet:
        wallet = super().wallet_behind(alias)
        BALANCE_READ.set(self.balance_of(wallet))
        return wallet

    @override
    def book_deposit(self, wallet: Wallet, amount: Decimal, reference: str) -> None:
        change = BALANCE_READ.get() + amount - self.balance_of(wallet)
        super().book_deposit(wallet, change, reference)


@defect(RACE, "R-2 M-1", books=Racing, core=True)
class UndoingsRace(Reversals):
    """A sale undone twice at the same moment gives its money back twice."""

    undo = racing(Reversals.undo)


@defect(RACE, "R-2 M-1", books=Racing, core=True)
@dataclass
class CancelAndRefundRace(Reversals):
    """A cancel and a refund of a sale at the same moment give its money back twice; two of a kind do not."""

    def __post_init__(self) -> None:
        self._by_kind: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    @override
    async def undo(self, kind: str, body: Body) -> Outcome:
        async with self._by_kind[kind]:
            return await racing(super().undo)(kind, body)


@defect(RACE, "T-3", core=True)
class CodesRace(Sales):
    """Sales made at the same moment get the same code: the counter is read before it is increased."""

    @override
    async def purchase_by_alias(self, body: Body) -> Outcome:
        COUNTED.set(self.books.records.count(Transaction))
        await asyncio.sleep(0.003)
        return await super().purchase_by_alias(body)

    @override
    def new_unique_code(self) -> str:
        counted = COUNTED.get()
        return super().new_unique_code() if counted is None else str(uuid.UUID(int=counted + 1))
