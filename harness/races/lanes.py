"""Calls that are sent at the same moment, on open connections (contract.md: every clause holds for them too)."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

import httpcore
import httpx

from harness.client.calls import Call, Outcome
from harness.client.client import Client
from harness.wire.exchange import UNREACHED, Exchange, Fault, Request, Response, origin
from harness.wire.messages import TRANSPORT_ERRORS, NoResponse, fault_of, headers_of, response_of
from harness.wire.transports import IDLE_SECONDS, Environment

LANES: Final = 8
_STILL_WARM: Final = 1.0


class Start:
    """Keeps what the lanes write until each of them waits for its response, and then sends everything."""

    def __init__(self, lanes: int, timeout: float) -> None:
        """``timeout`` is seconds until all lanes must be ready; BrokenBarrierError for all of them otherwise."""
        self._barrier = threading.Barrier(lanes, action=self._release, timeout=timeout)
        self._written: list[Callable[[], None]] = []
        self.began, self.spread, self.moment = 0.0, 0.0, datetime.now(UTC)

    def wait(self, send: Callable[[], None]) -> None:
        """Wait for the other lanes; ``send`` writes to the socket once. Return when everything is sent."""
        self._written.append(send)
        self._barrier.wait()

    def abort(self) -> None:
        """Stop all lanes, because one has no connection."""
        self._barrier.abort()

    def _release(self) -> None:
        # The last lane sends for all, so no thread has to wake up between two calls.
        self.moment, self.began = datetime.now(UTC), time.perf_counter()
        for send in self._written:
            send()
        self.spread = time.perf_counter() - self.began


class _Stream(httpcore.NetworkStream):
    """A connection of a lane. If there is a start, it keeps what is written until the response is read."""

    def __init__(self, stream: httpcore.NetworkStream, lane: _Backend) -> None:
        self._stream = stream
        self._lane = lane
        self._kept = b""
        self._error: Exception | None = None

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if self._lane.start is None:
            self._stream.write(buffer, timeout)
        else:
            self._kept += buffer

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        start, self._lane.start = self._lane.start, None
        if start is not None:
            start.wait(self._send)
            if self._error:
                raise self._error
        return self._stream.read(max_bytes, timeout)

    def _send(self) -> None:
        kept, self._kept = self._kept, b""
        try:
            self._stream.write(kept, self._lane.timeout)
        except httpcore.NetworkError as error:
            self._error = httpcore.ReadError(str(error))
        except httpcore.TimeoutException as error:
            self._error = error

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, timeout), self._lane)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Backend(httpcore.SyncBackend):
    """Opens the connections of one lane; ``start`` is what the next call waits for, None for a single call."""

    def __init__(self, timeout: float) -> None:
        self.timeout = timeout
        self.start: Start | None = None

    def connect_tcp(self, *arguments: Any, **options: Any) -> httpcore.NetworkStream:
        return _Stream(super().connect_tcp(*arguments, **options), self)


class _Lane:
    """One connection, and the calls on it."""

    def __init__(self, timeout: float, context: ssl.SSLContext | None, proxy: str | None) -> None:
        self._backend = _Backend(timeout)
        self._timeouts = {"timeout": httpx.Timeout(timeout).as_dict()}
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            proxy=httpcore.Proxy(proxy) if proxy else None,
            keepalive_expiry=IDLE_SECONDS,
            network_backend=self._backend,
        )
        self.used = -_STILL_WARM

    def send(self, request: Request, start: Start | None, *, keep_open: bool) -> Exchange:
        """Send a request, at the start if there is one. The exchange contains the fault if there is no response."""
        self._backend.start = start
        clock, moment = time.perf_counter(), datetime.now(UTC)
        response, fault = None, None
        try:
            response = self._response(request, keep_open=keep_open)
            self.used = time.monotonic()
        except threading.BrokenBarrierError:
            fault = Fault(UNREACHED, "can't be reached: not every connection of the race was opened")
        except TRANSPORT_ERRORS as error:
            fault = fault_of(error, self._backend.timeout)
        finally:
            if self._backend.start is not None and start is not None:
                start.abort()
        if start is not None and start.began:
            clock, moment = start.began, start.moment
        return Exchange(request, response, moment, time.perf_counter() - clock, fault)

    def _response(self, request: Request, *, keep_open: bool) -> Response:
        received = self._pool.request(
            request.method,
            request.url,
            headers=headers_of(request, keep_open=keep_open, host=httpx.URL(request.url).netloc.decode("ascii")),
            content=request.body or b"",
            extensions=dict(self._timeouts),
        )
        reason = received.extensions.get("reason_phrase", b"").decode("latin-1")
        return response_of(received.status, reason, received.headers, received.content)

    def close(self) -> None:
        self._pool.close()


class Lanes:
    """Threads that each keep a connection to the target; ``race`` lets them send at the same moment."""

    def __init__(self, timeout: float, *, count: int = LANES, trust_env: bool = True) -> None:
        """``timeout`` is seconds for one response. No connection is opened yet."""
        self.count = count
        self.spreads: list[float] = []
        self._timeout = timeout
        self._environment = Environment(trust_env=trust_env)
        self._lanes: dict[str, list[_Lane]] = {}
        self._threads = ThreadPoolExecutor(count, "lane")

    def close(self) -> None:
        """Close the connections and end the threads."""
        for lane in (lane for lanes in self._lanes.values() for lane in lanes):
            lane.close()
        self._threads.shutdown()

    def race(self, client: Client, calls: Sequence[Call], warm: Call) -> list[Outcome]:
        """The outcomes of at most ``count`` calls, all sent at one moment. EnvironmentFault if one has no response.

        ``warm`` is a call that changes nothing: it opens the connections beforehand if the target keeps them open.
        A call that gets a 429 was not processed, and is sent again on its own.
        """
        if len(calls) > self.count:
            raise ValueError(f"{len(calls)} calls need as many lanes, and there are {self.count}")
        lanes, keep_open = self._at(client.base_url), client.channel.keeps_open
        if keep_open:
            cold = [lane for lane in lanes[: len(calls)] if time.monotonic() - lane.used >= _STILL_WARM]
            harmless = client.request(warm)
            list(self._threads.map(lambda lane: lane.send(harmless, None, keep_open=True), cold))
        requests = [client.request(call) for call in calls]
        start = Start(len(calls), 2 * self._timeout)
        sent = self._threads.map(lambda lane, request: lane.send(request, start, keep_open=keep_open), lanes, requests)
        exchanges = list(sent)
        self.spreads.append(start.spread)
        for exchange in exchanges:
            client.channel.publish(exchange)
        for exchange in exchanges:
            if exchange.response is None:
                raise NoResponse(exchange)
        return [_outcome(client, call, exchange) for call, exchange in zip(calls, exchanges, strict=True)]

    def _at(self, base_url: str) -> list[_Lane]:
        place_of_api = origin(base_url)
        if place_of_api not in self._lanes:
            context, proxy = self._environment.context(base_url), self._environment.proxy(base_url)
            self._lanes[place_of_api] = [_Lane(self._timeout, context, proxy) for _ in range(self.count)]
        return self._lanes[place_of_api]


def _outcome(client: Client, call: Call, exchange: Exchange) -> Outcome:
    if exchange.response and exchange.response.status == httpx.codes.TOO_MANY_REQUESTS:
        return client.attempt(call)
    # Which of the calls may be rejected depends on their order: the scenario decides.
    return client.judge(replace(call, proper=False), exchange)
