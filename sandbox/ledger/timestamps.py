"""Moments in UTC, as the WalletAPI writes them: seven fractional digits when made, six when read back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,7})?(Z|[+-][0-9]{2}:[0-9]{2})?")


def now() -> datetime:
    return datetime.now(UTC)


def as_written(moment: datetime) -> str:
    """With seven fractional digits and Z."""
    return _until_microsecond(moment) + "0Z"


def as_read_back(moment: datetime) -> str:
    """With six fractional digits and Z."""
    return _until_microsecond(moment) + "Z"


def _until_microsecond(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00")


def parse(text: str) -> datetime | None:
    """A moment with up to seven fractional digits and Z, an offset, or neither (UTC); None if it is none."""
    if not _MOMENT.fullmatch(text):
        return None
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
