"""Calls of every two kinds at the same time, explained by the model."""

from collections.abc import Sequence

from pytest_bdd import when

from harness.apis.walletapi.client import WalletApi
from harness.apis.walletapi.pairs.race import KINDS, Race
from harness.apis.walletapi.walks.sale_checks import Known
from harness.apis.walletapi.wallet_pool import WalletPool
from harness.budget.depth import Depth
from harness.client.calls import Call, Outcome
from harness.gherkin.sentences import sentence
from harness.races.lanes import Lanes
from steps.races import race_kinds
from steps.walletapi.plain_sales import plain_sales_first
from steps.walletapi.walks import take_wallets


@when(
    sentence(
        "calls of every kind are made at the same time as {kind:Kind} on a wallet",
        Kind={name: name for name in KINDS},
    )
)
def calls_are_made_together(
    walletapi: WalletApi, wallet_pool: WalletPool, lanes: Lanes, depth: Depth, kind: str
) -> None:
    wallets = take_wallets(walletapi, wallet_pool)

    def send_together(calls: Sequence[Call]) -> list[Outcome]:
        return lanes.race(walletapi.client, calls, warm=walletapi.balances_call(wallets[0].alias))

    kinds = [name for name in KINDS if len(wallets) > 1 or not name.startswith("another")]
    with plain_sales_first(walletapi):
        race_kinds(kinds, kind, depth, Race(walletapi, wallets, Known(), send_together).run)
