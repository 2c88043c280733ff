"""Faults of shape, made from schemas/: a documented member that is missing, null, renamed or of another type."""

from __future__ import annotations

import copy
import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from harness.contract.contract import Contract, Operation, load_contract
from proof.building_blocks import WORDS, ApiResponses, name_of
from proof.declaring import Defects

MOST: Final = 60
SALE: Final = "purchaseByAlias"
LOCATED: Final = ("balanceAmount", "remainingAmount")

CORE = (
    "authenticate-wallet-wallet-id-missing",
    "create-purchase-id-missing",
    "open-purchase-session-payment-session-id-missing",
    "get-wallet-wallet-account-id-missing",
    "open-payment-session-payment-instrument-id-missing",
    "create-payment-id-missing",
    "authenticate-wallet-access-token-retyped",
    "create-purchase-id-retyped",
    "open-purchase-session-balance-amount-retyped",
    "get-wallet-wallet-account-id-retyped",
    "open-payment-session-payment-session-id-retyped",
    "create-payment-id-retyped",
    "authenticate-wallet-wallet-id-retyped",
    "create-purchase-id-null",
    "open-purchase-session-payment-instrument-id-null",
    "get-wallet-wallet-account-id-null",
    "open-payment-session-payment-instrument-id-retyped",
    "create-payment-id-null",
    "authenticate-wallet-access-token-null",
    "create-purchase-id-renamed",
    "open-purchase-session-remaining-amount-renamed",
    "get-wallet-wallet-account-id-renamed",
    "open-payment-session-payment-session-id-null",
    "create-payment-id-renamed",
    "authenticate-wallet-wallet-id-null",
    "open-purchase-session-payment-session-id-retyped",
    "open-payment-session-payment-instrument-id-null",
)
alfred = Defects("alfred", CORE)
WALLETAPI_CORE = (
    "purchase-by-alias-gift-amount-missing",
    "create-wallet-alias-missing",
    "deposit-by-alias-id-missing",
    "create-gift-by-alias-remaining-amount-missing",
    "balances-by-alias-available-balance-missing",
    "cancel-purchase-created-at-missing",
    "refund-purchase-is-success-missing",
    "purchase-by-alias-updated-at-retyped",
    "purchase-by-alias-source-wallet-id-renamed",
    "create-wallet-wallet-owner-id-retyped",
    "deposit-by-alias-blocked-balance-retyped",
    "create-gift-by-alias-is-partially-used-retyped",
    "balances-by-alias-name-retyped",
    "cancel-purchase-cashback-amount-retyped",
    "refund-purchase-main-transaction-id-retyped",
    "purchase-by-alias-is-success-renamed",
    "purchase-by-alias-cashback-amount-renamed",
    "create-wallet-updated-at-renamed",
    "deposit-by-alias-name-renamed",
    "create-gift-by-alias-expiration-date-renamed",
    "balances-by-alias-gift-balances-null",
    "cancel-purchase-used-gift-balances-renamed",
    "refund-purchase-source-wallet-id-renamed",
    "purchase-by-alias-balance-after-transaction-missing",
    "purchase-by-alias-errors-retyped",
    "create-wallet-balance-quoted",
    "deposit-by-alias-is-frozen-renamed",
    "create-gift-by-alias-amount-quoted",
    "balances-by-alias-is-failure-renamed",
    "cancel-purchase-amount-quoted",
    "refund-purchase-errors-retyped",
    "purchase-by-alias-gift-balance-id-retyped",
    "purchase-by-alias-destination-wallet-id-renamed",
)
walletapi = Defects("walletapi", WALLETAPI_CORE)

_OTHER: Final = {
    "string": 12345,
    "number": [1],
    "boolean": "yes",
    "object": [],
    "array": "none",
    "null": 12345,
}


@dataclass(frozen=True)
class Member:
    """A documented member of an operation's response: where it stands, and of what types it may be."""

    operation: Operation
    path: tuple[str, ...]
    types: frozenset[str]
    required: bool

    @property
    def name(self) -> str:
        """Its own name."""
        return self.path[-1]


Change = Callable[[dict[str, Any], str, Member], None]


def members_of(contract: Contract, operation: Operation) -> Iterator[Member]:
    """The documented members of an operation's response, those inside Value included."""
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
        elif kind and (name in required or name in (*LOCATED, "Errors")):  # what else there may be, the sandbox lacks
            yield Member(operation, (*above, name), frozenset(kind), name in required or name in LOCATED)


def _layers(contract: Contract, schema: Mapping[str, Any], folder: str) -> Iterator[Mapping[str, Any]]:
    """A schema with all that it refers to."""
    yield schema
    for part in schema.get("allOf", ()):
        yield from _layers(contract, part, folder)
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2].removesuffix(".schema.json")
        yield from _layers(contract, contract.schemas[f"{folder}.{name}"], folder)


def _types(schema: Mapping[str, Any]) -> tuple[str, ...]:
    types = schema.get("type", ())
    return (types,) if isinstance(types, str) else tuple(types)


def other_spelling(name: str) -> str:
    """``walletId`` is wallet_id, ``Amount`` is amount, ``id`` is Id."""
    other = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    return other if other != name else name.capitalize()


def missing(holder: dict[str, Any], name: str, _member: Member) -> None:
    """Take it out."""
    del holder[name]


def null(holder: dict[str, Any], name: str, _member: Member) -> None:
    """Leave nothing in it."""
    holder[name] = None


def retyped(holder: dict[str, Any], name: str, member: Member) -> None:
    """Another JSON type than the documents allow."""
    holder[name] = _OTHER[next(each for each in sorted(member.types, reverse=True) if each != "null")]


def quoted(holder: dict[str, Any], name: str, _member: Member) -> None:
    """The number as a text."""
    if isinstance(holder[name], int | float | Decimal):
        holder[name] = str(holder[name])


def renamed(holder: dict[str, Any], name: str, _member: Member) -> None:
    """Under another spelling of its name."""
    holder[other_spelling(name)] = holder.pop(name)


def flaws_of(member: Member) -> Iterator[tuple[str, str, Change]]:
    """What can be wrong with a member: a word for its name, a sentence's end, and the change to its holder."""
    if member.required:
        yield "missing", "is missing", missing
    yield "retyped", "is of another type", retyped
    if member.required and "null" not in member.types:
        yield "null", "is null", null
    if "number" in member.types:
        yield "quoted", "is a number in quotes", quoted
    if member.required:
        yield "renamed", f"is called {other_spelling(member.name)}", renamed


def altered(member: Member, change: Change) -> type[ApiResponses]:
    """Answers in which this member is wrong, of this operation alone."""

    class Altered(ApiResponses):
        def alfred_success(self, call, payload):  # type: ignore[no-untyped-def]
            proper = super().alfred_success(call, payload)
            return self._wrong(call, proper) if call.operation == member.operation.id else proper

        def walletapi_success(self, call, value):  # type: ignore[no-untyped-def]
            proper = super().walletapi_success(call, value)
            return self._wrong(call, proper) if call.operation == member.operation.id else proper

        def _wrong(self, _call, proper):  # type: ignore[no-untyped-def]
            whole = holder = copy.deepcopy(proper.payload)
            for step in member.path[:-1]:
                holder = holder[step]
            if member.name in holder:
                change(holder, member.name, member)
            return type(proper)(proper.status, whole, proper.headers, proper.media_type)

    return Altered


def faults_of(contract: Contract, operation: Operation) -> list[tuple[Member, str, str, type[ApiResponses]]]:
    """All that can be wrong with an operation's response: first each member in one way, then the rest."""
    members = list(members_of(contract, operation))
    random.Random(operation.id).shuffle(members)  # noqa: S311 (the same members each time, not the first ones)
    flaws = [list(flaws_of(member)) for member in members]
    rounds = max(map(len, flaws))
    chosen = [
        (member, *each[(place + turn) % len(each)])
        for turn in range(rounds)
        for place, (member, each) in enumerate(zip(members, flaws, strict=True))
        if turn < len(each)
    ]
    return [(member, word, end, altered(member, change)) for member, word, end, change in chosen]


def declare() -> None:
    """Take from each operation in turn, twice from the sale, until there are enough."""
    contract = load_contract()
    answering = [each for each in contract.operations.values() if each.response_schema]
    waiting = {each.id: iter(faults_of(contract, each)) for each in answering}
    turns = [waiting[each] for each in (*waiting, SALE)]
    for member, word, end, responses in _in_turn(turns):
        declared = alfred if member.operation.api == "alfred" else walletapi
        if len(alfred.found) + len(walletapi.found) < MOST:
            declared.add(*_described(member, word, end), responses)


def _in_turn(turns: list[Iterator[Any]]) -> Iterator[Any]:
    while any(taken := [each for each in (next(turn, None) for turn in turns) if each is not None]):
        yield from taken


def _described(member: Member, word: str, end: str) -> tuple[str, str, str, str]:
    name = f"{name_of(member.operation.id)}-{name_of(member.name).lstrip('-')}-{word}"
    clauses = f"S-1 {member.operation.clause}" if member.name in LOCATED else member.operation.clause
    return name, "shape", clauses, f"{WORDS[member.operation.id]} returns a member {member.name} that {end}."


declare()
