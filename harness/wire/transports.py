"""httpx's transports without its client, which would keep cookies and follow redirects."""

from __future__ import annotations

import ipaddress
import ssl
from functools import cached_property
from typing import Final
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx

IDLE_SECONDS: Final = 2.0


class Environment:
    """What the environment sets for a URL, if ``trust_env`` allows it: a proxy, and trusted certificates."""

    def __init__(self, *, trust_env: bool) -> None:
        self._trust_env = trust_env

    def proxy(self, url: str) -> str | None:
        """Return the URL of the proxy for a URL; None if there is none."""
        return proxy_for(url) if self._trust_env else None

    def context(self, url: str) -> ssl.SSLContext | None:
        """Return the TLS context for a URL; None if the URL does not use TLS."""
        return self._context if urlsplit(url).scheme == "https" else None

    @cached_property
    def _context(self) -> ssl.SSLContext:
        return httpx.create_ssl_context(trust_env=self._trust_env)


class Transports:
    """One transport per scheme, host and port. Its connections stay open between calls."""

    def __init__(self, *, trust_env: bool) -> None:
        self._environment = Environment(trust_env=trust_env)
        self._open: dict[tuple[str, str], httpx.HTTPTransport] = {}

    def of(self, url: httpx.URL) -> httpx.HTTPTransport:
        """Return the transport of a URL, opened if necessary."""
        key = (url.scheme, url.netloc.decode("ascii"))
        if key not in self._open:
            self._open[key] = httpx.HTTPTransport(
                verify=self._environment.context(str(url)) or False,
                proxy=self._environment.proxy(str(url)),
                limits=httpx.Limits(keepalive_expiry=IDLE_SECONDS),
            )
        return self._open[key]

    def close(self) -> None:
        """Close the connections."""
        for transport in self._open.values():
            transport.close()
        self._open.clear()


def proxy_for(url: str) -> str | None:
    """Return the proxy that the environment sets for a URL; None for a loopback address."""
    parts = urlsplit(url)
    if is_loopback(url) or proxy_bypass(parts.hostname or ""):
        return None
    proxies = getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    return proxy if proxy is None or "://" in proxy else f"http://{proxy}"


def is_loopback(url: str) -> bool:
    """Return whether the host of a URL is this machine, so that no proxy is used."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
