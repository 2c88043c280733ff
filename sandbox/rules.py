"""What the rules of both APIs share. A rule is a small method that can be replaced on its own."""

import asyncio
import hmac
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from typing import Any

from sandbox.http.rejections import Rejection
from sandbox.ledger import timestamps
from sandbox.ledger.postings import Ledger
from sandbox.ledger.records import R, Record, Records
from sandbox.ledger.timestamps import Clock
from sandbox.settings import Settings


class Rules:
    """Settings, ledger, records and clock. Operations have their names from docs/contract.md."""

    def __init__(self, settings: Settings, ledger: Ledger, records: Records, clock: Clock = timestamps.now) -> None:
        self.settings = settings
        self.ledger = ledger
        self.records = records
        self.now = clock
        self._one_at_a_time = asyncio.Lock()
        self.open_accounts()

    def open_accounts(self) -> None:
        """Open the accounts that do not belong to a user. They may fall below zero."""

    def exclusively(self, operation: str) -> AbstractAsyncContextManager[Any]:  # noqa: ARG002 (a seam for one operation)
        """Return a lock to hold from the first read of a decision to its last write."""
        return self._one_at_a_time

    async def between_read_and_write(self, operation: str) -> None:
        """Return at once. A defect waits here, so that another call can come in between."""

    def transaction(self) -> AbstractContextManager[None]:
        return self.ledger.transaction()

    def found(self, kind: type[R], reason: str, **equal: str) -> R:
        """Return the oldest record whose fields have these values. Reject the call for this reason if there is none."""
        record = self.records.first(kind, **equal)
        if record is None:
            raise Rejection(reason)
        return record

    def keep(self, record: Record) -> None:
        """Store a record. No money moves."""
        self.records.keep(record)

    def same_secret(self, presented: str, known: str) -> bool:
        """Compare two secrets in constant time."""
        return hmac.compare_digest(presented.encode("utf-8", "surrogatepass"), known.encode())
