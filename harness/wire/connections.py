"""One way onto the wire, for single calls and for races. httpx's client would keep cookies and follow redirects."""

import logging
import secrets
import ssl
import time
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import httpcore
import httpx

from harness.failures import UsageError
from harness.wire.exchange import UNREACHED, Exchange, Fault, Request, Response
from harness.wire.limits import LimitedBackend
from harness.wire.manner import MANNER
from harness.wire.messages import TRANSPORT_ERRORS, fault_of, headers_of, response_of
from harness.wire.proxies import proxy_for

IDLE_SECONDS: Final = 2.0
_LOG: Final = logging.getLogger(__name__)


class Connections:
    """Sends requests, one after another, on connections that stay open between calls."""

    def __init__(self, timeout: float, backend: LimitedBackend | None = None) -> None:
        """``timeout`` is in seconds, for one whole response. No connection is opened yet."""
        self._timeout = timeout
        self._extensions = {"timeout": httpx.Timeout(timeout).as_dict()}
        self._backend = backend or LimitedBackend(timeout)
        self._pools: dict[str, httpcore.ConnectionPool] = {}
        self._stream: httpcore.NetworkStream | None = None
        self.received_more = False
        """Whether bytes came after a response. Its connection is closed, so that they are not the next response."""

    def close(self) -> None:
        for pool in self._pools.values():
            pool.close()
        self._pools.clear()

    def is_open(self) -> bool:
        """Return whether the connection of the last response is still open, as far as it is known by now."""
        return self._stream is not None and not self._stream.get_extra_info("is_readable")

    def exchange(self, request: Request, *, keep_open: bool) -> Exchange:
        """Send a request. The exchange contains the fault if there is no response."""
        request = replace(request, id=secrets.token_hex(16))
        response: Response | None = None
        fault: Fault | None = None
        started, clock = datetime.now(UTC), time.perf_counter()
        self._backend.begin()
        try:
            response = self._response(request, keep_open=keep_open)
        except TRANSPORT_ERRORS as error:
            fault = self._fault(error, request)
        elapsed = time.perf_counter() - clock
        result = fault.text if fault else response.status if response else ""
        if _LOG.isEnabledFor(logging.DEBUG):
            _LOG.debug("%s %s: %s in %.0f ms", request.operation, request.origin, result, elapsed * 1000)
        return Exchange(request, response, started, elapsed, fault)

    def _fault(self, error: Exception, request: Request) -> Fault:
        fault, proxy = fault_of(error, self._timeout), proxy_for(request.url)
        # Once there is a connection to the proxy, what is not reached is the target, unless the proxy says so itself.
        is_by_proxy = isinstance(error, httpcore.ProxyError) or not self._backend.is_connected
        return replace(fault, proxy=str(proxy)) if proxy and fault.kind == UNREACHED and is_by_proxy else fault

    def _response(self, request: Request, *, keep_open: bool) -> Response:
        url = httpx.URL(request.url)
        sent = httpcore.Request(
            request.method,
            httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=headers_of(request, keep_open=keep_open, host=url.netloc.decode("ascii")),
            content=request.body or b"",
            extensions=dict(self._extensions),
        )
        received = self._pool(url).handle_request(sent)
        self._stream = received.extensions["network_stream"]
        try:
            body = received.read()
        finally:
            received.close()
            self._close_if_more_was_received(url)
        if received.status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED and proxy_for(request.url):
            raise httpcore.ProxyError("407 Proxy Authentication Required")
        return response_of(received.status, received.extensions["reason_phrase"], received.headers, body)

    def _close_if_more_was_received(self, url: httpx.URL) -> None:
        for connection in self._pool(url).connections:
            if _unread(connection):
                self.received_more = True
                connection.close()

    def _pool(self, url: httpx.URL) -> httpcore.ConnectionPool:
        place = f"{url.scheme}://{url.netloc.decode('ascii')}"
        if place not in self._pools:
            self._pools[place] = httpcore.ConnectionPool(
                ssl_context=tls_context(place),
                proxy=_proxy(place),
                keepalive_expiry=IDLE_SECONDS,
                network_backend=self._backend,
            )
        return self._pools[place]


def _unread(connection: Any) -> bytes:
    """Return bytes that a connection has received after the response. httpcore does not report them."""
    while connection is not None:
        state = getattr(connection, "_h11_state", None)
        if state is not None:
            unread: bytes = state.trailing_data[0]
            return unread
        connection = getattr(connection, "_connection", None)
    return b""


def tls_context(url: str) -> ssl.SSLContext | None:
    """Return the TLS context for a URL; None without TLS.

    It trusts SSL_CERT_FILE or SSL_CERT_DIR if one is set, and the private authority of the target.
    """
    return _context(MANNER.authority) if url.startswith("https:") else None


@cache
def _context(authority: Path | None) -> ssl.SSLContext:
    try:
        context = httpx.create_ssl_context()
        if authority:
            context.load_verify_locations(authority)
    except OSError as error:
        raise UsageError(f"the certificates of SSL_CERT_FILE, SSL_CERT_DIR or ca_file can't be read: {error}") from None
    return context


def _proxy(place: str) -> httpcore.Proxy | None:
    proxy = proxy_for(place)
    return httpcore.Proxy(proxy.address, auth=proxy.login, ssl_context=tls_context(proxy.address)) if proxy else None
