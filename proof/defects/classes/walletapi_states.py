"""WalletAPI: what shows only after other calls, and values that resemble the right one (contract.md E, M, T)."""

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from typing_extensions import override

from proof.building_blocks import AfterRefusal, Overdrawing, SaleResponses, sum_of_a_page
from proof.declaring import Defects
from sandbox.http.bodies import Body
from sandbox.http.responses import Call
from sandbox.ledger import identifiers
from sandbox.walletapi.credentials import Credentials
from sandbox.walletapi.gifts import Gifts
from sandbox.walletapi.records import Gift, GiftStanding, GiftUse, Order, Transaction, Wallet
from sandbox.walletapi.reversals import Reversals
from sandbox.walletapi.sales import NOTHING_BACK, Sales
from sandbox.walletapi.wallets import Wallets

defect = Defects("walletapi")

HISTORY = "history"


@defect("business rule", "E-4")
class CashbackTypeByItsBeginning(Sales):
    """A CashbackType that begins like Amount or Percentage, or is the beginning of one, is accepted."""

    @override
    def cashback_type(self, body: Body, *, apply: bool) -> str | None:
        given = str(body.get("CashbackType") or "-")
        known = next((each for each in ("Amount", "Percentage") if given[:6] == each[:6]), given)
        return super().cashback_type({**body, "CashbackType": known} if apply else body, apply=apply)


@defect(HISTORY, "E-3 M-1")
class FailedSaleCanBeUndone(AfterRefusal):
    """A sale of more than there is fails, but is stored, so that undoing it gives its amount back."""

    @override
    async def after_refusal(self, body: Body) -> None:
        order = self.order(body)
        wallet = self.wallets.wallet_behind(order.alias)
        sale = self.sale(identifiers.new_guid(), order, wallet, self.wallets.balance_of(wallet), ())
        with self.books.ledger.transaction():
            self.books.keep(sale)


@defect(HISTORY, "T-7 M-1")
class EveryTenthSaleIsFree(Sales):
    """Every tenth sale from a wallet takes nothing."""

    @override
    def book_sale(self, sale: Transaction, wallet: Wallet, uses: tuple[GiftUse, ...]) -> None:
        earlier = self.books.records.all(Transaction, wallet_id=wallet.id)
        if len(earlier) % 10 != 9:
            super().book_sale(sale, wallet, uses)


@defect(HISTORY, "M-1")
class FifthDepositIsLost(Wallets):
    """The fifth deposit on a wallet is accepted and not credited."""

    @override
    def book_deposit(self, wallet: Wallet, amount: Decimal, reference: str) -> None:
        times: dict[str, int] = self.__dict__.setdefault("times", {})
        times[wallet.id] = times.get(wallet.id, 0) + 1
        if times[wallet.id] != 5:
            super().book_deposit(wallet, amount, reference)


@defect("business rule", "G-1 E-3 T-8")
class EqualGiftIsNotGiven(Gifts):
    """A gift has no money if the wallet has one of the same amount of which nothing was spent."""

    @override
    def book_gift(self, gift: Gift) -> None:
        others = self.books.records.all(Gift, wallet_id=gift.wallet_id)
        if any(each.amount == gift.amount == self.gift_remaining(each) for each in others):
            self.books.ledger.open_account(self.gift_account(gift.id))
        else:
            super().book_gift(gift)


@defect("credentials", "E-5")
class CredentialInAList(Credentials):
    """A credential is accepted if it is one of several values with commas between them."""

    @override
    def admit(self, call: Call) -> None:
        last = {name: value.rpartition(",")[2] for name, value in call.headers.items() if name.startswith("api")}
        super().admit(replace(call, headers={**call.headers, **last}))


@defect(HISTORY, "R-2 M-1")
class UndoingTakesTheLastCashback(Reversals):
    """Undoing a sale without cashback takes back the cashback of the wallet's last sale."""

    @override
    def undo_amount(self, sale: Transaction) -> Decimal:
        last = self.books.records.all(Transaction, wallet_id=sale.wallet_id, type="Purchase")[-1]
        return super().undo_amount(sale) - (NOTHING_BACK if sale.cashback_amount else last.cashback_amount)


@defect("business rule", "R-2 M-1")
class RefundOfAtMostTwoHundredAndFifty(Reversals):
    """Undoing a sale gives back 250.00 at most."""

    @override
    def undo_amount(self, sale: Transaction) -> Decimal:
        return min(super().undo_amount(sale), Decimal("250.00"))


@defect(HISTORY, "G-5 E-3")
class UndoingRenewsExpiredGifts(Gifts):
    """After a sale was undone in a wallet, its expired gifts pay again."""

    @override
    def is_usable(self, standing: GiftStanding) -> bool:
        made = self.books.records.all(Transaction, wallet_id=standing.gift.wallet_id)
        is_renewed = any(one.type != "Purchase" for one in made)
        return standing.remaining > 0 if is_renewed else super().is_usable(standing)


@defect("response", "G-6")
class EqualGiftsAreListedOnce(SaleResponses):
    """Of gifts that paid the same, a sale lists one."""

    @override
    def changed(self, value: Body) -> Body:
        used = value["UsedGiftBalances"] or []
        return {**value, "UsedGiftBalances": list({use["Amount"]: use for use in used}.values()) or None}


@defect(HISTORY, "C-2 T-7 M-1")
class UndoneCashbackGoesToTheNextSale(Sales):
    """After a sale with cashback was undone, the wallet's next sale without cashback gets that cashback."""

    @override
    def sale(
        self, sale_id: str, order: Order, wallet: Wallet, balance: Decimal, uses: tuple[GiftUse, ...]
    ) -> Transaction:
        sale = super().sale(sale_id, order, wallet, balance, uses)
        made = self.books.records.all(Transaction, wallet_id=wallet.id)
        undone = [one for one in made if made[-1].main_transaction_id == one.id]
        if order.cashback_apply or not undone:
            return sale
        cashback = undone[0].cashback_amount
        return replace(sale, cashback_amount=cashback, balance_after=sale.balance_after + cashback)


@defect("credentials", "E-2")
class CredentialsInTheBody(Credentials):
    """A credential that is missing as a header may be a member of the body."""

    @override
    def admit(self, call: Call) -> None:
        try:
            body = json.loads(call.raw or b"{}")
        except ValueError:
            body = {}
        members = body.items() if isinstance(body, dict) else ()
        found = {name: value for name, value in members if name.startswith("api") and isinstance(value, str)}
        super().admit(replace(call, headers={**found, **call.headers}))


@defect("history", "M-1 T-7 R-2", ledger=Overdrawing)
class TwentyMovementsMakeTheWalletBalance(Wallets):
    """The balance of a wallet is the sum of its last twenty movements."""

    @override
    def balance_of(self, wallet: Wallet) -> Decimal:
        return sum_of_a_page(self.books, self.account_name(wallet))


@defect("time", "R-2 M-1", ledger=Overdrawing)
class UndoneAmountIsTakenBackLater(Wallets):
    """What undoing a sale has returned is taken back three seconds later."""

    @override
    def balance_of(self, wallet: Wallet) -> Decimal:
        done = self.books.records.all(Transaction, wallet_id=wallet.id)
        late = self.books.now() - timedelta(seconds=3)
        taken = sum((one.amount for one in done if one.type != "Purchase" and one.created < late), NOTHING_BACK)
        return super().balance_of(wallet) - taken
