"""Each fault has the effect on a call that its name describes."""

import asyncio
import contextlib
import gc
import gzip
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.environment.injection import conditions, faults
from tests.environment.injection.certificates import Switchable, make_certificates
from tests.environment.injection.messages import Call, operation_of
from tests.environment.injection.proxy import Proxy, in_background
from tests.environment.injection.wire import rule
from tests.harness.loopback import Platform, Received, reply

BODY = b'{"id": "p-1", "text": "0123456789"}'
PURCHASE = b"POST /v2/alfred/purchase HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}"


@pytest.fixture
def upstream() -> Iterator[Platform]:
    opened = Platform([reply(BODY, Date="Mon, 02 Mar 2026 10:00:00 GMT")])
    yield opened
    opened.close()


def received(proxy: Proxy, request: bytes = PURCHASE) -> tuple[bytes, str]:
    """Send a request. Return the bytes received until there is a pause, and the state of the connection."""
    content, end = b"", time.monotonic() + 1.5
    with socket.create_connection(("127.0.0.1", proxy.port), 2) as connection:
        connection.sendall(request)
        while time.monotonic() < end:
            connection.settimeout(0.2 if content else 1.0)
            try:
                piece = connection.recv(1_000_000)
            except TimeoutError:
                break
            except ConnectionResetError:
                return content, "reset"
            if not piece:
                return content, "closed"
            content += piece
    return content, "open"


def body_of(content: bytes) -> bytes:
    return content.partition(b"\r\n\r\n")[2]


def is_gzip(content: bytes) -> bool:
    try:
        return gzip.decompress(body_of(content)) == BODY
    except (OSError, EOFError, gzip.zlib.error):  # type: ignore[attr-defined]
        return False


@pytest.mark.parametrize(
    ("fault", "ending", "processed", "fits"),
    [
        (faults.responds(503, "<p>"), "open", 0, lambda all_: b" 503 " in all_ and b"text/html" in all_),
        (faults.responds(500, {}), "open", 0, lambda all_: b"application/json" in all_ and body_of(all_) == b"{}"),
        (faults.responds(200), "open", 0, lambda all_: b"Content-Length: 0" in all_ and b"Content-Type" not in all_),
        (faults.responds(200, processed=True), "open", 1, lambda all_: body_of(all_) == b""),
        (faults.throttles_until(5), "open", 0, lambda all_: b" 429 " in all_ and b"Retry-After: " in all_),
        (faults.silent, "open", 0, lambda all_: all_ == b""),
        (faults.drips, "open", 1, lambda all_: 0 < len(all_) < 60),
        (faults.resets, "reset", 0, lambda all_: all_ == b""),
        (faults.resets_after_processing, "reset", 1, lambda all_: all_ == b""),
        (faults.resets_within, "reset", 1, lambda all_: body_of(all_) == BODY[:-5]),
        (faults.hangs_up, "closed", 0, lambda all_: all_ == b""),
        (faults.closes_silently, "closed", 1, lambda all_: body_of(all_) == BODY and b"lose" not in all_),
        (faults.then_hangs_up(faults.too_short), "closed", 1, lambda all_: b"Content-Length: 45" in all_),
        (faults.then_hangs_up(faults.as_chunks(b"zz\r\n")), "closed", 1, lambda all_: all_.endswith(b'"}\r\nzz\r\n')),
        (
            faults.then_hangs_up(faults.as_chunks(b"")),
            "closed",
            1,
            lambda all_: all_.endswith(b"23\r\n%s\r\n" % BODY),
        ),
        (faults.changed(faults.badly_compressed), "open", 1, lambda all_: b"gzip" in all_ and not is_gzip(all_)),
        (faults.changed(faults.half_compressed), "open", 1, lambda all_: b"gzip" in all_ and not is_gzip(all_)),
        (faults.then_hangs_up(faults.not_http), "closed", 1, lambda all_: all_.startswith(b"SSH")),
        (faults.changed(faults.huge_headers), "open", 1, lambda all_: all_.count(b"X-Filler") == 1000),
        (faults.changed(faults.followed_by_another), "open", 1, lambda all_: all_.count(b"HTTP/1.1 200") == 2),
        (faults.then_hangs_up(faults.in_http_1_0), "closed", 1, lambda all_: all_.startswith(b"HTTP/1.0 200")),
        (faults.changed(faults.with_date_shifted(300)), "open", 1, lambda all_: b"02 Mar 2026 10:05:00 GMT" in all_),
        (faults.changed(faults.without_date), "open", 1, lambda all_: b"Mar 2026" not in all_ and BODY in all_),
    ],
)
def test_fault_has_the_effect_of_its_name(
    upstream: Platform, fault: Any, ending: str, processed: int, fits: Callable[[bytes], bool]
) -> None:
    with Proxy(upstream.url, (rule(fault),)) as proxy:
        content, ended = received(proxy)
    assert fits(content), content[:300]
    assert ended == ending
    assert len(upstream.received) == processed


def test_without_a_fault_everything_is_passed_on(upstream: Platform) -> None:
    with Proxy(upstream.url) as proxy:
        content, ended = received(proxy)
    assert body_of(content) == BODY
    assert ended == "open"
    assert upstream.received[0] == Received("POST", "/v2/alfred/purchase", {"host": "x", "content-length": "2"}, b"{}")


def test_injection_proxy_works_as_an_http_proxy(upstream: Platform) -> None:
    with Proxy(upstream.url) as proxy:
        received(proxy, PURCHASE.replace(b"POST /", b"POST http://wallet.example.test/"))
    assert upstream.received[0].path == "/v2/alfred/purchase"
    assert proxy.calls[0].operation == "createPurchase"


def can_connect(proxy: Proxy, seconds: float = 0.3) -> str:
    try:
        socket.create_connection(("127.0.0.1", proxy.port), seconds).close()
    except TimeoutError:
        return "no answer"
    except ConnectionRefusedError:
        return "refused"
    return "accepted"


@pytest.mark.parametrize(
    ("leaves", "seen"), [(faults.ends_listening, "refused"), (faults.swallows_connections, "no answer")]
)
def test_platform_that_goes_away_responds_once_more_and_can_return(upstream: Platform, leaves: Any, seen: str) -> None:
    with Proxy(upstream.url, (rule(leaves()),)) as proxy:
        assert can_connect(proxy) == "accepted"
        assert received(proxy)[1] == "closed"
        assert [can_connect(proxy), can_connect(proxy)] == [seen, seen]
    with Proxy(upstream.url, (rule(leaves(0.6), conditions.once()),)) as proxy:
        assert received(proxy)[1] == "closed"
        assert can_connect(proxy, 0.2) == seen
        time.sleep(1)
        assert received(proxy)[1] == "open"


@pytest.mark.parametrize(
    ("name", "reason"),
    [("self_signed", "unable to get local issuer"), ("expired", "expired"), ("for_another_host", "mismatch")],
)
def test_wrong_certificate_is_rejected_for_the_stated_reason(
    upstream: Platform, tmp_path: Path, name: str, reason: str
) -> None:
    certificates = make_certificates(tmp_path)
    client = ssl.create_default_context(cafile=str(certificates.ca_file))
    shown = Switchable(certificates.good())

    def handshake() -> None:
        with socket.create_connection(("127.0.0.1", proxy.port), 2) as plain:
            client.wrap_socket(plain, server_hostname="127.0.0.1").close()

    with Proxy(upstream.url, tls=shown.context) as proxy:
        handshake()
        shown.current = getattr(certificates, name)
        with pytest.raises(ssl.SSLCertVerificationError, match=reason):
            handshake()


def call(operation: str = "", body: bytes = b"", key: str = "") -> Call:
    return Call("POST", "/v2/x", {"api-key": key}, body, operation)


@pytest.mark.parametrize(
    ("fits", "met"),
    [
        (conditions.operation("a"), "0000100"),
        (conditions.path("^/v2/"), "1111111"),
        (conditions.header("API-KEY", "k"), "0000010"),
        (conditions.body(b'"0.10"'), "0000001"),
        (conditions.once(3), "0010000"),
        (conditions.every(3), "0010010"),
        (conditions.up_to(2), "1100000"),
        (conditions.since(conditions.once(4)), "0001111"),
        (conditions.since(conditions.operation("a")), "0000111"),
        (conditions.after_seconds(0), "1111111"),
        (conditions.after_seconds(60), "0000000"),
        (conditions.share(0), "0000000"),
        (conditions.share(1), "1111111"),
    ],
)
def test_condition_matches_the_expected_calls(fits: Any, met: str) -> None:
    calls = [*([call()] * 4), call("a"), call(key="k"), call(body=b'{"amount": "0.10"}')]
    assert "".join("1" if fits(each) else "0" for each in calls) == met


def test_a_share_of_the_calls_is_chosen_in_the_same_way_each_time() -> None:
    first, again = conditions.share(0.01, seed=7), conditions.share(0.01, seed=7)
    chosen = [first(call()) for _ in range(10_000)]
    assert 70 <= sum(chosen) <= 130
    assert chosen == [again(call()) for _ in range(10_000)]


def test_the_conditions_of_a_rule_count_the_calls_that_earlier_rules_passed_on() -> None:
    second_a = rule(faults.resets, conditions.operation("a"), conditions.once(2))
    assert [second_a.applies_to(call(name)) for name in "aabaa"] == [False, True, False, False, False]


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("GET", "/v2/wallet/wallets/w-1", "getWallet"),
        ("POST", "/base/v2/alfred/purchase/p-1:confirm", "confirmPurchase"),
        ("POST", "/v2/alfred/purchase/p-1/session", "openPurchaseSession"),
        ("POST", "/api/v1/wallet/purchase/by/alias", "purchaseByAlias"),
        ("GET", "/", ""),
    ],
)
def test_a_call_has_the_operation_of_its_path(method: str, path: str, name: str) -> None:
    assert operation_of(method, path) == name


@pytest.mark.parametrize("iterations", range(6))
def test_connection_accepted_while_the_proxy_ends_is_closed(upstream: Platform, iterations: int) -> None:
    """Accepting a connection takes several iterations of the event loop."""
    with Proxy(upstream.url) as proxy, socket.socket() as connection:

        async def connect_and_end() -> None:
            connection.connect(("127.0.0.1", proxy.port))
            for _ in range(iterations):
                await asyncio.sleep(0)
            await proxy.stop_listening()

        in_background(connect_and_end())
        connection.settimeout(5)
        with contextlib.suppress(ConnectionResetError):
            assert connection.recv(1) == b""
        gc.collect()  # what was not closed is a warning now, and a warning is a failure
