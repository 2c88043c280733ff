"""The proxy that the environment sets for a URL."""

import ipaddress
import os
import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from harness.failures import UsageError
from harness.wire.redaction import REDACTION

_SCHEMES: Final = ("http", "https")
_PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Proxy:
    """A proxy; ``variable`` is the environment variable that names it. ``str`` gives no user and no password."""

    address: str
    variable: str
    login: tuple[str, str] | None = field(default=None, repr=False)

    def __str__(self) -> str:
        return f"the proxy {self.address} ({self.variable})"


def proxy_for(url: str) -> Proxy | None:
    """Return the proxy for a URL; None for a loopback address. UsageError if the variable names none that works."""
    parts = urlsplit(url)
    if is_loopback(url) or _is_exempt(parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0)):
        return None
    proxies = getproxies()
    kind = next((kind for kind in (parts.scheme, "all") if proxies.get(kind)), None)
    return _proxy(proxies[kind], _variable(kind, proxies[kind])) if kind else None


def through(url: str) -> str:
    """Return words for a message about a URL: through which proxy it is called; empty without one."""
    proxy = proxy_for(url)
    return f" through {proxy}" if proxy else ""


def _proxy(value: str, variable: str) -> Proxy:
    try:
        parts = urlsplit(value if "://" in value else f"http://{value}")
        host, port = parts.hostname, parts.port
    except ValueError:
        raise UsageError(f"{variable} names a proxy whose host or port can't be read") from None
    if parts.scheme not in _SCHEMES:
        raise UsageError(f"{variable} names a proxy of the kind {parts.scheme}, which is not supported (http, https)")
    if not host or port == 0 or re.search(r"\s", value):
        raise UsageError(f"{variable} names a proxy without a host or with a port that can't be used")
    shown = f"[{host}]" if ":" in host else host
    address = f"{parts.scheme}://{shown}:{port or _PORTS[parts.scheme]}"
    if parts.username is None:
        return Proxy(address, variable)
    user, password = unquote(parts.username), unquote(parts.password or "")
    for secret in (password, f"{user}:{password}"):
        REDACTION.learn(secret)
    return Proxy(address, variable, (user, password))


def _variable(kind: str, value: str) -> str:
    names = (f"{kind}_proxy", f"{kind.upper()}_PROXY", *os.environ)
    return next(
        (name for name in names if name.lower() == f"{kind}_proxy" and os.environ.get(name) == value),
        f"the {kind} proxy of the system",
    )


def _is_exempt(host: str, port: int) -> bool:
    """Return whether NO_PROXY names the host, as Python reads it (``host:port``) or as curl does (networks)."""
    if proxy_bypass(f"[{host}]:{port}" if ":" in host else f"{host}:{port}"):
        return True
    names = re.split(r"[\s,]+", getproxies().get("no", "").lower())
    return "*" in names or any(_contains(name, host) for name in names)


def _contains(name: str, host: str) -> bool:
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(name.strip("[]"), strict=False)
    except ValueError:
        return host.rstrip(".") == name.strip(".") or host.rstrip(".").endswith(f".{name.strip('.')}")


def is_loopback(url: str) -> bool:
    """Return whether the host of a URL is this machine, so that no proxy is used."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
