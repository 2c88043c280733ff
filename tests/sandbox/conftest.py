"""Rules on a new ledger with a clock that the test moves, and one sandbox for all tests over HTTP."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from sandbox.application import Parts
from sandbox.launcher import running_sandbox
from sandbox.ledger.database import Database
from sandbox.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator

    from sandbox.alfred.routes import Alfred
    from sandbox.books import Books
    from sandbox.launcher import RunningSandbox
    from sandbox.walletapi.routes import WalletApi


class ManualClock:
    """A clock that moves only by ``advance``."""

    def __init__(self) -> None:
        self.moment = datetime(2025, 4, 28, 8, 10, 12, 882852, UTC)

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, **by: float) -> None:
        self.moment += timedelta(**by)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def books(clock: ManualClock) -> Iterator[Books]:
    database = Database()
    yield Parts(clock=clock).shared(Settings(), database)
    database.close()


@pytest.fixture
def alfred(books: Books) -> Alfred:
    return Parts().alfred(books)


@pytest.fixture
def walletapi(books: Books) -> WalletApi:
    return Parts().walletapi(books)


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
