"""Money in a wallet that is wrong: whether the plainest sales are wrong already, and which clause that breaks."""

from contextlib import AbstractContextManager
from decimal import Decimal

from harness.apis.walletapi.client import Balances, Wallet, WalletApi
from steps.plain_calls import clause_of, plain_cause_first

DEPOSIT, PLAIN, SMALL, LESS, MORE = (Decimal(text) for text in ("100.00", "30.00", "12.00", "5.00", "20.00"))


def plain_sales_first(walletapi: WalletApi) -> AbstractContextManager[None]:
    """Run a comparison or a model. If it fails, make plain sales from other wallets, and name the clause they break."""
    return plain_cause_first(walletapi.recorder, lambda: clause_of_plain_sales(walletapi))


def clause_of_plain_sales(walletapi: WalletApi) -> str:
    """Return the clause that the sales of two new wallets break; empty if they break none, or cannot be opened."""
    return clause_of(walletapi.recorder, lambda: _first_broken(walletapi)) if walletapi.target.owner_id else ""


def _first_broken(walletapi: WalletApi) -> str:
    wallet, other = walletapi.open_wallet(), walletapi.open_wallet()

    def is_wrong(balance: Decimal) -> bool:
        return walletapi.balances(wallet) != Balances(balance, Decimal(0))

    for one in (wallet, other):
        walletapi.deposit(one, DEPOSIT)
    if is_wrong(DEPOSIT):
        return "M-1"
    sale = walletapi.sell(walletapi.sale_call(wallet, PLAIN))
    if is_wrong(DEPOSIT - PLAIN):
        return "T-7" if walletapi.balances(other).wallet == DEPOSIT else "M-1"
    if sale.amount("BalanceAfterTransaction") != DEPOSIT - PLAIN:
        return "T-7"
    return _broken_by_gifts(walletapi, wallet, DEPOSIT - PLAIN)


def _broken_by_gifts(walletapi: WalletApi, wallet: Wallet, balance: Decimal) -> str:
    """Return the clause that is broken if a gift pays less than a sale, or more and then what is left of it."""
    walletapi.give(wallet, LESS)
    walletapi.sell(walletapi.sale_call(wallet, SMALL, gifts=True))
    balance -= SMALL - LESS
    if walletapi.balances(wallet) != Balances(balance, Decimal(0)):
        return "G-1"
    walletapi.give(wallet, MORE)
    for amount in (SMALL, MORE - SMALL):
        walletapi.sell(walletapi.sale_call(wallet, amount, gifts=True))
        if walletapi.balances(wallet).wallet != balance:
            return "G-2"
    return "" if walletapi.balances(wallet) == Balances(balance, Decimal(0)) else "G-2"
