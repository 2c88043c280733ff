"""An ExpirationDate that passes while a run waits."""

import math
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

from harness.apis.walletapi.client import Transaction, Wallet, WalletApi
from harness.failures import Finding

# A Date header is in whole seconds and may lag by one: in less than three seconds, the date could have passed already.
SOONEST: Final = 3
_MARGIN: Final = 0.02  # seconds
_SALE: Final = Decimal("0.01")
_TOLERANCE: Final = timedelta(seconds=60)  # that of T-5 without a Date header, and more than enough with one
_CALLS: Final = 4  # that may take as long as the one that reads the clock: this one, and three before the date passes


@dataclass(frozen=True)
class Expiry:
    """A date by the platform's clock, in whole seconds, and the time.monotonic() at which it has passed."""

    date: datetime
    passed_at: float

    def wait(self) -> None:
        time.sleep(max(0.0, self.passed_at - time.monotonic()))


def expiry_in(seconds: int, walletapi: WalletApi, wallet: Wallet) -> Expiry:
    """Return a date at least ``seconds`` ahead, and more on a slow platform. One call reads the platform's clock."""
    began = time.monotonic()
    date = platform_now(walletapi, wallet)
    now = time.monotonic()
    ahead = seconds + math.floor(_CALLS * (now - began))
    return Expiry(date.replace(microsecond=0) + timedelta(seconds=ahead), now + ahead + _MARGIN)


def give_until(walletapi: WalletApi, wallet: Wallet, amount: Decimal, expires: datetime) -> None:
    """Give a gift that expires soon.

    ContractViolation of T-5 if it is rejected by a platform whose clock is not that of its Date headers: the date may
    have passed for the platform, and contract.md leaves open whether it takes such a date.
    """
    outcome = walletapi.attempt(walletapi.gift_call(wallet, amount, expires))
    if outcome.accepted:
        return
    before = platform_now(walletapi, wallet)
    sale = Transaction(walletapi.client.succeed(walletapi.sale_call(wallet, _SALE)))
    if abs(sale.created_at - before) > _TOLERANCE:
        finding = Finding("$.Value.CreatedAt", f"about {before}, as the Date header or our clock", str(sale.created_at))
        raise walletapi.recorder.violation("T-5", (finding,), sale.outcome.exchange)
    raise walletapi.client.wrong_rejection(outcome)


def platform_now(walletapi: WalletApi, wallet: Wallet) -> datetime:
    """Return the platform's clock, or ours if it sends no Date."""
    walletapi.balances(wallet)
    return walletapi.recorder.scenario.clock or datetime.now(UTC)
