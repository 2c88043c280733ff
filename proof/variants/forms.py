"""Variants of how JSON is written, and of statuses (contract.md, Tolerances: JSON, HTTP)."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from decimal import Decimal

import simplejson

from proof.building_blocks import ApiResponses
from proof.declaring import Variants

CORE = {
    "amounts-with-an-exponent": "alfred",
    "success-is-201": "alfred",
    "success-is-202": "walletapi",
    "rejections-are-401": "walletapi",
    "rejections-are-403": "alfred",
}
variant = Variants(CORE)


def mapped(value, change):
    """A value with every number changed."""
    if isinstance(value, dict):
        return {name: mapped(item, change) for name, item in value.items()}
    if isinstance(value, list):
        return [mapped(item, change) for item in value]
    return change(value) if isinstance(value, Decimal) else value


def writing(number):
    """Answers whose amounts are written by ``number``."""

    class Writing(ApiResponses):
        def encode(self, payload):
            return super().encode(mapped(payload, lambda amount: simplejson.RawJSON(number(amount))))

    return Writing


def shortest(amount):
    """20.00 as 20, 9.50 as 9.5."""
    return f"{amount.normalize():f}"


for _name, _sentence, _number in (
    ("amounts-with-five-places", "Amounts have five places: 984.00000.", lambda amount: f"{amount:.5f}"),
    ("amounts-as-short-as-can-be", "Amounts have no more places than they need: 20, 9.5.", shortest),
    ("amounts-with-an-exponent", "Amounts are written as 9.84E+2.", lambda amount: f"{amount.normalize():E}"),
):
    variant.add(_name, "both", _sentence, responses=writing(_number))


def extended(value):
    """More members in every object."""
    if isinstance(value, dict):
        known = {name: extended(item) for name, item in value.items()}
        return {"Extra": {"Nested": [1, None]}, **known, "version": "2.1", "flags": [], "amountLimit": 5.5}
    return [extended(item) for item in value] if isinstance(value, list) else value


def turned(value):
    """Members in the opposite order."""
    if isinstance(value, dict):
        return {name: turned(value[name]) for name in reversed(value)}
    return [turned(item) for item in value] if isinstance(value, list) else value


@variant("both", core="walletapi")
class MoreMembers(ApiResponses):
    """Answers have members that no document names, everywhere."""

    def encode(self, payload):
        return super().encode(extended(payload))


@variant("both", core="alfred")
class MembersInTheOppositeOrder(ApiResponses):
    """Members are in the opposite order."""

    def encode(self, payload):
        return super().encode(turned(payload))


@variant("both")
class JsonForPeople(ApiResponses):
    """JSON is indented, ends with a line break and writes all letters as they are."""

    def encode(self, payload):
        return (simplejson.dumps(payload, use_decimal=True, indent="  ", ensure_ascii=False) + "\r\n").encode()


def succeeding(status):
    """Answers whose successes have this status."""

    class Succeeding(ApiResponses):
        def alfred_success(self, call, payload):
            return replace(super().alfred_success(call, payload), status=status)

        def walletapi_success(self, call, value):
            return replace(super().walletapi_success(call, value), status=status)

    return Succeeding


for _status in (201, 202):
    variant.add(f"success-is-{_status}", "both", f"Success answers HTTP {_status}.", responses=succeeding(_status))


def rejecting(status, kind="application/json"):
    """Answers whose rejections have this status and media type."""

    class Rejecting(ApiResponses):
        def alfred_rejection(self, call, rejection):
            return self._with_status(super().alfred_rejection(call, rejection), rejection)

        def walletapi_rejection(self, call, rejection):
            return self._with_status(super().walletapi_rejection(call, rejection), rejection)

        def _with_status(self, reply, rejection):
            fault = rejection.reason.status >= 500
            return reply if fault else replace(reply, status=status or reply.status, media_type=kind)

    return Rejecting


for _status in (400, 401, 403, 404, 409, 418, 422):
    variant.add(
        f"rejections-are-{_status}", "both", f"Every rejection answers HTTP {_status}.", responses=rejecting(_status)
    )

variant.add(
    "rejections-as-problems",
    "both",
    "Rejections are application/problem+json.",
    responses=rejecting(0, "application/problem+json"),
)


@variant("both")
class AnswersOutOfStep(ApiResponses):
    """Answers to calls made at the same moment come in any order, some a little later."""

    def __init__(self):
        self._calls = 0

    async def finish(self, reply):
        self._calls += 1
        await asyncio.sleep(0.002 * (self._calls % 4))
        return await super().finish(reply)
