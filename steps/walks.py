"""Random walks: the steps that let users and wallets do what they like, while a model watches."""

from __future__ import annotations

import pytest
from pytest_bdd import then, when

from harness.apis.alfred.client import Alfred
from harness.apis.walletapi.client import Wallet, WalletApi
from harness.apis.walletapi.wallet_pool import WalletPool
from harness.walks.walker import Walk, Walker

ALFRED_WALKS = 10
WALLETAPI_WALKS = 18


@pytest.fixture
def walker_of(pytestconfig, recorder):
    """Makes the walker of a scenario: as many walks as the run asks for, else this many."""
    options = pytestconfig.option

    def make(count: int) -> Walker:
        return Walker(recorder, options.walks or count, options.walk_seed)

    return make


@when("users fund, buy, confirm and confirm again at random, and try what must be rejected")
def users_walk(alfred: Alfred, walker_of, balance_shown):
    from harness.apis.alfred.walk import AlfredWalk

    walker_of(ALFRED_WALKS).run(lambda walk: AlfredWalk(alfred, walk))


@then("each response, and every balance after it, was one that the calls before it allow")
def each_response_was_allowed():
    """The walk itself judges every response as it comes, so that the shortest way to a wrong one can be told."""


@when("money is deposited, given, spent and given back at random, and what must fail is tried")
def wallets_walk(walletapi: WalletApi, purses: WalletPool, walker_of):
    from harness.apis.walletapi.walk import WalletApiWalk

    known: set[str] = set()
    aliases = _aliases(walletapi, purses)

    def machine(walk: Walk) -> WalletApiWalk:
        return WalletApiWalk(walletapi, walk, aliases or [purses.take(without_gifts=True), purses.take()], known)

    walker_of(WALLETAPI_WALKS).run(machine)


def _aliases(walletapi: WalletApi, purses: WalletPool) -> list[Wallet]:
    # Where the target opens wallets for us each walk has its own; its aliases serve one walk after another.
    if walletapi.target.owner_id:
        return []
    taken = [purses.take(without_gifts=True)]
    try:
        taken.append(purses.take(without_gifts=True))
    except pytest.skip.Exception:
        walletapi.recorder.note("one of the target's aliases walks alone")
    return taken
