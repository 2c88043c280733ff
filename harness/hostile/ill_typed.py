"""Members with a value of every undocumented type, chosen from the request schemas (contract.md X-1)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import cycle
from typing import Any, Final

from harness.contract.contract import Contract
from harness.hostile.rejected_input import Fresh, Hostile

_HUGE: Final = (10**18, 2**63, 10**30, -(10**30), Decimal("1e30"))
_VALUES: Final[Mapping[str, tuple[Any, ...]]] = {
    "null": (None,),
    "boolean": (True, False),
    "number": (0, -1, Decimal("7.25"), *_HUGE),
    "string": ("", "7", "\x1f/\U0001f45b", "null", "\u0130\u00df {}"),
    "array": ([], [None, "a"], [7], [""]),
    "object": ({}, {"": None}, {"a": 7, "b": "\u0130"}),
}
_OTHER_FORMS: Final[Mapping[str, tuple[Any, ...]]] = {
    "number": _HUGE,
    "uuid": ("", "0", "{" + "-" * 34 + "}", "00000000-0000-0000-0000-00000000000g", "ffffffff" * 5),
    "date-time": ("", "yesterday", "2030-02-30T00:00:00Z", "9999-12-31T23:59:59.9999999Z", "2030-01-01T00:00:00+99:99"),
    "pattern": ("", "12345678901234567890", "١٢٣٤٥٦٧٨٩٠", "-1", "TRY\n"),
    "enum": ("", "AMOUNT", "Amount ", "0"),
}


@dataclass(frozen=True)
class IllTyped:
    """A member (its name may contain dots), the JSON type that it gets, and the value."""

    member: str
    kind: str
    value: Any


def chosen_values(schema: Mapping[str, Any]) -> tuple[IllTyped, ...]:
    """Return, for each member, a value of every JSON type that is not allowed, and one of another form.

    The members take turns with the values of a type, so the values are the same in every run. Few members are dates,
    so each gets every other form.
    """
    values = {kind: cycle(some) for kind, some in {**_VALUES, **_OTHER_FORMS}.items()}
    return tuple(
        IllTyped(member, kind, value)
        for member, kind, form in _cases(schema)
        for value in (_OTHER_FORMS[form] if form == "date-time" else (next(values[form or kind]),))
    )


def ill_typed(fresh: Fresh, contract: Contract) -> Iterator[Hostile]:
    """Return calls with one such member each. Only a wrong amount must be rejected for certain."""
    base = fresh()
    operation = contract.operations[base.operation]
    schema = operation.request_schema
    for case in chosen_values(contract.schemas[schema] if schema else {"properties": {}}):
        money = case.member in operation.amounts[:1]
        if money and case.value is None:
            continue  # an amount that is missing, which other clauses are about
        moves = None if case.member == "ExpirationDate" else case.member not in operation.identifiers
        # A call with an unknown name or a wrong amount has no effect, so it can be repeated.
        call = base if money or moves is False else fresh()
        yield Hostile(
            call.having({case.member: case.value}, bare=True),
            f"{case.kind} in place of {case.member}",
            rejection_due=money,
            moves=moves,
            absent=case.member if case.value is None else "",
            # X-1 is about a text in place of an amount. The operation's own clause is about all that is not a number.
            clause=operation.amount_clause if money and case.kind != "string" else "X-1",
        )


def _cases(schema: Mapping[str, Any], outer: str = "") -> Iterator[tuple[str, str, str]]:
    for name, member in schema["properties"].items():
        taken = member["type"] if isinstance(member["type"], list) else [member["type"]]
        for kind in _VALUES:
            if kind not in taken:
                yield f"{outer}{name}", kind, ""
        form = next((word for word in ("enum", "const", "pattern", "format") if word in member), "")
        if form:
            yield f"{outer}{name}", "another form", {"const": "enum", "format": member.get("format")}.get(form) or form
        elif "number" in taken and "exclusiveMinimum" not in member:
            yield f"{outer}{name}", "another form", "number"
        if "properties" in member:
            yield from _cases(member, f"{outer}{name}.")
