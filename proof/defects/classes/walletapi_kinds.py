"""WalletAPI: gifts, cashbacks, aliases and credentials of a kind that few calls have (contract.md C, E, G, T)."""

import asyncio
import time
import unicodedata
import uuid
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from typing_extensions import override

from proof.building_blocks import AfterRefusal, Overdrawing
from proof.declaring import Defects
from sandbox.http.bodies import Body
from sandbox.http.rejections import Rejection, require
from sandbox.http.responses import Call
from sandbox.ledger import identifiers
from sandbox.ledger.postings import Movement
from sandbox.walletapi.balances import Balances
from sandbox.walletapi.credentials import Credentials
from sandbox.walletapi.gifts import Gifts
from sandbox.walletapi.records import SALES, GiftStanding, GiftUse, Order, Outcome, Standing, Transaction, Wallet
from sandbox.walletapi.sales import Sales
from sandbox.walletapi.wallets import Wallets

defect = Defects("walletapi")

VALUES = "business rule"
HISTORY = "history"
CREDENTIALS = "credentials"


@defect(VALUES, "G-1 G-2")
class GiftIsLockedInItsLastMinutes(Gifts):
    """A gift pays nothing in the two minutes before it expires."""

    @override
    def is_usable(self, standing: GiftStanding) -> bool:
        expires = standing.gift.expires
        is_ending = expires is not None and expires - self.books.now() < timedelta(minutes=2)
        return super().is_usable(standing) and not is_ending


@defect(VALUES, "G-2 G-1")
class EqualGiftsArePaidWithTogether(Sales):
    """What one gift pays is taken from each gift of the wallet with the same amount."""

    @override
    def book_sale(self, sale: Transaction, wallet: Wallet, uses: tuple[GiftUse, ...]) -> None:
        super().book_sale(sale, wallet, uses)
        gifts = {each.gift.id: each for each in self.gifts.all_gifts(wallet)}
        for use in uses:
            for other in gifts.values():
                is_equal = other.gift.amount == gifts[use.gift_id].gift.amount and other.gift.id != use.gift_id
                if is_equal and other.remaining >= use.amount:
                    mistaken = replace(sale, id=identifiers.new_guid(), amount=use.amount)
                    super().book_sale(mistaken, wallet, (replace(use, gift_id=other.gift.id),))


@defect("time", "G-2 G-1")
class BegunGiftEndsAfterSeconds(Gifts):
    """A gift that was begun pays nothing more two seconds later."""

    @override
    def gift_uses(self, sale_id: str, amount: Decimal, gifts: tuple[GiftStanding, ...]) -> tuple[GiftUse, ...]:
        begun: dict[str, float] = self.__dict__.setdefault("begun", {})
        alive = tuple(each for each in gifts if time.monotonic() - begun.get(each.gift.id, time.monotonic()) < 2)
        uses = super().gift_uses(sale_id, amount, alive)
        for use in uses:
            begun.setdefault(use.gift_id, time.monotonic())
        return uses


@defect(HISTORY, "G-1 G-2 E-3")
class RejectedSaleLocksTheGifts(Sales):
    """After a sale that may use gifts was rejected for its amount, the gifts of the wallet pay nothing."""

    @override
    def check_covered(self, amount: Decimal, balance: Decimal, gift_amount: Decimal) -> None:
        try:
            super().check_covered(amount, balance, gift_amount)
        except Rejection:
            if gift_amount:
                self.__dict__.setdefault("locked", set()).add(self.__dict__["current"])
            raise

    @override
    def gifts_to_spend(self, order: Order, wallet: Wallet) -> tuple[GiftStanding, ...]:
        self.__dict__["current"] = wallet.id
        is_locked = wallet.id in self.__dict__.setdefault("locked", set())
        return () if is_locked else super().gifts_to_spend(order, wallet)


@defect(HISTORY, "C-3")
class PercentageOfAllSalesSoFar(Sales):
    """A percentage is of all amounts of the wallet's sales with such a cashback together."""

    @override
    def sale(
        self, sale_id: str, order: Order, wallet: Wallet, balance: Decimal, uses: tuple[GiftUse, ...]
    ) -> Transaction:
        if order.cashback_type != "Percentage" or not order.cashback_apply:
            return super().sale(sale_id, order, wallet, balance, uses)
        sums: dict[str, Decimal] = self.__dict__.setdefault("sums", {})
        sums[wallet.id] = sums.get(wallet.id, Decimal(0)) + order.amount
        sale = super().sale(sale_id, order, wallet, balance, uses)
        cashback = self.cashback_of(replace(order, amount=sums[wallet.id]))
        more = cashback - sale.cashback_amount
        return replace(sale, cashback_amount=cashback, balance_after=sale.balance_after + more)


@defect(HISTORY, "C-1 C-3 M-1")
class EqualCashbackIsShownAndNotCredited(Sales):
    """A cashback that equals the one before on the wallet is shown, and not credited."""

    @override
    def book_cashback(self, sale: Transaction, wallet: Wallet) -> None:
        last: dict[str, Decimal] = self.__dict__.setdefault("last", {})
        if last.get(wallet.id) != sale.cashback_amount:
            super().book_cashback(sale, wallet)
        last[wallet.id] = sale.cashback_amount


@defect(VALUES, "T-7 M-1")
class TenthsAreChargedAsHundredths(Sales):
    """Of an amount with one decimal place, the tenths are charged as hundredths: 10.5 as 10.05."""

    @override
    async def purchase_by_alias(self, body: Body) -> Outcome:
        amount = body.get("Amount")
        is_short = isinstance(amount, Decimal) and amount > 0 and amount.as_tuple().exponent == -1
        self.__dict__["wrong"] = int(amount) + (amount % 1) / 10 if isinstance(amount, Decimal) and is_short else None
        return await super().purchase_by_alias(body)

    @override
    def book_sale(self, sale: Transaction, wallet: Wallet, uses: tuple[GiftUse, ...]) -> None:
        wrong = self.__dict__["wrong"]
        super().book_sale(replace(sale, amount=wrong) if wrong and not uses else sale, wallet, uses)


@defect(VALUES, "T-3")
class CodesByTheLettersOfAReference(Sales):
    """Sales whose references differ only in case share a UniqueCode."""

    @override
    async def purchase_by_alias(self, body: Body) -> Outcome:
        self.__dict__["reference"] = str(body.get("ExternalReference") or identifiers.new_guid())
        return await super().purchase_by_alias(body)

    @override
    def new_unique_code(self) -> str:
        return str(uuid.uuid5(uuid.NAMESPACE_OID, self.__dict__["reference"].lower()))


@defect(VALUES, "E-4")
class DigitsOfAnyScriptAreAnAlias(Wallets):
    """An alias in full-width digits finds the wallet of the same number."""

    @override
    def wallet_behind(self, alias: str) -> Wallet:
        return super().wallet_behind(unicodedata.normalize("NFKC", alias))


@defect(VALUES, "E-4")
class CashbackTypeByItsNumber(Sales):
    """The CashbackTypes 0 and 1 are accepted as Amount and Percentage."""

    @override
    def cashback_type(self, body: Body, *, apply: bool) -> str | None:
        kinds = {"0": "Amount", "1": "Percentage"}
        given = body.get("CashbackType")
        known = kinds.get(given, given) if isinstance(given, str) else given
        return super().cashback_type({**body, "CashbackType": known}, apply=apply)


@defect("partial effect", "E-4 G-2")
class NegativeCashbackUsesUpTheGifts(AfterRefusal):
    """A sale with a negative cashback is rejected, and its gifts are used up."""

    reason = "negative"

    @override
    async def after_refusal(self, body: Body) -> None:
        if body.get("UseGiftBalances"):
            await self.purchase_by_alias({**body, "CashbackApply": False})


@defect(CREDENTIALS, "E-5")
class TwoUnknownCredentialsPass(Credentials):
    """A call passes if both credentials are unknown."""

    @override
    def admit(self, call: Call) -> None:
        settings = self.books.settings
        key, client = call.headers.get("apikeypublic", ""), call.headers.get("apiclientpublic", "")
        known = {settings.walletapi_key, settings.walletapi_client}
        if not key or not client or {key, client} & known:
            super().admit(call)


@defect(CREDENTIALS, "E-5")
class LastLetterOfTheKeyIsIgnored(Credentials):
    """An apikeypublic passes whatever its last letter is."""

    @override
    def admit(self, call: Call) -> None:
        key, right = call.headers.get("apikeypublic", ""), self.books.settings.walletapi_key
        if len(key) != len(right) or not identifiers.same_secret(key[:-1], right[:-1]):
            super().admit(call)
        client = call.headers.get("apiclientpublic", "")
        require(client, "missing_credential")
        require(identifiers.same_secret(client, self.books.settings.walletapi_client), "unknown_credential")


@defect("race", "M-1 M-2 T-7", ledger=Overdrawing)
class ReadingTheBalancesUndoesASale(Balances):
    """What a wallet pays while its balances are read is given back."""

    @override
    async def balances(self, alias: str) -> Standing:
        wallet = self.wallets.wallet_behind(alias)
        before = self.wallets.balance_of(wallet)
        await asyncio.sleep(0.005)
        paid = before - self.wallets.balance_of(wallet)
        if paid > 0:
            movements = [Movement(SALES, -paid), Movement(self.wallets.account_name(wallet), paid)]
            self.wallets.books.ledger.post("Restored", identifiers.new_guid(), movements, self.wallets.books.now())
        return self.standing(wallet)


@defect("isolation", "T-7 M-1 T-8")
class BalancesReadTogetherAreOfOneWallet(Balances):
    """Balances that are read at the same time are all those of the wallet that was asked for last."""

    @override
    async def balances(self, alias: str) -> Standing:
        self.__dict__["latest"] = self.wallets.wallet_behind(alias)
        await asyncio.sleep(0.002)
        return self.standing(self.__dict__["latest"])
