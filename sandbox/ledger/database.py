"""The SQLite database. Everything is written in transactions."""

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from sandbox.errors import UsageError

IN_MEMORY = ":memory:"
_APPLICATION_ID = 0x5A4DB0C5
_LAYOUT = 2


class Database:
    """Tables in memory, or in a file that no other process may open. UsageError if the file cannot be used."""

    def __init__(self, path: str = IN_MEMORY) -> None:
        try:
            self._connection = sqlite3.connect(
                path, isolation_level=None, timeout=0, detect_types=sqlite3.PARSE_DECLTYPES
            )
            self._claim()
        except sqlite3.Error as error:
            raise UsageError(f"the database {path} cannot be used: {_reason(error)}") from None

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
        """Reject a file with tables of another program or of an older version."""
        ((tables,),) = self._connection.execute("SELECT count(*) FROM sqlite_master")
        ((application,),) = self._connection.execute("PRAGMA application_id")
        ((layout,),) = self._connection.execute("PRAGMA user_version")
        if tables and (application, layout) != (_APPLICATION_ID, _LAYOUT):
            raise sqlite3.DatabaseError("it contains something other than a ledger of this version")

    def define(self, script: str) -> None:
        self._connection.executescript(script)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit what is written inside, or nothing after an exception. An inner transaction joins the outer one."""
        if self.in_transaction:
            yield
            return
        self._connection.execute("BEGIN IMMEDIATE")
        with self._connection:
            yield

    @property
    def in_transaction(self) -> bool:
        return self._connection.in_transaction

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self._connection.execute(statement, values).fetchall()

    def write(self, statement: str, values: Sequence[Any] = ()) -> int:
        """Write one row inside a transaction and return its number."""
        if not self.in_transaction:
            raise RuntimeError("written outside a transaction")
        return self._connection.execute(statement, values).lastrowid or 0

    def close(self) -> None:
        self._connection.close()


def _reason(error: sqlite3.Error) -> str:
    text = str(error)
    if "locked" in text:
        return "another process has it open"
    if "unable to open" in text:
        return "it cannot be opened or created; the folder must exist and be writable"
    return text
