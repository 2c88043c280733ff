"""Double-entry bookkeeping. Postings are balanced and never change; a balance is the sum of an account's entries."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sandbox.ledger.database import Database
from sandbox.ledger.money import to_major, to_minor

_TABLES = """
CREATE TABLE IF NOT EXISTS accounts (
    name TEXT PRIMARY KEY,
    held INTEGER NOT NULL CHECK (held IN (0, 1))
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS postings (
    number INTEGER PRIMARY KEY,
    reason TEXT NOT NULL,
    reference TEXT NOT NULL,
    at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS entries (
    number INTEGER PRIMARY KEY,
    posting INTEGER NOT NULL REFERENCES postings (number),
    account TEXT NOT NULL REFERENCES accounts (name),
    amount INTEGER NOT NULL CHECK (typeof(amount) = 'integer' AND amount <> 0)
);
CREATE INDEX IF NOT EXISTS entries_by_account ON entries (account, amount);
"""
_APPEND_ONLY = """
CREATE TRIGGER IF NOT EXISTS {table}_{change} BEFORE {change} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} are never changed'); END;
"""


class LedgerError(Exception):
    """The ledger cannot book a posting. This is a bug of the rules, never a fault of the caller."""


@dataclass(frozen=True)
class Movement:
    """An amount in major units that is added to an account; a negative one is subtracted."""

    account: str
    amount: Decimal


@dataclass(frozen=True)
class Entry:
    """A booked movement. ``reason`` is its purpose, ``reference`` the sale or payment."""

    number: int
    account: str
    amount: Decimal
    reason: str
    reference: str
    at: datetime


class Ledger:
    """Accounts, postings and entries in the tables of a database. Amounts are exact decimals in major units."""

    def __init__(self, database: Database) -> None:
        self._database = database
        changes = [(table, change) for table in ("entries", "postings", "accounts") for change in ("UPDATE", "DELETE")]
        triggers = "".join(_APPEND_ONLY.format(table=table, change=change) for table, change in changes)
        database.define(_TABLES + triggers)

    def transaction(self) -> AbstractContextManager[None]:
        return self._database.transaction()

    def open_account(self, name: str, *, held: bool = True) -> None:
        """Open an account unless it exists. ``held`` is true for a user's money, which may not fall below zero."""
        with self.transaction():
            self._database.write("INSERT OR IGNORE INTO accounts VALUES (?, ?)", (name, int(held)))

    def post(self, reason: str, reference: str, movements: Sequence[Movement], at: datetime) -> None:
        """Book movements that add up to zero, all or none. A movement of 0.00 leaves no entry.

        sqlite3.IntegrityError for an account that was never opened.
        """
        booked = [movement for movement in movements if movement.amount]
        if sum(to_minor(movement.amount) for movement in booked):
            raise LedgerError("the movements do not add up to zero")
        with self.transaction():
            posting = self._database.write(
                "INSERT INTO postings (reason, reference, at) VALUES (?, ?, ?)", (reason, reference, at.isoformat())
            )
            for movement in booked:
                self._database.write(
                    "INSERT INTO entries (posting, account, amount) VALUES (?, ?, ?)",
                    (posting, movement.account, to_minor(movement.amount)),
                )
            for account in {movement.account for movement in booked}:
                self.check_not_overdrawn(account)

    def check_not_overdrawn(self, account: str) -> None:
        """Raise LedgerError for a user's account below zero. The rules reject such a call before."""
        held = self._database.rows("SELECT 1 FROM accounts WHERE name = ? AND held", (account,))
        if held and self.balance(account) < 0:
            raise LedgerError(f"{account} would be overdrawn")

    def balance(self, account: str) -> Decimal:
        """Return the sum of an account's entries, in major units."""
        ((total,),) = self._database.rows("SELECT coalesce(sum(amount), 0) FROM entries WHERE account = ?", (account,))
        return to_major(total)

    def entries(self, account: str) -> tuple[Entry, ...]:
        """Return an account's entries, oldest first."""
        rows = self._database.rows(
            "SELECT e.number, e.account, e.amount, p.reason, p.reference, p.at FROM entries e"
            " JOIN postings p ON p.number = e.posting WHERE e.account = ? ORDER BY e.number",
            (account,),
        )
        return tuple(
            Entry(row[0], row[1], to_major(row[2]), row[3], row[4], datetime.fromisoformat(row[5])) for row in rows
        )

    def invariants(self) -> dict[str, Any]:
        """Check all postings and accounts: nothing is unbalanced, nobody overdrawn, and the total is 0.00."""
        rows = self._database.rows
        ((postings,),) = rows("SELECT count(*) FROM postings")
        ((entries, total),) = rows("SELECT count(*), coalesce(sum(amount), 0) FROM entries")
        unbalanced = rows("SELECT posting FROM entries GROUP BY posting HAVING sum(amount) <> 0")
        overdrawn = rows(
            "SELECT account FROM entries JOIN accounts ON name = account WHERE held"
            " GROUP BY account HAVING sum(amount) < 0"
        )
        return {
            "sound": not (total or unbalanced or overdrawn),
            "total": to_major(total),
            "unbalancedPostings": len(unbalanced),
            "overdrawnAccounts": len(overdrawn),
            "postings": postings,
            "entries": entries,
        }
