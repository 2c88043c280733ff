"""Rules on a new ledger with a clock that the test moves, and one sandbox for all tests over HTTP."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from sandbox.alfred import records as alfred_records
from sandbox.alfred.rules import AlfredRules
from sandbox.launcher import running_sandbox
from sandbox.ledger.database import Database
from sandbox.ledger.postings import Ledger
from sandbox.ledger.records import Records
from sandbox.settings import Settings
from sandbox.walletapi import records as walletapi_records
from sandbox.walletapi.rules import WalletApiRules

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator

    from sandbox.launcher import RunningSandbox
    from sandbox.rules import Rules


class ManualClock:
    """A clock that moves only by ``advance``."""

    def __init__(self) -> None:
        self.moment = datetime(2025, 4, 28, 8, 10, 12, 882852, UTC)

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, **by: float) -> None:
        self.moment += timedelta(**by)


@dataclass(frozen=True)
class Books:
    """What rules need."""

    settings: Settings
    ledger: Ledger
    records: Records
    clock: ManualClock

    def rules(self, kind: type[Rules]) -> Any:
        return kind(self.settings, self.ledger, self.records, self.clock)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def books(clock: ManualClock) -> Iterator[Books]:
    database = Database()
    records = Records(database, {**alfred_records.KINDS, **walletapi_records.KINDS})
    yield Books(Settings(), Ledger(database), records, clock)
    database.close()


@pytest.fixture
def alfred(books: Books) -> AlfredRules:
    return books.rules(AlfredRules)


@pytest.fixture
def walletapi(books: Books) -> WalletApiRules:
    return books.rules(WalletApiRules)


@pytest.fixture
def now() -> Callable[[Coroutine[Any, Any, Any]], Any]:
    """Run an operation of the rules."""
    return asyncio.run


@pytest.fixture(scope="session")
def served() -> Iterator[RunningSandbox]:
    with running_sandbox() as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def wire(served: RunningSandbox) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served.base_url) as client:
        yield client
