"""WalletAPI: what shows only after other calls, and values that resemble the right one (contract.md E, M, T)."""

from decimal import Decimal

from typing_extensions import override

from proof.declaring import Defects
from sandbox.http.bodies import Body
from sandbox.http.rejections import Rejection
from sandbox.ledger import identifiers
from sandbox.walletapi.gifts import Gifts
from sandbox.walletapi.records import Gift, GiftUse, Outcome, Transaction, Wallet
from sandbox.walletapi.sales import Sales
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
class FailedSaleCanBeUndone(Sales):
    """A sale of more than there is fails, but is stored, so that undoing it gives its amount back."""

    @override
    async def purchase_by_alias(self, body: Body) -> Outcome:
        try:
            return await super().purchase_by_alias(body)
        except Rejection as rejection:
            if rejection.name == "insufficient_balance":
                order = self.order(body)
                wallet = self.wallets.wallet_behind(order.alias)
                sale = self.sale(identifiers.new_guid(), order, wallet, self.wallets.balance_of(wallet), ())
                with self.books.ledger.transaction():
                    self.books.keep(sale)
            raise


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
