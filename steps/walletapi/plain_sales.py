"""Money in a wallet that is wrong: whether the plainest sales are wrong already, and which clause that breaks."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

import pytest

from harness.apis.walletapi.client import Balances, WalletApi
from harness.failures import ContractViolation, EnvironmentFault, WrongOutcome

DEPOSIT, PLAIN, SMALL, GIFT = (Decimal(text) for text in ("100.00", "30.00", "12.00", "20.00"))


@contextmanager
def after_plain_sales(walletapi: WalletApi) -> Iterator[None]:
    """Run a comparison. If it fails, make plain sales from other wallets: if they are wrong too, name their clause."""
    try:
        yield
    except AssertionError as error:
        clause = clause_of_plain_sales(walletapi)
        if not clause:
            raise
        raise WrongOutcome(str(error), "", None, clause=clause) from error


def clause_of_plain_sales(walletapi: WalletApi) -> str:
    """Return the clause that the sales of two new wallets break; empty if they break none, or cannot be opened."""
    if not walletapi.target.owner_id:
        return ""
    with walletapi.recorder.diverted():
        try:
            return _first_broken(walletapi)
        except ContractViolation as violation:
            return violation.clause
        except (EnvironmentFault, pytest.skip.Exception):
            return ""


def _first_broken(walletapi: WalletApi) -> str:
    wallet, other = walletapi.open_wallet(), walletapi.open_wallet()

    def are(balance: Decimal, gifts: Decimal = Decimal(0)) -> bool:
        return walletapi.balances(wallet) == Balances(balance, gifts)

    for one in (wallet, other):
        walletapi.deposit(one, DEPOSIT)
    if not are(DEPOSIT):
        return "M-1"
    sale = walletapi.sell(walletapi.sale_call(wallet, PLAIN))
    if not are(DEPOSIT - PLAIN):
        return "T-7" if walletapi.balances(other).wallet == DEPOSIT else "M-1"
    if sale.amount("BalanceAfterTransaction") != DEPOSIT - PLAIN:
        return "T-7"
    walletapi.give(wallet, GIFT)
    walletapi.sell(walletapi.sale_call(wallet, SMALL, gifts=True))
    if not are(DEPOSIT - PLAIN, GIFT - SMALL):
        return "G-2"
    walletapi.sell(walletapi.sale_call(wallet, SMALL, gifts=True))
    return "" if are(DEPOSIT - PLAIN + GIFT - 2 * SMALL) else "G-1"
