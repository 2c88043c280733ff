"""The HTTP channel: exact numbers, which requests are repeated, and which faults are environment faults."""

import socket
import time
from decimal import Decimal
from typing import Any

import pytest

from harness.failures import EnvironmentFault
from harness.wire import channel as wire
from harness.wire.channel import Channel, Patience
from harness.wire.exchange import CUT_OFF, NOTHING, TIMED_OUT, Exchange, Request, Response, origin
from harness.wire.faults import NoResponse, TooManyRequests, seconds_asked_for
from harness.wire.messages import decoded, encoded
from harness.wire.proxies import is_loopback
from tests.harness.loopback import Reply, reply

CUT = Reply(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 90\r\n\r\n{"id": 1}', "hang up")
RESET = Reply(then="reset")


def get(url: str) -> Request:
    return Request("getWallet", "GET", url)


def post(url: str, body: bytes = b"{}") -> Request:
    return Request("createPurchase", "POST", url, (("Content-Type", "application/json"),), body)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.1", Decimal("0.1")),
        ("984.00", Decimal("984.00")),
        ("9.84E+2", Decimal(984)),
        ("123456789012345678.01", Decimal("123456789012345678.01")),
        ("0.30000000000000004", Decimal("0.30000000000000004")),
        ("1", 1),
        ('"é😀"', "é😀"),
        ("null", None),
    ],
)
def test_number_is_decoded_with_all_digits(text: str, value: Any) -> None:
    assert decoded(f'{{"a": {text}}}'.encode()) == {"a": value}
    assert not isinstance(decoded(text.encode()), float)


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b" \n", b"NaN", b'{"a": NaN}', b'{"a": Infinity}', b'{"a": -Infinity}', b"{} {}", b"{'a': 1}", b"{,}"),
        *(b'"\xff"', b"\xff\xfe{\x00}\x00", b"<html>", b"[" * 100_000),
    ],
)
def test_invalid_json_body_decodes_to_nothing(body: bytes) -> None:
    assert decoded(body) is NOTHING


@pytest.mark.parametrize("amount", ["0.10", "984.00", "123456789012345678.01", "1E+2", "-0.01"])
def test_decimal_is_encoded_as_a_number_with_all_digits(amount: str) -> None:
    assert encoded({"a": Decimal(amount)}) == f'{{"a": {amount}}}'.encode()


def test_a_text_is_sent_in_utf_8_and_half_a_surrogate_pair_as_an_escape() -> None:
    assert encoded({"a": "\u00df\U0001f45b"}) == '{"a": "\u00df\U0001f45b"}'.encode()
    assert encoded({"a": "\ud83d"}) == rb'{"a": "\ud83d"}'


@pytest.mark.parametrize("number", [Decimal("NaN"), Decimal("Infinity"), float("nan")])
def test_nan_and_infinity_cannot_be_encoded(number: Any) -> None:
    with pytest.raises(ValueError, match="JSON"):
        encoded({"a": number})


def test_an_exchange_contains_the_request_and_the_response(platform: Any, channel: Channel) -> None:
    heard: list[Exchange] = []
    channel.publish = heard.append
    served = platform(reply({"id": "x"}, 201, X_Odd="é"))
    exchange = channel.send(post(f"{served.url}/v2", b'{"amount": 0.10}'))
    assert heard == [exchange]
    assert (exchange.response.status, exchange.response.json, exchange.response.media_type) == (
        201,
        {"id": "x"},
        "application/json",
    )
    assert served.received[0].body == b'{"amount": 0.10}'
    assert 0 < exchange.elapsed < 1


def test_request_is_repeated_after_429_when_retry_after_has_passed(platform: Any, channel: Channel) -> None:
    served = platform(reply(status=429, Retry_After="0.3"), reply({"id": 1}))
    began = time.monotonic()
    assert channel.send(post(served.url)).response.status == 200
    assert 0.3 <= time.monotonic() - began < 1
    assert len(served.received) == 2


@pytest.mark.parametrize(
    ("asked", "sent"), [("0", range(3, 6)), ("0.1", range(3, 6)), ("3600", [1]), ("Tue, 19 Jan 2038 03:14:07 GMT", [1])]
)
def test_request_is_repeated_after_429_only_for_a_limited_time(
    platform: Any, channel: Channel, monkeypatch: pytest.MonkeyPatch, asked: str, sent: Any
) -> None:
    monkeypatch.setattr(wire, "_PATIENCE_OF_CALL", 0.45)
    served = platform(reply(status=429, Retry_After=asked))
    with pytest.raises(TooManyRequests, match="429"):
        channel.send(post(served.url))
    assert len(served.received) in sent


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        *(("2", 2), ("0", 0), ("0.5", 0.5), ("-5", 1), ("", 1), ("nan", 1), ("inf", 1), ("1e9", 1), ("soon", 1)),
        *(("Wed, 21 Oct 2015 07:28:00 GMT", 0), ("Thu, 22 Oct 2015 10:00:07 GMT", 7)),
    ],
)
def test_retry_after_is_read_as_seconds_or_a_date(header: str, seconds: float) -> None:
    headers = (("Retry-After", header), ("Date", "Thu, 22 Oct 2015 10:00:00 GMT"))
    assert seconds_asked_for(Response(429, "", headers, b"")) == seconds


def test_total_wait_of_a_run_because_of_429_is_limited(platform: Any) -> None:
    served = platform(reply(status=429, Retry_After="0.2"), reply({}), reply(status=429, Retry_After="0.2"))
    opened = Channel(2.0, patience=Patience(0.3))
    opened.send(post(served.url))
    with pytest.raises(TooManyRequests):
        opened.send(post(served.url))
    assert len(served.received) == 3
    opened.close()


def test_a_wait_of_zero_seconds_costs_the_limit_of_a_run_nothing(platform: Any) -> None:
    served = platform(reply(status=429, Retry_After="0"), reply({}), reply(status=429, Retry_After="0"), reply({}))
    opened = Channel(2.0, patience=Patience(0.15))
    for _ in range(2):
        assert opened.send(post(served.url)).response.status == 200
    opened.close()


@pytest.mark.parametrize("stray", [reply({"id": "another"}).raw, b"\r\n", b"x"])
def test_extra_bytes_after_a_response_are_not_read_as_the_next_response(
    platform: Any, channel: Channel, stray: bytes
) -> None:
    served = platform(reply({"id": 0}), Reply(reply({"id": 1}).raw + stray), reply({"id": 2}))
    assert [channel.send(post(served.url)).response.json["id"] for _ in range(4)] == [0, 1, 2, 2]
    assert served.connections > 1
    assert not channel.keeps_open


def test_refused_connection_is_retried_until_it_is_accepted(channel: Channel, platform: Any) -> None:
    served = platform()
    port = int(served.url.rpartition(":")[2])
    served.close()
    with pytest.raises(NoResponse, match="can't be reached"):
        channel.send(post(f"http://127.0.0.1:{port}"))
    began = time.monotonic()
    with pytest.raises(NoResponse):  # what was waited for once is not waited for again
        channel.send(post(f"http://127.0.0.1:{port}"))
    assert time.monotonic() - began < 0.5


def test_connection_attempt_without_a_response_times_out_soon() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        queue = [socket.socket() for _ in range(3)]
        for waiting in queue:
            waiting.settimeout(0)
            waiting.connect_ex(full.getsockname())
        opened = Channel(0.4)
        began = time.monotonic()
        with pytest.raises(NoResponse, match="can't be reached"):
            opened.send(post("http://127.0.0.1:{1}".format(*full.getsockname())))
        assert time.monotonic() - began < 2
        opened.close()
        for waiting in queue:
            waiting.close()


FAULTS = {"a reset": RESET, "no response at all": Reply(then="hang up"), "a body cut short": CUT}
FAULTS |= {
    "half a head": Reply(b"HTTP/1.1 200 OK\r\nConte", "hang up"),
    "no HTTP": Reply(b"SSH-2.0-x\r\n\r\n", "hang up"),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_interrupted_post_is_an_environment_fault_and_is_not_repeated(
    platform: Any, channel: Channel, fault: Reply
) -> None:
    served = platform(fault)
    with pytest.raises(NoResponse, match="broke the connection") as caught:
        channel.send(post(f"{served.url}/v2/secret-id"))
    assert len(served.received) == 1
    assert isinstance(caught.value, EnvironmentFault)
    assert "secret-id" not in str(caught.value)


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_an_interrupted_get_is_sent_once_more(platform: Any, channel: Channel, fault: Reply) -> None:
    served = platform(fault, reply({"id": 1}))
    assert channel.send(get(served.url)).response.json == {"id": 1}
    assert len(served.received) == 2


def test_interrupted_get_is_sent_at_most_twice(platform: Any, channel: Channel) -> None:
    served = platform(RESET)
    with pytest.raises(NoResponse) as caught:
        channel.send(get(served.url))
    assert caught.value.kind == CUT_OFF
    assert len(served.received) == 2


@pytest.mark.parametrize("then", ["a silence", "half a body"])
def test_a_late_response_is_an_environment_fault(platform: Any, then: str) -> None:
    served = platform(Reply(CUT.raw if then == "half a body" else b"", "stall"))
    opened = Channel(0.2)
    with pytest.raises(NoResponse, match=r"gave no response in 0\.2 s") as caught:
        opened.send(post(served.url))
    assert caught.value.kind == TIMED_OUT
    opened.close()
    assert len(served.received) == 1


def test_exchange_without_a_response_is_published_with_its_fault(platform: Any, channel: Channel) -> None:
    heard: list[Exchange] = []
    channel.publish = heard.append
    with pytest.raises(NoResponse):
        channel.send(post(platform(RESET).url))
    assert heard[0].response is None
    assert heard[0].fault
    assert heard[0].fault.kind == CUT_OFF


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(platform: Any, channel: Channel, status: int) -> None:
    other = platform()
    served = platform(reply(status=status, Location=other.url))
    assert channel.send(get(served.url)).response.status == status
    assert other.received == []


def test_cookies_are_not_sent_back(platform: Any, channel: Channel) -> None:
    served = platform(reply({}, Set_Cookie="session=abc; Path=/"))
    for _ in range(2):
        channel.send(get(served.url))
    assert all("cookie" not in request.headers for request in served.received)


@pytest.mark.parametrize("is_announced", [False, True])
def test_connection_closed_after_each_response_is_not_a_fault(
    platform: Any, channel: Channel, is_announced: bool
) -> None:
    headers: dict[str, Any] = {"Connection": "close"} if is_announced else {}
    served = platform(reply({"id": 1}, then="hang up", **headers))
    assert {channel.send(post(served.url)).response.status for _ in range(100)} == {200}
    assert (served.connections, len(served.received)) == (100, 100)


def test_all_calls_use_one_connection_if_it_is_kept_open(platform: Any, channel: Channel) -> None:
    served = platform(reply({"id": 1}))
    for _ in range(5):
        channel.send(post(served.url))
    assert served.connections == 1


def test_no_proxy_is_used_for_a_loopback_address(platform: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy, served = platform(), platform(reply({"id": 1}))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, proxy.url)
    opened = Channel(2.0)
    assert opened.send(get(served.url)).response.json == {"id": 1}
    assert proxy.received == []
    opened.close()


def test_a_proxy_of_the_environment_is_used_for_other_addresses(platform: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = platform(reply({"id": "through the proxy"}))
    monkeypatch.setenv("http_proxy", proxy.url)
    monkeypatch.delenv("no_proxy", raising=False)
    opened = Channel(2.0)
    assert opened.send(get("http://wallet.example/v2")).response.json == {"id": "through the proxy"}
    opened.close()


@pytest.mark.parametrize(
    ("url", "shown", "loopback"),
    [
        ("http://127.0.0.1:80/a?b=c", "http://127.0.0.1:80", True),
        ("http://127.9.9.9/a", "http://127.9.9.9", True),
        ("http://[::1]:8080/", "http://[::1]:8080", True),
        ("http://LOCALHOST:1", "http://localhost:1", True),
        ("http://a.localhost", "http://a.localhost", True),
        ("https://me:pass@wallet.example/v2/secret", "https://wallet.example", False),
        ("https://127.0.0.1.wallet.example", "https://127.0.0.1.wallet.example", False),
        ("http://10.0.0.1", "http://10.0.0.1", False),
    ],
)
def test_an_origin_contains_no_path_and_no_login(url: str, shown: str, loopback: bool) -> None:
    assert (origin(url), is_loopback(url)) == (shown, loopback)
