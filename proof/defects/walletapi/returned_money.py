"""WalletAPI: the money that a cancel or a refund returns (contract.md R-2)."""

from decimal import Decimal

from typing_extensions import override

from proof.building_blocks import CENT, NOTHING, allowed, whole_units
from proof.declaring import Defects
from sandbox.http.bodies import Body
from sandbox.walletapi.records import Outcome, Transaction, Wallet
from sandbox.walletapi.reversals import Reversals

defect = Defects("walletapi")

BUSINESS = "business rule"


class Returning(Reversals):
    """Returns an amount other than the sale took, also in the response."""

    @override
    def undo_amount(self, sale: Transaction) -> Decimal:
        return self.returned(sale, super().undo_amount(sale))

    def returned(self, _sale: Transaction, amount: Decimal) -> Decimal:
        """Return the amount that goes back to the balance."""
        return amount


@defect(BUSINESS, "R-2 M-1")
class UndoingReturnsAMinorUnitLess(Returning):
    """Undoing a sale gives back a minor unit less than it took."""

    @override
    def returned(self, _sale: Transaction, amount: Decimal) -> Decimal:
        return max(amount - CENT, NOTHING)


@defect(BUSINESS, "R-2 M-1")
class UndoingReturnsWholeUnits(Returning):
    """Undoing a sale gives back no minor units."""

    @override
    def returned(self, _sale: Transaction, amount: Decimal) -> Decimal:
        return whole_units(amount)


@defect(BUSINESS, "R-2 M-1")
class UndoingReturnsTwice(Returning):
    """Undoing a sale gives back twice what it took."""

    @override
    def returned(self, _sale: Transaction, amount: Decimal) -> Decimal:
        return amount * 2


@defect(BUSINESS, "R-2 M-1")
class UndoingKeepsAFee(Returning):
    """Undoing a sale keeps a fee of 0.50, though none was to be rolled back."""

    @override
    def returned(self, _sale: Transaction, amount: Decimal) -> Decimal:
        return max(amount - Decimal("0.50"), NOTHING)


@defect("history", "R-2 M-1")
class RefundOfTheNewestAmount(Returning):
    """A refund (not a cancel) of a sale without a gift gives back the amount of the wallet's newest sale, if larger."""

    @override
    async def undo(self, kind: str, body: Body) -> Outcome:
        self._kind = kind
        return await super().undo(kind, body)

    @override
    def returned(self, sale: Transaction, amount: Decimal) -> Decimal:
        newest = self.books.records.all(Transaction, wallet_id=sale.wallet_id, type="Purchase")[-1]
        return max(newest.amount, amount) if self._kind == "Refund" and not sale.gift_amount else amount


@defect(BUSINESS, "R-2 M-1")
class UndoingIsAnsweredAndNotBooked(Reversals):
    """Undoing a sale succeeds but gives nothing back."""

    book_undoing = allowed


@defect("isolation", "R-2 M-1")
class UndoingPaysTheFirstWallet(Reversals):
    """Undoing a sale gives its money to the wallet that was opened first."""

    @override
    def wallet_of_sale(self, sale: Transaction) -> Wallet:
        return self.books.records.first(Wallet) or super().wallet_of_sale(sale)


@defect("isolation", "R-2 M-1")
class UndoneToTheWalletOfTheLastSale(Reversals):
    """Undoing a sale gives its money to the wallet that made the newest sale of all, if that is another wallet."""

    @override
    def wallet_of_sale(self, _sale: Transaction) -> Wallet:
        return super().wallet_of_sale(self.books.records.all(Transaction, type="Purchase")[-1])


@defect(BUSINESS, "R-1 R-2")
class NewestSaleIsUndone(Reversals):
    """Whatever reference is named, the newest sale is undone."""

    @override
    def sale_named(self, reference: str) -> Transaction:
        named = super().sale_named(reference)
        sales = self.books.records.all(Transaction, wallet_id=named.wallet_id, type="Purchase")
        return sales[-1]
