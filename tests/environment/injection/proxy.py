"""A proxy on loopback between the suite and a platform, which injects faults into the calls that a rule names."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import threading
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, Final

from tests.environment.injection.messages import Call, operation_of, read_call
from tests.environment.injection.wire import LIMIT, Rule, Upstream, Wire

_HOST: Final = "127.0.0.1"


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
        operation_of("", "")  # reads the documents, which takes long
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
            self._accept, _HOST, self.port, ssl=self.tls, limit=LIMIT, backlog=128
        )
        self.port = self._server.sockets[0].getsockname()[1]

    def _empty_queue(self) -> None:
        for one in self._full:
            one.close()
        self._full.clear()

    async def stop_listening(self, kept: Wire | None = None) -> None:
        """Refuse connections from now on, and reset those that are open, except for one."""
        if self._server is not None:
            # asyncio loses a connection that it has accepted if the server is closed before the connection begins
            # (CPython issue 109564). So first no more are accepted, and those that were begin and can be reset.
            for listening in self._server.sockets:
                asyncio.get_running_loop().remove_reader(listening.fileno())
            for _ in range(3):
                await asyncio.sleep(0)
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
        if self.ended.is_set():
            writer.transport.abort()  # it was accepted just before the proxy ended
            return
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._writers.add(writer)
        upstream = Upstream(self)
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await self._serve(reader, writer, upstream)
        finally:
            upstream.close()
            writer.close()
            self._writers.discard(writer)
            self._tasks.discard(task)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, upstream: Upstream) -> None:
        while call := await read_call(reader):
            self.calls.append(call)
            wire = Wire(self, call, upstream, writer)
            met = [each for each in self.rules if each.applies_to(call)]
            await (met[0].fault(wire) if met else wire.pass_on())
            if wire.is_over:
                return


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
