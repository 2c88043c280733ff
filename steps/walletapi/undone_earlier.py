"""A sale that was undone some seconds ago. It is undone before the first scenario, so that a run seldom has to wait."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

import pytest
from pytest_bdd import given, when

from harness.apis.walletapi.client import Wallet, WalletApi
from harness.apis.walletapi.wallet_pool import WalletPool
from harness.gherkin.sentences import sentence
from steps.early import Early, make_early, when_ready
from steps.walletapi.sales import Sale, Seller
from steps.walletapi.undoing import OPERATIONS, Undoing, undo, undo_again

AGE = 2.0  # seconds
HUNDRED, THIRTY, TWENTY = (Decimal(text) for text in ("100.00", "30.00", "20.00"))


@dataclass(frozen=True)
class UndoneEarlier:
    """A sale that was undone, and another one from the same wallet, which was not."""

    undone: Sale
    other: Sale


def sell_and_undo(walletapi: WalletApi, wallet: Wallet, operation: str) -> tuple[UndoneEarlier, float]:
    """Make the sales and undo the first. Return also the time.monotonic() at which that is old enough."""
    walletapi.deposit(wallet, HUNDRED)
    seller = Seller(walletapi, wallet)
    sale, other = (seller.sell(seller.call(amount)) for amount in (THIRTY, TWENTY))
    undo(walletapi, sale, operation, walletapi.client.succeed)
    return UndoneEarlier(sale, other), time.monotonic() + AGE


@pytest.fixture(scope="session")
def early_undone(
    request: pytest.FixtureRequest, walletapi_client: WalletApi | None
) -> Mapping[str, Early[UndoneEarlier]]:
    """Undo the sales before the first scenario. None on aliases, which must not be locked for so long."""
    api = walletapi_client
    needed = any(item.path.name == "undoing.feature" for item in request.session.items)
    if not needed or api is None or not api.target.owner_id:
        return {}

    def make(operation: str) -> tuple[UndoneEarlier, float]:
        return sell_and_undo(api, api.open_wallet(), operation)

    return make_early(api.recorder, {each: partial(make, each) for each in OPERATIONS.values()})


@given(
    sentence(
        "a sale of 30.00 that was {operation:Undone} some seconds ago, and another one of 20.00", Undone=OPERATIONS
    ),
    target_fixture="undone_earlier",
)
def a_sale_that_was_undone(
    walletapi: WalletApi, wallet_pool: WalletPool, early_undone: Mapping[str, Early[UndoneEarlier]], operation: str
) -> UndoneEarlier:
    def make() -> tuple[UndoneEarlier, float]:
        return sell_and_undo(walletapi, wallet_pool.take(), operation)

    return when_ready(walletapi.recorder, early_undone.get(operation), make)


@when(sentence("that sale is {operation:Undone} again", Undone=OPERATIONS), target_fixture="undoing")
def that_sale_is_undone_again(walletapi: WalletApi, undone_earlier: UndoneEarlier, operation: str) -> Undoing:
    return undo_again(walletapi, undone_earlier.undone, operation)


@when(sentence("the other one is {operation:Undone}", Undone=OPERATIONS), target_fixture="undoing")
def the_other_one_is_undone(walletapi: WalletApi, undone_earlier: UndoneEarlier, operation: str) -> Undoing:
    return undo(walletapi, undone_earlier.other, operation, walletapi.client.succeed)
