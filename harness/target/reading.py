"""Reads a target file. Everything that is wrong with it is reported at once, with line and key, without any value."""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

from harness.failures import UsageError
from harness.target.checks import FILE, Keys, Known, Place, Problem, problems
from harness.target.target import KNOWN_ISSUES, Target, TargetFile
from harness.target.values import Secret

TARGETS: Final = Path(__file__).resolve().parents[2] / "targets"

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
_MAY_BE_EMPTY: Final = frozenset({("alfred", "token_scheme")})
_LINE: Final = re.compile(r" ?\(at line (\d+), (column \d+)\)")


def read_target(name: str, known: Known | None = None) -> Target:
    """Read targets/NAME.toml, or the file at this path. UsageError if it is missing, malformed or incomplete."""
    there = ", ".join(sorted(file.stem for file in TARGETS.glob("*.toml") if file.name != KNOWN_ISSUES))
    if not name:
        raise UsageError(f"name a target: --target=NAME, or TARGET=NAME for make (targets/ has: {there})")
    path = Path(name) if name.endswith(".toml") or "/" in name else TARGETS / f"{name}.toml"
    if path.is_dir():
        raise UsageError(f"{path} is a folder, not a target file: add the name of the file, which ends in .toml")
    if not path.is_file():
        raise UsageError(f"there is no target {name!r}: {path} does not exist (targets/ has: {there})")
    source = str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
    text = _text(path, source)
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(_not_toml(source, text, str(error))) from None
    place = Place(path.absolute().parent, known or Known())
    return build_target(path.stem, tables, source=source, text=text, place=place)


def _not_toml(source: str, text: str, error: str) -> str:
    """Return the line for a file that is not TOML, with line and key."""
    found = _LINE.search(error)
    if not found:
        return f"{source} is not valid TOML: {error}"
    number = int(found[1])
    key = re.match(r"\s*([\w.-]+)\s*=", text.splitlines()[number - 1] if text else "")
    what = f"{key[1]} is" if key else "this is"
    return f"{source}, line {number}: {what} not valid TOML: {_LINE.sub('', error)} ({found[2]})"


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
    name: str, tables: Mapping[str, Any], *, source: str = "the target", text: str = "", place: Place | None = None
) -> Target:
    """Check the tables of a target file and return the target. UsageError names key and line of every problem."""
    place = place or Place()
    values = _Values()
    expanded = _with_dotted_locators(values.expanded(tables))
    found = dict.fromkeys(values.unset)
    for keys, what in problems(expanded, place):
        if keys not in {known for known, _ in found}:  # one line per value
            found[keys, what] = None
    if found:
        ordered = sorted(found, key=lambda one: (line_of(text, one[0]), one))
        messages = (_message(source, text, keys, what, values.variables.get(keys, "")) for keys, what in ordered)
        unset = " ".join(f"{name}=..." for name in dict.fromkeys(values.missing))
        raise UsageError("\n".join((*messages, *([f"Set each: export {unset}"] if unset else []))))
    file = FILE.validate_python(expanded)
    return Target(name=name, folder=place.folder, **{one.name: getattr(file, one.name) for one in fields(TargetFile)})


class _Values:
    """Replaces ``${NAME}`` from the environment; collects unset variables, and the variable of each value."""

    def __init__(self) -> None:
        self.variables: dict[Keys, str] = {}
        self.unset: list[Problem] = []
        self.missing: list[str] = []

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
            self.missing.append(name)
            self.unset.append((keys, f"needs the environment variable {name}, which is not set"))
        elif not os.environ[name] and match[0] == value and keys not in _MAY_BE_EMPTY:
            self.unset.append((keys, f"must be not empty, and the environment variable {name} is empty"))
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
