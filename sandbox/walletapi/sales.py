"""The WalletAPI's sale by alias (contract.md T, C, G, E)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from sandbox.http import fields
from sandbox.http.bodies import Body
from sandbox.http.rejections import Rejection
from sandbox.ledger import identifiers
from sandbox.ledger.money import MOST
from sandbox.ledger.postings import Movement
from sandbox.walletapi.gifts import WalletApiGifts
from sandbox.walletapi.records import GiftStanding, GiftUse, Order, Outcome, Transaction, Wallet
from sandbox.walletapi.wallets import CASHBACK, SALES

NOTHING_BACK = Decimal("0.00")


class WalletApiSales(WalletApiGifts):
    """A sale is paid by gifts first, where asked for, then by the balance; cashback comes on top."""

    async def purchase_by_alias(self, body: Body) -> Outcome:
        """Sell; all of it is booked, or nothing."""
        order = self.order(body)
        async with self.exclusively("purchaseByAlias"):
            wallet = self.wallet_behind(order.alias)
            self.check_reference_free(order)
            sale_id = self.new_transaction_id()
            balance = self.balance_of(wallet)
            uses = self.gift_uses(sale_id, order.amount, self.gifts_to_spend(order, wallet))
            sale = self.sale(sale_id, order, wallet, balance, uses)
            self.check_covered(sale.amount, balance, self.gift_amount(uses))
            await self.between_read_and_write("purchaseByAlias")
            with self.transaction():
                self.book_sale(sale, wallet, uses)
                self.book_cashback(sale, wallet)
                self.remember_sale(sale, uses)
                self.touch(wallet)
            return Outcome(sale, uses)

    # What was asked for: contract.md E-4

    def order(self, body: Body) -> Order:
        """The request's members, each of its type."""
        apply = self.cashback_apply(body)
        return Order(
            alias=self.sale_alias(body),
            amount=self.sale_amount(body),
            description=fields.optional_text(body, "Description"),
            external_reference=fields.optional_text(body, "ExternalReference"),
            use_gifts=self.use_gifts(body),
            cashback_apply=apply,
            cashback_type=self.cashback_type(body, apply=apply),
            cashback_value=self.cashback_value(body, apply=apply),
        )

    def sale_alias(self, body: Body) -> str:
        """A text that is there and not empty."""
        return fields.text(body, "Alias")

    def sale_amount(self, body: Body) -> Decimal:
        """A number above zero."""
        return fields.amount(body, "Amount")

    def use_gifts(self, body: Body) -> bool:
        """Whether gifts are to be spent; no if it is not said."""
        return fields.flag(body, "UseGiftBalances")

    def cashback_apply(self, body: Body) -> bool:
        """Whether there is cashback; no if it is not said."""
        return fields.flag(body, "CashbackApply")

    def cashback_type(self, body: Body, *, apply: bool) -> str | None:
        """Amount or Percentage; any text or none if it does not apply."""
        if not apply:
            return fields.optional_text(body, "CashbackType")
        kind = fields.text(body, "CashbackType")
        if kind not in ("Amount", "Percentage"):
            raise Rejection("unknown_cashback_type", "CashbackType")
        return kind

    def cashback_value(self, body: Body, *, apply: bool) -> Decimal | None:
        """A number, not negative; any number or none if it does not apply."""
        if not apply and body.get("CashbackValue") is None:
            return None
        value = fields.number(body, "CashbackValue")
        if apply:
            self.check_cashback_value(value)
        return value

    def check_cashback_value(self, value: Decimal) -> None:
        """Rejected where negative, or with more than two places."""
        if value < 0:
            raise Rejection("negative", "CashbackValue")
        fields.check_minor_units(value, "CashbackValue")

    def check_reference_free(self, order: Order) -> None:
        """Rejected with the ExternalReference of another sale: it could not be told which one to undo."""
        reference = order.external_reference
        if reference and self.records.first(Transaction, external_reference=reference, type="Purchase"):
            raise Rejection("reference_taken")

    # What it comes to: contract.md T-7, C-1, C-2, C-3, G-1, G-3, E-3

    def gifts_to_spend(self, order: Order, wallet: Wallet) -> tuple[GiftStanding, ...]:
        """The usable gifts where they are asked for (G-3)."""
        return self.usable_gifts(wallet) if order.use_gifts else ()

    def cashback_of(self, order: Order) -> Decimal:
        """The value itself, or that percentage of the whole amount; nothing if it does not apply."""
        if not order.cashback_apply or order.cashback_value is None:
            return NOTHING_BACK
        if order.cashback_type == "Percentage":
            return self.percentage(order.amount, order.cashback_value)
        return order.cashback_value

    def percentage(self, amount: Decimal, percent: Decimal) -> Decimal:
        """Rounded half up to a minor unit."""
        share = amount * percent / 100
        if share > MOST:
            raise Rejection("too_large", "CashbackValue")
        return share.quantize(Decimal("0.01"), ROUND_HALF_UP)

    def check_covered(self, amount: Decimal, balance: Decimal, gift_amount: Decimal) -> None:
        """Balance and usable gifts must cover the amount; the cashback comes only after."""
        if amount > balance + gift_amount:
            raise Rejection("insufficient_balance")

    def balance_after(self, balance: Decimal, amount: Decimal, gift_amount: Decimal, cashback: Decimal) -> Decimal:
        """The balance without gifts once the sale is booked (T-7)."""
        return balance - amount + gift_amount + cashback

    def sale(
        self, sale_id: str, order: Order, wallet: Wallet, balance: Decimal, uses: tuple[GiftUse, ...]
    ) -> Transaction:
        gift_amount = self.gift_amount(uses)
        cashback = self.cashback_of(order)
        return Transaction(
            id=sale_id,
            wallet_id=wallet.id,
            type="Purchase",
            amount=order.amount,
            gift_amount=gift_amount if uses else None,
            description=order.description,
            external_reference=order.external_reference,
            created=self.now(),
            balance_after=self.balance_after(balance, order.amount, gift_amount, cashback),
            gift_balance_id=uses[0].gift_id if uses else None,
            main_transaction_id=None,
            unique_code=self.new_unique_code(),
            cashback_amount=cashback,
        )

    def new_transaction_id(self) -> str:
        """An id that no transaction has (T-3)."""
        return identifiers.new_guid()

    def new_unique_code(self) -> str:
        """A code that no transaction has (T-3)."""
        return identifiers.new_guid()

    # What is booked

    def book_sale(self, sale: Transaction, wallet: Wallet, uses: tuple[GiftUse, ...]) -> None:
        """Off the gifts what they pay, off the balance the rest."""
        movements = [Movement(self.gift_account(use.gift_id), -use.amount) for use in uses]
        movements.append(Movement(self.account_name(wallet), self.gift_amount(uses) - sale.amount))
        movements.append(Movement(SALES, sale.amount))
        self.ledger.post("Purchase", sale.id, movements, sale.created)

    def book_cashback(self, sale: Transaction, wallet: Wallet) -> None:
        """Onto the balance, if there is any."""
        if sale.cashback_amount:
            movements = [
                Movement(CASHBACK, -sale.cashback_amount),
                Movement(self.account_name(wallet), sale.cashback_amount),
            ]
            self.ledger.post("Cashback", sale.id, movements, sale.created)

    def remember_sale(self, sale: Transaction, uses: tuple[GiftUse, ...]) -> None:
        self.records.keep(sale)
        for use in uses:
            self.records.keep(use)
