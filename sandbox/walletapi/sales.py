"""The WalletAPI's sale by alias (contract.md T, C, G, E)."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from sandbox.books import Books
from sandbox.http import fields
from sandbox.http.bodies import Body
from sandbox.http.rejections import require
from sandbox.ledger import identifiers
from sandbox.ledger.money import MOST
from sandbox.ledger.postings import Movement
from sandbox.walletapi.gifts import Gifts
from sandbox.walletapi.records import CASHBACK, SALES, GiftStanding, GiftUse, Order, Outcome, Transaction, Wallet
from sandbox.walletapi.wallets import Wallets

NOTHING_BACK = Decimal("0.00")


@dataclass
class Sales:
    """A sale is paid by gifts first, where asked for, then by the balance; cashback comes on top."""

    books: Books
    wallets: Wallets
    gifts: Gifts

    async def purchase_by_alias(self, body: Body) -> Outcome:
        """Sell; all of it is booked, or nothing."""
        order = self.order(body)
        async with self.books.turn():
            wallet = self.wallets.wallet_behind(order.alias)
            self.check_reference_free(order)
            sale_id = identifiers.new_guid()
            balance = self.wallets.balance_of(wallet)
            uses = self.gifts.gift_uses(sale_id, order.amount, self.gifts_to_spend(order, wallet))
            sale = self.sale(sale_id, order, wallet, balance, uses)
            self.check_covered(sale.amount, balance, self.gifts.gift_amount(uses))
            async with self.books.writing():
                self.book_sale(sale, wallet, uses)
                self.book_cashback(sale, wallet)
                self.books.keep(sale)
                for use in uses:
                    self.books.keep(use)
                self.wallets.touch(wallet)
            return Outcome(sale, uses)

    # What was asked for: contract.md E-4

    def order(self, body: Body) -> Order:
        apply = fields.flag(body, "CashbackApply")
        return Order(
            alias=fields.text(body, "Alias"),
            amount=self.sale_amount(body),
            description=fields.optional_text(body, "Description"),
            external_reference=fields.optional_text(body, "ExternalReference"),
            use_gifts=fields.flag(body, "UseGiftBalances"),
            cashback_apply=apply,
            cashback_type=self.cashback_type(body, apply=apply),
            cashback_value=self.cashback_value(body, apply=apply),
        )

    def sale_amount(self, body: Body) -> Decimal:
        return fields.amount(body, "Amount")

    def cashback_type(self, body: Body, *, apply: bool) -> str | None:
        """Return Amount or Percentage. Without CashbackApply, return any text or None."""
        if not apply:
            return fields.optional_text(body, "CashbackType")
        kind = fields.text(body, "CashbackType")
        require(kind in ("Amount", "Percentage"), "unknown_cashback_type", "CashbackType")
        return kind

    def cashback_value(self, body: Body, *, apply: bool) -> Decimal | None:
        """Return a number that is not negative. Without CashbackApply, return any number or None."""
        if not apply and body.get("CashbackValue") is None:
            return None
        value = fields.number(body, "CashbackValue")
        if apply:
            self.check_cashback_value(value)
        return value

    def check_cashback_value(self, value: Decimal) -> None:
        require(value >= 0, "negative", "CashbackValue")
        fields.check_minor_units(value, "CashbackValue")

    def check_reference_free(self, order: Order) -> None:
        """Reject the ExternalReference of another sale: it would be unclear which one to undo."""
        reference = order.external_reference
        taken = reference and self.books.records.first(Transaction, external_reference=reference, type="Purchase")
        require(not taken, "reference_taken")

    # What it comes to: contract.md T-7, C-1, C-2, C-3, G-1, G-3, E-3

    def gifts_to_spend(self, order: Order, wallet: Wallet) -> tuple[GiftStanding, ...]:
        return self.gifts.usable_gifts(wallet) if order.use_gifts else ()

    def cashback_of(self, order: Order) -> Decimal:
        """Return the value itself, or that percentage of the whole amount. Without CashbackApply, return 0.00."""
        if not order.cashback_apply or order.cashback_value is None:
            return NOTHING_BACK
        if order.cashback_type == "Percentage":
            return self.percentage(order.amount, order.cashback_value)
        return order.cashback_value

    def percentage(self, amount: Decimal, percent: Decimal) -> Decimal:
        """Return a share of an amount, rounded half up to a minor unit."""
        share = amount * percent / 100
        require(share <= MOST, "too_large", "CashbackValue")
        return share.quantize(Decimal("0.01"), ROUND_HALF_UP)

    def check_covered(self, amount: Decimal, balance: Decimal, gift_amount: Decimal) -> None:
        """Reject an amount that balance and gifts do not cover. The cashback is credited later."""
        require(amount <= balance + gift_amount, "insufficient_balance")

    def sale(
        self, sale_id: str, order: Order, wallet: Wallet, balance: Decimal, uses: tuple[GiftUse, ...]
    ) -> Transaction:
        gift_amount = self.gifts.gift_amount(uses)
        cashback = self.cashback_of(order)
        return Transaction(
            id=sale_id,
            wallet_id=wallet.id,
            type="Purchase",
            amount=order.amount,
            gift_amount=gift_amount if uses else None,
            description=order.description,
            external_reference=order.external_reference,
            created=self.books.now(),
            balance_after=balance - order.amount + gift_amount + cashback,
            gift_balance_id=uses[0].gift_id if uses else None,
            main_transaction_id=None,
            unique_code=self.new_unique_code(),
            cashback_amount=cashback,
        )

    def new_unique_code(self) -> str:
        """Return a code that no other transaction has (T-3)."""
        return identifiers.new_guid()

    # What is booked

    def book_sale(self, sale: Transaction, wallet: Wallet, uses: tuple[GiftUse, ...]) -> None:
        movements = [Movement(self.gifts.gift_account(use.gift_id), -use.amount) for use in uses]
        movements.append(Movement(self.wallets.account_name(wallet), self.gifts.gift_amount(uses) - sale.amount))
        movements.append(Movement(SALES, sale.amount))
        self.books.ledger.post("Purchase", sale.id, movements, sale.created)

    def book_cashback(self, sale: Transaction, wallet: Wallet) -> None:
        if sale.cashback_amount:
            movements = [
                Movement(CASHBACK, -sale.cashback_amount),
                Movement(self.wallets.account_name(wallet), sale.cashback_amount),
            ]
            self.books.ledger.post("Cashback", sale.id, movements, sale.created)
