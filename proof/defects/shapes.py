"""Defects of shape, made from schemas/: a documented member that is missing, null, renamed or of another type."""

import copy
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from typing_extensions import override

from harness.contract.contract import Contract, Operation, load_contract
from proof.building_blocks import ApiResponses, name_of
from proof.declaring import Defects
from proof.defects.members import LOCATED, Member, members_of
from sandbox.http.bodies import Body
from sandbox.http.responses import Call, Reply

# Defects of one operation. The sale has more.
MOST: Final = {"alfred": 5, "walletapi": 4}
MOST_OF_THE_SALE: Final = 9
SALE: Final = "purchaseByAlias"

alfred = Defects("alfred")
walletapi = Defects("walletapi")

_OTHER_TYPE: Final = {
    "string": 12345,
    "number": [1],
    "boolean": "yes",
    "object": [],
    "array": "none",
    "null": 12345,
}

Change = Callable[[Body, Member], None]


def other_spelling(name: str) -> str:
    """Return ``wallet_id`` for ``walletId``, ``amount`` for ``Amount``, ``Id`` for ``id``."""
    other = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    return other if other != name else name.capitalize()


def missing(parent: Body, member: Member) -> None:
    del parent[member.name]


def null(parent: Body, member: Member) -> None:
    parent[member.name] = None


def retyped(parent: Body, member: Member) -> None:
    """Give the member a JSON type that the documents do not allow."""
    parent[member.name] = _OTHER_TYPE[next(each for each in sorted(member.types, reverse=True) if each != "null")]


def quoted(parent: Body, member: Member) -> None:
    if isinstance(parent[member.name], int | float | Decimal):
        parent[member.name] = str(parent[member.name])


def renamed(parent: Body, member: Member) -> None:
    parent[other_spelling(member.name)] = parent.pop(member.name)


def changes_of(member: Member) -> Iterator[tuple[str, str, Change]]:
    """Yield the ways to break a member: a word for the defect's name, the end of its sentence, and the change."""
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
    """Return responses in which this member of this operation is wrong."""

    class Altered(ApiResponses):
        @override
        def success(self, call: Call, payload: Body) -> Reply:
            reply = super().success(call, payload)
            if call.operation != member.operation.id:
                return reply
            whole = parent = copy.deepcopy(reply.payload)
            for name in member.path[:-1]:
                parent = parent[name]
            if member.name in parent:
                change(parent, member)
            return replace(reply, payload=whole)

    return Altered


@dataclass(frozen=True)
class Shape:
    """A defect of shape before it is declared."""

    member: Member
    word: str
    end: str
    change: Change

    def declare(self) -> None:
        operation, name = self.member.operation, self.member.name
        defects = alfred if operation.api == "alfred" else walletapi
        clauses = f"S-1 {operation.clause}" if name in LOCATED else operation.clause
        defects.add(
            f"{name_of(operation.id)}-{name_of(name).lstrip('-')}-{self.word}",
            "shape",
            clauses,
            f"{operation.id} returns a member {name} that {self.end}.",
            altered(self.member, self.change),
            core=True,
        )


def shapes_of(contract: Contract, operation: Operation) -> list[Shape]:
    """Return all defects of an operation's response: first each member broken in one way, then in the other ways."""
    members = list(members_of(contract, operation))
    random.Random(operation.id).shuffle(members)  # noqa: S311 (the same members each time, not the first ones)
    changes = [list(changes_of(member)) for member in members]
    return [
        Shape(member, *each[(place + turn) % len(each)])
        for turn in range(max(map(len, changes)))
        for place, (member, each) in enumerate(zip(members, changes, strict=True))
        if turn < len(each)
    ]


def declare() -> None:
    """Declare some defects of each operation. They do not depend on which other operations there are."""
    contract = load_contract()
    for operation in contract.operations.values():
        if operation.response_schema:
            most = MOST_OF_THE_SALE if operation.id == SALE else MOST[operation.api]
            for shape in shapes_of(contract, operation)[:most]:
                shape.declare()


declare()
