"""An expiry date in the near future: it does not pass before the calls that need it, also on a slow platform."""

import time
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from harness.apis.walletapi.expiry import SOONEST, expiry_in


@pytest.mark.parametrize(("seconds", "more"), [(0.0, 0), (0.3, 1), (0.6, 2)])
def test_expiry_date_is_later_on_a_slow_platform(seconds: float, more: int) -> None:
    clock = datetime(2026, 3, 2, 10, 0, 0, tzinfo=UTC)
    recorder = SimpleNamespace(scenario=SimpleNamespace(clock=clock))
    platform: Any = SimpleNamespace(balances=lambda _wallet: time.sleep(seconds), recorder=recorder)
    wallet: Any = None
    expiry = expiry_in(SOONEST, platform, wallet)
    assert expiry.date - clock >= timedelta(seconds=SOONEST + more)
    assert expiry.passed_at > time.monotonic() + SOONEST + more - 1
