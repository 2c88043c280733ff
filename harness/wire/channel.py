"""The channel to a target: sends a request, measures it, and repeats it if that cannot move money."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import httpx

from harness.wire.connections import Connections
from harness.wire.exchange import UNREACHED, Exchange, Request
from harness.wire.faults import NoResponse, TooManyRequests
from harness.wire.manner import MANNER

_PATIENCE: Final = 60.0
_SHORTEST_WAIT: Final = 0.1
_PATIENCE_OF_CALL: Final = 10.0
_REFUSED_PATIENCE: Final = 1.0  # seconds that a run waits for a platform that is not there
_REFUSED_PAUSE: Final = 0.1
_CLOSING_GRACE: Final = 0.02


@dataclass
class Patience:
    """The seconds that a process of a run may still wait because of status 429."""

    seconds: float = _PATIENCE


Listener = Callable[[Exchange], None]


class Channel:
    """Sends requests to a target, and gives every exchange to the listener, in the order of the calls."""

    def __init__(self, timeout: float, listener: Listener | None = None, *, patience: Patience | None = None) -> None:
        """``timeout`` is in seconds, for one response, ``patience`` for all waits because of status 429."""
        self.publish = listener or (lambda _exchange: None)
        self.patience = patience or Patience()
        self._keeps_open: bool | None = None
        self._refused_seconds = 0.0
        self._connections = Connections(timeout)

    @property
    def keeps_open(self) -> bool:
        """Whether the target keeps a connection open after a response. Assumed until the first response."""
        return self._keeps_open is not False

    def close(self) -> None:
        self._connections.close()

    def send(self, request: Request) -> Exchange:
        """Send a request and publish the exchange. NoResponse or TooManyRequests if there is no usable response.

        A request is repeated only if that cannot move money: a connection that was refused, a GET that was reset
        (once), and a 429.
        """
        began, attempts, patience = time.monotonic(), 0, min(_PATIENCE_OF_CALL, self.patience.seconds)
        while True:
            attempts += 1
            try:
                return self._send_once(request)
            except TooManyRequests as fault:
                wait = max(_SHORTEST_WAIT, fault.seconds)
                if wait > patience:
                    raise
                patience -= wait
                self.patience.seconds -= fault.seconds  # what is asked for: a wait of 0 s costs a long run nothing
                time.sleep(wait)
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
        MANNER.wait()
        exchange = self._connections.exchange(request, keep_open=self.keeps_open)
        self.publish(exchange)
        if exchange.response is None:
            raise NoResponse(exchange)
        if self._connections.received_more:
            self._keeps_open = False
        if self._keeps_open is None:
            # A server may close the connection without saying so, and then the next call on it would fail. A moment
            # after the first response this can be seen. From then on, each call asks for a connection of its own.
            time.sleep(_CLOSING_GRACE)
            self._keeps_open = self._connections.is_open()
        if exchange.response.status == httpx.codes.TOO_MANY_REQUESTS:
            raise TooManyRequests(exchange)
        return exchange
