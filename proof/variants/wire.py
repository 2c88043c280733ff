"""Variants of how answers travel: pace, framing, headers (contract.md, Tolerances: HTTP)."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from email.utils import format_datetime

from proof.declaring import Variants
from sandbox.ledger.timestamps import now

CORE = {
    "in-chunks": "alfred",
    "hanging-up": "walletapi",
    "header-names-in-capitals": "walletapi",
    "slow-answers": "alfred",
    "busy-now-and-then": "walletapi",
    "without-a-date": "walletapi",
}
variant = Variants(CORE)

BEHIND = timedelta(hours=1)


def answering(change):
    """Around the application: what it sends goes through ``change(message, send)``."""

    def around(app):
        async def wrapped(scope, receive, send):
            async def sending(message):
                await change(message, send)

            await app(scope, receive, sending)

        return wrapped

    return around


def heading(change):
    """Around the application: its headers go through ``change``."""

    async def changed(message, send):
        if message["type"] == "http.response.start":
            message = {**message, "headers": change(list(message["headers"]))}
        await send(message)

    return answering(changed)


async def in_chunks(message, send):
    """Without a length, the body in three pieces."""
    if message["type"] == "http.response.start":
        headers = [(name, value) for name, value in message["headers"] if name != b"content-length"]
        await send({**message, "headers": headers})
        return
    body = message.get("body", b"")
    third = len(body) // 3
    for piece in (body[:third], body[third : 2 * third]):
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({**message, "body": body[2 * third :]})


def slow(seconds, ends=("",)):
    """Around the application: a pause before calls whose path has one of these ends."""

    def around(app):
        async def wrapped(scope, receive, send):
            if scope["path"].startswith(("/v2/", "/api/")) and scope["path"].endswith(ends):
                await asyncio.sleep(seconds)
            await app(scope, receive, send)

        return wrapped

    return around


def hanging_up(app):
    """Around the application: the connection is closed after each response, and no header says so."""

    async def wrapped(scope, receive, send):
        await app(scope, receive, send)
        cycle = getattr(send, "__self__", None)
        if cycle is not None:
            cycle.transport.close()

    return wrapped


class Shouting:
    """A connection that writes the names of headers in capitals; the server would write them small."""

    def __init__(self, transport):
        """Write to this one."""
        self._transport = transport

    def write(self, data):
        """The head in capitals, the rest as it is."""
        if data.startswith(b"HTTP/1.1 "):
            head, blank, body = data.partition(b"\r\n\r\n")
            first, *lines = head.split(b"\r\n")
            pairs = (line.partition(b":") for line in lines)
            data = b"\r\n".join([first, *(name.upper() + colon + rest for name, colon, rest in pairs)]) + blank + body
        self._transport.write(data)

    def __getattr__(self, name):
        """All else as the connection does it."""
        return getattr(self._transport, name)


def in_capitals(app):
    """Around the application: header names in capitals."""

    async def wrapped(scope, receive, send):
        cycle = getattr(send, "__self__", None)
        if cycle is not None:
            cycle.transport = Shouting(cycle.transport)
        await app(scope, receive, send)

    return wrapped


def busy(app):
    """Around the application: every fortieth call of an API is put off with a 429."""
    calls = 0

    async def wrapped(scope, receive, send):
        nonlocal calls
        calls += scope["path"].startswith(("/v2/", "/api/"))
        if not scope["path"].startswith(("/v2/", "/api/")) or calls % 40:
            await app(scope, receive, send)
            return
        headers = [(b"retry-after", b"0"), (b"content-type", b"application/json"), (b"content-length", b"2")]
        await send({"type": "http.response.start", "status": 429, "headers": headers})
        await send({"type": "http.response.body", "body": b"{}"})

    return wrapped


def picky(app):
    """Around the application: a body of another Content-Type than JSON is rejected."""

    async def wrapped(scope, receive, send):
        kind = dict(scope["headers"]).get(b"content-type", b"application/json")
        if b"json" in kind:
            await app(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": 415, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})

    return wrapped


def more_headers(headers):
    """With what a gateway adds."""
    added = (
        (b"x-request-id", b"6f1c"),
        (b"cache-control", b"no-store"),
        (b"set-cookie", b"lb=a1; Path=/"),
        (b"vary", b"Origin"),
    )
    return [*headers, *added]


def with_charset(headers):
    """The charset spelled out."""
    return [(n, v + b"; charset=UTF-8" if n == b"content-type" and b"json" in v else v) for n, v in headers]


def an_hour_ago():
    """A clock that is behind."""
    return now() - BEHIND


def dated_an_hour_ago(headers):
    """The Date of that clock."""
    return [*headers, (b"date", format_datetime(an_hour_ago(), usegmt=True).encode())]


# First: it only waits, so a first matrix begins with it.
variant.add("slow-answers", "both", "Every response takes 30 ms more.", wire=slow(0.03))
variant.add("in-chunks", "both", "Answers come in chunks, without a length.", wire=answering(in_chunks))
variant.add(
    "closing-after-each-answer",
    "both",
    "Connections are closed after each response, which says so.",
    wire=heading(lambda headers: [*headers, (b"connection", b"close")]),
)
variant.add("hanging-up", "both", "Connections are closed after each response, which does not say so.", wire=hanging_up)
variant.add("header-names-in-capitals", "both", "Header names are written in capitals.", wire=in_capitals)
variant.add(
    "more-headers", "both", "Answers carry headers and a cookie that nobody asked for.", wire=heading(more_headers)
)
variant.add("charset-spelled-out", "both", "JSON is announced with its charset.", wire=heading(with_charset))
variant.add(
    "slow-writes",
    "both",
    "Confirmations, cancels and refunds take 150 ms more.",
    wire=slow(0.15, (":confirm", "/cancel", "/refund")),
)
variant.add("busy-now-and-then", "both", "Now and then a call is put off with HTTP 429.", wire=busy)
variant.add("json-alone", "both", "A body of another Content-Type is rejected with HTTP 415.", wire=picky)
variant.add("without-a-date", "both", "Answers carry no Date header.", dated=False)
variant.add(
    "clock-an-hour-behind",
    "both",
    "The platform's clock, and the Date of its responses, are an hour behind.",
    clock=an_hour_ago,
    dated=False,
    wire=heading(dated_an_hour_ago),
)
