"""The channel to a target: sends a request, measures it, and repeats it if that cannot move money."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

import httpx

from harness.failures import EnvironmentFault
from harness.wire.exchange import UNREACHED, Exchange, Request
from harness.wire.messages import TRANSPORT_ERRORS, NoResponse, fault_of, headers_of, response_of
from harness.wire.transports import Transports

GATEWAY: Final = frozenset({502, 503, 504})
_PATIENCE: Final = 10.0  # seconds that one call waits because of status 429
_REFUSED_PATIENCE: Final = 1.0  # seconds that a run waits for a platform that is not there
_REFUSED_PAUSE: Final = 0.1
_CLOSING_GRACE: Final = 0.02

Listener = Callable[[Exchange], None]


class TooManyRequests(EnvironmentFault):
    """The platform responded with 429: it did not process the call, which may be sent again after ``seconds``."""

    def __init__(self, exchange: Exchange) -> None:
        """Read how long the platform asks us to wait."""
        header = exchange.response.header("retry-after") if exchange.response else None
        self.seconds = _seconds_asked_for(header or "")
        super().__init__(f"{exchange.request.origin} responded with 429: too many requests")


class Channel:
    """Sends requests to a target, and gives every exchange to the listener, in the order of the calls."""

    def __init__(self, timeout: float, listener: Listener | None = None, *, trust_env: bool = True) -> None:
        """``timeout`` is in seconds, for one response. No connection is opened yet."""
        self.timeout = timeout
        self.publish = listener or (lambda _exchange: None)
        self._keeps_open: bool | None = None
        self._refused_seconds = 0.0
        self._extensions = {"timeout": httpx.Timeout(timeout).as_dict()}
        self._transports = Transports(trust_env=trust_env)

    @property
    def keeps_open(self) -> bool:
        """Whether the target keeps a connection open after a response. Assumed until the first response."""
        return self._keeps_open is not False

    def close(self) -> None:
        """Close the connections."""
        self._transports.close()

    def send(self, request: Request) -> Exchange:
        """Send a request and publish the exchange. NoResponse or TooManyRequests if there is no usable response.

        A request is repeated only if that cannot move money: a connection that was refused, a GET that was reset
        (once), and a 429.
        """
        began, attempts = time.monotonic(), 0
        while True:
            attempts += 1
            try:
                return self._send_once(request)
            except TooManyRequests as fault:
                if time.monotonic() - began + fault.seconds > _PATIENCE:
                    raise
                time.sleep(fault.seconds)
            except NoResponse as fault:
                if not fault.is_repeatable or not self._may_repeat(fault, attempts, time.monotonic() - began):
                    raise
                time.sleep(_REFUSED_PAUSE)

    def _may_repeat(self, fault: NoResponse, attempts: int, seconds: float) -> bool:
        if fault.kind != UNREACHED:
            return attempts == 1
        # A platform that is gone is waited for once per run, not once per scenario.
        if max(self._refused_seconds, seconds) >= _REFUSED_PATIENCE:
            return False
        self._refused_seconds += _REFUSED_PAUSE
        return True

    def _send_once(self, request: Request) -> Exchange:
        started, clock = datetime.now(UTC), time.perf_counter()
        try:
            prepared = self._prepared(request)
            received = self._transports.of(prepared.url).handle_request(prepared)
            body = b"".join(received.iter_raw())
            response = response_of(received.status_code, received.reason_phrase, received.headers.raw, body)
        except TRANSPORT_ERRORS as error:
            exchange = Exchange(request, None, started, time.perf_counter() - clock, fault_of(error, self.timeout))
            self.publish(exchange)
            raise NoResponse(exchange) from None
        exchange = Exchange(request, response, started, time.perf_counter() - clock)
        self.publish(exchange)
        if self._keeps_open is None:
            self._check_keeps_open(received)
        if response.status == httpx.codes.TOO_MANY_REQUESTS:
            raise TooManyRequests(exchange)
        return exchange

    def _prepared(self, request: Request) -> httpx.Request:
        url = _parsed(request.url)
        # With the stream given, httpx adds no headers of its own.
        return httpx.Request(
            request.method,
            url,
            headers=headers_of(request, keep_open=self.keeps_open, host=url.netloc.decode("ascii")),
            stream=httpx.ByteStream(request.body or b""),
            extensions=dict(self._extensions),
        )

    def _check_keeps_open(self, received: httpx.Response) -> None:
        # A server may close the connection without saying so, and then the next call on it would fail. A moment
        # after the first response this can be seen. From then on, each call asks for a connection of its own.
        stream = received.extensions.get("network_stream")
        if stream is None or received.headers.get("connection", "").lower() == "close":
            self._keeps_open = False
            return
        time.sleep(_CLOSING_GRACE)
        self._keeps_open = not stream.get_extra_info("is_readable")


@lru_cache(maxsize=100)
def _parsed(url: str) -> httpx.URL:
    return httpx.URL(url)


def _seconds_asked_for(retry_after: str) -> float:
    try:
        return max(0.1, float(retry_after))
    except ValueError:
        return 1.0
