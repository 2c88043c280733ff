"""What the subjects of both APIs share: the settings, the ledger, the records and the clock."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from sandbox.http.rejections import Rejection
from sandbox.ledger import timestamps
from sandbox.ledger.postings import Ledger
from sandbox.ledger.records import R, Records
from sandbox.ledger.timestamps import Clock
from sandbox.settings import Settings


@dataclass
class Books:
    """Calls that read before they write take turns."""

    settings: Settings
    ledger: Ledger
    records: Records
    now: Clock = timestamps.now
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def turn(self) -> AbstractAsyncContextManager[Any]:
        """Return a lock to hold from the first read of a decision to its last write."""
        return self.lock

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[None]:
        """Write what was decided: all of it, or nothing after an exception."""
        with self.ledger.transaction():
            yield

    def found(self, kind: type[R], reason: str, **equal: str) -> R:
        """Return the oldest record whose fields have these values. Reject the call for this reason if there is none."""
        record = self.records.first(kind, **equal)
        if record is None:
            raise Rejection(reason)
        return record

    def keep(self, record: Any) -> None:
        """Store a record. No money moves."""
        with self.ledger.transaction():
            self.records.keep(record)
