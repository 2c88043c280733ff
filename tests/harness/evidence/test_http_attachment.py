"""An exchange as Allure's viewer shows it: bodies of any length and kind, and missing responses."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from harness.evidence.http_attachment import LONGEST_BODY, attachment, title
from harness.wire.exchange import TIMED_OUT, Exchange, Fault, Request, Response


def shown(response: Response | None, body: bytes | None = None, fault: Fault | None = None) -> dict[str, Any]:
    request = Request("createPurchase", "POST", "http://localhost/v2/purchase", (("Content-Type", "text/x"),), body)
    return json.loads(attachment(Exchange(request, response, datetime.now(UTC), 0.5, fault)))


def response_body(body: bytes, media_type: str = "application/json") -> dict[str, Any]:
    return shown(Response(200, "OK", (("Content-Type", media_type),), body))["response"]["body"]


def test_a_long_body_is_shortened_and_its_size_is_given() -> None:
    body = response_body(b'"' + b"x" + "é".encode() * LONGEST_BODY + b'"')
    assert body["truncated"]
    assert body["size"] == 2 * LONGEST_BODY + 3
    assert body["value"].endswith(f"... shortened: {body['size']} bytes in all")


def test_a_body_that_is_not_text_is_described() -> None:
    assert response_body(b"\x89PNG\xff", "image/png")["value"] == "5 bytes of image/png, not text"


@pytest.mark.parametrize("body", [None, b""])
def test_empty_request_body_is_shown_as_none(body: bytes | None) -> None:
    assert shown(None, body)["request"]["body"] is None


def test_missing_response_is_shown_as_an_error() -> None:
    exchange = shown(None, fault=Fault(TIMED_OUT, "gave no response in 5 s"))
    assert exchange["error"]["message"] == "gave no response in 5 s"
    assert "response" not in exchange


def test_a_title_gives_the_result_of_the_call() -> None:
    request = Request("getWallet", "GET", "https://host/base/v2/wallet/1?x=y")
    assert title(Exchange(request, None, datetime.now(UTC), 1)) == "getWallet: GET /base/v2/wallet/1 → no response"
