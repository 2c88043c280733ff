"""httpx's transports without its client: a cookie kept or a redirect followed would hide what a platform does."""

from __future__ import annotations

import ipaddress
from functools import cached_property
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    # Imported where they are used: who calls nobody should not wait for them.
    import ssl

    import httpx

IDLE_SECONDS: Final = 2.0


class Surroundings:
    """What this machine sets for the way to a URL, where it may: a proxy, and whose certificates are trusted."""

    def __init__(self, *, trust_env: bool) -> None:
        """``trust_env`` lets the environment name proxies and certificate authorities."""
        self._trust_env = trust_env

    def proxy(self, url: str) -> str | None:
        """The proxy before a URL."""
        return proxy_before(url) if self._trust_env else None

    def context(self, url: str) -> ssl.SSLContext | None:
        """For TLS; None without, since one takes a while to make."""
        return self._context if urlsplit(url).scheme == "https" else None

    @cached_property
    def _context(self) -> ssl.SSLContext:
        import httpx

        return httpx.create_ssl_context(trust_env=self._trust_env)


class Transports:
    """A transport for each scheme, host and port: its connections are kept open between calls."""

    def __init__(self, *, trust_env: bool) -> None:
        """Open no connection yet; ``trust_env`` lets the environment name proxies and certificate authorities."""
        self._surroundings = Surroundings(trust_env=trust_env)
        self._open: dict[tuple[str, str], httpx.HTTPTransport] = {}

    def of(self, url: httpx.URL) -> httpx.HTTPTransport:
        """The transport of a URL."""
        key = (url.scheme, url.netloc.decode("ascii"))
        if key not in self._open:
            self._open[key] = self._opened(str(url))
        return self._open[key]

    def close(self) -> None:
        """Close the connections."""
        for transport in self._open.values():
            transport.close()
        self._open.clear()

    def _opened(self, url: str) -> httpx.HTTPTransport:
        import httpx

        return httpx.HTTPTransport(
            verify=self._surroundings.context(url) or False,
            proxy=self._surroundings.proxy(url),
            limits=httpx.Limits(keepalive_expiry=IDLE_SECONDS),
        )


def proxy_before(url: str) -> str | None:
    """The proxy that the environment sets before a URL; None before this machine."""
    from urllib.request import getproxies, proxy_bypass

    parts = urlsplit(url)
    if is_loopback(url) or proxy_bypass(parts.hostname or ""):
        return None
    proxies = getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    return proxy if proxy is None or "://" in proxy else f"http://{proxy}"


def is_loopback(url: str) -> bool:
    """Whether a URL's host is this machine, so that no proxy stands between."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
