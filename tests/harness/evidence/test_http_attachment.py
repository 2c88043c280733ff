"""An exchange as Allure's viewer takes it: bodies of any length and kind, and answers that never came."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from harness.evidence.http_attachment import LONGEST_BODY, attachment, title
from harness.wire.exchange import TIMED_OUT, Exchange, Fault, Request, Response


def shown(response: Response | None, body: bytes | None = None, fault: str = "") -> dict[str, Any]:
    request = Request("createPurchase", "POST", "http://localhost/v2/purchase", (("Content-Type", "text/x"),), body)
    return json.loads(attachment(Exchange(request, response, datetime.now(UTC), 0.5, fault)))


def answered(body: bytes, media_type: str = "application/json") -> dict[str, Any]:
    return shown(Response(200, "OK", (("Content-Type", media_type),), body))["response"]["body"]


def test_a_long_body_is_shortened_and_says_how_long_it_was() -> None:
    body = answered(b'"' + "é".encode() * LONGEST_BODY + b'"')
    assert body["truncated"]
    assert body["size"] == 2 * LONGEST_BODY + 2
    assert body["value"].endswith(f"... shortened: {body['size']} bytes in all")


def test_a_body_that_is_no_text_is_described() -> None:
    assert answered(b"\x89PNG\xff", "image/png")["value"] == "5 bytes of image/png, not text"


@pytest.mark.parametrize("body", [None, b""])
def test_no_body_is_none(body: bytes | None) -> None:
    assert shown(None, body)["request"]["body"] is None


def test_an_answer_that_never_came_is_an_error() -> None:
    exchange = shown(None, fault=Fault(TIMED_OUT, "gave no response in 5 s"))
    assert exchange["error"]["message"] == "gave no response in 5 s"
    assert "response" not in exchange


def test_a_title_says_what_came() -> None:
    request = Request("getWallet", "GET", "https://host/base/v2/wallet/1?x=y")
    assert title(Exchange(request, None, datetime.now(UTC), 1)) == "getWallet: GET /base/v2/wallet/1 → no response"
