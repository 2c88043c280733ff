"""A proxy on loopback between the suite and a platform, which injects faults into the calls that a rule names."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import ssl
import struct
import threading
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Final
from urllib.parse import urlsplit

from harness.contract.contract import load_contract

_HOST: Final = "127.0.0.1"
_HEAD_LIMIT: Final = 8 * 1024 * 1024  # bodies of hostile calls have 5 MB
_CHUNKED: Final = "chunked"
_WITHOUT_BODY: Final = (204, 304)


@dataclass(frozen=True)
class Call:
    """A request as it came. ``operation`` is its name in the contract, empty if it has none."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    operation: str

    def to_upstream(self) -> bytes:
        """Return the request as it is passed on."""
        lines = [f"{self.method} {self.path} HTTP/1.1", *(f"{name}: {value}" for name, value in self.headers.items())]
        return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + self.body


@dataclass(frozen=True)
class Answer:
    """A response. ``bytes(answer)`` is what is sent; its length is announced unless a header says something else."""

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    version: str = "HTTP/1.1"

    def header(self, name: str) -> str:
        """Return the value of a header; empty if there is none."""
        return next((value for key, value in self.headers if key.lower() == name), "")

    def with_header(self, name: str, value: str | None) -> Answer:
        """Return the answer with this header instead of the one of that name; without it if the value is None."""
        others = tuple(pair for pair in self.headers if pair[0].lower() != name.lower())
        return replace(self, headers=others if value is None else (*others, (name, value)))

    def __bytes__(self) -> bytes:
        """Return head and body."""
        headers = self.headers
        if not self.header("content-length") and not self.header("transfer-encoding"):
            headers = (*headers, ("Content-Length", str(len(self.body))))
        lines = [f"{self.version} {self.status} Reason", *(f"{name}: {value}" for name, value in headers)]
        return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + self.body


class Wire:
    """What a fault can do with one call: pass it on to the platform, send bytes, and end the connection."""

    def __init__(self, proxy: Proxy, call: Call, upstream: _Upstream, writer: asyncio.StreamWriter) -> None:
        self.proxy = proxy
        self.call = call
        self.is_over = call.headers.get("connection", "").lower() == "close"
        self._upstream = upstream
        self._writer = writer

    async def answer(self) -> Answer:
        """Pass the call on, and return what the platform responds."""
        return await self._upstream.answer(self.call)

    async def send(self, content: bytes | Answer) -> None:
        """Send bytes to the suite, which may have hung up."""
        if self._writer.is_closing():
            self.is_over = True
            raise ConnectionResetError
        self._writer.write(bytes(content))
        with contextlib.suppress(OSError):
            await self._writer.drain()

    async def send_last(self, content: Answer) -> None:
        """Send a response and close the connection with its last byte, without announcing it."""
        connection = self._socket()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)
        self._writer.write(bytes(content))
        self.hang_up()

    async def pass_on(self) -> None:
        """Respond as the platform does."""
        try:
            answer = await self.answer()
        except OSError:
            self.reset()
            return
        await self.send(answer)
        self.is_over = self.is_over or answer.header("connection").lower() == "close"

    def hang_up(self) -> None:
        """Close the connection."""
        self.is_over = True
        self._writer.close()

    def reset(self) -> None:
        """Reset the connection."""
        self.is_over = True
        with contextlib.suppress(OSError):
            self._socket().setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()

    async def stall(self) -> None:
        """Send nothing more, until the suite gives up or the proxy ends."""
        self.is_over = True
        await self.proxy.ended.wait()

    def _socket(self) -> socket.socket:
        connection: socket.socket = self._writer.get_extra_info("socket")
        return connection


Fault = Callable[[Wire], Awaitable[None]]
Condition = Callable[[Call], bool]


@dataclass(frozen=True)
class Rule:
    """A fault, and the conditions under which a call meets it: all of them, asked in this order."""

    fault: Fault
    conditions: tuple[Condition, ...] = ()

    def applies_to(self, call: Call) -> bool:
        """Return whether this call meets the fault. The conditions count the calls that they are asked about."""
        return all(condition(call) for condition in self.conditions)


def rule(fault: Fault, *conditions: Condition) -> Rule:
    return Rule(fault, conditions)


@dataclass
class Proxy:
    """Passes calls on to ``upstream``, an address with host and port, except for those to which a rule applies.

    ``calls`` has all that came. ``use`` runs it during a ``with`` block.
    """

    upstream: str
    rules: tuple[Rule, ...] = ()
    tls: ssl.SSLContext | None = None
    calls: list[Call] = field(default_factory=list)
    port: int = 0

    def __post_init__(self) -> None:
        """Nothing listens yet."""
        self._server: asyncio.Server | None = None
        self._full: list[socket.socket] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()

    @property
    def url(self) -> str:
        """The address that the suite calls."""
        return f"{'https' if self.tls else 'http'}://{_HOST}:{self.port}"

    def __enter__(self) -> Proxy:
        """Listen on a free port."""
        in_background(self._begin())
        return self

    def __exit__(self, *_exception: object) -> None:
        """Close everything."""
        in_background(self._end())

    async def _begin(self) -> None:
        self.ended = asyncio.Event()
        await self.listen()

    async def _end(self) -> None:
        self.ended.set()
        await self.stop_listening()
        self._empty_queue()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def listen(self) -> None:
        """Accept connections, again on the same port."""
        self._empty_queue()
        self._server = await asyncio.start_server(
            self._accept, _HOST, self.port, ssl=self.tls, limit=_HEAD_LIMIT, backlog=128
        )
        self.port = self._server.sockets[0].getsockname()[1]

    def _empty_queue(self) -> None:
        for one in self._full:
            one.close()
        self._full.clear()

    async def stop_listening(self, kept: Wire | None = None) -> None:
        """Refuse connections from now on, and reset those that are open, except for one."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self.reset_connections(kept)

    def reset_connections(self, kept: Wire | None = None) -> None:
        """Reset all connections except for one."""
        for writer in tuple(self._writers):
            if kept is None or writer is not kept._writer:
                writer.transport.abort()

    async def swallow(self, kept: Wire | None = None) -> None:
        """Let the port accept no connection, but refuse none either: its queue is full."""
        await self.stop_listening(kept)
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((_HOST, self.port))
        listener.listen(0)
        self._full = [listener]
        for _ in range(3):
            waiting = socket.socket()
            waiting.settimeout(0)
            waiting.connect_ex(listener.getsockname())
            self._full.append(waiting)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._writers.add(writer)
        upstream = _Upstream(self)
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await self._serve(reader, writer, upstream)
        finally:
            upstream.close()
            writer.close()
            self._writers.discard(writer)
            self._tasks.discard(task)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, upstream: _Upstream) -> None:
        while call := await _read_call(reader):
            self.calls.append(call)
            wire = Wire(self, call, upstream, writer)
            met = [each for each in self.rules if each.applies_to(call)]
            await (met[0].fault(wire) if met else wire.pass_on())
            if wire.is_over:
                return


class _Upstream:
    """The connection to the platform that belongs to a connection of the suite."""

    def __init__(self, proxy: Proxy) -> None:
        self._proxy = proxy
        self._address = ""
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def answer(self, call: Call) -> Answer:
        if self._address != self._proxy.upstream:
            self.close()
        if self._streams is None:
            self._address = self._proxy.upstream
            parts = urlsplit(self._address)
            self._streams = await asyncio.open_connection(parts.hostname, parts.port, limit=_HEAD_LIMIT)
        reader, writer = self._streams
        try:
            writer.write(call.to_upstream())
            await writer.drain()
            answer = await _read_answer(reader)
        except (OSError, asyncio.IncompleteReadError) as error:
            self.close()
            raise ConnectionResetError from error
        if answer.header("connection").lower() == "close" or call.headers.get("connection", "").lower() == "close":
            self.close()
        return answer

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


async def _read_call(reader: asyncio.StreamReader) -> Call | None:
    first, headers = await _read_head(reader)
    if not first:
        return None
    method, target, _ = first.split(" ", 2)
    path = target if target.startswith("/") else "/" + target.split("/", 3)[3]  # as a proxy gets it
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Call(method, path, headers, body, operation_of(method, path))


async def _read_answer(reader: asyncio.StreamReader) -> Answer:
    first, headers = await _read_head(reader)
    if not first:
        raise ConnectionResetError
    status = int(first.split(" ")[1])
    pairs = tuple(headers.items())
    if headers.get("transfer-encoding", "") == _CHUNKED:
        pieces = [piece async for piece in _chunks(reader)]
        return Answer(status, pairs, b"".join(pieces)).with_header("transfer-encoding", None)
    length = 0 if status in _WITHOUT_BODY else int(headers.get("content-length", 0))
    return Answer(status, pairs, await reader.readexactly(length))


async def _chunks(reader: asyncio.StreamReader) -> Any:
    while size := int((await reader.readline()).split(b";")[0], 16):
        yield await reader.readexactly(size)
        await reader.readexactly(2)
    await reader.readline()


async def _read_head(reader: asyncio.StreamReader) -> tuple[str, dict[str, str]]:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.IncompleteReadError:
        return "", {}
    first, *lines = head.strip().split("\r\n")
    return first, {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}


@cache
def _patterns() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    return tuple(
        (name, operation.method, re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+?", re.escape(operation.path)) + "$"))
        for name, operation in load_contract().operations.items()
    )


def operation_of(method: str, path: str) -> str:
    """Return the name of the operation with this path, which may have something before it; empty if there is none."""
    path = path.partition("?")[0]
    return next((name for name, verb, pattern in _patterns() if verb == method and pattern.search(path)), "")


_LOOP: Final = asyncio.new_event_loop()
_STARTING: Final = threading.Lock()


def in_background(work: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine in the thread of the proxies, and return its result."""
    with _STARTING:
        if not _LOOP.is_running():
            is_running = threading.Event()
            threading.Thread(target=_LOOP.run_forever, name="proxies", daemon=True).start()
            _LOOP.call_soon_threadsafe(is_running.set)
            is_running.wait()
    return asyncio.run_coroutine_threadsafe(work, _LOOP).result(60)
