"""Sales of every kind, in all pairs of values."""

import pytest
from pytest_bdd import when

from harness.apis.walletapi.client import WalletApi
from harness.apis.walletapi.pairs.kinds_of_sale import GIFTS, KindOfSale, kinds_of_sale
from harness.apis.walletapi.pairs.trial import Trial
from harness.apis.walletapi.walks.sale_checks import Known
from harness.apis.walletapi.wallet_pool import WalletPool
from harness.budget.depth import Depth, chosen_rows, depth_of
from harness.gherkin.sentences import sentence
from steps.kinds import try_rows
from steps.walletapi.plain_sales import plain_sales_first
from steps.walletapi.walks import take_wallets

QUICK = 4  # rows per kind of gift


@when(
    sentence(
        "the merchant makes sales of every kind from wallets with {gifts:Gifts}", Gifts={name: name for name in GIFTS}
    )
)
def sales_of_every_kind(walletapi: WalletApi, wallet_pool: WalletPool, pytestconfig: pytest.Config, gifts: str) -> None:
    known = Known()
    first, *others = take_wallets(walletapi, wallet_pool)

    def run(row: KindOfSale) -> None:
        # An alias is used again; a wallet that is opened for us is new in each row, and its neighbour is not.
        wallet = wallet_pool.take(without_gifts=True) if walletapi.target.owner_id else first
        Trial(walletapi, (wallet, *others), known).run(row)

    rows = [row for row in kinds_of_sale(3 if depth_of(pytestconfig) is Depth.DEEP else 2) if row.gifts == gifts]
    with plain_sales_first(walletapi):
        try_rows(walletapi.recorder, chosen_rows(pytestconfig, f"sales, {gifts}", rows, QUICK), run)
