"""No value of a platform can crash the suite: it is tolerated, or it breaks a clause in plain words."""

from decimal import Decimal
from typing import Any

import pytest

from harness.failures import ContractViolation
from harness.wire.exchange import NOTHING, Response, UnusableNumber
from harness.wire.faults import CallFault
from harness.wire.messages import decoded, encoded
from harness.wire.redaction import Redaction
from tests.harness.loopback import reply

UNUSABLE = ["1e1000000000", "-1E+999999999999999999999", "1e-1000000000", "9" * 10_000, "0." + "1" * 10_000, "1e1001"]


@pytest.mark.parametrize("text", UNUSABLE)
def test_a_number_with_too_many_digits_is_not_a_number(text: str) -> None:
    value = decoded(f'{{"a": {text}}}'.encode())["a"]
    assert isinstance(value, UnusableNumber)
    assert len(repr(value)) < 80


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0e1000000000", 0),
        ("-0.00", 0),
        ("1e400", Decimal("1e400")),
        ("9" * 1000, int("9" * 1000)),
        ("1e-9", Decimal("1e-9")),
    ],
)
def test_other_numbers_are_exact(text: str, value: Any) -> None:
    assert decoded(text.encode()) == value


@pytest.mark.parametrize(
    "body",
    [
        *(b"NaN", b'{"a": Infinity}', b'{"a": -Infinity}', b'{"a": 1e}', b'"\xff"', '{"a": 1}'.encode("utf-16")),
        *(b"[" * 5_000 + b"]" * 5_000, b'{"a":' * 500 + b"1" + b"}" * 500, b"[" * 101 + b"]" * 101),
    ],
)
def test_unreadable_body_has_no_json(body: bytes) -> None:
    assert decoded(body) is NOTHING


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
        (b'{"a": 1, "a": 2}', {"a": 2}),
        (b'{"a": "\\u0000"}', {"a": "\0"}),
        (b'{"a": "\\ud800 b", "\\uDC00": ["\\ud83d\\ude00"]}', {"a": "\ufffd b", "\ufffd": ["😀"]}),
        (b"[" * 100 + b"]" * 100, None),
        (b"[" + b"[]," * 1000 + b"{}]", None),
    ],
)
def test_odd_values_are_tolerated_and_can_be_encoded(body: bytes, value: Any) -> None:
    read = decoded(body)
    assert read is not NOTHING
    assert value is None or read == value
    encoded(read)
    str(read).encode()


@pytest.mark.parametrize("value", [*UNUSABLE, "null"])
def test_an_unusable_id_breaks_the_clause(clients: Any, value: str) -> None:
    before = clients(lambda _received: reply(f'{{"id": {value}}}'.encode()))
    with pytest.raises(ContractViolation, match="P-1 is broken"):
        before.alfred.purchases.create(1)


def test_a_body_that_is_not_json_is_not_a_response_of_the_platform(clients: Any) -> None:
    before = clients(lambda _received: reply(b'{"id": NaN}'))
    with pytest.raises(CallFault, match="not a response of the platform"):
        before.alfred.purchases.create(1)


def test_an_unusable_number_is_described(clients: Any) -> None:
    before = clients(lambda _received: reply(b'{"id": 1e1000000000}'))
    with pytest.raises(ContractViolation, match=r"1e1000000000 \(a number that nobody can calculate with\)"):
        before.alfred.purchases.create(1)


def test_token_with_a_lone_surrogate_is_masked() -> None:
    redaction = Redaction()
    redaction.learn("token-\ud800-4711")
    assert "4711" not in redaction.mask("a token-\ud800-4711")


@pytest.mark.parametrize(
    "date", ["", "today", "Thu, 01 Jan 99999999999999999999 00:00:00 GMT", "Thu, 01 Jan 2026 99:00:00 +9999999"]
)
def test_invalid_date_header_is_none(date: str) -> None:
    assert Response(200, "OK", (("Date", date),), b"").date is None
