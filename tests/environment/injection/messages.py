"""Requests and responses as they are on the wire."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from harness.contract.contract import load_contract

_CHUNKED: Final = "chunked"
_WITHOUT_BODY: Final = (204, 304)


@dataclass(frozen=True)
class Call:
    """A request as it was received. ``operation`` is its name in the contract, empty if it has none."""

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


async def read_call(reader: asyncio.StreamReader) -> Call | None:
    first, headers = await _read_head(reader)
    if not first:
        return None
    method, target, _ = first.split(" ", 2)
    path = target if target.startswith("/") else "/" + target.split("/", 3)[3]  # as a proxy gets it
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Call(method, path, headers, body, operation_of(method, path))


async def read_answer(reader: asyncio.StreamReader) -> Answer:
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


async def _chunks(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
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
