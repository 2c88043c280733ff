"""Reads a target file. Everything that is wrong with it is reported at once, with line and key, without any value."""

import os
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, Final, get_args, get_type_hints

from jsonpath_rfc9535 import JSONPathError, find
from pydantic import TypeAdapter, ValidationError

from harness.failures import UsageError
from harness.target.target import Secret, Target, TargetFile

TARGETS: Final = Path(__file__).resolve().parents[2] / "targets"
Keys = tuple[str, ...]
Operations = Mapping[str, Sequence[str]]
"""Alfred's operations, each with the members of its response that a target may locate."""

_VARIABLE: Final = re.compile(r"\$\{(\w+)\}")
_SECRETS: Final = frozenset(
    {
        ("alfred", "shop_key"),
        ("alfred", "platform_key"),
        ("walletapi", "key"),
        ("walletapi", "client"),
        ("admin", "password"),
    }
)
_WORDS: Final = {
    "missing": "is missing",
    "mapping_type": "must be a TOML table",
    "dataclass_type": "must be a TOML table",
}
_FILE: Final = TypeAdapter(TargetFile)


def read_target(name: str, operations: Operations | None = None) -> Target:
    """Read targets/NAME.toml, or the file at this path. UsageError if it is missing, malformed or incomplete."""
    path = Path(name) if name.endswith(".toml") or "/" in name else TARGETS / f"{name}.toml"
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in TARGETS.glob("*.toml")))
        raise UsageError(f"there is no target {name!r}: {path} does not exist (targets/ has: {known})")
    source = str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
    text = _text(path, source)
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{source} is not valid TOML: {error}") from None
    return build_target(path.stem, tables, source=source, text=text, operations=operations)


def _text(path: Path, source: str) -> str:
    """Return the text of a file in UTF-8, without its byte order mark. UsageError if it can't be read."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{source} can't be read: {error.strerror}") from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise UsageError(f"{source} is not a text in UTF-8: save it in UTF-8 (not UTF-16 or another encoding)")
    return text.replace("\r\n", "\n")


def build_target(
    name: str,
    tables: Mapping[str, Any],
    *,
    source: str = "the target",
    text: str = "",
    operations: Operations | None = None,
) -> Target:
    """Check the tables of a target file and return the target. UsageError names key and line of every problem."""
    values = _Values()
    expanded = _with_dotted_locators(values.expanded(tables))
    found: list[tuple[Keys, str]] = [*values.unset]
    if not found:
        found = [*_wrong_values(expanded), *_wrong_locators(expanded), *_wrong_operations(expanded, operations)]
    if not found and not ({"alfred", "walletapi"} & expanded.keys()):
        found = [((), "names no platform: it needs [alfred], [walletapi] or both")]
    if found:
        found.sort(key=lambda one: (line_of(text, one[0]), one))
        messages = (_message(source, text, keys, what, values.variables.get(keys, "")) for keys, what in found)
        raise UsageError("\n".join(messages))
    file = _FILE.validate_python(expanded)
    return Target(name=name, **{one.name: getattr(file, one.name) for one in fields(TargetFile)})


class _Values:
    """Replaces ``${NAME}`` from the environment; collects unset variables, and the variable of each value."""

    def __init__(self) -> None:
        self.variables: dict[Keys, str] = {}
        self.unset: list[tuple[Keys, str]] = []

    def expanded(self, value: Any, keys: Keys = ()) -> Any:
        if isinstance(value, Mapping):
            return {key: self.expanded(item, (*keys, key)) for key, item in value.items()}
        if isinstance(value, list):
            return [self.expanded(item, keys) for item in value]
        if not isinstance(value, str):
            return value
        text = _VARIABLE.sub(lambda match: self._variable(match, value, keys), value)
        return Secret(text, self.variables.get(keys, "")) if keys in _SECRETS else text

    def _variable(self, match: re.Match[str], value: str, keys: Keys) -> str:
        name = match[1]
        if name not in os.environ:
            self.unset.append((keys, f"needs the environment variable {name}, which is not set"))
        if match[0] == value:
            self.variables[keys] = name
        return os.environ.get(name, "")


def _message(source: str, text: str, keys: Keys, what: str, variable: str) -> str:
    line = line_of(text, keys)
    place = f"{source}, line {line}" if line else source
    origin = f" (it comes from the environment variable {variable})" if variable and variable not in what else ""
    return f"{place}: {'.'.join(keys) or 'the file'} {what}{origin}"


def line_of(text: str, keys: Keys) -> int:
    """Return the number of the line of a key, or of its table if the key is not there; 0 if neither is."""
    table: Keys = ()
    best = 0
    for number, line in enumerate(text.splitlines(), start=1):
        heading = re.match(r"\s*\[([\w.-]+)\]", line)
        if heading:
            table = tuple(heading[1].split("."))
            best = number if table == keys[: len(table)] else best
        named = re.match(r'\s*"?([\w.-]+)"?\s*=', line)
        if named and f"{'.'.join(keys)}.".startswith(f"{'.'.join((*table, named[1]))}."):
            return number
    return best


def _with_dotted_locators(tables: Mapping[str, Any]) -> Mapping[str, Any]:
    # TOML reads ``createPurchase.id = ...`` as a table in a table. It means the same as the quoted key.
    alfred = tables.get("alfred")
    locate = alfred.get("locate") if isinstance(alfred, Mapping) else None
    if not isinstance(alfred, Mapping) or not isinstance(locate, Mapping):
        return tables
    flat: dict[str, Any] = {}
    for name, value in locate.items():
        inner = value.items() if isinstance(value, Mapping) else ()
        flat |= {f"{name}.{member}": query for member, query in inner} if inner else {name: value}
    return {**tables, "alfred": {**alfred, "locate": flat}}


def _wrong_values(tables: Mapping[str, Any]) -> Iterator[tuple[Keys, str]]:
    try:
        _FILE.validate_python(tables)
    except ValidationError as error:
        for one in error.errors(include_url=False, include_input=False):
            keys = tuple(str(key) for key in one["loc"])
            if one["type"] == "unexpected_keyword_argument":
                yield keys, f"is not known here (known: {', '.join(_known(keys[:-1]))})"
            else:
                yield keys, _WORDS.get(one["type"], one["msg"].removeprefix("Value error, "))
    admin = tables.get("admin")
    if isinstance(admin, Mapping) and "password" in admin and "user" not in admin:
        yield ("admin", "user"), "is missing: a password needs it"


def _known(keys: Keys) -> list[str]:
    """Return the names of the keys that the table at this place may have."""
    model: Any = TargetFile
    for key in keys:
        hint = get_type_hints(model).get(key)
        model = next((one for one in (hint, *get_args(hint)) if is_dataclass(one)), model)
    return [one.name for one in fields(model)]


def _wrong_locators(tables: Mapping[str, Any]) -> Iterator[tuple[Keys, str]]:
    for name, query in _table(tables, "locate").items():
        try:
            find(str(query), {})
        except JSONPathError as error:
            yield ("alfred", "locate", name), f"is not an RFC 9535 JSONPath: {error.args[0]}"


def _wrong_operations(tables: Mapping[str, Any], operations: Operations | None) -> Iterator[tuple[Keys, str]]:
    """Return what names an operation or a member that does not exist; nothing if the operations are not given."""
    if operations is None:
        return
    members = dict.fromkeys(member for located in operations.values() for member in located)
    known = (*members, *(f"{one}.{member}" for one, located in operations.items() for member in located))
    for name in _table(tables, "locate"):
        if name not in known:
            yield ("alfred", "locate", name), f"is not a member that can be located (known: {', '.join(known)})"
    for name, role in _table(tables, "credentials").items():
        keys = ("alfred", "credentials", name)
        if name not in operations:
            yield keys, f"is not known here (known: {', '.join(operations)})"
        elif role == "token" and "accessToken" in operations[name]:
            yield keys, "must be one of shop, platform: this call returns the token"


def _table(tables: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    alfred = tables.get("alfred")
    table = alfred.get(name) if isinstance(alfred, Mapping) else None
    return table if isinstance(table, Mapping) else {}
