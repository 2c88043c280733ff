"""A gift that expires. It is given before the first scenario, so that the run need not wait until it has expired."""

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from pytest_bdd import given

from harness.apis.walletapi.client import Wallet, WalletApi
from harness.apis.walletapi.wallet_pool import WalletPool
from harness.failures import ContractViolation, EnvironmentFault
from harness.gherkin.collection import clauses_of
from harness.gherkin.sentences import sentence
from harness.wire.exchange import Exchange

BALANCE = Decimal("100.00")
GIFT = Decimal("20.00")
_MARGIN = 0.02


# Before it expires: the offset in which its date is written, and what a sale spends of it.
Way = tuple[int, Decimal]
WAYS: Mapping[str, Way] = {
    "": (0, Decimal(0)),
    ", written west of UTC": (-5, Decimal(0)),
    ", written east of UTC": (3, Decimal(0)),
    ", after a part of it was spent": (0, Decimal("5.00")),
}


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


def give_expiring_gift(walletapi: WalletApi, wallet: Wallet, way: Way) -> float:
    """Deposit money and give a gift that expires soon. Return the time.monotonic() at which it has expired."""
    hours, spent = way
    walletapi.deposit(wallet, BALANCE)
    began = time.monotonic()
    date = platform_now(walletapi, wallet)
    now = time.monotonic()
    # Date is in whole seconds and may lag by one. With less than three seconds the gift could be in the past already.
    ahead = 3 + math.floor(now - began)
    expires = date.replace(microsecond=0) + timedelta(seconds=ahead)
    if not hours or not given_with_offset(walletapi, wallet, expires.astimezone(timezone(timedelta(hours=hours)))):
        walletapi.give(wallet, GIFT, expires)
    if spent:
        walletapi.sell(walletapi.sale_call(wallet, spent, gifts=True))
    return now + ahead + _MARGIN


def given_with_offset(walletapi: WalletApi, wallet: Wallet, expires: datetime) -> bool:
    """Give a gift. Return whether the platform takes an offset in its date, which contract.md leaves open."""
    call = walletapi.gift_call(wallet, GIFT)
    return walletapi.attempt(call.having({"ExpirationDate": expires.isoformat(timespec="seconds")})).accepted


@pytest.fixture(scope="session")
def early_gifts(request: pytest.FixtureRequest, walletapi_client: WalletApi | None) -> dict[Way, ExpiringGift]:
    """Give the gifts before the first scenario. None on aliases, which must not be locked for so long."""
    is_needed = any("G-5" in clauses_of(item) for item in request.session.items)
    if not is_needed or walletapi_client is None or not walletapi_client.target.owner_id:
        return {}
    return {way: gift for way in WAYS.values() if (gift := expiring_gift(walletapi_client, way))}


def expiring_gift(walletapi: WalletApi, way: Way) -> ExpiringGift | None:
    """Give a gift on a new wallet. None if that fails: the scenario of the gift tries again, and reports it."""
    with walletapi.recorder.diverted() as exchanges:
        try:
            wallet = walletapi.open_wallet()
            return ExpiringGift(wallet, give_expiring_gift(walletapi, wallet, way), tuple(exchanges))
        except (ContractViolation, EnvironmentFault):
            return None


def pytest_bdd_before_scenario(request: pytest.FixtureRequest) -> None:
    """Give the gifts as early as possible, whatever scenario comes first."""
    request.getfixturevalue("early_gifts")


@given(
    sentence("a wallet with 100.00 to spend and a gift of 20.00 that has expired{way:Way}", Way=WAYS),
    target_fixture="wallet",
)
def a_wallet_with_an_expired_gift(
    walletapi: WalletApi, wallet_pool: WalletPool, early_gifts: dict[Way, ExpiringGift], way: Way
) -> Wallet:
    early_gift = early_gifts.get(way)
    if early_gift is None:
        wallet = wallet_pool.take(without_gifts=True)
        expired_at = give_expiring_gift(walletapi, wallet, way)
    else:
        wallet, expired_at = early_gift.wallet, early_gift.expired_at
        for exchange in early_gift.exchanges:
            walletapi.recorder.exchange(exchange)
    time.sleep(max(0.0, expired_at - time.monotonic()))
    return wallet
