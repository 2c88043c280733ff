"""WalletAPI: wallets, deposits and balances (contract.md T-8, M-1)."""

from dataclasses import replace
from decimal import ROUND_DOWN, Decimal

from typing_extensions import override

from proof.building_blocks import CENT, NOTHING, ApiResponses, balance_at_the_last, through_float, whole_units
from proof.declaring import Defects
from sandbox.books import Books
from sandbox.http.bodies import Body
from sandbox.http.responses import Call, Reply
from sandbox.walletapi.balances import Balances
from sandbox.walletapi.records import Gift, GiftUse, Standing, Transaction, Wallet
from sandbox.walletapi.sales import Sales
from sandbox.walletapi.wallets import Wallets

defect = Defects("walletapi")

BUSINESS = "business rule"


class Depositing(Wallets):
    """Books an amount other than the deposited one."""

    def deposited(self, amount: Decimal, _balance: Decimal) -> Decimal:
        """Return the amount to book."""
        return amount

    @override
    def book_deposit(self, wallet: Wallet, amount: Decimal, reference: str) -> None:
        super().book_deposit(wallet, self.deposited(amount, self.balance_of(wallet)), reference)


@defect(BUSINESS, "M-1 T-8")
class DepositLosesAMinorUnit(Depositing):
    """A deposit loses a minor unit."""

    @override
    def deposited(self, amount: Decimal, _balance: Decimal) -> Decimal:
        return amount - CENT


@defect(BUSINESS, "M-1 T-8")
class DepositInWholeUnits(Depositing):
    """A deposit loses its minor units."""

    @override
    def deposited(self, amount: Decimal, _balance: Decimal) -> Decimal:
        return whole_units(amount)


@defect(BUSINESS, "M-1")
class DepositThroughFloats(Depositing):
    """A deposit of 19.99 puts 19.98 on the wallet, since it went through a float."""

    @override
    def deposited(self, amount: Decimal, _balance: Decimal) -> Decimal:
        return through_float(amount)


@defect(BUSINESS, "M-1 T-8")
class LastDepositCounts(Depositing):
    """A second deposit replaces the balance instead of adding to it."""

    @override
    def deposited(self, amount: Decimal, balance: Decimal) -> Decimal:
        return amount - balance


@defect("isolation", "M-1 T-4")
class DepositReachesTheNewestWallet(Depositing):
    """A deposit is put on the wallet that was opened last."""

    @override
    def book_deposit(self, _wallet: Wallet, amount: Decimal, reference: str) -> None:
        newest = self.books.records.newest(Wallet, 1)[0]
        super().book_deposit(newest, amount, reference)


@defect("isolation", "M-1 T-4", core=True)
class SalePaidByTheNewestWallet(Sales):
    """A sale is paid by the wallet that was opened last, if that has enough."""

    @override
    def book_sale(self, sale: Transaction, wallet: Wallet, uses: tuple[GiftUse, ...]) -> None:
        newest = self.books.records.newest(Wallet, 1)[0]
        rich = self.wallets.balance_of(newest) >= sale.amount
        super().book_sale(sale, newest if rich else wallet, uses)


@defect(BUSINESS, "T-7 M-1")
class BalanceReadBackInFloats(Balances):
    """Balances are added up in floats when they are read: 0.10 and 0.20 make 0.30000000000000004."""

    @override
    def standing(self, wallet: Wallet) -> Standing:
        entries = self.wallets.books.ledger.entries(self.wallets.account_name(wallet))
        return replace(
            super().standing(wallet), balance=Decimal(repr(sum((float(each.amount) for each in entries), 0.0)))
        )


@defect(BUSINESS, "T-7 M-1")
class BalancesRememberTheDeposit(Balances):
    """Balances that are read show the wallet as it was at its last deposit."""

    @override
    async def balances(self, alias: str) -> Standing:
        standing = await super().balances(alias)
        entries = self.wallets.books.ledger.entries(self.wallets.account_name(standing.wallet))
        return replace(standing, balance=balance_at_the_last("Deposit", entries))


class OneOperation(ApiResponses):
    """Changes the responses of ``operation``."""

    operation = ""

    @override
    def walletapi_success(self, call: Call, value: Body) -> Reply:
        value = self.changed(call, value) if call.operation == self.operation else value
        return super().walletapi_success(call, value)

    def changed(self, _call: Call, value: Body) -> Body:
        """Return the Value that is sent instead of this one."""
        return value


@defect(BUSINESS, "T-8 T-7 M-1")
class BalanceReadBackWithGifts(OneOperation):
    """The balance without gifts is read back with them."""

    operation = "balancesByAlias"

    @override
    def changed(self, _call: Call, value: Body) -> Body:
        return {**value, "WalletBalance": value["TotalBalance"]}


@defect(BUSINESS, "T-7 M-1")
class BalanceReadBackWithOneDecimal(OneOperation):
    """The balance is read back with one decimal place."""

    operation = "balancesByAlias"

    @override
    def changed(self, _call: Call, value: Body) -> Body:
        return {**value, "WalletBalance": value["WalletBalance"].quantize(Decimal("0.1"), ROUND_DOWN)}


@defect(BUSINESS, "T-8")
class TotalWithoutGifts(OneOperation):
    """The total balance leaves the gifts out."""

    operation = "balancesByAlias"

    @override
    def changed(self, _call: Call, value: Body) -> Body:
        return {**value, "TotalBalance": value["WalletBalance"]}


@defect(BUSINESS, "T-8")
class BalancesUnderAnotherAlias(OneOperation):
    """Balances that are read name another alias."""

    operation = "balancesByAlias"

    @override
    def changed(self, _call: Call, value: Body) -> Body:
        return {**value, "Alias": value["Alias"][::-1]}


@defect(BUSINESS, "T-8")
class DepositAnswersTheBalanceBefore(OneOperation):
    """A deposit returns the balance before it."""

    operation = "depositByAlias"

    @override
    def changed(self, call: Call, value: Body) -> Body:
        return {**value, "Balance": value["Balance"] - call.body["Amount"]}


@defect(BUSINESS, "T-8")
class WalletUnderAnotherAlias(OneOperation):
    """The response for a new wallet has another alias than the request."""

    operation = "createWallet"

    @override
    def changed(self, _call: Call, value: Body) -> Body:
        return {**value, "Alias": value["Alias"][::-1]}


@defect(BUSINESS, "T-8 T-4")
class WalletAnswersAnotherId(OneOperation):
    """A new wallet returns its owner's id as its own."""

    operation = "createWallet"

    @override
    def changed(self, _call: Call, value: Body) -> Body:
        return {**value, "Id": value["WalletOwnerId"]}


@defect(BUSINESS, "T-8")
class GiftAnsweredAsSpent(OneOperation):
    """A new gift says that nothing is left of it."""

    operation = "createGiftByAlias"

    @override
    def changed(self, _call: Call, value: Body) -> Body:
        return {**value, "RemainingAmount": NOTHING}


@defect("isolation", "T-8 G-1")
class GiftReachesTheFirstWallet(Books):
    """A gift is put on the wallet that was opened first."""

    @override
    def keep(self, record: object) -> None:
        if isinstance(record, Gift):
            record = replace(record, wallet_id=self.records.all(Wallet)[0].id)
        super().keep(record)


@defect("history", "M-1")
class ThirdDepositReachesTheFirstWallet(Wallets):
    """From the third on, a wallet's deposits are put on the first wallet of the owner."""

    @override
    def book_deposit(self, wallet: Wallet, amount: Decimal, reference: str) -> None:
        times = len(self.books.ledger.entries(self.account_name(wallet)))
        first = self.books.records.first(Wallet) if times >= 2 else None
        super().book_deposit(first or wallet, amount, reference)
