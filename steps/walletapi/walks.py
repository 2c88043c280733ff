"""The random walk of the WalletAPI's wallets."""

from typing import TYPE_CHECKING

import pytest
from pytest_bdd import when

from harness.apis.walletapi.client import Wallet, WalletApi
from harness.apis.walletapi.walks.sale_checks import Known
from harness.apis.walletapi.wallet_pool import WalletPool
from steps.walks import RunWalks
from steps.walletapi.plain_sales import plain_sales_first

if TYPE_CHECKING:
    from harness.apis.walletapi.walks.walk import WalletApiWalk
    from harness.walks.walker import Walk

WALKS = 9


@when("deposits, gifts, sales, cancels and refunds are made in random order, and sales that must fail are tried")
def wallets_walk(walletapi: WalletApi, wallet_pool: WalletPool, run_walks: RunWalks) -> None:
    from harness.apis.walletapi.walks.walk import WalletApiWalk  # Hypothesis is slow to import

    known = Known()
    aliases = [] if walletapi.target.owner_id else take_wallets(walletapi, wallet_pool)

    def start(walk: "Walk") -> "WalletApiWalk":
        # A wallet that is opened for us serves one walk; an alias serves one walk after another.
        wallets = aliases or [wallet_pool.take(without_gifts=True), wallet_pool.take(without_gifts=True)]
        return WalletApiWalk(walletapi, walk, wallets, known)

    with plain_sales_first(walletapi):
        run_walks("walletapi", WALKS, start)


def take_wallets(walletapi: WalletApi, wallet_pool: WalletPool) -> list[Wallet]:
    """Take two wallets, or one if the target has only one alias."""
    taken = [wallet_pool.take(without_gifts=True)]
    try:
        taken.append(wallet_pool.take(without_gifts=True))
    except pytest.skip.Exception:
        walletapi.recorder.note("only one of the target's aliases is used")
    return taken
