"""Checks the values of a target file, without any call. Each check yields the keys of a value and a message."""

import ssl
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, get_args, get_type_hints

from jsonpath_rfc9535 import JSONPathError, find
from pydantic import TypeAdapter, ValidationError

from harness.target.target import TargetFile
from harness.target.values import KINDS, Secret

Keys = tuple[str, ...]
Problem = tuple[Keys, str]
Tables = Mapping[str, Any]

APIS: Final = ("alfred", "walletapi")
_WORDS: Final = {
    "missing": "is missing",
    "dict_type": "must be a TOML table",
    "mapping_type": "must be a TOML table",
    "dataclass_type": "must be a TOML table",
}
_QUOTES: Final = ("''", '""', "``", "\u201c\u201d", "\u2018\u2019", "\u00ab\u00bb")
_FEW: Final = 15  # names that a line may list
FILE: Final = TypeAdapter(TargetFile)


@dataclass(frozen=True)
class Known:
    """Names that a target file may use: Alfred's operations with the members that can be located, and the clauses.

    A field of None is not checked.
    """

    operations: Mapping[str, Sequence[str]] | None = None
    clauses: Collection[str] | None = None


@dataclass(frozen=True)
class Place:
    """Where the file is; None if it is not a file."""

    folder: Path | None = None
    known: Known = field(default_factory=Known)


def problems(tables: Tables, place: Place) -> Iterator[Problem]:
    """Return every problem, for each value the most helpful message first."""
    yield from _wrong_texts(tables, ())
    yield from _wrong_values(tables)
    yield from _wrong_locators(tables)
    if place.known.operations is not None:
        yield from _wrong_operations(tables, place.known.operations)
    yield from _wrong_names(tables, "left_out", place.known.clauses and (*APIS, *place.known.clauses))
    yield from _wrong_names(tables.get("limits"), "allow", KINDS, "limits")
    yield from _wrong_currencies(tables)
    yield from _wrong_files(tables, place.folder)
    if not (set(APIS) & tables.keys()):
        yield (), "names no platform: it needs [alfred], [walletapi] or both"


def _wrong_texts(value: Any, keys: Keys) -> Iterator[Problem]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _wrong_texts(item, (*keys, key))
    elif isinstance(value, list):
        for item in value:
            yield from _wrong_texts(item, keys)
    text = value.value if isinstance(value, Secret) else value
    if not isinstance(text, str):
        return
    if "${" in text:
        yield keys, "contains a ${ that is not the beginning of ${NAME}"
    elif text != text.strip():
        yield keys, "begins or ends with a blank or a line break"
    elif len(text) > 1 and text[0] + text[-1] in _QUOTES:
        yield keys, "is quoted twice: remove the inner quotes"


def _wrong_values(tables: Tables) -> Iterator[Problem]:
    try:
        FILE.validate_python(tables)
    except ValidationError as error:
        for one in error.errors(include_url=False, include_input=False):
            keys = tuple(str(key) for key in one["loc"])
            if one["type"] == "unexpected_keyword_argument":
                yield keys, _unknown(keys[-1], _known_keys(keys[:-1])) + _home(keys)
            else:
                yield keys, _WORDS.get(one["type"], one["msg"].removeprefix("Value error, "))
    admin = tables.get("admin")
    if isinstance(admin, Mapping) and "password" in admin and "user" not in admin:
        yield ("admin", "user"), "is missing: a password needs it"


def _unknown(name: str, known: Collection[str], what: str = "is not known here") -> str:
    nearest = get_close_matches(name, known, 1) or get_close_matches(name.upper(), known, 1)
    if nearest and len(known) >= _FEW:
        return f"{what} (did you mean {nearest[0]}?)"
    meant = f"did you mean {nearest[0]}? " if nearest else ""
    return f"{what} ({meant}known: {', '.join(known)})"


def _home(keys: Keys) -> str:
    """Return, in words, the right table for a key that is in a wrong one; empty if no table has the key."""
    places = [(), *((name,) for name in _known_keys(()))]
    for place in places:
        if place != keys[:-1] and keys[-1] in _known_keys(place) and _is_table(place):
            return f"; it belongs to [{place[0]}]" if place else "; it belongs above the first [table]"
    return ""


def _is_table(keys: Keys) -> bool:
    return not keys or _known_keys(keys) != _known_keys(())


def _known_keys(keys: Keys) -> list[str]:
    """Return the names of the keys that the table at this place may have."""
    model: Any = TargetFile
    for key in keys:
        hint = get_type_hints(model).get(key)
        model = next((one for one in (hint, *get_args(hint)) if is_dataclass(one)), model)
    return [one.name for one in fields(model)]


def _wrong_locators(tables: Tables) -> Iterator[Problem]:
    for name, query in _table(tables, "locate").items():
        try:
            find(str(query), {})
        except JSONPathError as error:
            yield ("alfred", "locate", name), f"is not an RFC 9535 JSONPath: {error.args[0]}"


def _wrong_operations(tables: Tables, operations: Mapping[str, Sequence[str]]) -> Iterator[Problem]:
    """Return what names an operation or a member that does not exist."""
    members = dict.fromkeys(member for located in operations.values() for member in located)
    known = (*members, *(f"{one}.{member}" for one, located in operations.items() for member in located))
    for name in _table(tables, "locate"):
        if name not in known:
            yield ("alfred", "locate", name), _unknown(name, known, "is not a member that can be located")
    for name, role in _table(tables, "credentials").items():
        keys = ("alfred", "credentials", name)
        if name not in operations:
            yield keys, _unknown(name, operations)
        elif role == "token" and "accessToken" in operations[name]:
            yield keys, "must be one of shop, platform: this call returns the token"


def _wrong_names(table: Any, key: str, known: Collection[str] | None, *outer: str) -> Iterator[Problem]:
    names = table.get(key) if isinstance(table, Mapping) else None
    texts = [name for name in names if isinstance(name, str) and name] if isinstance(names, list) else []
    for name in dict.fromkeys(texts):
        if texts.count(name) > 1:
            yield (*outer, key), f"names {name} twice"
        elif known is not None and name not in known:
            shown = known if len(known) < _FEW else APIS
            yield (*outer, key), _unknown_name(name, known, shown)


def _unknown_name(name: str, known: Collection[str], shown: Iterable[str]) -> str:
    likely = get_close_matches(name.upper(), known, 1, 0.5) or get_close_matches(name.lower(), known, 1, 0.3)
    nearest = f"did you mean {likely[0]}? " if likely else ""
    more = "" if len(known) < _FEW else "the clauses of docs/contract.md, "
    return f"names {name[:40]!r}, which does not exist ({nearest}known: {more}{', '.join(shown)})"


def _wrong_currencies(tables: Tables) -> Iterator[Problem]:
    limits = tables.get("limits")
    spend = limits.get("spend") if isinstance(limits, Mapping) else None
    used = [table.get("currency") for table in (tables.get(api) for api in APIS) if isinstance(table, Mapping)]
    known = [currency for currency in used if isinstance(currency, str)]
    for currency in spend if isinstance(spend, Mapping) and known else ():
        if currency.upper() not in {each.upper() for each in known}:
            yield ("limits", "spend", currency), f"is the currency of neither API (known: {', '.join(known)})"


def _wrong_files(tables: Tables, folder: Path | None) -> Iterator[Problem]:
    checks: Mapping[str, Callable[[Path], str]] = {"known_issues": _readable, "ca_file": _certificates}
    for key, wrong in checks.items():
        name = tables.get(key)
        if isinstance(name, str) and name and (words := wrong((folder or Path()) / name)):
            yield (key,), words


def _readable(path: Path) -> str:
    try:
        path.read_bytes()
    except (OSError, ValueError) as error:
        return f"names a file that can't be read: {getattr(error, 'strerror', None) or 'it is not a path'}"
    return ""


def _certificates(path: Path) -> str:
    if words := _readable(path):
        return words
    try:
        ssl.create_default_context(cafile=path)
    except (ssl.SSLError, ValueError):
        return "names a file that contains no certificate in PEM"
    return ""


def _table(tables: Tables, name: str) -> Mapping[str, Any]:
    alfred = tables.get("alfred")
    table = alfred.get(name) if isinstance(alfred, Mapping) else None
    return table if isinstance(table, Mapping) else {}
