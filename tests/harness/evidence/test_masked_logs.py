"""No log shows a secret, whatever its level and whoever writes it."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest

from harness.evidence.masked_logs import mask_logs
from harness.wire.channel import Channel
from harness.wire.exchange import Request
from harness.wire.redaction import MASK, REDACTION
from tests.harness.loopback import reply


@pytest.fixture(autouse=True)
def masked(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    factory = logging.getLogRecordFactory()
    caplog.set_level(logging.DEBUG)
    mask_logs()
    mask_logs()
    yield
    logging.setLogRecordFactory(factory)


def test_a_call_logs_one_line_without_headers(platform: Any, caplog: pytest.LogCaptureFixture) -> None:
    served = platform(reply({"id": 1}, Set_Cookie="session=open-sesame-1; Path=/"))
    channel = Channel(1.0)
    headers = (("Authorization", "Bearer open-sesame-2"), ("API-KEY", "open-sesame-3"))
    channel.send(Request("getWallet", "GET", f"{served.url}/v2/secret-id", headers))
    channel.close()
    assert f"getWallet {served.url}: 200 in" in caplog.text
    assert not any(text in caplog.text for text in ("open-sesame", "secret-id"))


@pytest.mark.parametrize("logger", ["httpcore.http11", "httpx", "h11", "hpack.hpack", "urllib3.connectionpool"])
def test_loggers_of_the_http_libraries_write_no_debug_records(logger: str, caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger(logger).debug("headers [(b'X-Odd', b'open-sesame')]")
    assert caplog.text == ""


@pytest.mark.parametrize(
    "text",
    [
        "Set-Cookie: session=open-sesame; Path=/",
        "headers: [(b'Set-Cookie', b'session=open-sesame'), (b'Date', b'now')]",
        "{'authorization': 'Bearer open-sesame'}",
        "Proxy-Authorization: Basic open-sesame",
        'API-KEY="open-sesame"',
        '{"accessToken": "open-sesame"}',
        "apikeypublic=open-sesame&x=1",
    ],
)
def test_unknown_secret_is_masked_by_its_name(text: str, caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("another.plugin").info("%s", text)
    assert "open-sesame" not in caplog.text
    assert MASK in caplog.text


def test_a_known_secret_is_masked_in_arguments_and_tracebacks(caplog: pytest.LogCaptureFixture) -> None:
    REDACTION.learn("known-secret-4711")
    try:
        int("known-secret-4711")
    except ValueError:
        logging.getLogger("another.plugin").exception("%r", {"a": "known-secret-4711"})
    assert "ValueError" in caplog.text
    assert "known-secret-4711" not in caplog.text


def test_a_message_that_does_not_fit_its_arguments_is_still_logged(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("another.plugin").info("%d items", "many")
    assert "many" in caplog.text
