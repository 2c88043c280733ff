"""What the rules of both APIs stand on. A rule is a small method that can be replaced on its own."""

from __future__ import annotations

import asyncio
import hmac
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from datetime import datetime
from typing import Any

from sandbox.ledger import timestamps
from sandbox.ledger.postings import Ledger
from sandbox.ledger.records import Records
from sandbox.ledger.timestamps import Clock
from sandbox.settings import Settings


class Rules:
    """Settings, books, records and a clock; knows no HTTP. Operations go by their names in docs/contract.md."""

    def __init__(self, settings: Settings, ledger: Ledger, records: Records, clock: Clock = timestamps.now) -> None:
        """Open the accounts that are no user's."""
        self.settings = settings
        self.ledger = ledger
        self.records = records
        self.clock = clock
        self._one_at_a_time = asyncio.Lock()
        self.open_accounts()

    def open_accounts(self) -> None:
        """Where money comes from and goes to; may fall below zero."""

    def now(self) -> datetime:
        return self.clock()

    def exclusively(self, operation: str) -> AbstractAsyncContextManager[Any]:  # noqa: ARG002 (a seam for one operation)
        """Held from the first read that a decision rests on until its last write, so that no two decide at once."""
        return self._one_at_a_time

    async def between_read_and_write(self, operation: str) -> None:
        """Where another call would come in, if ``exclusively`` did not hold; never suspends here."""

    def transaction(self) -> AbstractContextManager[None]:
        """All that is written inside, or nothing of it."""
        return self.ledger.transaction()

    def same_secret(self, presented: str, known: str) -> bool:
        """Compared in a time that tells nothing of how much is right."""
        return hmac.compare_digest(presented.encode("utf-8", "surrogatepass"), known.encode())
