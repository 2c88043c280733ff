"""The files of schemas/ as they are read: every value knows where it stands, so that an error can say so."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

import yaml

from harness.failures import UsageError

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
SUFFIX: Final = ".schema.json"
TYPES: Final = frozenset({"array", "boolean", "null", "number", "object", "string"})
FORMATS: Final = frozenset({"date-time", "uuid"})


def json_path(parts: tuple[str | int, ...]) -> str:
    """A path as people write it: ``$.Value.Errors[0]``, ``$['a b']``."""
    return "$" + "".join(
        f"[{part}]" if isinstance(part, int) else f".{part}" if re.fullmatch(r"[\w$-]+", part) else f"['{part}']"
        for part in parts
    )


@dataclass(frozen=True)
class Node:
    """One value in a file, with the name of the file and the path to it."""

    file: str
    value: Any
    parts: tuple[str | int, ...] = ()

    def wrong(self, what: str) -> UsageError:
        """The error that names file, place and what is wrong there."""
        return UsageError(f"{self.file} at {json_path(self.parts)}: {what}")

    def __getitem__(self, name: str) -> Node:
        """The member of this name; UsageError where there is none."""
        members = self.members()
        if name not in members:
            raise self.wrong(f"{name!r} is missing")
        return members[name]

    def members(self) -> dict[str, Node]:
        """The members by name; UsageError where this is no object."""
        if not isinstance(self.value, dict):
            raise self.wrong("should be an object")
        return {str(name): Node(self.file, value, (*self.parts, str(name))) for name, value in self.value.items()}

    def elements(self) -> list[Node]:
        """The elements in order; UsageError where this is no array or an empty one."""
        if not isinstance(self.value, list) or not self.value:
            raise self.wrong("should be an array that is not empty")
        return [Node(self.file, value, (*self.parts, index)) for index, value in enumerate(self.value)]

    def text(self) -> str:
        """The string; UsageError where this is none or an empty one."""
        if not isinstance(self.value, str) or not self.value:
            raise self.wrong("should be a string that is not empty")
        return self.value

    def pattern(self) -> str:
        """The string, a regular expression; UsageError where it is none."""
        try:
            re.compile(self.text())
        except re.error as error:
            raise self.wrong(f"is no regular expression: {error}") from None
        return self.text()


def read(path: Path, root: Path) -> Node:
    """What a JSON, YAML or TOML file holds, called by its path from ``root`` on; UsageError where it can't be read."""
    file = path.relative_to(root.parent).as_posix()
    try:
        return Node(file, _PARSERS[path.suffix](path.read_text(encoding="utf-8")))
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}") from None
    except (ValueError, yaml.YAMLError) as error:
        raise UsageError(f"{file} is broken: {' '.join(str(error).split())}") from None


def _yaml(text: str) -> Any:
    # libyaml is five times as fast, but not every build of PyYAML has it.
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe loaders


_PARSERS: Final[Mapping[str, Callable[[str], Any]]] = {".json": json.loads, ".yaml": _yaml, ".toml": tomllib.loads}


def check_schema(node: Node, files: frozenset[str]) -> None:
    """UsageError where a schema says what no schema may, or what the suite does not know.

    Importing jsonschema and asking the metaschema would take ten times as long as all of the loading, at every
    start, and lets a mistyped keyword pass; tests/schemas asks it. ``files`` are the names that a $ref may reach.
    """
    for name, member in node.members().items():
        check = _KEYWORDS.get(name)
        if check is None:
            raise member.wrong(f"{name!r} is no keyword that the suite's schemas use")
        check(member, files)


def check_references(node: Node, files: frozenset[str]) -> None:
    """UsageError where a $ref of a document, at any depth, leads nowhere in it and to no schema file."""
    if isinstance(node.value, list):
        below = node.elements() if node.value else []
    else:
        below = [*node.members().values()] if isinstance(node.value, dict) else []
    for inner in below:
        if inner.parts[-1] != "$ref":
            check_references(inner, files)
        elif not inner.text().startswith("#"):
            _reference(inner, files)


def referred(node: Node) -> str:
    """The name of the file that a $ref means."""
    parts: list[str] = []
    for part in (*PurePosixPath(node.file).parent.parts, *node.text().split("/")):
        if part == ".." and parts:
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def _reference(node: Node, files: frozenset[str]) -> None:
    if referred(node) not in files:
        raise node.wrong(f"$ref {node.value!r} leads to no schema file")


def _text(node: Node, _: frozenset[str]) -> None:
    node.text()


def _pattern(node: Node, _: frozenset[str]) -> None:
    node.pattern()


def _schemas(node: Node, files: frozenset[str]) -> None:
    for element in node.elements():
        check_schema(element, files)


def _properties(node: Node, files: frozenset[str]) -> None:
    for member in node.members().values():
        check_schema(member, files)


def _names(node: Node, _: frozenset[str]) -> None:
    names = [element.text() for element in node.elements()]
    if len(set(names)) < len(names):
        raise node.wrong("names something twice")


def _types(node: Node, _: frozenset[str]) -> None:
    for element in node.elements() if isinstance(node.value, list) else [node]:
        if element.text() not in TYPES:
            raise element.wrong(f"{element.value!r} is no type (known: {', '.join(sorted(TYPES))})")


def _format(node: Node, _: frozenset[str]) -> None:
    if node.text() not in FORMATS:
        raise node.wrong(f"{node.value!r} is no format that is checked (known: {', '.join(sorted(FORMATS))})")


def _number(node: Node, _: frozenset[str]) -> None:
    if isinstance(node.value, bool) or not isinstance(node.value, int) or node.value < 0:
        raise node.wrong("should be a whole number, zero or above")


def _dialect(node: Node, _: frozenset[str]) -> None:
    if node.value != DIALECT:
        raise node.wrong(f"should be {DIALECT}")


def _closed(node: Node, _: frozenset[str]) -> None:
    if node.value is not False:
        raise node.wrong("should be false or not there")


def _constant(_: Node, __: frozenset[str]) -> None:
    """Anything may be a constant."""


def _choices(node: Node, _: frozenset[str]) -> None:
    node.elements()


_KEYWORDS: Final[Mapping[str, Callable[[Node, frozenset[str]], None]]] = {
    "$schema": _dialect,
    "$ref": _reference,
    "title": _text,
    "description": _text,
    "type": _types,
    "format": _format,
    "pattern": _pattern,
    "const": _constant,
    "enum": _choices,
    "required": _names,
    "properties": _properties,
    "additionalProperties": _closed,
    "allOf": _schemas,
    "anyOf": _schemas,
    "minLength": _number,
    "minItems": _number,
    "maxItems": _number,
    "minimum": _number,
    "exclusiveMinimum": _number,
}
