"""Checks a value against a schema, and describes for people what is wrong."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from jsonschema import FormatChecker
from jsonschema.exceptions import SchemaError, ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import Draft202012Validator, extend

from harness.contract.documents import Node, json_path
from harness.failures import Finding
from harness.wire.exchange import UnusableNumber

_WIDTH: Final = 80
_GUID: Final = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_TIMESTAMP: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9])"
    r"(?:\.[0-9]{1,7})?(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
)
_CREDENTIAL: Final = re.compile(r"token|key|secret|passw", re.IGNORECASE)
_FORMATS: Final = {
    "uuid": "a GUID (8-4-4-4-12 hexadecimal digits)",
    "date-time": "a timestamp (ISO 8601 with Z or an offset, at most 7 fractional digits)",
}
_KINDS: Final = {"array": "an array", "boolean": "a boolean", "null": "null", "object": "an object"}


def check_schema(node: Node) -> None:
    """UsageError if this is not a JSON Schema."""
    node.members()
    try:
        Draft202012Validator.check_schema(node.value)
    except SchemaError as error:
        raise Node(node.file, error.instance, tuple(error.absolute_path)).wrong(error.message) from None


class Checker:
    """The compiled schemas. Each is compiled when it is used first."""

    def __init__(self, schemas: Mapping[str, Any]) -> None:
        """``schemas`` have no references, and are keyed by name: ``walletapi.failure``."""
        self._schemas = schemas
        self._validators: dict[str, Validator] = {}

    def findings(self, name: str, instance: Any) -> tuple[Finding, ...]:
        """Return one finding for each path that does not match the schema, ordered by path."""
        if name not in self._validators:
            self._validators[name] = _Exact(self._schemas[name], format_checker=_checker())
        found: dict[str, Finding] = {}
        for error in self._validators[name].iter_errors(instance):
            for finding in _findings(error):
                found.setdefault(finding.where, finding)
        return tuple(found[where] for where in sorted(found))


def is_guid(value: object) -> bool:
    """Return whether a string is a GUID, in either case (contract.md, Values). Other values pass."""
    return not isinstance(value, str) or _GUID.fullmatch(value) is not None


def is_timestamp(value: object) -> bool:
    """Return whether a string is a date and time with Z or an offset (contract.md, Values). Other values pass."""
    if not isinstance(value, str):
        return True
    match = _TIMESTAMP.fullmatch(value)
    if match is None:
        return False
    try:
        datetime.fromisoformat(match[1])
    except ValueError:
        return False
    return True


def _checker() -> FormatChecker:
    checker = FormatChecker(formats=())
    checker.checks("uuid")(is_guid)
    checker.checks("date-time")(is_timestamp)
    return checker


def _is_number(_: object, value: object) -> bool:
    """Return whether a value is an exact number: no float, and not true or false."""
    if isinstance(value, Decimal):
        return value.is_finite()
    return isinstance(value, int) and not isinstance(value, bool)


def _multiple_of(validator: Validator, step: float, instance: Any, _schema: object) -> Iterator[ValidationError]:
    """Compare digits: the remainder of a large decimal, or of a float, is not exact. ``step`` is 1, 0.1, 0.01, ..."""
    if validator.is_type(instance, "number"):
        places = Decimal(str(step)).as_tuple().exponent
        _, digits, exponent = Decimal(instance).as_tuple()
        too_fine = isinstance(exponent, int) and isinstance(places, int) and exponent < places
        if too_fine and any(digits[int(exponent) - int(places) :]):
            yield ValidationError(f"{instance} is not a multiple of {step}")


_Exact: Final = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    validators={"multipleOf": _multiple_of},
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine("number", _is_number),
)


def _findings(error: ValidationError) -> Iterator[Finding]:
    parts = tuple(error.absolute_path)
    instance: Any = error.instance
    schema: Any = error.schema
    members = schema.get("properties", {})
    if error.validator == "required":
        for name in schema["required"]:
            if name not in instance:
                rule: dict[str, Any] = {"required": [name]}
                yield Finding(json_path((*parts, name)), _documented(members.get(name, {})), "absent", parts, rule)
    else:
        rule = {str(error.validator): error.validator_value}
        yield Finding(json_path(parts), _documented(schema), _received(parts, instance), parts, rule)


def _documented(schema: Mapping[str, Any]) -> str:
    described = schema.get("description")
    return f"{_words(schema)}: {described}" if described else _words(schema)


def _words(schema: Mapping[str, Any]) -> str:
    if "anyOf" in schema:
        return " or ".join(_words(alternative) for alternative in schema["anyOf"])
    constants = [schema["const"]] if "const" in schema else schema.get("enum", [])
    if constants:
        return " or ".join(json.dumps(constant, ensure_ascii=False) for constant in constants)
    kinds = schema.get("type", [])
    return " or ".join(_kind(kind, schema) for kind in ([kinds] if isinstance(kinds, str) else kinds)) or "a value"


def _kind(kind: str, schema: Mapping[str, Any]) -> str:
    if kind == "string":
        return _string(schema)
    if kind == "number":
        return _number(schema)
    if kind == "array" and schema.get("maxItems") == 0:
        return "an empty array"
    if kind == "array" and schema.get("minItems"):
        return "an array that is not empty"
    return _KINDS.get(kind, kind)


def _number(schema: Mapping[str, Any]) -> str:
    multiple = f" and a multiple of {schema['multipleOf']}" if "multipleOf" in schema else ""
    if "exclusiveMinimum" in schema:
        return f"a number above {schema['exclusiveMinimum']}{multiple}"
    return f"a number, {schema['minimum']} or more{multiple}" if "minimum" in schema else f"a number{multiple}"


def _string(schema: Mapping[str, Any]) -> str:
    if "format" in schema:
        return _FORMATS[schema["format"]]
    if "pattern" in schema:
        return f"a string that matches {schema['pattern']}"
    if "maxLength" in schema:
        return f"a string of at most {schema['maxLength']} characters that is not empty"
    return "a string that is not empty" if schema.get("minLength") else "a string"


def _received(parts: tuple[str | int, ...], value: Any) -> str:
    if value is None:
        return "null"
    kind, shown = next(
        ((kind, shown(value)) for types, kind, shown in _SHOWN if isinstance(value, types)), ("no JSON", repr(value))
    )
    if any(_CREDENTIAL.search(part) for part in parts if isinstance(part, str)):
        return f"{kind}, not shown"
    return f"{kind}: {_short(shown)}" if isinstance(value, dict | list) else f"{_short(shown)} ({kind})"


def _short(text: str) -> str:
    # A lone surrogate can't be written to a report.
    writable = text[: _WIDTH + 1].encode("utf-8", "backslashreplace").decode()
    return writable if len(writable) <= _WIDTH else f"{writable[: _WIDTH - 3]}..."


# Of an object only its names are shown, of an array its length: the values may be credentials.
_SHOWN: Final[tuple[tuple[type | tuple[type, ...], str, Callable[[Any], str]], ...]] = (
    (bool, "a boolean", lambda value: "true" if value else "false"),
    ((int, Decimal), "a number", str),
    (UnusableNumber, "a number that nobody can calculate with", repr),
    (float, "a float, which is not exact", repr),
    (str, "a string", lambda value: json.dumps(value, ensure_ascii=False)),
    (dict, "an object", lambda value: f"members {', '.join(value)}" if value else "no members"),
    (list, "an array", lambda value: f"{len(value)} elements" if value else "no elements"),
)
