"""What can go wrong between a suite and a platform. Each fault is done to one call."""

import asyncio
import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any, Final

from tests.environment.injection.messages import Answer
from tests.environment.injection.proxy import Proxy
from tests.environment.injection.wire import Fault, Wire

LOGIN_PAGE: Final = "<!doctype html><html><title>Sign in</title><form action=/login><input name=user></form></html>"
MAINTENANCE_PAGE: Final = "<html><body><h1>We are back soon</h1><p>Scheduled maintenance.</p></body></html>"
_DRIP: Final = 0.05


def responds(status: int, body: Any = "", *, processed: bool = False, headers: dict[str, str] | None = None) -> Fault:
    """Respond in place of the platform: with a text as HTML, nothing for "", else as JSON.

    ``processed``: the platform processes the call too.
    """
    media = "text/html; charset=utf-8" if isinstance(body, str) else "application/json"
    raw = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    pairs = (("Content-Type", media),) if raw else ()
    answer = Answer(status, (*pairs, *(headers or {}).items()), raw)

    async def fault(wire: Wire) -> None:
        if processed:
            await wire.answer()
        await wire.send(answer)

    return fault


def throttles_until(seconds: float) -> Fault:
    """Respond with 429 and a date in Retry-After that is so far ahead."""

    async def fault(wire: Wire) -> None:
        date = datetime.now(UTC) + timedelta(seconds=seconds)
        await wire.send(Answer(429, (("Retry-After", format_datetime(date, usegmt=True)),)))

    return fault


def changed(change: Callable[[Answer], Answer | bytes]) -> Fault:
    """Pass the call on, and send the response after this change."""

    async def fault(wire: Wire) -> None:
        await wire.send(change(await wire.answer()))

    return fault


def then_hangs_up(change: Callable[[Answer], Answer | bytes]) -> Fault:
    """Pass the call on, send the response after this change, and close the connection."""

    async def fault(wire: Wire) -> None:
        await wire.send(change(await wire.answer()))
        wire.hang_up()

    return fault


def ends_listening(seconds: float | None = None) -> Fault:
    """Respond, and then refuse connections: for ever, or for some seconds."""
    return _goes_away(Proxy.stop_listening, seconds)


def swallows_connections(seconds: float | None = None) -> Fault:
    """Respond, and then neither accept nor refuse connections: for ever, or for some seconds."""
    return _goes_away(Proxy.swallow, seconds)


def _goes_away(leave: Callable[[Proxy, Wire], Any], seconds: float | None) -> Fault:
    async def fault(wire: Wire) -> None:
        answer = await wire.answer()
        await leave(wire.proxy, wire)
        await wire.send_last(answer)
        if seconds is not None:
            await asyncio.sleep(seconds)
            await wire.proxy.listen()

    return fault


async def silent(wire: Wire) -> None:
    """Accept the call, and never respond."""
    await wire.stall()


async def drips(wire: Wire) -> None:
    """Send the response byte by byte, so slowly that the whole response times out."""
    for byte in bytes(await wire.answer()):
        await wire.send(bytes([byte]))
        await asyncio.sleep(_DRIP)


async def resets(wire: Wire) -> None:
    """Reset the connection before the platform got the call."""
    wire.reset()


async def resets_after_processing(wire: Wire) -> None:
    """Reset the connection after the platform processed the call."""
    await wire.answer()
    wire.reset()


async def resets_within(wire: Wire) -> None:
    """Reset the connection within the body, or within the head if there is no body."""
    content = bytes(await wire.answer())
    await wire.send(content[:-5])
    await asyncio.sleep(0.02)  # what was sent must arrive before the reset
    wire.reset()


async def hangs_up(wire: Wire) -> None:
    """Close the connection without a response."""
    wire.hang_up()


async def closes_silently(wire: Wire) -> None:
    """Respond, and close the connection with the last byte, without announcing it."""
    await wire.send_last(await wire.answer())


def too_short(answer: Answer) -> Answer:
    return answer.with_header("Content-Length", str(len(answer.body) + 10))


def as_chunks(tail: bytes) -> Callable[[Answer], Answer]:
    """Return the change that sends the body as one chunk, followed by this instead of the last chunk."""

    def change(answer: Answer) -> Answer:
        chunk = b"%x\r\n%s\r\n" % (len(answer.body) or 1, answer.body or b" ")
        plain = answer.with_header("Content-Length", None).with_header("Transfer-Encoding", "chunked")
        return replace(plain, body=chunk + tail)

    return change


def badly_compressed(answer: Answer) -> Answer:
    packed = bytearray(gzip.compress(answer.body or b"{}"))
    packed[10:14] = b"\xff\xff\xff\xff"
    return replace(
        answer.with_header("Content-Encoding", "gzip").with_header("Content-Length", None), body=bytes(packed)
    )


def half_compressed(answer: Answer) -> Answer:
    packed = gzip.compress(answer.body or b"{}")
    return replace(answer.with_header("Content-Encoding", "gzip").with_header("Content-Length", None), body=packed[:-9])


def not_http(_answer: Answer) -> bytes:
    return b"SSH-2.0-OpenSSH_9.6\r\n"


def huge_headers(answer: Answer) -> Answer:
    return replace(answer, headers=(*answer.headers, *((f"X-Filler-{n}", "x" * 1000) for n in range(1000))))


def endless_header(answer: Answer) -> Answer:
    return answer.with_header("X-Filler", "x" * 20_000_000)


def followed_by_another(answer: Answer) -> bytes:
    return bytes(answer) + bytes(Answer(200, (("Content-Type", "application/json"),), b'{"id": "of nobody"}'))


def in_http_1_0(answer: Answer) -> bytes:
    return bytes(replace(answer.with_header("Connection", None), version="HTTP/1.0"))


def with_date_shifted(seconds: float) -> Callable[[Answer], Answer]:
    """Return the change that moves the Date header."""

    def change(answer: Answer) -> Answer:
        date = parsedate_to_datetime(answer.header("date")) + timedelta(seconds=seconds)
        return answer.with_header("Date", format_datetime(date, usegmt=True))

    return change


def without_date(answer: Answer) -> Answer:
    return answer.with_header("Date", None)
