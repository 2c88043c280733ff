"""Variants of how JSON is written, and of statuses (contract.md, Tolerances: JSON, HTTP)."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import simplejson
from starlette.responses import Response
from typing_extensions import override

from proof.building_blocks import ApiResponses
from proof.declaring import Variants
from sandbox.http.bodies import Body
from sandbox.http.rejections import Rejection
from sandbox.http.responses import Call, Reply

variant = Variants()


def mapped(value: Any, change: Callable[[Decimal], Any]) -> Any:
    """Return a value with every number changed."""
    if isinstance(value, dict):
        return {name: mapped(item, change) for name, item in value.items()}
    if isinstance(value, list):
        return [mapped(item, change) for item in value]
    return change(value) if isinstance(value, Decimal) else value


def writing(write: Callable[[Decimal], str]) -> type[ApiResponses]:
    """Return responses with amounts as ``write`` writes them."""

    class Writing(ApiResponses):
        @override
        def encode(self, payload: Any) -> bytes:
            return super().encode(mapped(payload, lambda amount: simplejson.RawJSON(write(amount))))

    return Writing


def shortest(amount: Decimal) -> str:
    """Write 20.00 as 20, and 9.50 as 9.5."""
    return f"{amount.normalize():f}"


def with_exponent(amount: Decimal) -> str:
    return f"{amount.normalize():E}"


for _name, _sentence, _write, _core in (
    ("amounts-with-five-places", "Amounts have five places: 984.00000.", "{:.5f}".format, ""),
    ("amounts-as-short-as-can-be", "Amounts have no more places than they need: 20, 9.5.", shortest, ""),
    ("amounts-with-an-exponent", "Amounts are written as 9.84E+2.", with_exponent, "alfred"),
):
    variant.add(_name, "both", _sentence, core=_core, responses=writing(_write))


def extended(value: Any) -> Any:
    """Add members to every object."""
    if isinstance(value, dict):
        known = {name: extended(item) for name, item in value.items()}
        return {"Extra": {"Nested": [1, None]}, **known, "version": "2.1", "flags": [], "amountLimit": 5.5}
    return [extended(item) for item in value] if isinstance(value, list) else value


def reversed_members(value: Any) -> Any:
    """Reverse the order of the members."""
    if isinstance(value, dict):
        return {name: reversed_members(value[name]) for name in reversed(value)}
    return [reversed_members(item) for item in value] if isinstance(value, list) else value


@variant("both", core="walletapi")
class MoreMembers(ApiResponses):
    """Every object in a response has members that no document names."""

    @override
    def encode(self, payload: Any) -> bytes:
        return super().encode(extended(payload))


@variant("both", core="alfred")
class MembersInTheOppositeOrder(ApiResponses):
    """Members have the opposite order."""

    @override
    def encode(self, payload: Any) -> bytes:
        return super().encode(reversed_members(payload))


def with_members_twice(value: Any) -> str:
    """Return the JSON of a value. Each object has every member twice."""
    if isinstance(value, dict):
        members = [f"{simplejson.dumps(name)}:{with_members_twice(item)}" for name, item in value.items()]
        return "{" + ",".join(members * 2) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(with_members_twice, value)) + "]"
    return simplejson.dumps(value, use_decimal=True)


@variant("both")
class MembersTwice(ApiResponses):
    """Every member of a response occurs twice, with the same value."""

    @override
    def encode(self, payload: Any) -> bytes:
        return with_members_twice(payload).encode()


@variant("both", core="alfred")
class MembersAfterNull(ApiResponses):
    """Every member of a response occurs twice: first with null, then with its value."""

    @override
    def encode(self, payload: Any) -> bytes:
        if not isinstance(payload, dict):
            return super().encode(payload)
        nulls = super().encode(dict.fromkeys(payload))
        return (nulls[:-1] + b"," + super().encode(payload)[1:]) if payload else nulls


@variant("both")
class JsonForPeople(ApiResponses):
    """JSON is indented, ends with a line break and writes all letters as they are."""

    @override
    def encode(self, payload: Any) -> bytes:
        return (simplejson.dumps(payload, use_decimal=True, indent="  ", ensure_ascii=False) + "\r\n").encode()


def succeeding(status: int) -> type[ApiResponses]:
    """Return responses whose successes have this status."""

    class Succeeding(ApiResponses):
        @override
        def success(self, call: Call, payload: Body) -> Reply:
            return replace(super().success(call, payload), status=status)

    return Succeeding


for _status, _core in ((201, "alfred"), (202, "walletapi")):
    variant.add(
        f"success-is-{_status}",
        "both",
        f"Success has HTTP status {_status}.",
        core=_core,
        responses=succeeding(_status),
    )


def rejecting(status: int = 0, media_type: str = "application/json") -> type[ApiResponses]:
    """Return responses whose rejections have this status (0 keeps each one's own) and media type."""

    class Rejecting(ApiResponses):
        @override
        def rejection(self, call: Call, rejection: Rejection) -> Reply:
            reply = super().rejection(call, rejection)
            if reply.status >= 500:
                return reply
            return replace(reply, status=status or reply.status, media_type=media_type)

    return Rejecting


for _status, _core in ((400, ""), (401, "walletapi"), (403, "alfred"), (404, ""), (409, ""), (418, ""), (422, "")):
    variant.add(
        f"rejections-are-{_status}",
        "both",
        f"Every rejection has HTTP status {_status}.",
        core=_core,
        responses=rejecting(_status),
    )

variant.add(
    "rejections-as-problems",
    "both",
    "Rejections are application/problem+json.",
    responses=rejecting(media_type="application/problem+json"),
)


@variant("both")
class AnswersOutOfStep(ApiResponses):
    """Responses to calls made at the same moment come in any order, some a little later."""

    def __init__(self) -> None:
        self._calls = 0

    @override
    async def finish(self, reply: Reply) -> Response:
        self._calls += 1
        await asyncio.sleep(0.002 * (self._calls % 4))
        return await super().finish(reply)
