"""Sales of every kind: all pairs of what a sale can be."""

from pytest_bdd import when

from harness.apis.walletapi.client import WalletApi
from harness.apis.walletapi.kinds_of_sale import GIFTS, kinds_of_sale, of_gifts
from harness.apis.walletapi.sale_checks import Known
from harness.apis.walletapi.trial import Trial
from harness.apis.walletapi.wallet_pool import WalletPool
from harness.failures import ContractViolation, EnvironmentFault
from harness.gherkin.sentences import sentence
from harness.walks.depth import Depth

QUICK = 4  # rows per kind of gift


@when(
    sentence(
        "the merchant makes sales of every kind from wallets with {gifts:Gifts}", Gifts={name: name for name in GIFTS}
    )
)
def sales_of_every_kind(walletapi: WalletApi, wallet_pool: WalletPool, depth: Depth, gifts: str) -> None:
    known = Known()
    alias = None if walletapi.target.owner_id else wallet_pool.take(without_gifts=True)
    rows = kinds_of_sale(3 if depth is Depth.DEEP else 2)
    for row in of_gifts(rows, gifts, QUICK if depth is Depth.QUICK else None):
        trial = Trial(walletapi, alias or wallet_pool.take(without_gifts=True), known)
        walletapi.recorder.note(str(row))
        try:
            # Hundreds of exchanges are no evidence: those of the row that matters are recorded afterwards.
            with walletapi.recorder.diverted() as exchanges:
                trial.run(row)
        except (ContractViolation, EnvironmentFault):
            for exchange in exchanges:
                walletapi.recorder.exchange(exchange)
            raise
