"""What a fault can do with a call, and the rules that say which call meets which fault."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from tests.environment.injection.messages import Answer, Call, read_answer

if TYPE_CHECKING:
    from tests.environment.injection.proxy import Proxy

LIMIT: Final = 8 * 1024 * 1024  # of what is read at once; bodies of hostile calls have 5 MB


class Wire:
    """What a fault can do with one call: pass it on to the platform, send bytes, and end the connection."""

    def __init__(self, proxy: Proxy, call: Call, upstream: Upstream, writer: asyncio.StreamWriter) -> None:
        self.proxy = proxy
        self.call = call
        self.is_over = call.headers.get("connection", "").lower() == "close"
        self._upstream = upstream
        self._writer = writer

    async def answer(self) -> Answer:
        """Pass the call on, and return the platform's response."""
        return await self._upstream.answer(self.call)

    async def send(self, content: bytes | Answer) -> None:
        """Send bytes to the suite, which may have closed the connection."""
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
    """A fault, and the conditions under which it applies to a call: all of them, evaluated in this order."""

    fault: Fault
    conditions: tuple[Condition, ...] = ()

    def applies_to(self, call: Call) -> bool:
        """Return whether this call meets the fault. A condition counts the calls for which it is evaluated."""
        return all(condition(call) for condition in self.conditions)


def rule(fault: Fault, *conditions: Condition) -> Rule:
    return Rule(fault, conditions)


class Upstream:
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
            self._streams = await asyncio.open_connection(parts.hostname, parts.port, limit=LIMIT)
        reader, writer = self._streams
        try:
            writer.write(call.to_upstream())
            await writer.drain()
            answer = await read_answer(reader)
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
