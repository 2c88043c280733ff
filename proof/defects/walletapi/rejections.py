"""WalletAPI: sales that ought to fail (contract.md E-3, E-4)."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from typing_extensions import override

from proof.building_blocks import CENT, NOTHING, Overdrawing, as_number
from proof.declaring import Defects
from sandbox.http import fields
from sandbox.http.bodies import Body
from sandbox.http.rejections import Rejection
from sandbox.ledger.money import to_major, to_minor
from sandbox.walletapi.records import GiftUse, Order, Outcome, Transaction, Wallet
from sandbox.walletapi.sales import Sales
from sandbox.walletapi.wallets import Wallets

defect = Defects("walletapi")

BUSINESS = "business rule"


def covered(extra: Callable[[Decimal, Decimal, Decimal], Decimal]) -> type[Sales]:
    """Return rules that allow a sale to be ``extra(balance, gift_amount, amount)`` too large."""

    class Covered(Sales):
        @override
        def check_covered(self, amount: Decimal, balance: Decimal, gift_amount: Decimal) -> None:
            super().check_covered(amount - extra(balance, gift_amount, amount), balance, gift_amount)

    return Covered


for _name, _sentence, _extra in (
    ("overdraft-of-a-sales-minor-unit", "A sale may take a minor unit more than there is.", lambda _b, _g, _a: CENT),
    ("no-limit-to-sales", "A sale may take any amount.", lambda _b, _g, a: a),
    ("gift-counted-twice", "A gift counts twice when it is asked whether a sale is covered.", lambda _b, g, _a: g),
    ("overdraft-of-ten-percent", "A sale may take a tenth more than there is.", lambda b, _g, _a: b / 10),
):
    defect.add(_name, BUSINESS, "E-3 M-2", _sentence, covered(_extra), ledger=Overdrawing)


@defect(BUSINESS, "E-3 M-2", ledger=Overdrawing, core=True)
class CashbackPaysForItsOwnSale(Sales):
    """A cashback counts before it is given, so that a sale may take more than there is."""

    @override
    def sale(
        self, sale_id: str, order: Order, wallet: Wallet, balance: Decimal, uses: tuple[GiftUse, ...]
    ) -> Transaction:
        sale = super().sale(sale_id, order, wallet, balance, uses)
        self._coming = sale.cashback_amount
        return sale

    @override
    def check_covered(self, amount: Decimal, balance: Decimal, gift_amount: Decimal) -> None:
        super().check_covered(amount, balance + self._coming, gift_amount)


@defect(BUSINESS, "E-3")
class SaleOfAllIsRejected(Sales):
    """A sale of exactly what is there fails."""

    @override
    def check_covered(self, amount: Decimal, balance: Decimal, gift_amount: Decimal) -> None:
        super().check_covered(amount + CENT, balance, gift_amount)


@defect(BUSINESS, "E-3 G-2")
class BalanceAloneIsTheLimit(Sales):
    """A sale of more than the balance fails, though a gift would pay the rest."""

    @override
    def check_covered(self, amount: Decimal, balance: Decimal, _gift_amount: Decimal) -> None:
        super().check_covered(amount, balance, NOTHING)


class LeavingTraces(Sales):
    """Calls ``trace`` after a sale that is rejected for one of ``slips``."""

    slips: tuple[str, ...] = ()

    @override
    async def purchase_by_alias(self, body: Body) -> Outcome:
        try:
            return await super().purchase_by_alias(body)
        except Rejection as rejection:
            if rejection.name in self.slips:
                with self.books.ledger.transaction():
                    self.trace(self.wallets.wallet_behind(fields.text(body, "Alias")), body)
            raise

    def trace(self, wallet: Wallet, body: Body) -> None:
        """Change something that a rejection must not change."""

    def take(self, wallet: Wallet, amount: Decimal) -> None:
        """Take an amount off the balance, or the whole balance if it is less."""
        self.wallets.book_deposit(wallet, -min(amount, self.wallets.balance_of(wallet)), "")


@defect(BUSINESS, "E-3 M-1")
class UncoveredSaleTakesWhatThereIs(LeavingTraces):
    """A sale of more than there is fails and takes all that there is."""

    slips = ("insufficient_balance",)

    @override
    def trace(self, wallet: Wallet, body: Body) -> None:
        self.take(wallet, fields.number(body, "Amount"))


@defect(BUSINESS, "E-3 M-1")
class UncoveredSaleSpendsTheGift(LeavingTraces):
    """A sale of more than there is fails and uses up the gifts."""

    slips = ("insufficient_balance",)

    @override
    def trace(self, wallet: Wallet, _body: Body) -> None:
        for each in self.gifts.usable_gifts(wallet):
            self.gifts.book_gift(replace(each.gift, amount=-each.remaining))


@defect(BUSINESS, "E-4 M-1")
class SaleWithAWrongCashbackIsCharged(LeavingTraces):
    """A sale that fails for its cashback is charged anyway."""

    slips = ("unknown_cashback_type", "negative")

    @override
    def trace(self, wallet: Wallet, body: Body) -> None:
        self.take(wallet, fields.number(body, "Amount"))


@defect(BUSINESS, "E-4 M-1")
class NegativeSaleIsRejectedAndBooked(LeavingTraces):
    """A sale of a negative amount fails and credits the wallet."""

    slips = ("not_positive",)

    @override
    def trace(self, wallet: Wallet, body: Body) -> None:
        self.wallets.book_deposit(wallet, abs(to_major(to_minor(fields.number(body, "Amount")))), "")


@defect("isolation", "E-4")
class UnknownAliasIsTheNewestWallet(Wallets):
    """A sale by an unknown alias is paid by the wallet that was opened last."""

    @override
    def wallet_behind(self, alias: str) -> Wallet:
        try:
            return super().wallet_behind(alias)
        except Rejection:
            newest = self.books.records.newest(Wallet, 1)
            if not newest:
                raise
            return newest[0]


@defect("isolation", "E-4")
class UnknownAliasIsTheNearestOne(Wallets):
    """A sale by an unknown alias is paid by the wallet whose alias is nearest."""

    @override
    def wallet_behind(self, alias: str) -> Wallet:
        try:
            return super().wallet_behind(alias)
        except Rejection:
            wallets = self.books.records.all(Wallet)
            if not wallets or not alias.isdecimal():
                raise
            return min(wallets, key=lambda each: abs(int(each.alias) - int(alias)))


@defect("isolation", "E-4")
class SaleWithoutAnAliasIsPaidByTheNewest(Sales):
    """A sale that names no alias is paid by the wallet that was opened last."""

    @override
    def order(self, body: Body) -> Order:
        missing = body.get("Alias") is None
        return super().order({**body, "Alias": self.books.records.newest(Wallet, 1)[0].alias} if missing else body)


@defect(BUSINESS, "E-4")
class SaleOfNothing(Sales):
    """A sale of zero succeeds."""

    @override
    def sale_amount(self, body: Body) -> Decimal:
        return NOTHING if fields.number(body, "Amount") == 0 else super().sale_amount(body)


@defect(BUSINESS, "E-4 M-1")
class SaleOfLessThanNothing(Sales):
    """A sale of a negative amount succeeds and credits the wallet."""

    @override
    def sale_amount(self, body: Body) -> Decimal:
        amount = fields.number(body, "Amount")
        return to_major(to_minor(amount)) if amount < 0 else super().sale_amount(body)


@defect(BUSINESS, "E-4 X-1", core=True)
class SaleAmountInQuotes(Sales):
    """A text with a number in it is accepted as a sale's amount."""

    @override
    def sale_amount(self, body: Body) -> Decimal:
        return super().sale_amount({**body, "Amount": as_number(body.get("Amount"))})


@defect(BUSINESS, "E-4")
class SaleAmountTrue(Sales):
    """The value true is accepted as a sale of one."""

    @override
    def sale_amount(self, body: Body) -> Decimal:
        return super().sale_amount({**body, "Amount": 1} if body.get("Amount") is True else body)


@defect(BUSINESS, "E-4")
class SaleAmountInAList(Sales):
    """A list with one number in it is accepted as a sale's amount."""

    @override
    def sale_amount(self, body: Body) -> Decimal:
        value = body.get("Amount")
        if isinstance(value, list) and len(value) == 1:
            body = {**body, "Amount": value[0]}
        return super().sale_amount(body)


@defect(BUSINESS, "E-4")
class SaleWithoutAnAmount(Sales):
    """A sale that names no amount succeeds and takes nothing."""

    @override
    def sale_amount(self, body: Body) -> Decimal:
        return Decimal("0.00") if body.get("Amount") is None else super().sale_amount(body)
