"""An ExpirationDate that passes while a run waits."""

import math
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from harness.apis.walletapi.client import Wallet, WalletApi

# A Date header is in whole seconds and may lag by one: in less than three seconds, the date could have passed already.
SOONEST: Final = 3
_MARGIN: Final = 0.02  # seconds
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


def platform_now(walletapi: WalletApi, wallet: Wallet) -> datetime:
    """Return the platform's clock, or ours if it sends no Date."""
    walletapi.balances(wallet)
    return walletapi.recorder.scenario.clock or datetime.now(UTC)
