"""Frozen dataclasses in tables: one table per class, one column per field, the field ``id`` as the key."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import astuple, fields
from datetime import datetime
from decimal import Decimal
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_type_hints

from sandbox.ledger.database import Database

R = TypeVar("R")

# SQLite stores a column as text if its type contains TEXT. sqlite3 finds the converter by the name of the type.
_COLUMN_TYPES = {str: "TEXT", int: "INTEGER", bool: "BOOL_TEXT", Decimal: "DECIMAL_TEXT", datetime: "MOMENT_TEXT"}
sqlite3.register_adapter(Decimal, str)
sqlite3.register_adapter(datetime, datetime.isoformat)
sqlite3.register_converter("BOOL_TEXT", lambda column: column == b"1")
sqlite3.register_converter("DECIMAL_TEXT", lambda column: Decimal(column.decode()))
sqlite3.register_converter("MOMENT_TEXT", lambda column: datetime.fromisoformat(column.decode()))


class Records:
    """The records of a database: classes, each with the fields that get an index. Call ``keep`` in a transaction."""

    def __init__(self, database: Database, kinds: Mapping[type, Sequence[str]]) -> None:
        self._database = database
        for kind, indexed in kinds.items():
            database.define(_definition(kind, indexed))

    def keep(self, record: Any) -> None:
        """Insert a record, or replace the one with its id."""
        self._database.write(_upsert(type(record)), astuple(record))

    def first(self, kind: type[R], **equal: str) -> R | None:
        """Return the oldest record whose fields have these values."""
        return next(iter(self.all(kind, **equal)), None)

    def all(self, kind: type[R], **equal: str) -> list[R]:
        """Return the records whose fields have these values, oldest first."""
        where = " AND ".join(f"{name} = ?" for name in equal) or "1"
        statement = f"SELECT * FROM {_table(kind)} WHERE {where} ORDER BY rowid"  # noqa: S608 (our own names)
        return [kind(*row) for row in self._database.rows(statement, list(equal.values()))]

    def newest(self, kind: type[R], limit: int) -> list[R]:
        """Return the newest records, newest first."""
        statement = f"SELECT * FROM {_table(kind)} ORDER BY rowid DESC LIMIT ?"  # noqa: S608 (our own names)
        return [kind(*row) for row in self._database.rows(statement, (limit,))]

    def count(self, kind: type) -> int:
        ((number,),) = self._database.rows(f"SELECT count(*) FROM {_table(kind)}")  # noqa: S608 (our own names)
        return int(number)


def _table(kind: type) -> str:
    return f"record_{kind.__name__.lower()}"


def _upsert(kind: type[Any]) -> str:
    names = [field.name for field in fields(kind)]
    updates = ", ".join(f"{name} = excluded.{name}" for name in names)
    return (
        f"INSERT INTO {_table(kind)} VALUES ({', '.join('?' * len(names))})"  # noqa: S608 (our own names)
        f" ON CONFLICT (id) DO UPDATE SET {updates}"
    )


def _definition(kind: type, indexed: Sequence[str]) -> str:
    """Return the statements that create a table. TypeError for a type that no column can contain."""
    columns = []
    for name, hint in get_type_hints(kind).items():
        types = [each for each in get_args(hint) if each is not NoneType] if isinstance(hint, UnionType) else [hint]
        if len(types) != 1 or types[0] not in _COLUMN_TYPES:
            raise TypeError(f"{kind.__name__}.{name}: no column can contain {hint}")
        columns.append(f"{name} {_COLUMN_TYPES[types[0]]}{' PRIMARY KEY' if name == 'id' else ''}")
    table = _table(kind)
    indexes = [f"CREATE INDEX IF NOT EXISTS {table}_by_{name} ON {table} ({name});" for name in indexed]
    return f"CREATE TABLE IF NOT EXISTS {table} ({', '.join(columns)});" + "".join(indexes)
