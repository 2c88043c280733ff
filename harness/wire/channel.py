"""The channel to a target: sends a request, measures it, and repeats it if that cannot move money."""

import time
from collections.abc import Callable
from typing import Final

import httpx

from harness.failures import EnvironmentFault
from harness.wire.connections import Connections
from harness.wire.exchange import UNREACHED, Exchange, Request
from harness.wire.messages import NoResponse

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

    def __init__(self, timeout: float, listener: Listener | None = None) -> None:
        """``timeout`` is in seconds, for one response. No connection is opened yet."""
        self.publish = listener or (lambda _exchange: None)
        self._keeps_open: bool | None = None
        self._refused_seconds = 0.0
        self._connections = Connections(timeout)

    @property
    def keeps_open(self) -> bool:
        """Whether the target keeps a connection open after a response. Assumed until the first response."""
        return self._keeps_open is not False

    def close(self) -> None:
        """Close the connections."""
        self._connections.close()

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
        exchange = self._connections.exchange(request, keep_open=self.keeps_open)
        self.publish(exchange)
        if exchange.response is None:
            raise NoResponse(exchange)
        if self._keeps_open is None:
            # A server may close the connection without saying so, and then the next call on it would fail. A moment
            # after the first response this can be seen. From then on, each call asks for a connection of its own.
            time.sleep(_CLOSING_GRACE)
            self._keeps_open = self._connections.is_open()
        if exchange.response.status == httpx.codes.TOO_MANY_REQUESTS:
            raise TooManyRequests(exchange)
        return exchange


def _seconds_asked_for(retry_after: str) -> float:
    try:
        return max(0.1, float(retry_after))
    except ValueError:
        return 1.0
