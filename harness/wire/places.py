"""Checks the address of a target: its name, its connection, and how long its certificate is valid."""

import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from harness.failures import EnvironmentFault
from harness.wire.connections import tls_context
from harness.wire.proxies import is_loopback, proxy_for


@dataclass(frozen=True)
class Found:
    """What a check found; ``days`` a certificate is still valid, ``is_weak`` without TLS beyond this machine."""

    text: str
    days: int | None = None
    is_weak: bool = False


@dataclass(frozen=True)
class Place:
    """Scheme, host and port of a URL; ``names`` are the tables of the target file that use it."""

    url: str
    names: tuple[str, ...]

    @property
    def _address(self) -> tuple[str, int]:
        """The address of the proxy if one is set, otherwise that of the place."""
        proxy = proxy_for(self.url)
        parts = urlsplit(proxy.address if proxy else self.url)
        return parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)

    @property
    def _through(self) -> str:
        proxy = proxy_for(self.url)
        return f" (of {proxy})" if proxy else ""

    def resolve(self, timeout: float) -> Found:  # noqa: ARG002 - the system has its own
        """Resolve the name. EnvironmentFault if it is not known."""
        host, port = self._address
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not a name"
            raise EnvironmentFault(
                f"this machine can't resolve the name {host}{self._through}: {reason}; is the address right?"
            ) from None
        return Found(f"{host}{self._through} is {found[0][4][0]}")

    def connect(self, timeout: float) -> Found:
        """Open a connection. EnvironmentFault if it is refused or not accepted in time."""
        host, port = self._address
        try:
            socket.create_connection((host, port), timeout).close()
        except OSError as error:
            reason = error.strerror or "timed out"
            raise EnvironmentFault(
                f"can't connect to {host}:{port}{self._through}: {reason}; is it up, and is the address right?"
            ) from None
        return Found(f"{host}:{port}{self._through} accepts connections")

    def secure(self, timeout: float) -> Found:
        """Check the certificate. EnvironmentFault if it is not trusted."""
        context = tls_context(self.url)
        if context is None:
            if is_loopback(self.url):
                return Found("none, on this machine")
            return Found("none: keys can be read on the way, use https", is_weak=True)
        if proxy_for(self.url):
            return Found("checked by the calls, through the proxy")
        host, port = self._address
        try:
            with (
                socket.create_connection((host, port), timeout) as connection,
                context.wrap_socket(connection, server_hostname=host) as secured,
            ):
                certificate = secured.getpeercert() or {}
        except ssl.SSLCertVerificationError as error:
            raise EnvironmentFault(
                f"the certificate of {host} is not trusted: {error.verify_message}; a private authority needs ca_file"
            ) from None
        except OSError as error:
            raise EnvironmentFault(f"{host}:{port} does not speak TLS as expected: {error.strerror or error}") from None
        ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)
        days = (ends - datetime.now(UTC)).days
        return Found(f"the certificate of {host} is valid for {days} more days", days)


def places_of(tables: Mapping[str, Any]) -> Iterator[Place]:
    """Return the places that the tables of a target file name, each once."""
    names: dict[str, list[str]] = {}
    for name, table in tables.items():
        if table is not None:
            parts = urlsplit(getattr(table, "base_url", None) or table.url)
            names.setdefault(f"{parts.scheme}://{parts.netloc}", []).append(name)
    return (Place(url, tuple(each)) for url, each in names.items())
