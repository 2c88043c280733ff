"""Variants of how responses travel: pace, framing, headers (contract.md, Tolerances: HTTP)."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from proof.declaring import Variants
from sandbox.ledger.timestamps import now

variant = Variants()

API_PREFIXES = ("/v2/", "/api/")
BEHIND = timedelta(hours=1)

Headers = list[tuple[bytes, bytes]]
Wrapper = Callable[[ASGIApp], ASGIApp]


def sending(change: Callable[[Message, Send], Awaitable[None]]) -> Wrapper:
    """Return a wrapper of the application that sends each message by ``change(message, send)``."""

    def wrapper(app: ASGIApp) -> ASGIApp:
        async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
            async def changed(message: Message) -> None:
                await change(message, send)

            await app(scope, receive, changed)

        return wrapped

    return wrapper


def with_headers(change: Callable[[Headers], Headers]) -> Wrapper:
    """Return a wrapper of the application that changes the headers of each response."""

    async def changed(message: Message, send: Send) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": change(list(message["headers"]))}
        await send(message)

    return sending(changed)


async def in_chunks(message: Message, send: Send) -> None:
    """Send the body in three chunks, without a Content-Length."""
    if message["type"] == "http.response.start":
        headers = [(name, value) for name, value in message["headers"] if name != b"content-length"]
        await send({**message, "headers": headers})
        return
    body = message.get("body", b"")
    third = len(body) // 3
    for chunk in (body[:third], body[third : 2 * third]):
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({**message, "body": body[2 * third :]})


def slow(seconds: float, suffixes: tuple[str, ...] = ("",)) -> Wrapper:
    """Return a wrapper of the application that waits before calls whose path has one of these suffixes."""

    def wrapper(app: ASGIApp) -> ASGIApp:
        async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["path"].startswith(API_PREFIXES) and scope["path"].endswith(suffixes):
                await asyncio.sleep(seconds)
            await app(scope, receive, send)

        return wrapped

    return wrapper


def hanging_up(app: ASGIApp) -> ASGIApp:
    """Close the connection after each response, without a header that announces it."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        await app(scope, receive, send)
        cycle = getattr(send, "__self__", None)
        if cycle is not None:
            cycle.transport.close()

    return wrapped


class CapitalHeaders:
    """A transport that writes header names in capitals. The server itself would write them in lower case."""

    def __init__(self, transport: Any) -> None:
        self._transport = transport

    def write(self, data: bytes) -> None:
        if data.startswith(b"HTTP/1.1 "):
            head, blank, body = data.partition(b"\r\n\r\n")
            status, *lines = head.split(b"\r\n")
            headers = (line.partition(b":") for line in lines)
            data = b"\r\n".join([status, *(name.upper() + colon + rest for name, colon, rest in headers)])
            data += blank + body
        self._transport.write(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


def in_capitals(app: ASGIApp) -> ASGIApp:
    """Write header names in capitals."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        cycle = getattr(send, "__self__", None)
        if cycle is not None:
            cycle.transport = CapitalHeaders(cycle.transport)
        await app(scope, receive, send)

    return wrapped


def busy(app: ASGIApp) -> ASGIApp:
    """Respond with a 429 to every fortieth call of an API."""
    calls = 0

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal calls
        is_call = scope["path"].startswith(API_PREFIXES)
        calls += is_call
        if not is_call or calls % 40:
            await app(scope, receive, send)
            return
        headers = [(b"retry-after", b"0"), (b"content-type", b"application/json"), (b"content-length", b"2")]
        await send({"type": "http.response.start", "status": 429, "headers": headers})
        await send({"type": "http.response.body", "body": b"{}"})

    return wrapped


def json_only(app: ASGIApp) -> ASGIApp:
    """Reject a body with a Content-Type other than JSON."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        media_type = dict(scope["headers"]).get(b"content-type", b"application/json")
        if b"json" in media_type:
            await app(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": 415, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})

    return wrapped


def more_headers(headers: Headers) -> Headers:
    """Add what a gateway adds."""
    added = (
        (b"x-request-id", b"6f1c"),
        (b"cache-control", b"no-store"),
        (b"set-cookie", b"lb=a1; Path=/"),
        (b"vary", b"Origin"),
    )
    return [*headers, *added]


def with_charset(headers: Headers) -> Headers:
    """Add the charset to the Content-Type of JSON."""
    return [(n, v + b"; charset=UTF-8" if n == b"content-type" and b"json" in v else v) for n, v in headers]


def closing(headers: Headers) -> Headers:
    return [*headers, (b"connection", b"close")]


def an_hour_ago() -> datetime:
    """Return the time of a clock that is an hour behind."""
    return now() - BEHIND


def dated_an_hour_ago(headers: Headers) -> Headers:
    """Add the Date of that clock."""
    return [*headers, (b"date", format_datetime(an_hour_ago(), usegmt=True).encode())]


# First, because it mostly waits: a matrix without figures of an earlier one starts with it.
variant.add("slow-answers", "both", "Every response takes 10 ms more.", core="alfred", wire=slow(0.01))
variant.add(
    "in-chunks", "both", "Responses come in chunks, without a Content-Length.", core="alfred", wire=sending(in_chunks)
)
variant.add(
    "closing-after-each-answer",
    "both",
    "Connections are closed after each response, which announces it.",
    wire=with_headers(closing),
)
variant.add(
    "hanging-up",
    "both",
    "Connections are closed after each response, which does not announce it.",
    core="walletapi",
    wire=hanging_up,
)
variant.add(
    "header-names-in-capitals", "both", "Header names are written in capitals.", core="walletapi", wire=in_capitals
)
variant.add(
    "more-headers",
    "both",
    "Responses have headers and a cookie that nobody asked for.",
    wire=with_headers(more_headers),
)
variant.add("charset-spelled-out", "both", "JSON is announced with its charset.", wire=with_headers(with_charset))
variant.add(
    "slow-writes",
    "both",
    "Confirmations, cancels and refunds take 150 ms more.",
    wire=slow(0.15, (":confirm", "/cancel", "/refund")),
)
variant.add("busy-now-and-then", "both", "Every fortieth call is rejected with HTTP 429.", core="walletapi", wire=busy)
variant.add("json-alone", "both", "A body with another Content-Type is rejected with HTTP 415.", wire=json_only)
variant.add("without-a-date", "both", "Responses have no Date header.", core="walletapi", dated=False)
variant.add(
    "clock-an-hour-behind",
    "both",
    "The platform's clock, and the Date of its responses, are an hour behind.",
    clock=an_hour_ago,
    dated=False,
    wire=with_headers(dated_an_hour_ago),
)
