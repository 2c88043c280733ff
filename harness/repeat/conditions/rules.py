"""A JSON Schema as a condition of jq."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

_GUID: Final = "^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$"
_TIME: Final = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,7})?"
    r"(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$"
)


class CannotBeSaidError(Exception):
    """What jq can't check, or what nobody has taught this module."""


def condition(rule: Mapping[str, Any]) -> str:
    """Return the condition of jq that a value fulfils if it matches a schema. Keywords that only describe are left."""
    found = [_CONDITIONS[keyword](value) for keyword, value in rule.items() if keyword in _CONDITIONS]
    unknown = rule.keys() - _CONDITIONS.keys() - _DESCRIBING
    if unknown or not found:
        raise CannotBeSaidError(", ".join(sorted(unknown)))
    return "(" + " and ".join(found) + ")"


def literal(value: Any) -> str:
    """Return a value as jq writes it."""
    return json.dumps(value, default=str)


def _of_type(kinds: str | list[str]) -> str:
    names = [kinds] if isinstance(kinds, str) else kinds
    return "(" + " or ".join(_TYPES.get(name, f'type == "{name}"') for name in names) + ")"


def _for(kind: str, test: str) -> str:
    """Return a condition that holds for values of another type, as in a schema."""
    return f'(type != "{kind}" or ({test}))'


def _format(name: str) -> str:
    pattern = {"uuid": _GUID, "date-time": _TIME}.get(name)
    if pattern is None:
        raise CannotBeSaidError(name)
    return _for("string", f"test({literal(pattern)})")


def _multiple(step: Any) -> str:
    # A hundredth has no exact double. A number that is one is the nearest double to its two decimal places.
    times = round(1 / float(step))
    return _for("number", f"(. * {times} | round) / {times} == .")


def _properties(members: Mapping[str, Any]) -> str:
    parts = [
        f"(has({literal(name)}) | not) or (.[{literal(name)}] | {condition(rule)})" for name, rule in members.items()
    ]
    return _for("object", " and ".join(f"({part})" for part in parts) or "true")


_TYPES: Final = {"integer": '(type == "number" and . == floor)'}
_DESCRIBING: Final = frozenset({"$schema", "$id", "title", "description", "default", "examples", "$comment"})
_CONDITIONS: Final[Mapping[str, Callable[[Any], str]]] = {
    "type": _of_type,
    "const": lambda value: f". == {literal(value)}",
    "enum": lambda values: "(" + " or ".join(f". == {literal(value)}" for value in values) + ")",
    "minLength": lambda length: _for("string", f"length >= {length}"),
    "maxLength": lambda length: _for("string", f"length <= {length}"),
    "pattern": lambda pattern: _for("string", f"test({literal(pattern)})"),
    "format": _format,
    "minimum": lambda least: _for("number", f". >= {least}"),
    "maximum": lambda most: _for("number", f". <= {most}"),
    "exclusiveMinimum": lambda least: _for("number", f". > {least}"),
    "exclusiveMaximum": lambda most: _for("number", f". < {most}"),
    "multipleOf": _multiple,
    "minItems": lambda least: _for("array", f"length >= {least}"),
    "maxItems": lambda most: _for("array", f"length <= {most}"),
    "required": lambda names: _for("object", " and ".join(f"has({literal(name)})" for name in names)),
    "properties": _properties,
    "items": lambda rule: _for("array", f"all(.[]; {condition(rule)})"),
    "anyOf": lambda rules: "(" + " or ".join(map(condition, rules)) + ")",
    "allOf": lambda rules: "(" + " and ".join(map(condition, rules)) + ")",
}
