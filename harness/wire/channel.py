"""The wire: sends a request, times it and decodes its response."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import simplejson

from harness.failures import EnvironmentFault
from harness.wire.exchange import NOTHING, Exchange, Headers, Request, Response
from harness.wire.redaction import REDACTION
from harness.wire.transports import Transports

if TYPE_CHECKING:
    import httpx
    import tenacity

AGENT: Final = "wallet-contract-suite/1.0"
GATEWAY: Final = frozenset({502, 503, 504})
_WITH_A_BODY: Final = frozenset({"PATCH", "POST", "PUT"})
_PATIENCE: Final = 10.0
_REFUSED_PATIENCE: Final = 1.0
_RESETS_FORGIVEN: Final = 1
_CLOSING_GRACE: Final = 0.02
_DECODER: Final = simplejson.JSONDecoder(parse_float=Decimal, allow_nan=False)
_ENCODER: Final = simplejson.JSONEncoder(use_decimal=True, allow_nan=False)

Listener = Callable[[Exchange], None]


class TooManyRequests(EnvironmentFault):
    """The platform answered 429: it did not process the call, which may be sent again after ``seconds``."""

    def __init__(self, message: str, seconds: float) -> None:
        """Keep how long the platform asked us to wait."""
        super().__init__(message)
        self.seconds = seconds


class Unreached(EnvironmentFault):
    """No connection came about, so nothing was sent."""


class Interrupted(EnvironmentFault):
    """The call was sent, but no whole response came: it may or may not have been processed."""


class TimedOut(Interrupted):
    """The call was sent, and no response came within the target's timeout."""


class Reset(Interrupted):
    """The connection broke while a GET was under way, which changes nothing and may be sent again."""


class Channel:
    """The way to a target; every exchange is made known to the listeners, in the order of the calls."""

    def __init__(self, timeout: float, *, trust_env: bool = True) -> None:
        """Open no connection yet; ``timeout`` is seconds for one response."""
        import httpx
        import tenacity

        self.timeout = timeout
        self.listeners: list[Listener] = []
        self._keeps_open: bool | None = None
        self._refusals_waited = 0.0
        self._began = 0.0
        self._timeouts = {"timeout": httpx.Timeout(timeout).as_dict()}
        self._transports = Transports(trust_env=trust_env)
        self._retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception(self._may_repeat),
            wait=self._pause,
            stop=self._out_of_patience,
            reraise=True,
        )

    @property
    def keeps_open(self) -> bool:
        """Whether the target keeps a connection open after a response; taken for granted until the first one."""
        return self._keeps_open is not False

    def close(self) -> None:
        """Close the connections."""
        self._transports.close()

    def send(self, request: Request) -> Exchange:
        """Send and make the exchange known; EnvironmentFault where no response came.

        Repeated only where that moves no money: a GET, a connection that was refused, and a 429.
        """
        self._began = time.monotonic()
        try:
            return self._send_once(request)
        except EnvironmentFault as fault:
            # Hardly a call needs a second attempt, and counting attempts takes a while.
            return self._retrying(_failing_first(fault, self._send_once), request)

    def publish(self, exchange: Exchange) -> None:
        """Make an exchange known to the listeners: the evidence above all."""
        for listener in self.listeners:
            listener(exchange)

    def _send_once(self, request: Request) -> Exchange:
        import httpx

        started, clock = datetime.now(UTC), time.perf_counter()
        try:
            prepared = self._prepared(request)
            received = self._transports.of(prepared.url).handle_request(prepared)
            body = _body(received)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise self._fault(Unreached, request, started, clock, f"can't be reached: {error}") from None
        except httpx.TimeoutException:
            raise self._fault(TimedOut, request, started, clock, f"gave no response in {self.timeout:g} s") from None
        except httpx.HTTPError as error:
            kind = Reset if request.method == "GET" else Interrupted
            raise self._fault(kind, request, started, clock, f"broke the connection: {error}") from None
        headers = read_headers(received.headers.raw)
        response = Response(received.status_code, received.reason_phrase, headers, body, decoded(body))
        exchange = Exchange(request, response, started, time.perf_counter() - clock)
        self.publish(exchange)
        if self._keeps_open is None:
            self._learn_whether_it_keeps_open(received)
        if received.status_code == httpx.codes.TOO_MANY_REQUESTS:
            seconds = _seconds_asked_for(received.headers.get("retry-after", ""))
            raise TooManyRequests(f"{place(request.url)} answered 429: too many requests", seconds)
        return exchange

    def _prepared(self, request: Request) -> httpx.Request:
        import httpx

        url = _parsed(request.url)
        headers = [*common_headers(request), ("Connection", "keep-alive" if self._keeps_open is not False else "close")]
        encoded = written_headers(headers)
        if request.body is not None or request.method in _WITH_A_BODY:
            encoded.append((b"Content-Length", b"%d" % len(request.body or b"")))
        # With the stream named, httpx adds no headers of its own, which takes it as long as all the rest.
        return httpx.Request(
            request.method,
            url,
            headers=[(b"Host", url.netloc), *encoded],
            stream=httpx.ByteStream(request.body or b""),
            extensions=dict(self._timeouts),
        )

    def _learn_whether_it_keeps_open(self, received: httpx.Response) -> None:
        # A server that hangs up without saying so would tear down the next call on that connection. A moment after
        # the first response tells; from then on each call asks for a connection of its own.
        stream = received.extensions.get("network_stream")
        if stream is None or received.headers.get("connection", "").lower() == "close":
            self._keeps_open = False
            return
        time.sleep(_CLOSING_GRACE)
        self._keeps_open = not stream.get_extra_info("is_readable")

    def _fault(
        self, kind: type[EnvironmentFault], request: Request, started: datetime, clock: float, what: str
    ) -> EnvironmentFault:
        self.publish(Exchange(request, None, started, time.perf_counter() - clock, fault=REDACTION.mask(what)))
        return kind(REDACTION.mask(f"{place(request.url)} {what} ({request.method} {request.operation})"))

    @staticmethod
    def _may_repeat(error: BaseException) -> bool:
        return isinstance(error, Unreached | TooManyRequests | Reset)

    def _pause(self, state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, TooManyRequests):
            return error.seconds
        self._refusals_waited += 0.1
        return 0.1

    def _out_of_patience(self, state: tenacity.RetryCallState) -> bool:
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, TooManyRequests):
            return time.monotonic() - self._began + error.seconds > _PATIENCE
        if isinstance(error, Reset):
            return state.attempt_number > _RESETS_FORGIVEN
        # A platform that went away is waited for once, not by every scenario that follows; one that is silent takes
        # the timeout of a response for each attempt.
        return max(self._refusals_waited, time.monotonic() - self._began) >= _REFUSED_PATIENCE


@lru_cache(maxsize=100)
def _parsed(url: str) -> httpx.URL:
    """Most calls go to one of a few addresses."""
    import httpx

    return httpx.URL(url)


def _failing_first(fault: EnvironmentFault, send: Callable[[Request], Exchange]) -> Callable[[Request], Exchange]:
    """The same attempts, the first of which was made already and came to this."""
    pending = [fault]

    def attempt(request: Request) -> Exchange:
        if pending:
            raise pending.pop()
        return send(request)

    return attempt


def common_headers(request: Request) -> list[tuple[str, str]]:
    """The headers of a request with those that every call carries; no cookie, which could stand in for a token."""
    return [("Accept", "application/json"), ("User-Agent", AGENT), *request.headers]


def written_headers(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    """Headers as they go over the wire."""
    return [(name.encode("ascii"), _wire_text(value)) for name, value in headers]


def _wire_text(value: str) -> bytes:
    """A header's value as bytes: Latin-1, which is what HTTP reads, or UTF-8 where that does not hold it."""
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        return value.encode("utf-8")


def read_headers(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    """Headers as they came over the wire."""
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers)


def _body(received: httpx.Response) -> bytes:
    # Where nothing was compressed, httpx has nothing to undo.
    return received.read() if "content-encoding" in received.headers else b"".join(received.iter_raw())


def decoded(body: bytes) -> Any:
    """The JSON of a body, its numbers exact (int or Decimal); NOTHING where it is empty or no JSON in UTF-8."""
    if not body.strip():
        return NOTHING
    try:
        return _DECODER.decode(body.decode("utf-8"))
    except (ValueError, RecursionError):
        return NOTHING


def encoded(body: Any) -> bytes:
    """A body as JSON bytes; Decimals are written as numbers, to the last place."""
    return _ENCODER.encode(body).encode("utf-8")


def place(url: str) -> str:
    """Scheme, host and port of a URL: what a fault may name, since a path may hold an id."""
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port else "")


def _seconds_asked_for(retry_after: str) -> float:
    try:
        return max(0.1, float(retry_after))
    except ValueError:
        return 1.0
