"""Undoing a sale of the WalletAPI: cancel and refund (contract.md R)."""

from dataclasses import dataclass, replace
from decimal import Decimal

from sandbox.books import Books
from sandbox.http import fields
from sandbox.http.bodies import Body
from sandbox.http.rejections import require
from sandbox.ledger import identifiers
from sandbox.ledger.postings import Movement
from sandbox.walletapi.gifts import Gifts
from sandbox.walletapi.records import CASHBACK, SALES, GiftUse, Outcome, Transaction, Wallet
from sandbox.walletapi.sales import NOTHING_BACK
from sandbox.walletapi.wallets import Wallets


@dataclass
class Reversals:
    books: Books
    wallets: Wallets
    gifts: Gifts

    async def undo(self, kind: str, body: Body) -> Outcome:
        """Give back what a sale took; all of it is booked, or nothing. ``kind`` is Cancel or Refund."""
        fields.flag(body, "RollbackFee")  # there are no fees
        reference = fields.text(body, "ExternalReference")
        async with self.books.turn():
            sale = self.sale_named(reference)
            self.check_not_undone(sale)
            wallet = self.wallet_of_sale(sale)
            balance = self.wallets.balance_of(wallet)
            taken_back = self.cashback_taken_back(sale, rollback=fields.flag(body, "RollbackCashback"))
            given_back = self.undo_amount(sale)
            require(taken_back <= balance + given_back, "insufficient_balance")
            uses = tuple(self.books.records.all(GiftUse, transaction_id=sale.id))
            undoing = self.undoing(kind, sale, balance + given_back - taken_back)
            async with self.books.writing():
                self.book_undoing(undoing, wallet, given_back, uses)
                self.book_cashback_taken_back(undoing, wallet, taken_back)
                self.books.keep(undoing)
                self.wallets.touch(wallet)
            return Outcome(undoing, uses)

    def sale_named(self, reference: str) -> Transaction:
        return self.books.found(Transaction, "unknown_sale", external_reference=reference, type="Purchase")

    def check_not_undone(self, sale: Transaction) -> None:
        """Reject a second attempt, by cancel or refund (R-2)."""
        require(not self.books.records.first(Transaction, main_transaction_id=sale.id), "already_undone")

    def wallet_of_sale(self, sale: Transaction) -> Wallet:
        return self.books.found(Wallet, "unknown_wallet", id=sale.wallet_id)

    def undo_amount(self, sale: Transaction) -> Decimal:
        """Return what the balance paid, without the gifts' part."""
        return sale.amount - (sale.gift_amount or 0)

    def cashback_taken_back(self, sale: Transaction, *, rollback: bool) -> Decimal:
        return sale.cashback_amount if rollback else NOTHING_BACK

    def undoing(self, kind: str, sale: Transaction, balance_after: Decimal) -> Transaction:
        """Return the transaction that undoes a sale (R-1)."""
        return replace(
            sale,
            id=identifiers.new_guid(),
            type=kind,
            created=self.books.now(),
            balance_after=balance_after,
            main_transaction_id=sale.id,
            unique_code=identifiers.new_guid(),
            cashback_amount=NOTHING_BACK,
        )

    def book_undoing(
        self, undoing: Transaction, wallet: Wallet, given_back: Decimal, uses: tuple[GiftUse, ...]
    ) -> None:
        """Return to each gift what it paid, and the rest to the balance."""
        movements = [Movement(self.gifts.gift_account(use.gift_id), use.amount) for use in uses]
        movements.append(Movement(self.wallets.account_name(wallet), given_back))
        movements.append(Movement(SALES, -sum((movement.amount for movement in movements), NOTHING_BACK)))
        self.books.ledger.post(undoing.type, undoing.id, movements, undoing.created)

    def book_cashback_taken_back(self, undoing: Transaction, wallet: Wallet, taken_back: Decimal) -> None:
        if taken_back:
            movements = [Movement(self.wallets.account_name(wallet), -taken_back), Movement(CASHBACK, taken_back)]
            self.books.ledger.post("Cashback taken back", undoing.id, movements, undoing.created)
