"""Ways to make a call wrong, as values: the tables of flaws of each API consist of them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from harness.client.calls import Call
from harness.client.similar_texts import longer_id, made_up, neighbour, shorter_id
from harness.not_judged import NotJudged

Flaw = Callable[[Call], Call]
"""Returns a valid call with one thing wrong."""

Order = Callable[[list[str]], str]
"""``min`` for an id that sorts before the valid one, ``max`` for one that sorts after it."""

WRONG_AMOUNTS: Final[Mapping[str, Any]] = {
    "zero": 0,
    "zero with decimal places": Decimal("0.00"),
    "zero with an exponent": Decimal("0E+5"),
    "zero with a minus sign": Decimal("-0.00"),
    "negative": Decimal("-20.00"),
    "negative by a minor unit": Decimal("-0.01"),
    "negative by thousands": Decimal("-1234.56"),
    "negative with an exponent": Decimal("-2E+1"),
    # 32 bits of minor units hold it as 0.01.
    "negative beyond 32 bits": Decimal("-42949672.95"),
    "a word": "twenty",
    "a number in quotes": "20.00",
    "true": True,
    "null": None,
    "a list": [20],
    "an object": {"value": 20},
}


RESEMBLING: Final[Mapping[str, Callable[[str], str]]] = {
    "two characters longer": longer_id,
    "one character shorter": shorter_id,
}


def changed(members: Mapping[str, Any]) -> Flaw:
    """Set these members of the body; a dot reaches inside (``a.b``)."""
    return lambda call: call.having(members)


def missing(member: str) -> Flaw:
    return lambda call: call.lacking(member)


def without_members(call: Call) -> Call:
    """Send an empty object."""
    return replace(call, body={}, proper=False, is_valid=False)


def altered(name: str, alter: Callable[[str], str]) -> Flaw:
    """Change an id: in the path of the call, or else in this member of its body."""

    def flaw(call: Call) -> Call:
        if name in call.path:
            return call.to(**{name: alter(call.path[name])})
        return call.having({name: alter(value_of(call, name))})

    return flaw


def unknown(name: str, order: Order | None = None) -> Flaw:
    """Replace an id by one that does not exist."""
    return altered(name, lambda valid: neighbour(valid, order) if order else made_up(valid))


def similar(name: str, valid: str) -> dict[str, Flaw]:
    """Return flaws that replace an id by one that resembles it; ``valid`` begins their names."""
    return {f"{valid} that is {words}": altered(name, alter) for words, alter in RESEMBLING.items()}


def padded(member: str, valid: str) -> dict[str, Flaw]:
    """Return the flaw of an id in the body with a blank behind it; ``valid`` begins its name."""
    return {f"{valid} with a blank behind its id": altered(member, lambda known: f"{known} ")}


def emptied(member: str) -> dict[str, Flaw]:
    """Return flaws for a required member: null, and empty."""
    return {"null": lambda call: call.having({member: None}, bare=True), "empty": changed({member: ""})}


NEITHER_TEXT_NOR_CONTENT: Final[Mapping[str, Any]] = {
    "zero": 0,
    "false": False,
    "an empty list": [],
    "an empty object": {},
}
"""Values of other types that many languages treat like a missing text."""


def without_content(member: str) -> dict[str, Flaw]:
    """Return flaws for a text: the values of other types that have no content."""

    def wrong(value: Any) -> Flaw:
        return lambda call: call.having({member: value}, bare=True)

    return {name: wrong(value) for name, value in NEITHER_TEXT_NOR_CONTENT.items()}


def of_other_types(member: str) -> dict[str, Flaw]:
    """Return flaws for a text: a number, true, a list with the text in it, an object, and those without content."""

    def wrong(alter: Callable[[str], Any]) -> Flaw:
        return lambda call: call.having({member: alter(value_of(call, member))}, bare=True)

    return {
        **without_content(member),
        "a number": wrong(lambda _: 7),
        "true": wrong(lambda _: True),
        "a list with it": wrong(lambda valid: [valid]),
        "an object with it": wrong(lambda valid: {"id": valid}),
    }


def without_credential(*names: str) -> Flaw:
    """Leave out the headers of these names; all credentials if no name is given."""
    return lambda call: call.carrying(tuple(each for each in call.credentials if names and each[0] not in names))


def nothing(_valid: str) -> str:
    return ""


def wrong_credential(alter: Callable[[str], str], name: str = "", scheme: str = "") -> Flaw:
    """Change the credential, not the scheme, in this header (default: the only one). Skip if that changes nothing."""

    def flaw(call: Call) -> Call:
        header = name or call.credentials[0][0]
        value = dict(call.credentials)[header]
        prefix = f"{scheme} " if scheme and value.startswith(f"{scheme} ") else ""
        valid = value.removeprefix(prefix)
        wrong = alter(valid)
        if wrong == valid:
            NotJudged.SAME_IN_EITHER_CASE.skip()
        changed = {**dict(call.credentials), header: f"{prefix}{wrong}".strip()}
        return call.carrying(tuple(changed.items()))

    return flaw


def wrong_amounts(member: str) -> dict[str, Flaw]:
    """Return a flaw per wrong amount. A WalletAPI may reject a wrong JSON type without its envelope."""

    def wrong(value: Any) -> Flaw:
        return lambda call: call.having({member: value}, bare=type(value) not in (int, Decimal))

    return {name: wrong(value) for name, value in WRONG_AMOUNTS.items()}


def value_of(call: Call, member: str) -> Any:
    """Return a member of the body, by the same names."""
    value = call.body
    for name in member.split("."):
        value = value[name]
    return value
