"""Odd input that breaks a platform, or that it accepts (contract.md X-1)."""

import re
from collections.abc import AsyncIterable, Callable
from decimal import Decimal
from typing import Any, NoReturn

import simplejson
from typing_extensions import override

from proof.building_blocks import ApiResponses, allowed
from proof.declaring import Defects
from sandbox.http.bodies import LARGEST, Bodies, Body
from sandbox.http.rejections import Rejection
from sandbox.http.responses import Call, Reply

alfred = Defects("alfred")
walletapi = Defects("walletapi")

HOSTILE = "hostile input"

_SURROGATE = re.compile("[\ud800-\udfff]")


def _fail() -> NoReturn:
    raise Rejection("unexpected")


def _has_null_byte(text: str) -> bool:
    return "\0" in text


def _has_surrogate(text: str) -> bool:
    return bool(_SURROGATE.search(text))


def failing_on(is_odd: Callable[[str], bool]) -> type[Bodies]:
    """Return bodies with a server error for an odd text."""

    class Failing(Bodies):
        @override
        def check_texts(self, value: Any) -> None:
            if isinstance(value, str) and is_odd(value):
                _fail()
            super().check_texts(value)

    return Failing


def failing_for(*reasons: str) -> type[Bodies]:
    """Return bodies with a server error instead of a rejection for one of these reasons."""

    class Failing(Bodies):
        @override
        def decode(self, raw: bytes) -> Body:
            try:
                return super().decode(raw)
            except Rejection as rejection:
                if rejection.name in reasons:
                    _fail()
                raise

    return Failing


for _defects, _name, _sentence, _altered in (
    (
        alfred,
        "null-byte-is-a-fault",
        "A null byte in a text ends in a server error.",
        failing_on(_has_null_byte),
    ),
    (walletapi, "half-a-pair-is-a-fault", "Half a surrogate pair ends in a server error.", failing_on(_has_surrogate)),
    (
        alfred,
        "half-a-pair-is-alfreds-fault",
        "Half a surrogate pair ends in a server error.",
        failing_on(_has_surrogate),
    ),
    (
        walletapi,
        "null-byte-in-a-sale-is-a-fault",
        "A null byte in a text ends in a server error.",
        failing_on(_has_null_byte),
    ),
    (alfred, "no-json-is-a-fault", "A body that is not JSON ends in a server error.", failing_for("body_not_json")),
    (
        walletapi,
        "no-json-is-a-sales-fault",
        "A body that is not JSON ends in a server error.",
        failing_for("body_not_json"),
    ),
    (
        alfred,
        "wrong-encoding-is-a-fault",
        "A body that is not UTF-8 ends in a server error.",
        failing_for("body_not_utf8"),
    ),
    (
        walletapi,
        "no-object-is-a-fault",
        "A body that is a list ends in a server error.",
        failing_for("body_not_object"),
    ),
    (alfred, "deep-nesting-is-a-fault", "A deeply nested body ends in a server error.", failing_for("body_too_deep")),
    (
        walletapi,
        "deep-nesting-is-a-sales-fault",
        "A deeply nested body ends in a server error.",
        failing_for("body_too_deep"),
    ),
    (
        walletapi,
        "named-twice-is-a-fault",
        "A member that is named twice ends in a server error.",
        failing_for("duplicate_member"),
    ),
):
    _defects.add(_name, HOSTILE, "X-1", _sentence, _altered)


class FailingOnSize(Bodies):
    """A body of more than a megabyte ends in a server error."""

    @override
    def check_size(self, size: int) -> None:
        if size > LARGEST:
            _fail()


alfred.add("large-body-is-a-fault", HOSTILE, "X-1", "A body of 5 MB ends in a server error.", FailingOnSize)
walletapi.add("large-body-is-a-sales-fault", HOSTILE, "X-1", "A body of 5 MB ends in a server error.", FailingOnSize)


class AcceptingAnySize(Bodies):
    """No body is too large."""

    check_size = allowed

    @override
    async def read(self, chunks: AsyncIterable[bytes]) -> bytes:
        return b"".join([chunk async for chunk in chunks])


alfred.add("large-body-is-taken", HOSTILE, "X-1", "A body of 5 MB is accepted.", AcceptingAnySize)
walletapi.add("large-body-is-taken-for-a-sale", HOSTILE, "X-1", "A body of 5 MB is accepted.", AcceptingAnySize)


class FailingAfterALargeBody(Bodies):
    """After a body that is too large, the next call fails."""

    failing = False

    @override
    def check_size(self, size: int) -> None:
        if self.failing:
            self.failing = False
            _fail()
        self.failing = size > LARGEST
        super().check_size(size)


alfred.add(
    "large-body-spoils-the-next-call",
    HOSTILE,
    "X-1",
    "After a body of 5 MB, the next call fails.",
    FailingAfterALargeBody,
)


class Reading(Bodies):
    """Reads JSON with ``read_json``; if that fails, as usual."""

    def read_json(self, text: str) -> Any:
        raise NotImplementedError

    @override
    def json(self, text: str) -> Any:
        try:
            return self.read_json(text)
        except (ValueError, RecursionError, ArithmeticError):
            return super().json(text)


class AcceptingNaN(Reading):
    """NaN and Infinity are read as 1."""

    @override
    def read_json(self, text: str) -> Any:
        return simplejson.loads(text, use_decimal=True, allow_nan=True, parse_constant=lambda _name: Decimal(1))


class IgnoringTrailingText(Reading):
    """Text after the object is ignored."""

    @override
    def read_json(self, text: str) -> Any:
        return simplejson.JSONDecoder(parse_float=Decimal).raw_decode(text.lstrip())[0]


class AcceptingAListOfOne(Reading):
    """A list with one object is read as the object."""

    @override
    def read_json(self, text: str) -> Any:
        value = simplejson.loads(text, use_decimal=True)
        return value[0] if isinstance(value, list) and len(value) == 1 else value


class AcceptingBrokenText(Bodies):
    """Bytes that are not UTF-8 are replaced."""

    @override
    def text(self, raw: bytes) -> str:
        return super().text(raw.decode("utf-8", "replace").encode())


for _defects, _name, _sentence, _altered in (
    (alfred, "not-a-number-passes-for-one", "NaN and Infinity are read as 1.", AcceptingNaN),
    (walletapi, "not-a-number-passes-for-one-in-a-sale", "NaN and Infinity are read as 1.", AcceptingNaN),
    (alfred, "text-after-the-object-is-overlooked", "Text after the object is ignored.", IgnoringTrailingText),
    (walletapi, "text-after-a-sale-is-overlooked", "Text after the object is ignored.", IgnoringTrailingText),
    (alfred, "list-of-one-passes-for-an-object", "A list with one object is read as the object.", AcceptingAListOfOne),
    (
        walletapi,
        "wrong-encoding-is-taken",
        "Bytes that are not UTF-8 are replaced, and the call is accepted.",
        AcceptingBrokenText,
    ),
):
    _defects.add(_name, HOSTILE, "X-1", _sentence, _altered)


@alfred(HOSTILE, "X-1")
class AnotherContentTypeIsAFault(ApiResponses):
    """A body of another Content-Type ends in a server error."""

    @override
    def alfred_success(self, call: Call, payload: Body) -> Reply:
        kind = call.headers.get("content-type", "")
        proper = super().alfred_success(call, payload)
        return Reply(500, {"error": "unexpected"}) if call.raw and "json" not in kind else proper
