"""The payload of a response, and the members that ``[alfred.locate]`` puts into it (contract.md)."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property, reduce
from operator import getitem
from typing import Any, Final

from harness.contract.contract import documented
from harness.failures import Finding

AMOUNTS: Final = ("balanceAmount", "remainingAmount")


class Locators:
    """The JSONPaths of a target, by operation."""

    def __init__(self, queries: Mapping[str, str]) -> None:
        """``queries`` are keyed ``member`` or ``operation.member``; the latter wins."""
        self._queries = queries

    @cached_property
    def _compiled(self) -> dict[str, list[tuple[str, str, Any]]]:
        from jsonpath_rfc9535 import compile as compiled

        return {
            operation.id: [
                (member, query, compiled(query))
                for member in operation.locatable
                if (query := self._queries.get(f"{operation.id}.{member}", self._queries.get(member)))
            ]
            for operation in documented().operations.values()
        }

    def payload(self, operation: str, whole: Any) -> tuple[Any, dict[str, Finding]]:
        """Return the payload of a response, and a finding per located member that does not occur exactly once."""
        inner = whole.get("data") if isinstance(whole, dict) else None
        payload = inner if isinstance(inner, dict) else whole
        located = self._compiled.get(operation, []) if self._queries else []
        if operation != "openPurchaseSession" and not located:
            return payload, {}
        located_payload = dict(payload) if isinstance(payload, dict) else {}
        # These names are ours: a member with such a name that the target does not locate is a different one.
        for amount in AMOUNTS:
            located_payload.pop(amount, None)
        missing: dict[str, Finding] = {}
        for member, query, path in located:
            values = _found(query, path, whole)
            if len(values) == 1 and values[0] is not None:
                located_payload[member] = values[0]
            else:
                located_payload.pop(member, None)
                missing[member] = Finding(
                    query, f"{member}, exactly once", "null" if values == [None] else f"found {len(values)} times"
                )
        return located_payload, missing


def _found(query: str, path: Any, whole: Any) -> list[Any]:
    """Return what a query finds. The library compares only int and float by size, and our numbers are Decimals."""
    if not {"<", ">"} & {*query}:
        return list(path.find(whole).values())
    return [reduce(getitem, node.location, whole) for node in path.find(_with_floats(whole))]


def _with_floats(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _with_floats(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_with_floats(item) for item in value]
    return float(value) if isinstance(value, Decimal) else value
