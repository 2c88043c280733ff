"""The files of schemas/. Every value knows its file and its path, so that an error can name them."""

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import Any, Final

import yaml

from harness.failures import UsageError

SUFFIX: Final = ".schema.json"


def json_path(parts: tuple[str | int, ...]) -> str:
    """Return a path as people write it: ``$.Value.Errors[0]``, ``$['a b']``."""
    return "$" + "".join(
        f"[{part}]" if isinstance(part, int) else f".{part}" if re.fullmatch(r"[\w$-]+", part) else f"['{part}']"
        for part in parts
    )


@dataclass(frozen=True)
class Node:
    file: str
    value: Any
    parts: tuple[str | int, ...] = ()

    def wrong(self, what: str) -> UsageError:
        """Return the error that names file, path and what is wrong."""
        return UsageError(f"{self.file} at {json_path(self.parts)}: {what}")

    def __getitem__(self, name: str) -> "Node":
        """Return a member. UsageError if it is missing."""
        members = self.members()
        if name not in members:
            raise self.wrong(f"{name!r} is missing")
        return members[name]

    def members(self) -> dict[str, "Node"]:
        """Return the members by name. UsageError if this is not an object."""
        if not isinstance(self.value, dict):
            raise self.wrong("should be an object")
        return {str(name): Node(self.file, value, (*self.parts, str(name))) for name, value in self.value.items()}

    def elements(self) -> list["Node"]:
        """Return the elements. UsageError if this is not an array, or an empty one."""
        if not isinstance(self.value, list) or not self.value:
            raise self.wrong("should be an array that is not empty")
        return [Node(self.file, value, (*self.parts, index)) for index, value in enumerate(self.value)]

    def text(self) -> str:
        """Return the string. UsageError if this is not a string, or an empty one."""
        if not isinstance(self.value, str) or not self.value:
            raise self.wrong("should be a string that is not empty")
        return self.value

    def pattern(self) -> str:
        """Return the string. UsageError if it is not a regular expression."""
        try:
            re.compile(self.text())
        except re.error as error:
            raise self.wrong(f"is not a regular expression: {error}") from None
        return self.text()


def read(path: Path, root: Path) -> Node:
    """Read a JSON, YAML or TOML file, named by its path in ``root``. UsageError if it can't be read."""
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


def inlined(node: Node, files: Mapping[str, Node], within: tuple[str, ...] = ()) -> Any:
    """Return a schema with each $ref replaced by the schema that it means. UsageError if there is none."""
    if isinstance(node.value, list) and node.value:
        return [inlined(element, files, within) for element in node.elements()]
    if not isinstance(node.value, dict):
        return node.value
    if isinstance(node.value.get("$ref"), str):
        file = referred(node["$ref"])
        if file not in files or file in within:
            raise node["$ref"].wrong(f"{node.value['$ref']!r} leads to no schema file, or back to this schema")
        return inlined(files[file], files, (*within, file))
    # With a $schema, jsonschema would use its own validator, which accepts floats as numbers.
    return {name: inlined(member, files, within) for name, member in node.members().items() if name != "$schema"}


def referred(node: Node) -> str:
    return normpath(str(PurePosixPath(node.file).parent / node.text()))
