"""Input that nobody sends by accident, and what goes wrong over it (contract.md X-1)."""

from __future__ import annotations

import re
from decimal import Decimal

import simplejson

from proof.building_blocks import ApiResponses, allowed
from proof.declaring import Defects
from sandbox.http.bodies import LARGEST, Bodies
from sandbox.http.rejections import Rejection
from sandbox.http.responses import Reply

alfred = Defects("alfred")
walletapi = Defects("walletapi")

HOSTILE = "hostile input"

_HALF = re.compile("[\ud800-\udfff]")
_BEYOND = re.compile("[\U00010000-\U0010ffff]")


def _fault():
    raise Rejection("unexpected")


def failing_on(shows):
    """Bodies that end in a server error if a text of theirs shows something."""

    class Failing(Bodies):
        def check_texts(self, value):
            if isinstance(value, str) and shows(value):
                _fault()
            super().check_texts(value)

    return Failing


def failing_for(*names):
    """Bodies that end in a server error where they should be rejected for one of these reasons."""

    class Failing(Bodies):
        def decode(self, raw):
            try:
                return super().decode(raw)
            except Rejection as rejection:
                if rejection.name in names:
                    _fault()
                raise

    return Failing


for _defects, _name, _sentence, _altered in (
    (
        alfred,
        "null-byte-is-a-fault",
        "A null byte in a text ends in a server error.",
        failing_on(lambda text: "\0" in text),
    ),
    (walletapi, "half-a-pair-is-a-fault", "Half a surrogate pair ends in a server error.", failing_on(_HALF.search)),
    (alfred, "half-a-pair-is-alfreds-fault", "Half a surrogate pair ends in a server error.", failing_on(_HALF.search)),
    (
        walletapi,
        "null-byte-in-a-sale-is-a-fault",
        "A null byte in a text ends in a server error.",
        failing_on(lambda text: "\0" in text),
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

    def check_size(self, size):
        if size > LARGEST:
            _fault()


alfred.add("large-body-is-a-fault", HOSTILE, "X-1", "A body of 5 MB ends in a server error.", FailingOnSize)
walletapi.add("large-body-is-a-sales-fault", HOSTILE, "X-1", "A body of 5 MB ends in a server error.", FailingOnSize)


class TakingAnySize(Bodies):
    """Nothing is too large."""

    check_size = allowed

    async def read(self, chunks):
        return b"".join([chunk async for chunk in chunks])


alfred.add("large-body-is-taken", HOSTILE, "X-1", "A body of 5 MB is taken.", TakingAnySize)
walletapi.add("large-body-is-taken-for-a-sale", HOSTILE, "X-1", "A body of 5 MB is taken.", TakingAnySize)


class HurtBySize(Bodies):
    """After a body that is too large, the next call fails."""

    hurt = False

    def check_size(self, size):
        if self.hurt:
            self.hurt = False
            _fault()
        self.hurt = size > LARGEST
        super().check_size(size)


alfred.add("large-body-spoils-the-next-call", HOSTILE, "X-1", "After a body of 5 MB, the next call fails.", HurtBySize)


class Reading(Bodies):
    """Reads JSON in another way."""

    def json(self, text):
        try:
            return self.read_json(text)
        except (ValueError, RecursionError, ArithmeticError):
            return super().json(text)


class TakingNotANumber(Reading):
    """NaN and Infinity pass for one."""

    def read_json(self, text):
        return simplejson.loads(text, use_decimal=True, allow_nan=True, parse_constant=lambda _name: Decimal(1))


class TakingWhatComesFirst(Reading):
    """What stands after the object is overlooked."""

    def read_json(self, text):
        return simplejson.JSONDecoder(parse_float=Decimal).raw_decode(text.lstrip())[0]


class TakingAListOfOne(Reading):
    """An object in a list passes for the object."""

    def read_json(self, text):
        value = simplejson.loads(text, use_decimal=True)
        return value[0] if isinstance(value, list) and len(value) == 1 else value


class TakingBrokenText(Bodies):
    """Bytes that are no UTF-8 are replaced."""

    def text(self, raw):
        return super().text(raw.decode("utf-8", "replace").encode())


for _defects, _name, _sentence, _altered in (
    (alfred, "not-a-number-passes-for-one", "NaN and Infinity pass for one.", TakingNotANumber),
    (walletapi, "not-a-number-passes-for-one-in-a-sale", "NaN and Infinity pass for one.", TakingNotANumber),
    (alfred, "text-after-the-object-is-overlooked", "Text after the object is overlooked.", TakingWhatComesFirst),
    (walletapi, "text-after-a-sale-is-overlooked", "Text after the object is overlooked.", TakingWhatComesFirst),
    (alfred, "list-of-one-passes-for-an-object", "A list with one object passes for the object.", TakingAListOfOne),
    (
        walletapi,
        "wrong-encoding-is-taken",
        "Bytes that are no UTF-8 are replaced, and the call is made.",
        TakingBrokenText,
    ),
):
    _defects.add(_name, HOSTILE, "X-1", _sentence, _altered)


@alfred(HOSTILE, "X-1")
class AnotherContentTypeIsAFault(ApiResponses):
    """A body of another Content-Type ends in a server error."""

    def alfred_success(self, call, payload):
        kind = call.headers.get("content-type", "")
        proper = super().alfred_success(call, payload)
        return Reply(500, {"error": "unexpected"}) if call.raw and "json" not in kind else proper
