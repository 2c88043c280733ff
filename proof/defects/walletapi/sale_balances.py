"""WalletAPI: the balance after a sale (contract.md T-7)."""

from dataclasses import replace
from decimal import Decimal

from typing_extensions import override

from proof.building_blocks import CENT, NOTHING, SaleResponses
from proof.declaring import Defects
from sandbox.http.bodies import Body
from sandbox.walletapi.records import GiftUse, Order, Transaction, Wallet
from sandbox.walletapi.sales import Sales

defect = Defects("walletapi")

BUSINESS = "business rule"


class Remaining(SaleResponses):
    """Returns a balance after the sale other than that of the ledger."""

    @override
    def changed(self, value: Body) -> Body:
        return {**value, "BalanceAfterTransaction": self.after(value, value["BalanceAfterTransaction"])}

    def after(self, _value: Body, balance: Decimal) -> Decimal:
        """Return the balance that is sent."""
        return balance


@defect(BUSINESS, "T-7")
class BalanceBeforeTheCashback(Remaining):
    """The balance after a sale leaves the cashback out."""

    @override
    def after(self, value: Body, balance: Decimal) -> Decimal:
        return balance - Decimal(value["CashbackAmount"])


@defect(BUSINESS, "T-7")
class BalanceAsIfNoGiftHadPaid(Remaining):
    """The balance after a sale that a gift paid is what it would be without the gift."""

    @override
    def after(self, value: Body, balance: Decimal) -> Decimal:
        return balance - Decimal(value["GiftAmount"] or 0)


@defect(BUSINESS, "T-7")
class BalanceBeforeTheSale(Remaining):
    """The balance after a sale is the one before it."""

    @override
    def after(self, value: Body, balance: Decimal) -> Decimal:
        return balance + Decimal(value["Amount"] - (value["GiftAmount"] or 0) - value["CashbackAmount"])


@defect(BUSINESS, "T-7")
class BalanceWithTheMinorUnitsCut(Remaining):
    """The balance after a sale loses its last minor unit if it is odd."""

    @override
    def after(self, _value: Body, balance: Decimal) -> Decimal:
        return balance - CENT if (balance * 100) % 2 else balance


@defect(BUSINESS, "T-7", core=True)
class BalanceAfterInFloats(Sales):
    """The balance after a sale is added up in floats: 0.30 less twice 0.10 is 0.09999999999999998."""

    @override
    def sale(
        self, sale_id: str, order: Order, wallet: Wallet, balance: Decimal, uses: tuple[GiftUse, ...]
    ) -> Transaction:
        sale = super().sale(sale_id, order, wallet, balance, uses)
        total = sum((float(each.amount) for each in self.books.ledger.entries(self.wallets.account_name(wallet))), 0.0)
        total += float(sale.cashback_amount) + float(self.gifts.gift_amount(uses)) - float(sale.amount)
        return replace(sale, balance_after=Decimal(repr(total)))


@defect(BUSINESS, "T-7")
class BalanceWithTheGiftsLeft(Sales):
    """The balance after a sale counts what is left of the gifts."""

    @override
    def sale(
        self, sale_id: str, order: Order, wallet: Wallet, balance: Decimal, uses: tuple[GiftUse, ...]
    ) -> Transaction:
        sale = super().sale(sale_id, order, wallet, balance, uses)
        left = sum((each.remaining for each in self.gifts.usable_gifts(wallet)), NOTHING) - self.gifts.gift_amount(uses)
        return replace(sale, balance_after=sale.balance_after + left)
