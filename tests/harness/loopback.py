"""A small platform on loopback with scripted responses."""

import contextlib
import json
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Received:
    """A request as it was received; ``headers`` by their name in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, its numbers as Decimals."""
        return json.loads(self.body, parse_float=Decimal)


@dataclass(frozen=True)
class Reply:
    """Bytes to send, and what happens to the connection afterwards: ``keep``, ``hang up``, ``reset`` or ``stall``."""

    raw: bytes = b""
    then: str = "keep"


Script = Reply | Callable[[Received], Reply]


def reply(
    body: Any = b"", status: int = 200, *, media: str = "application/json", then: str = "keep", **headers: str
) -> Reply:
    """A whole response: bytes as they are, a text in UTF-8, anything else as JSON. ``x_y`` is the header x-y."""
    raw = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status} Reason", f"Content-Length: {len(raw)}"]
    lines += [f"Content-Type: {media}"] if media and raw else []
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return Reply("\r\n".join(lines).encode() + b"\r\n\r\n" + raw, then)


@dataclass
class Platform:
    """Listens on loopback. Each request gets the next reply of the script; the last reply is repeated."""

    script: list[Script]
    received: list[Received] = field(default_factory=list)
    connections: int = 0

    def __post_init__(self) -> None:
        """Take a free port."""
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._over = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = "http://{}:{}".format(*self._listener.getsockname())
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.connections += 1
                self._open.add(connection)
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as stream, contextlib.suppress(OSError):
            while (request := _read(stream)) and self._answered(connection, request):
                pass
        self._open.discard(connection)

    def _answered(self, connection: socket.socket, request: Received) -> bool:
        with self._lock:
            self.received.append(request)
            script = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        response = script if isinstance(script, Reply) else script(request)
        connection.sendall(response.raw)
        if response.then == "stall":
            self._over.wait(20)
        if response.then == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return response.then == "keep"

    def close(self) -> None:
        """Close all connections, like a process that is killed."""
        self._over.set()
        for one in (self._listener, *self._open):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()


def _read(stream: Any) -> Received | None:
    words = stream.readline().decode("latin-1").split()
    if len(words) < 2:
        return None
    headers = {}
    while line := stream.readline().decode("latin-1").strip():
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    return Received(words[0], words[1], headers, stream.read(int(headers.get("content-length", 0))))
