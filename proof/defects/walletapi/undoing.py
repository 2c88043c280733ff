"""WalletAPI: cancelling and refunding (contract.md R)."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from typing_extensions import override

from proof.building_blocks import CENT, ApiResponses, allowed
from proof.declaring import Defects
from sandbox.http.bodies import Body
from sandbox.http.rejections import Rejection
from sandbox.http.responses import Call, Reply
from sandbox.walletapi.records import Outcome, Transaction
from sandbox.walletapi.reversals import Reversals

defect = Defects("walletapi")

BUSINESS = "business rule"


def answering(change: Callable[[Body], Body]) -> type[ApiResponses]:
    """Return responses with a change in the transaction that undoes a sale."""

    class Answering(ApiResponses):
        @override
        def walletapi_success(self, call: Call, value: Body) -> Reply:
            undone = call.operation in ("cancelPurchase", "refundPurchase")
            return super().walletapi_success(call, {**value, **change(value)} if undone else value)

    return Answering


for _name, _clauses, _sentence, _change in (
    ("undoing-names-no-sale", "R-1", "What undoes a sale does not name it.", lambda _: {"MainTransactionId": None}),
    (
        "undoing-names-itself",
        "R-1",
        "What undoes a sale names itself in its place.",
        lambda value: {"MainTransactionId": value["Id"]},
    ),
    (
        "undoing-has-the-sales-id",
        "R-1 T-3",
        "What undoes a sale has the sale's id.",
        lambda value: {"Id": value["MainTransactionId"]},
    ),
    (
        "undoing-calls-itself-purchase",
        "R-1",
        "What undoes a sale calls itself Purchase.",
        lambda _: {"TransactionType": "Purchase"},
    ),
    (
        "undoing-has-a-new-reference",
        "R-1",
        "What undoes a sale has another reference than the sale.",
        lambda value: {"ExternalReference": value["Id"]},
    ),
):
    defect.add(_name, BUSINESS, _clauses, _sentence, answering(_change))


@defect(BUSINESS, "R-1")
class CancelCallsItselfRefund(Reversals):
    """A cancel returns the transaction of a refund."""

    @override
    async def undo(self, _kind: str, body: Body) -> Outcome:
        return await super().undo("Refund", body)


class Undoing(Reversals):
    """Books another transaction when a sale is undone."""

    @override
    def undoing(self, kind: str, sale: Transaction, balance_after: Decimal) -> Transaction:
        return replace(super().undoing(kind, sale, balance_after), **self.changed(sale))

    def changed(self, _sale: Transaction) -> dict[str, Any]:
        """Return the fields of the transaction to replace."""
        return {}


@defect(BUSINESS, "R-1 T-3", core=True)
class UndoingHasTheSalesCode(Undoing):
    """What undoes a sale has the sale's code."""

    @override
    def changed(self, sale: Transaction) -> dict[str, Any]:
        return {"unique_code": sale.unique_code}


@defect(BUSINESS, "R-1")
class UndoingAnswersTheCashback(Undoing):
    """What undoes a sale returns the sale's cashback."""

    @override
    def changed(self, sale: Transaction) -> dict[str, Any]:
        return {"cashback_amount": sale.cashback_amount}


@defect(BUSINESS, "R-2")
class UndoingAnswersTheBalanceBefore(Reversals):
    """What undoes a sale returns the balance before it."""

    @override
    def undoing(self, kind: str, sale: Transaction, balance_after: Decimal) -> Transaction:
        return super().undoing(kind, sale, balance_after - self.undo_amount(sale))


@defect("idempotency", "R-2 M-1")
class UndoneAsOftenAsAsked(Reversals):
    """A sale can be undone again and again."""

    check_not_undone = allowed


@defect("idempotency", "R-2 M-1")
class RefundedAfterBeingCancelled(Reversals):
    """A sale that was cancelled can be refunded too."""

    @override
    async def undo(self, kind: str, body: Body) -> Outcome:
        self._kind = kind
        return await super().undo(kind, body)

    @override
    def check_not_undone(self, sale: Transaction) -> None:
        undone = self.books.records.all(Transaction, main_transaction_id=sale.id)
        if any(each.type == self._kind for each in undone):
            raise Rejection("already_undone")


@defect("idempotency", "R-2 M-1")
class SecondUndoingFailsAndPays(Reversals):
    """Undoing a sale a second time fails, and gives the money back once more."""

    @override
    def check_not_undone(self, sale: Transaction) -> None:
        try:
            super().check_not_undone(sale)
        except Rejection:
            with self.books.ledger.transaction():
                self.book_undoing(sale, self.wallet_of_sale(sale), sale.amount, ())
            raise


@defect("idempotency", "R-2 M-1")
class OlderSalesCanBeUndoneAgain(Reversals):
    """Only the sale that was undone last is protected from being undone again."""

    @override
    def check_not_undone(self, sale: Transaction) -> None:
        if getattr(self, "_last", None) == sale.id:
            super().check_not_undone(sale)

    @override
    async def undo(self, kind: str, body: Body) -> Outcome:
        outcome = await super().undo(kind, body)
        self._last = outcome.transaction.main_transaction_id
        return outcome


@defect("idempotency", "R-2", core=True)
class SecondUndoingAnswersAsTheFirst(Reversals):
    """Undoing a sale a second time succeeds, though it gives nothing."""

    @override
    async def undo(self, kind: str, body: Body) -> Outcome:
        try:
            return await super().undo(kind, body)
        except Rejection as rejection:
            if rejection.name != "already_undone":
                raise
            sale = self.sale_named(body["ExternalReference"])
            balance = self.wallets.balance_of(self.wallet_of_sale(sale))
            return Outcome(self.undoing(kind, sale, balance))


@defect("history", "R-2 M-1")
class SecondUndoingOnAWalletGivesHalf(Reversals):
    """What undoes the second sale of a wallet gives half of its amount back."""

    @override
    def undo_amount(self, sale: Transaction) -> Decimal:
        undone: Counter[str] = self.__dict__.setdefault("undone", Counter())
        undone[sale.wallet_id] += 1
        amount = super().undo_amount(sale)
        return amount // CENT // 2 * CENT if undone[sale.wallet_id] == 2 else amount
