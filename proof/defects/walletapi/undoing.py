"""WalletAPI: cancelling and refunding (contract.md R)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from proof.building_blocks import CENT, NOTHING, ApiResponses, allowed, whole_units
from proof.declaring import Defects
from sandbox.http.rejections import Rejection
from sandbox.walletapi.records import Outcome, Transaction, Wallet
from sandbox.walletapi.rules import WalletApiRules

defect = Defects("walletapi")

BUSINESS = "business rule"


def answering(change):
    """Answers in which what undid a sale tells of itself in another way."""

    class Answering(ApiResponses):
        def walletapi_success(self, call, value):
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
class CancelCallsItselfRefund(WalletApiRules):
    """A sale that is cancelled is told as refunded."""

    async def cancel_purchase(self, body):
        return await self.undo("cancelPurchase", "Refund", body)


class Undoing(WalletApiRules):
    """Another transaction undoes the sale."""

    def undoing(self, kind, sale, balance_after):
        return replace(super().undoing(kind, sale, balance_after), **self.changed(sale))

    def changed(self, _sale):
        """What is other about it."""
        return {}


@defect(BUSINESS, "R-1 T-3", core=True)
class UndoingHasTheSalesCode(Undoing):
    """What undoes a sale has the sale's code."""

    def changed(self, sale):
        return {"unique_code": sale.unique_code}


@defect(BUSINESS, "R-1")
class UndoingAnswersTheCashback(Undoing):
    """What undoes a sale returns the sale's cashback."""

    def changed(self, sale):
        return {"cashback_amount": sale.cashback_amount}


@defect(BUSINESS, "R-2")
class UndoingAnswersTheBalanceBefore(WalletApiRules):
    """What undoes a sale returns the balance before it."""

    def undoing(self, kind, sale, balance_after):
        return super().undoing(kind, sale, balance_after - self.undo_amount(sale))


@defect("idempotency", "R-2 M-1")
class UndoneAsOftenAsAsked(WalletApiRules):
    """A sale can be undone again and again."""

    check_not_undone = allowed


@defect("idempotency", "R-2 M-1")
class RefundedAfterBeingCancelled(WalletApiRules):
    """A sale that was cancelled can be refunded too."""

    async def undo(self, operation, kind, body):
        self._kind = kind
        return await super().undo(operation, kind, body)

    def check_not_undone(self, sale):
        undone = self.records.all(Transaction, main_transaction_id=sale.id)
        if any(each.type == self._kind for each in undone):
            raise Rejection("already_undone")


@defect("idempotency", "R-2 M-1")
class SecondUndoingFailsAndPays(WalletApiRules):
    """Undoing a sale a second time fails, and gives the money back once more."""

    def check_not_undone(self, sale):
        try:
            super().check_not_undone(sale)
        except Rejection:
            with self.transaction():
                self.book_undoing(sale, self.wallet_of_sale(sale), sale.amount, ())
            raise


@defect("idempotency", "R-2 M-1")
class OlderSalesCanBeUndoneAgain(WalletApiRules):
    """Only the sale that was undone last is protected from being undone again."""

    def check_not_undone(self, sale):
        if getattr(self, "_last", None) == sale.id:
            super().check_not_undone(sale)

    def remember_undoing(self, undoing):
        super().remember_undoing(undoing)
        self._last = undoing.main_transaction_id


@defect("idempotency", "R-2", core=True)
class SecondUndoingAnswersAsTheFirst(WalletApiRules):
    """Undoing a sale a second time succeeds, though it gives nothing."""

    async def undo(self, operation, kind, body):
        try:
            return await super().undo(operation, kind, body)
        except Rejection as rejection:
            if rejection.name != "already_undone":
                raise
            sale = self.sale_named(body["ExternalReference"])
            balance = self.balance_of(self.wallet_of_sale(sale))
            return Outcome(self.undoing(kind, sale, balance))


class Returning(WalletApiRules):
    """Gives another amount back than the sale took; the response says so."""

    def undo_amount(self, sale):
        return self.returned(sale, super().undo_amount(sale))

    def returned(self, _sale, amount):
        """What goes back to the balance."""
        return amount


@defect(BUSINESS, "R-2 M-1")
class UndoingReturnsAMinorUnitLess(Returning):
    """Undoing a sale gives back a minor unit less than it took."""

    def returned(self, _sale, amount):
        return max(amount - CENT, NOTHING)


@defect(BUSINESS, "R-2 M-1")
class UndoingReturnsWholeUnits(Returning):
    """Undoing a sale gives back no minor units."""

    def returned(self, _sale, amount):
        return whole_units(amount)


@defect(BUSINESS, "R-2 M-1")
class UndoingReturnsTwice(Returning):
    """Undoing a sale gives back twice what it took."""

    def returned(self, _sale, amount):
        return amount * 2


@defect(BUSINESS, "R-2 M-1")
class UndoingKeepsAFee(Returning):
    """Undoing a sale keeps a fee of 0.50, though none was to be rolled back."""

    def returned(self, _sale, amount):
        return max(amount - Decimal("0.50"), NOTHING)


@defect(BUSINESS, "R-2 M-1")
class UndoingIsAnsweredAndNotBooked(WalletApiRules):
    """Undoing a sale is answered and gives nothing back."""

    book_undoing = allowed


@defect("isolation", "R-2 M-1")
class UndoingPaysTheFirstWallet(WalletApiRules):
    """Undoing a sale gives its money to the wallet that was opened first."""

    def wallet_of_sale(self, sale):
        return self.records.first(Wallet) or super().wallet_of_sale(sale)


@defect(BUSINESS, "R-1 R-2")
class NewestSaleIsUndone(WalletApiRules):
    """Whatever reference is named, the newest sale is undone."""

    def sale_named(self, reference):
        named = super().sale_named(reference)
        sales = self.records.all(Transaction, wallet_id=named.wallet_id, type="Purchase")
        return sales[-1]
