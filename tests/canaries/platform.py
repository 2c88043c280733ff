"""A platform that shows every secret that it receives or issues, in every encoding: a proxy before a sandbox."""

from __future__ import annotations

import contextlib
import http.client
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any
from urllib.parse import urlsplit

from tests.harness.encodings import ENCODINGS

_SOUND = 30  # calls before the first one that is broken
_DROPPED = {"connection", "content-length", "date", "server", "transfer-encoding"}


class EchoingPlatform:
    """Breaks calls in turn, in each way that ends in another kind of text.

    ``secrets`` grows by each token that was issued and used: the suite certainly knows that one.
    """

    def __init__(self, upstream: str, secrets: list[str]) -> None:
        """Forward every call to ``upstream``."""
        self.secrets = list(secrets)
        self._issued: set[str] = set()
        self._upstream = urlsplit(upstream).netloc
        self._lock, self._calls, self._shown = threading.Lock(), count(), count()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _serve(self) -> None:
                outer._serve(self)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815

            def log_message(self, *_arguments: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = "http://{}:{}".format(*self._server.server_address)

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        connection = http.client.HTTPConnection(self._upstream, timeout=20)
        connection.request(handler.command, handler.path, body, dict(handler.headers.items()))
        received = connection.getresponse()
        content = received.read()
        connection.close()
        with self._lock:
            self._learn(content, handler.headers.get("Authorization", ""))
            number, shown = next(self._calls), self._forms(2)
        status, headers = received.status, [pair for pair in received.getheaders() if pair[0].lower() not in _DROPPED]
        way = _WAYS[number // 3 % len(_WAYS)] if number >= _SOUND and number % 3 == 0 else _header
        if handler.path.startswith("/admin"):
            way = _page
        self._send(handler, *way(status, headers, content, shown))

    def _learn(self, content: bytes, credential: str) -> None:
        used = credential.removeprefix("Bearer ")
        if used in self._issued and used not in self.secrets and len(self.secrets) < _MOST:
            self.secrets.append(used)
        with contextlib.suppress(ValueError, AttributeError):
            self._issued.add(str(json.loads(content).get("accessToken")))

    def _forms(self, number: int) -> list[str]:
        """Return the next secrets, each in the next encoding."""
        chosen = [next(self._shown) for _ in range(number)]
        encodings = [*ENCODINGS.values()]
        return [
            encodings[one % len(encodings)](self.secrets[one // len(encodings) % len(self.secrets)]) for one in chosen
        ]

    def _send(self, handler: BaseHTTPRequestHandler, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        if not status:  # not HTTP
            handler.wfile.write(body)
            handler.close_connection = True
            return
        handler.send_response(status)
        for name, value in headers:
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)


_MOST = 9
Parts = tuple[int, list[tuple[str, str]], bytes]


def _header(status: int, headers: list[tuple[str, str]], body: bytes, shown: list[str]) -> Parts:
    return status, [*headers, ("X-Echo", shown[0].replace("\n", ""))], body


def _rejected(_status: int, _headers: list[tuple[str, str]], _body: bytes, shown: list[str]) -> Parts:
    return 400, [("Content-Type", "application/json")], json.dumps({"error": shown}).encode()


def _crashed(_status: int, _headers: list[tuple[str, str]], _body: bytes, shown: list[str]) -> Parts:
    return 500, [("Content-Type", "text/plain")], " ".join(("refused:", *shown)).encode()


def _wrong_type(status: int, headers: list[tuple[str, str]], body: bytes, shown: list[str]) -> Parts:
    """Replace every number and every time by a text, and add a member with a neutral name."""
    try:
        value = json.loads(body)
    except ValueError:
        return status, headers, body
    forms = _cycled(shown)

    def wrong(item: Any) -> Any:
        if isinstance(item, dict):
            return {name: wrong(held) for name, held in item.items()} | {"note": next(forms)}
        if isinstance(item, list):
            return [wrong(held) for held in item]
        return next(forms) if isinstance(item, int | float) and not isinstance(item, bool) else item

    return status, headers, json.dumps(wrong(value)).encode()


def _cut(_status: int, _headers: list[tuple[str, str]], _body: bytes, shown: list[str]) -> Parts:
    return 0, [], f"HTTP/1.1 200 {shown[0]}\r\nX-{shown[1]}".encode()


def _no_http(_status: int, _headers: list[tuple[str, str]], _body: bytes, shown: list[str]) -> Parts:
    return 0, [], f"{shown[0]} {shown[1]}\r\n\r\n".encode()


def _page(_status: int, _headers: list[tuple[str, str]], _body: bytes, shown: list[str]) -> Parts:
    return 200, [("Content-Type", "text/html")], f"<p id='balance'>1.0 {' '.join(shown)}</p>".encode()


def _cycled(shown: list[str]) -> Iterator[str]:
    return (shown[number % len(shown)] for number in count())


_WAYS = (_rejected, _wrong_type, _crashed, _wrong_type, _rejected, _wrong_type, _no_http, _wrong_type, _cut)
