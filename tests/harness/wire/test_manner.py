"""How requests are sent: rate limit, request id, and a private certificate authority."""

from __future__ import annotations

import http.server
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import trustme

from harness.failures import EnvironmentFault
from harness.processes.shared_file import SharedFile
from harness.races.lanes import Lanes
from harness.wire.channel import Channel
from harness.wire.curl import curl_line
from harness.wire.exchange import Exchange, Request
from harness.wire.manner import MANNER, Pace
from tests.harness.loopback import reply


@pytest.fixture(autouse=True)
def manner() -> Iterator[None]:
    """Restore the manner of this process."""
    before = dict(MANNER.__dict__)
    yield
    MANNER.__dict__.update(before)


def most_within_a_second(moments: list[float]) -> int:
    return max(sum(start <= moment < start + 1 for moment in moments) for start in moments)


def test_all_processes_together_stay_below_the_rate(tmp_path: Path) -> None:
    def process(_: int) -> list[float]:
        pace = Pace(20, SharedFile(tmp_path / "pace.json"))
        moments = []
        for _ in range(10):
            pace.wait(1)
            moments.append(time.monotonic())
        return moments

    with ThreadPoolExecutor(3) as threads:
        moments = sorted(moment for each in threads.map(process, range(3)) for moment in each)
    assert len(moments) == 30
    assert most_within_a_second(moments) <= 20


def test_each_of_several_simultaneous_calls_counts_towards_the_rate(tmp_path: Path) -> None:
    pace = Pace(20, SharedFile(tmp_path / "pace.json"))
    began = time.monotonic()
    pace.wait(8)
    assert time.monotonic() - began < 0.3
    pace.wait(1)
    assert time.monotonic() - began >= 8 / 20


def test_channel_and_race_wait_for_the_rate_limit(clients: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[int] = []
    monkeypatch.setattr(MANNER, "pace", type("Counter", (), {"wait": staticmethod(waited.append)}))
    before = clients(reply({"Value": {}, "IsSuccess": True, "IsFailure": False}))
    call = before.walletapi.balances_call("7")
    before.walletapi.client.channel.send(before.walletapi.client.request(call))
    assert waited == [1]
    lanes = Lanes(2.0)
    try:
        exchanges = len(before.platform.received)
        with pytest.raises(AssertionError):
            lanes.race(before.walletapi.client, [call] * 4, warm=call)
    finally:
        lanes.close()
    assert sum(waited) - 1 == len(before.platform.received) - exchanges
    assert 4 in waited


def test_each_attempt_of_a_request_has_its_own_id(platform: Callable[..., Any]) -> None:
    MANNER.id_header = "X-Correlation"
    served = platform(reply(status=429, retry_after="0"), reply({}))
    exchanges: list[Exchange] = []
    channel = Channel(2.0, exchanges.append)
    channel.send(Request("getWallet", "GET", served.url))
    channel.close()
    sent = [received.headers["x-correlation"] for received in served.received]
    assert len(set(sent)) == 2
    assert [exchange.request.id for exchange in exchanges] == sent
    assert all(received.headers["user-agent"].startswith("wallet-contract-suite/") for received in served.received)
    assert sent[0] not in curl_line(exchanges[0].request, {})


def test_violation_shows_the_request_id(clients: Any) -> None:
    before = clients(reply({}))
    violation = before.broken(lambda: before.alfred.users.authenticate("somebody"))
    sent = before.platform.received[0].headers["x-request-id"]
    assert [line for line in violation.calls if line.startswith(">") and line.endswith(sent)]
    assert sent in str(violation)


@pytest.fixture
def secured(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A server with a certificate of a private authority: its URL and the authority's file."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
    server.RequestHandlerClass.log_message = lambda *_: None  # type: ignore[attr-defined]
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"https://localhost:{server.server_port}", tmp_path / "ca.pem"
    server.shutdown()
    server.server_close()


def test_a_private_authority_is_trusted_only_if_the_target_names_it(secured: tuple[str, Path]) -> None:
    url, authority = secured
    for given in (None, authority):
        MANNER.authority = given
        channel = Channel(2.0)
        request = Request("getWallet", "GET", f"{url}/nothing-here-{datetime.now(UTC):%f}")
        if given is None:
            with pytest.raises(EnvironmentFault, match=r"(?i)certificate"):
                channel.send(request)
        else:
            response = channel.send(request).response
            assert response
            assert response.status == 404
        channel.close()
