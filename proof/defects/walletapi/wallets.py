"""WalletAPI: wallets, deposits and balances (contract.md T-8, M-1)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from proof.building_blocks import CENT, NOTHING, ApiResponses, through_float, whole_units
from proof.declaring import Defects
from sandbox.walletapi.records import Wallet
from sandbox.walletapi.rules import WalletApiRules

defect = Defects("walletapi")

BUSINESS = "business rule"


class Depositing(WalletApiRules):
    """Puts another amount on the wallet than was deposited."""

    def deposited(self, amount, _balance):
        """What is booked."""
        return amount

    def book_deposit(self, wallet, amount, balance, reference):
        super().book_deposit(wallet, self.deposited(amount, balance), balance, reference)


@defect(BUSINESS, "M-1 T-8")
class DepositLosesAMinorUnit(Depositing):
    """A deposit loses a minor unit."""

    def deposited(self, amount, _balance):
        return amount - CENT


@defect(BUSINESS, "M-1 T-8")
class DepositInWholeUnits(Depositing):
    """A deposit loses its minor units."""

    def deposited(self, amount, _balance):
        return whole_units(amount)


@defect(BUSINESS, "M-1")
class DepositThroughFloats(Depositing):
    """A deposit of 19.99 puts 19.98 on the wallet, since it went through a float."""

    def deposited(self, amount, _balance):
        return through_float(amount)


@defect(BUSINESS, "M-1 T-8")
class LastDepositCounts(Depositing):
    """A second deposit takes the place of the balance in place of adding to it."""

    def deposited(self, amount, balance):
        return amount - balance


@defect("isolation", "M-1 T-4")
class DepositReachesTheNewestWallet(Depositing):
    """A deposit is put on the wallet that was opened last."""

    def book_deposit(self, _wallet, amount, balance, reference):
        newest = self.records.newest(Wallet, 1)[0]
        super().book_deposit(newest, amount, balance, reference)


@defect("isolation", "M-1 T-4", core=True)
class SalePaidByTheNewestWallet(WalletApiRules):
    """A sale is paid by the wallet that was opened last, if that has enough."""

    def book_sale(self, sale, wallet, uses):
        newest = self.records.newest(Wallet, 1)[0]
        rich = self.balance_of(newest) >= sale.amount
        super().book_sale(sale, newest if rich else wallet, uses)


@defect(BUSINESS, "T-7 M-1")
class BalanceReadBackInFloats(WalletApiRules):
    """Balances are added up in floats when they are read: 0.10 and 0.20 make 0.30000000000000004."""

    def standing(self, wallet):
        entries = self.ledger.entries(self.account_name(wallet))
        return replace(
            super().standing(wallet), balance=Decimal(repr(sum((float(each.amount) for each in entries), 0.0)))
        )


@defect(BUSINESS, "T-7 M-1")
class BalancesRememberTheDeposit(WalletApiRules):
    """Balances that are read show the wallet as it was at its last deposit."""

    def open_accounts(self):
        super().open_accounts()
        self._seen = {}

    def book_deposit(self, wallet, amount, balance, reference):
        super().book_deposit(wallet, amount, balance, reference)
        self._seen[wallet.id] = self.balance_of(wallet)

    async def balances(self, alias):
        standing = await super().balances(alias)
        return replace(standing, balance=self._seen.get(standing.wallet.id, standing.balance))


class Telling(ApiResponses):
    """Another content of the answers of ``operation`` alone."""

    operation = ""

    def walletapi_success(self, call, value):
        told = self.told(call, value) if call.operation == self.operation else value
        return super().walletapi_success(call, told)

    def told(self, _call, value):
        """The Value that goes out."""
        return value


@defect(BUSINESS, "T-8 T-7 M-1")
class BalanceReadBackWithGifts(Telling):
    """The balance without gifts is read back with them."""

    operation = "balancesByAlias"

    def told(self, _call, value):
        return {**value, "WalletBalance": value["TotalBalance"]}


@defect(BUSINESS, "T-8")
class TotalWithoutGifts(Telling):
    """The total balance leaves the gifts out."""

    operation = "balancesByAlias"

    def told(self, _call, value):
        return {**value, "TotalBalance": value["WalletBalance"]}


@defect(BUSINESS, "T-8")
class BalancesUnderAnotherAlias(Telling):
    """Balances that are read name another alias."""

    operation = "balancesByAlias"

    def told(self, _call, value):
        return {**value, "Alias": value["Alias"][::-1]}


@defect(BUSINESS, "T-8")
class DepositAnswersTheBalanceBefore(WalletApiRules):
    """A deposit returns the balance before it."""

    async def deposit(self, body):
        before = self.balance_of(self.wallet_behind(body["Alias"])) if isinstance(body.get("Alias"), str) else NOTHING
        return replace(await super().deposit(body), balance=before)


@defect(BUSINESS, "T-8")
class WalletUnderAnotherAlias(Telling):
    """A new wallet answers another alias than was asked for."""

    operation = "createWallet"

    def told(self, _call, value):
        return {**value, "Alias": value["Alias"][::-1]}


@defect(BUSINESS, "T-8 T-4")
class WalletAnswersAnotherId(Telling):
    """A new wallet returns its owner's id as its own."""

    operation = "createWallet"

    def told(self, _call, value):
        return {**value, "Id": value["WalletOwnerId"]}


@defect(BUSINESS, "T-8")
class GiftAnsweredAsSpent(Telling):
    """A new gift says that nothing is left of it."""

    operation = "createGiftByAlias"

    def told(self, _call, value):
        return {**value, "RemainingAmount": NOTHING}


@defect("isolation", "T-8 G-1")
class GiftReachesTheFirstWallet(WalletApiRules):
    """A gift is put on the wallet that was opened first."""

    def remember_gift(self, gift):
        super().remember_gift(replace(gift, wallet_id=self.records.first(Wallet).id))
