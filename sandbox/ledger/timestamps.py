"""Timestamps in UTC, as the WalletAPI writes them: seven fractional digits when created, six when read back."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,7})?(Z|[+-][0-9]{2}:[0-9]{2})?")


def now() -> datetime:
    return datetime.now(UTC)


def as_written(moment: datetime) -> str:
    """Return a timestamp with seven fractional digits and Z."""
    return _until_microsecond(moment) + "0Z"


def as_read_back(moment: datetime) -> str:
    """Return a timestamp with six fractional digits and Z."""
    return _until_microsecond(moment) + "Z"


def _until_microsecond(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00")


def parse(text: str) -> datetime | None:
    """Read a timestamp with up to seven fractional digits and Z, an offset, or neither (UTC); None if it is not one."""
    if not _MOMENT.fullmatch(text):
        return None
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
