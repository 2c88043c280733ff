"""A response is limited as a whole: in time, counted from sending, and in size."""

import gzip
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from harness.races.lanes import Lanes
from harness.wire import limits
from harness.wire.channel import Channel
from harness.wire.exchange import CUT_OFF, TIMED_OUT, Request
from harness.wire.faults import NoResponse
from tests.harness.loopback import reply

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
ENDLESS = {
    "a body, byte by byte": (HEAD + b"Content-Length: 1000\r\n\r\n", b"1", 0.05),
    "a head, byte by byte": (b"HTTP/1.1 200 OK\r\nX-Odd: ", b"1", 0.05),
    "one 100 after the other": (b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.05),
    "chunk after chunk": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n1\r\n", 0.05),
}


@pytest.fixture
def endless() -> Iterator[Callable[[bytes, bytes, float], str]]:
    """A server that repeats a piece until the client closes the connection."""
    done = threading.Event()
    listening = socket.create_server(("127.0.0.1", 0))

    def serve(head: bytes, piece: bytes, pause: float) -> None:
        while not done.is_set():
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=trickle, args=(connection, head, piece, pause), daemon=True).start()

    def trickle(connection: socket.socket, head: bytes, piece: bytes, pause: float) -> None:
        with connection:
            try:
                connection.recv(65536)
                connection.sendall(head)
                while not done.wait(pause):
                    connection.sendall(piece)
            except OSError:
                return

    def start(head: bytes, piece: bytes, pause: float) -> str:
        threading.Thread(target=serve, args=(head, piece, pause), daemon=True).start()
        return "http://127.0.0.1:{1}".format(*listening.getsockname())

    yield start
    done.set()
    listening.close()


def post(url: str) -> Request:
    return Request("createPurchase", "POST", url, (), b"{}")


@pytest.mark.parametrize("kind", ENDLESS)
def test_slow_response_ends_with_the_timeout(endless: Any, kind: str) -> None:
    channel, began = Channel(0.4), time.monotonic()
    with pytest.raises(NoResponse, match=r"gave no response in 0\.4 s \(POST createPurchase\)") as caught:
        channel.send(post(endless(*ENDLESS[kind])))
    assert caught.value.kind == TIMED_OUT
    assert time.monotonic() - began < 1
    channel.close()


@pytest.mark.parametrize("kind", ["a body without end", "chunks without end", "a head without end"])
def test_endless_response_is_cut_off(endless: Any, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setattr(limits, "MOST_BYTES", 1024 * 1024)
    head, piece = {
        "a body without end": (HEAD + b"\r\n", b"1" * 65536),
        "chunks without end": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + b"1" * 65536 + b"\r\n"),
        "a head without end": (HEAD, b"X-Odd: 1\r\n" * 1000),
    }[kind]
    channel = Channel(5.0)
    with pytest.raises(NoResponse, match=r"broke the connection: .*\(POST createPurchase\)") as caught:
        channel.send(post(endless(head, piece, 0.0)))
    assert caught.value.kind == CUT_OFF
    channel.close()


def test_response_in_a_race_has_the_same_timeout(endless: Any, clients: Any) -> None:
    lanes = Lanes(0.4)
    (lane, *_) = lanes._lanes
    exchange = lane.send(post(endless(*ENDLESS["a body, byte by byte"])), None, keep_open=True)
    assert exchange.fault
    assert exchange.fault.kind == TIMED_OUT
    lanes.close()


def test_each_response_has_its_own_timeout(platform: Any) -> None:
    served, channel = platform(reply({"id": 1})), Channel(0.4)
    for _ in range(3):
        assert channel.send(post(served.url)).response
        time.sleep(0.2)
    channel.close()


BOMB = gzip.compress(b" " * (limits.MOST_BYTES + 1), mtime=0)


@pytest.mark.parametrize(
    ("coding", "body", "words"),
    [
        ("gzip", BOMB, "larger than"),
        ("deflate", zlib.compress(b" " * (limits.MOST_BYTES + 1)), "larger than"),
        ("gzip, gzip", gzip.compress(BOMB, mtime=0), "larger than"),
        ("gzip", gzip.compress(b'{"id": 1}', mtime=0)[:-9], "ends too early"),
        ("gzip", b'{"id": 1}', "not gzip"),
    ],
    ids=["gzip bomb", "deflate bomb", "packed twice", "cut short", "not packed"],
)
def test_a_body_that_does_not_decompress_is_cut_off(
    platform: Any, channel: Channel, coding: str, body: bytes, words: str
) -> None:
    served = platform(reply(body, content_encoding=coding))
    with pytest.raises(NoResponse, match=words) as caught:
        channel.send(post(served.url))
    assert caught.value.kind == CUT_OFF


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(b'{"id": 1}', mtime=0)),
        ("X-GZIP", gzip.compress(b'{"id": 1}', mtime=0)),
        ("deflate", zlib.compress(b'{"id": 1}')),
        ("deflate", zlib.compress(b'{"id": 1}')[2:-4]),
        ("deflate, gzip", gzip.compress(zlib.compress(b'{"id": 1}'), mtime=0)),
        ("identity", b'{"id": 1}'),
    ],
)
def test_compressed_body_is_decompressed(platform: Any, channel: Channel, coding: str, packed: bytes) -> None:
    response = channel.send(post(platform(reply(packed, content_encoding=coding)).url)).response
    assert response
    assert response.json == {"id": 1}
