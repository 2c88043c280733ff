"""The curl command that repeats a call: it runs unchanged, sends the same request, and contains no secret."""

import os
import subprocess
from typing import Any

import pytest

from harness.wire.curl import curl_line
from harness.wire.exchange import Request
from harness.wire.redaction import REDACTION
from tests.harness.loopback import reply

KEY = "very-secret-key-0815"
JSON = ("Content-Type", "application/json")


def repeated(line: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "SHOP_KEY": KEY}
    command = ["bash", "-c", line.replace("curl -i", "curl -sS -i", 1)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=10)


BODIES = {
    "no body": None,
    "JSON": b'{"amount": 0.10, "note": "it\'s $HOME `id` \\"x\\" !"}',
    "an empty body": b"",
    "a name of a file": b"@/etc/hostname",
    "lines": b"a\nb\r\nc\n",
    "other letters": "é日本 \\".encode(),
    "no UTF-8": b'{"a": "\xff\'"}',
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_curl_command_sends_the_same_request(platform: Any, body: bytes | None) -> None:
    served = platform(reply({"id": 1}))
    headers = (("API-KEY", KEY), *([JSON] if body is not None else []))
    line = curl_line(Request("x", "POST", f"{served.url}/v2/a%2Fb:confirm?x=%26&y=1", headers, body), {KEY: "SHOP_KEY"})
    assert '"id": 1' in repeated(line).stdout
    received = served.received[0]
    assert (received.method, received.path, received.body) == ("POST", "/v2/a%2Fb:confirm?x=%26&y=1", body or b"")
    assert received.headers["api-key"] == KEY
    assert KEY not in line


def test_curl_command_of_a_get_sends_a_get(platform: Any) -> None:
    served = platform(reply({"id": 1}))
    repeated(curl_line(Request("x", "GET", f"{served.url}/v2"), {}))
    assert (served.received[0].method, served.received[0].body) == ("GET", b"")


@pytest.mark.parametrize("header", ["Authorization", "X-Own", "Cookie"])
def test_secret_without_a_variable_is_masked(header: str) -> None:
    token = "token-of-a-user-4711"
    REDACTION.learn(token)
    request = Request(
        "x", "POST", f"http://127.0.0.1/{token}?t={token}", ((header, f"Bearer {token}"),), token.encode()
    )
    assert token not in curl_line(request, {KEY: "SHOP_KEY"})


def test_long_body_is_shortened_and_its_size_is_shown() -> None:
    line = curl_line(Request("x", "POST", "http://127.0.0.1/", (), b"'" + b"a" * 5_000_000), {})
    assert len(line) < 3000
    assert "5000001 bytes" in line
    subprocess.run(["bash", "-n", "-c", line], check=True)


def test_long_binary_body_is_shortened_and_its_size_is_shown() -> None:
    line = curl_line(Request("x", "POST", "http://127.0.0.1/", (), b"\xff" * 5_000_000), {})
    assert len(line) < 12_000
    assert "5000000 bytes" in line
