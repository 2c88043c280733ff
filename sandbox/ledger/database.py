"""One SQLite connection, and the one way in which anything is written: whole transactions."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from sandbox.errors import UsageError

IN_MEMORY = ":memory:"
_APPLICATION_ID = 0x5A4DB0C5
_LAYOUT = 1


class Database:
    """Tables in memory, or in a file that no other process may open; UsageError for a file that will not do."""

    def __init__(self, path: str = IN_MEMORY) -> None:
        """Open it, and claim the file."""
        try:
            self._connection = sqlite3.connect(path, isolation_level=None, timeout=0)
            self._claim()
        except sqlite3.Error as error:
            raise UsageError(f"the database {path} cannot be used: {_reason(error)}") from None
        self._in_transaction = False

    def _claim(self) -> None:
        run = self._connection.execute
        run("PRAGMA locking_mode = EXCLUSIVE")
        run("PRAGMA journal_mode = WAL")
        run("PRAGMA synchronous = NORMAL")
        run("PRAGMA foreign_keys = ON")
        run("BEGIN IMMEDIATE")
        self._check_layout()
        run(f"PRAGMA application_id = {_APPLICATION_ID}")
        run(f"PRAGMA user_version = {_LAYOUT}")
        run("COMMIT")

    def _check_layout(self) -> None:
        """A file that holds tables must be one of ours."""
        ((tables,),) = self._connection.execute("SELECT count(*) FROM sqlite_master")
        ((application,),) = self._connection.execute("PRAGMA application_id")
        ((layout,),) = self._connection.execute("PRAGMA user_version")
        if tables and (application, layout) != (_APPLICATION_ID, _LAYOUT):
            raise sqlite3.DatabaseError("it holds something else than this sandbox's ledger")

    def define(self, script: str) -> None:
        """Make tables, indexes and triggers that are not there yet."""
        self._connection.executescript(script)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside is kept or, where anything is raised, nothing. Inner ones join the outer."""
        if self._in_transaction:
            yield
            return
        self._connection.execute("BEGIN IMMEDIATE")
        self._in_transaction = True
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        else:
            self._connection.execute("COMMIT")
        finally:
            self._in_transaction = False

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open at this moment."""
        return self._in_transaction

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self._connection.execute(statement, values).fetchall()

    def write(self, statement: str, values: Sequence[Any] = ()) -> int:
        """Change one row inside a transaction; returns the row's number."""
        if not self._in_transaction:
            raise RuntimeError("written outside a transaction")
        return self._connection.execute(statement, values).lastrowid or 0

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()


def _reason(error: sqlite3.Error) -> str:
    text = str(error)
    if "locked" in text:
        return "another process has it open"
    if "unable to open" in text:
        return "it cannot be opened or made there; the folder must exist and be writable"
    return text
