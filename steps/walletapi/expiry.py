"""A gift that expires. It is given before the first scenario, so that the run need not wait until it has expired."""

import math
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from pytest_bdd import given

from harness.apis.walletapi.client import Wallet, WalletApi
from harness.apis.walletapi.wallet_pool import WalletPool
from harness.failures import ContractViolation, EnvironmentFault
from harness.gherkin.collection import clauses_of
from harness.wire.exchange import Exchange

BALANCE = Decimal("100.00")
GIFT = Decimal("20.00")
_MARGIN = 0.02


@dataclass(frozen=True)
class ExpiringGift:
    """A wallet with a gift, the time.monotonic() at which it has expired for sure, and the calls that made it."""

    wallet: Wallet
    expired_at: float
    exchanges: tuple[Exchange, ...]


def platform_now(walletapi: WalletApi, wallet: Wallet) -> datetime:
    """Return the platform's clock, or ours if it sends no Date."""
    walletapi.balances(wallet)
    return walletapi.recorder.scenario.clock or datetime.now(UTC)


def give_expiring_gift(walletapi: WalletApi, wallet: Wallet) -> float:
    """Deposit money and give a gift that expires soon. Return the time.monotonic() at which it has expired."""
    walletapi.deposit(wallet, BALANCE)
    began = time.monotonic()
    date = platform_now(walletapi, wallet)
    now = time.monotonic()
    # Date is in whole seconds and may lag by one. With less than three seconds the gift could be in the past already.
    ahead = 3 + math.floor(now - began)
    walletapi.give(wallet, GIFT, date.replace(microsecond=0) + timedelta(seconds=ahead))
    return now + ahead + _MARGIN


@pytest.fixture(scope="session")
def early_gift(request: pytest.FixtureRequest, walletapi_client: WalletApi | None) -> ExpiringGift | None:
    """Give the gift before the first scenario. None on aliases, which must not be locked for so long."""
    is_needed = any("G-5" in clauses_of(item) for item in request.session.items)
    if not is_needed or walletapi_client is None or not walletapi_client.target.owner_id:
        return None
    with walletapi_client.recorder.diverted() as exchanges:
        try:
            wallet = walletapi_client.open_wallet()
            return ExpiringGift(wallet, give_expiring_gift(walletapi_client, wallet), tuple(exchanges))
        except (ContractViolation, EnvironmentFault):
            return None  # the scenario of the gift tries again, and reports it


def pytest_bdd_before_scenario(request: pytest.FixtureRequest) -> None:
    """Give the gift as early as possible, whatever scenario comes first."""
    request.getfixturevalue("early_gift")


@given("a wallet with 100.00 to spend and a gift of 20.00 that has expired", target_fixture="wallet")
def a_wallet_with_an_expired_gift(
    walletapi: WalletApi, wallet_pool: WalletPool, early_gift: ExpiringGift | None
) -> Wallet:
    if early_gift is None:
        wallet = wallet_pool.take(without_gifts=True)
        expired_at = give_expiring_gift(walletapi, wallet)
    else:
        wallet, expired_at = early_gift.wallet, early_gift.expired_at
        for exchange in early_gift.exchanges:
            walletapi.recorder.exchange(exchange)
    time.sleep(max(0.0, expired_at - time.monotonic()))
    return wallet
