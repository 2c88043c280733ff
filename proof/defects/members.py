"""The documented members of an operation's response, read from schemas/."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from harness.contract.contract import Contract, Operation

LOCATED: Final = ("balanceAmount", "remainingAmount")


@dataclass(frozen=True)
class Member:
    """A documented member of an operation's response: its path and its JSON types."""

    operation: Operation
    path: tuple[str, ...]
    types: frozenset[str]
    required: bool

    @property
    def name(self) -> str:
        return self.path[-1]


def members_of(contract: Contract, operation: Operation) -> Iterator[Member]:
    """Yield the documented members of an operation's response, also those inside Value."""
    schema = contract.schemas[operation.response_schema or ""]
    yield from _walk(contract, operation, schema, ())


def _walk(contract: Contract, operation: Operation, schema: Any, above: tuple[str, ...]) -> Iterator[Member]:
    folder = operation.api
    layers = list(_layers(contract, schema, folder))
    required = {name for layer in layers for name in layer.get("required", ())}
    kinds: dict[str, set[str]] = {}
    inner: dict[str, Any] = {}
    for layer in layers:
        for name, member in layer.get("properties", {}).items():
            kind = {each for part in _layers(contract, member, folder) for each in _types(part)}
            kinds[name] = kinds[name] & kind if name in kinds and kind else kinds.get(name) or kind
            if any("properties" in part for part in _layers(contract, member, folder)):
                inner[name] = member
    for name, kind in kinds.items():
        if name in inner:
            yield from _walk(contract, operation, inner[name], (*above, name))
        elif kind and (name in required or name in (*LOCATED, "Errors")):  # the sandbox has no others
            yield Member(operation, (*above, name), frozenset(kind), name in required or name in LOCATED)


def _layers(contract: Contract, schema: Mapping[str, Any], folder: str) -> Iterator[Mapping[str, Any]]:
    """Yield a schema and every schema that it refers to."""
    yield schema
    for part in schema.get("allOf", ()):
        yield from _layers(contract, part, folder)
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2].removesuffix(".schema.json")
        yield from _layers(contract, contract.schemas[f"{folder}.{name}"], folder)


def _types(schema: Mapping[str, Any]) -> tuple[str, ...]:
    types = schema.get("type", ())
    return (types,) if isinstance(types, str) else tuple(types)
