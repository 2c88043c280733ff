"""A gift that expires: given early, so that the run need not stand still until it has."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from pytest_bdd import given

from harness.apis.walletapi.client import Wallet, WalletApi
from harness.failures import ContractViolation, EnvironmentFault
from harness.gherkin.collection import clauses_of
from harness.wire.exchange import Exchange

HELD = Decimal("100.00")
GIFT = Decimal("20.00")
_MARGIN = 0.02


@dataclass(frozen=True)
class ExpiringGift:
    """A wallet with a gift, the moment by our monotonic clock from which it surely has expired, and how it was made."""

    wallet: Wallet
    over: float
    exchanges: tuple[Exchange, ...]


def platform_now(walletapi: WalletApi, wallet: Wallet) -> datetime:
    """The platform's clock, or ours where it sends no Date."""
    walletapi.balances(wallet)
    return walletapi.recorder.scenario.clock or datetime.now(UTC)


def given_gift(walletapi: WalletApi, wallet: Wallet) -> float:
    """Put money and a gift on the wallet that expires as soon as the platform's clock allows; answers when it has."""
    walletapi.deposit(wallet, HELD)
    began = time.monotonic()
    date = platform_now(walletapi, wallet)
    now = time.monotonic()
    # A Date header may lag by a second, and leaves out what is under one: less than three could be past already.
    ahead = 3 + math.floor(now - began)
    walletapi.give(wallet, GIFT, date.replace(microsecond=0) + timedelta(seconds=ahead))
    return now + ahead + _MARGIN


def made_early(walletapi: WalletApi) -> ExpiringGift | None:
    """Give the gift now, to be told of where it is used; None where that fails, which is for that scenario to tell."""
    with walletapi.recorder.diverted() as exchanges:
        try:
            wallet = walletapi.open_wallet()
            return ExpiringGift(wallet, given_gift(walletapi, wallet), tuple(exchanges))
        except (ContractViolation, EnvironmentFault):
            return None


@pytest.fixture(scope="session")
def early_gift(request: pytest.FixtureRequest, walletapi_client: WalletApi | None) -> ExpiringGift | None:
    """A gift given before the first scenario; none on aliases, which are not to be held for that long."""
    wanted = any("G-5" in clauses_of(item) for item in request.session.items)
    if not wanted or walletapi_client is None or not walletapi_client.target.owner_id:
        return None
    return made_early(walletapi_client)


def pytest_bdd_before_scenario(request: pytest.FixtureRequest) -> None:
    """Have the gift given as early as can be, whatever scenario comes first."""
    request.getfixturevalue("early_gift")


@given("a wallet holding 100.00 and a gift of 20.00 that has expired", target_fixture="wallet")
def a_wallet_with_an_expired_gift(walletapi, purses, early_gift):
    if early_gift is None:
        wallet = purses.take(without_gifts=True)
        over = given_gift(walletapi, wallet)
    else:
        wallet, over = early_gift.wallet, early_gift.over
        for exchange in early_gift.exchanges:
            walletapi.recorder.exchange(exchange)
    time.sleep(max(0.0, over - time.monotonic()))
    return wallet
