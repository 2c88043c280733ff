"""Frozen dataclasses in tables: one table per class, one column per field, the field ``id`` as the key."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Any, ClassVar, Protocol, TypeVar, get_args, get_type_hints

from sandbox.ledger.database import Database


class Record(Protocol):
    """A frozen dataclass that can be stored."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def id(self) -> str: ...


R = TypeVar("R", bound=Record)

_FROM_COLUMN: dict[type, Callable[[Any], Any]] = {
    str: str,
    int: int,
    bool: bool,
    Decimal: Decimal,
    datetime: datetime.fromisoformat,
}


class Records:
    """The records of a database: classes, each with the fields that get an index. Call ``keep`` in a transaction."""

    def __init__(self, database: Database, kinds: Mapping[type[Record], Sequence[str]]) -> None:
        self._database = database
        for kind, indexed in kinds.items():
            _readers(kind)  # raises TypeError now rather than when a record is read
            database.define(_definition(kind, indexed))

    def keep(self, record: Record) -> None:
        """Insert a record, or replace the one with its id."""
        self._database.write(
            _upsert(type(record)), [_to_column(getattr(record, name)) for name in _columns(type(record))]
        )

    def first(self, kind: type[R], **equal: str) -> R | None:
        """Return the oldest record whose fields have these values."""
        return next(iter(self.all(kind, **equal)), None)

    def all(self, kind: type[R], **equal: str) -> list[R]:
        """Return the records whose fields have these values, oldest first."""
        where = " AND ".join(f"{name} = ?" for name in equal) or "1"
        statement = f"SELECT * FROM {_table(kind)} WHERE {where} ORDER BY rowid"  # noqa: S608 (our own names)
        return [_from_row(kind, row) for row in self._database.rows(statement, list(equal.values()))]

    def newest(self, kind: type[R], limit: int) -> list[R]:
        """Return the newest records, newest first."""
        statement = f"SELECT * FROM {_table(kind)} ORDER BY rowid DESC LIMIT ?"  # noqa: S608 (our own names)
        return [_from_row(kind, row) for row in self._database.rows(statement, (limit,))]

    def count(self, kind: type[Record]) -> int:
        ((number,),) = self._database.rows(f"SELECT count(*) FROM {_table(kind)}")  # noqa: S608 (our own names)
        return int(number)


def _table(kind: type[Record]) -> str:
    return f"record_{kind.__name__.lower()}"


@cache
def _columns(kind: type[Record]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


@cache
def _upsert(kind: type[Record]) -> str:
    columns = _columns(kind)
    updates = ", ".join(f"{name} = excluded.{name}" for name in columns)
    return (
        f"INSERT INTO {_table(kind)} VALUES ({', '.join('?' * len(columns))})"  # noqa: S608 (our own names)
        f" ON CONFLICT (id) DO UPDATE SET {updates}"
    )


@cache
def _readers(kind: type[Record]) -> list[Callable[[Any], Any]]:
    """Return, for each field, what reads its column. TypeError for a type that no column can contain."""
    readers = []
    for name, hint in get_type_hints(kind).items():
        types = get_args(hint) if isinstance(hint, UnionType) else (hint,)
        read = [_FROM_COLUMN.get(one) for one in types if one is not NoneType]
        if len(read) != 1 or read[0] is None:
            raise TypeError(f"{kind.__name__}.{name}: no column can contain {hint}")
        readers.append(read[0])
    return readers


def _definition(kind: type[Record], indexed: Sequence[str]) -> str:
    table = _table(kind)
    columns = ", ".join(f"{name} TEXT PRIMARY KEY" if name == "id" else name for name in _columns(kind))
    indexes = [f"CREATE INDEX IF NOT EXISTS {table}_by_{name} ON {table} ({name});" for name in indexed]
    return f"CREATE TABLE IF NOT EXISTS {table} ({columns});" + "".join(indexes)


def _to_column(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, datetime) else value


def _from_row(kind: type[R], row: tuple[Any, ...]) -> R:
    return kind(*(read(value) if value is not None else None for read, value in zip(_readers(kind), row, strict=True)))
