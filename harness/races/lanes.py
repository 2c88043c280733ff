"""Calls that are sent at the same moment, on open connections (contract.md: every clause holds for them too)."""

import socket
import ssl
import threading
import time
import weakref
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from typing import Final

import httpcore

from harness.client.calls import Call, Outcome
from harness.client.client import Client
from harness.wire.connections import Connections
from harness.wire.exchange import Exchange, Request, origin
from harness.wire.faults import CameBack
from harness.wire.limits import LimitedBackend, LimitedStream
from harness.wire.manner import MANNER

LANES: Final = 9
_STILL_WARM: Final = 1.0


class Start:
    """Collects what the lanes write until each of them waits for its response, and then sends everything."""

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


class _Stream(LimitedStream):
    """A connection of a lane. If there is a start, it keeps what is written until the response is read."""

    def __init__(self, stream: httpcore.NetworkStream, lane: "_Backend") -> None:
        super().__init__(stream, lane.budget)
        self._lane = lane
        self._kept = b""
        self._error: Exception | None = None

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if self._lane.start is None:
            super().write(buffer, timeout)
        else:
            self._kept += buffer

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        start, self._lane.start = self._lane.start, None
        if start is not None:
            try:
                start.wait(self._send)
            except threading.BrokenBarrierError:
                raise httpcore.ConnectError("not every connection of the race was opened") from None
            self._lane.budget.restart()
            if self._error:
                raise self._error
        return super().read(max_bytes, timeout)

    def _send(self) -> None:
        kept, self._kept = self._kept, b""
        try:
            self._stream.write(kept, self._lane.budget.timeout)
        except httpcore.NetworkError as error:
            self._error = httpcore.ReadError(str(error))
        except httpcore.TimeoutException as error:
            self._error = error

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, timeout), self._lane)


class _Backend(LimitedBackend):
    """Opens the connections of one lane; ``start`` is what the next call waits for, None for a single call."""

    def __init__(self, timeout: float) -> None:
        super().__init__(timeout)
        self.start: Start | None = None
        self._opened: weakref.WeakSet[_Stream] = weakref.WeakSet()

    def wrap(self, stream: httpcore.NetworkStream) -> httpcore.NetworkStream:
        self._opened.add(wrapped := _Stream(stream, self))
        return wrapped

    def hang_up(self) -> None:
        """End whatever is read or written on a connection."""
        if self.start is not None:
            self.start.abort()
        for stream in list(self._opened):
            with suppress(OSError):
                stream.get_extra_info("socket").shutdown(socket.SHUT_RDWR)


class _Lane:
    """One connection per API, and the calls on it; ``used`` is when it was used last, by origin."""

    def __init__(self, timeout: float) -> None:
        self._backend = _Backend(timeout)
        self._connections = Connections(timeout, self._backend)
        self.used: dict[str, float] = {}

    def close(self) -> None:
        """Close the connection, even if a thread still waits for a response on it."""
        self._backend.hang_up()
        self._connections.close()

    def send(self, request: Request, start: Start | None, *, keep_open: bool) -> Exchange:
        """Send a request, at the start if there is one. The exchange contains the fault if there is no response."""
        self._backend.start = start
        try:
            exchange = self._connections.exchange(request, keep_open=keep_open)
        finally:
            if self._backend.start is not None and start is not None:
                start.abort()
        if exchange.response:
            self.used[request.origin] = time.monotonic()
        if start is not None and start.began:
            return replace(exchange, started=start.moment, elapsed=time.perf_counter() - start.began)
        return exchange


class Lanes:
    """Threads that each keep a connection to the target; ``race`` lets them send at the same moment."""

    def __init__(self, timeout: float) -> None:
        """``timeout`` is seconds for one response. No connection is opened yet."""
        self.spreads: list[float] = []
        self._timeout = timeout
        self._lanes = [_Lane(timeout) for _ in range(LANES)]
        self._threads = ThreadPoolExecutor(LANES, "lane")

    def close(self) -> None:
        for lane in self._lanes:
            lane.close()
        self._threads.shutdown(cancel_futures=True)

    def race(self, client: Client, calls: Sequence[Call], warm: Call) -> list[Outcome]:
        """The outcomes of at most ``LANES`` calls, all sent at one moment. EnvironmentFault if one has no response.

        ``warm`` is a call that changes nothing: it opens the connections beforehand if the target keeps them open.
        A call that gets a 429 was not processed, and is sent again on its own.
        """
        client.recorder.check_allowed("races")
        client.recorder.scenario.raced = True
        if len(calls) > LANES:
            raise ValueError(f"{len(calls)} calls need as many lanes, and there are {LANES}")
        keep_open, place = client.channel.keeps_open, origin(client.base_url)
        if keep_open:
            warm_since = time.monotonic() - _STILL_WARM
            cold = [lane for lane in self._lanes[: len(calls)] if lane.used.get(place, -_STILL_WARM) <= warm_since]
            harmless = client.request(warm)
            MANNER.wait(len(cold))
            list(self._threads.map(lambda lane: lane.send(harmless, None, keep_open=True), cold))
        requests = _at_one_place([client.request(call) for call in calls])
        MANNER.wait(len(calls))
        start = Start(len(calls), 2 * self._timeout)
        sent = self._threads.map(
            lambda lane, request: lane.send(request, start, keep_open=keep_open), self._lanes, requests
        )
        exchanges = list(sent)
        self.spreads.append(start.spread)
        for exchange in exchanges:
            client.channel.publish(exchange)
        for call, exchange in zip(calls, exchanges, strict=True):
            fault = client.fault_of(replace(call, proper=False), exchange)
            if fault and fault.came_back is not CameBack.THROTTLED:
                raise fault
            refused = client.fault_of(replace(call, proper=True), exchange)
            if refused and refused.came_back is CameBack.KEY_REFUSED and not call.refusal:
                client.recorder.scenario.doubts.append((refused, partial(client.attempt, call)))
        return [_outcome(client, call, exchange) for call, exchange in zip(calls, exchanges, strict=True)]


def _at_one_place(requests: Sequence[Request]) -> list[Request]:
    """Return the requests with one place per operation: which of the calls meets a fault differs from run to run."""
    places = {request.operation: request.place for request in reversed(requests)}
    return [replace(request, place=places[request.operation]) for request in requests]


def _outcome(client: Client, call: Call, exchange: Exchange) -> Outcome:
    if exchange.response and exchange.response.status == HTTPStatus.TOO_MANY_REQUESTS:
        return client.attempt(call)
    # Which of the calls may be rejected depends on their order: the scenario decides. A 5xx has no order to blame.
    failed = exchange.response is not None and exchange.response.status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return client.judge(replace(call, proper=failed and call.is_valid and not call.refusal), exchange)
