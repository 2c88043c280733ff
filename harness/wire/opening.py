"""Opens channels to a target, and checks that the target is there."""

from __future__ import annotations

import httpx

from harness.failures import EnvironmentFault, UsageError
from harness.target.target import Target
from harness.wire.channel import GATEWAY, Channel, Listener
from harness.wire.exchange import CUT_OFF, Request
from harness.wire.messages import NoResponse
from harness.wire.transports import is_loopback


def open_channel(target: Target, listener: Listener | None = None) -> Channel:
    """Return a channel to a target."""
    return Channel(target.limits.timeout, listener, trust_env=may_use_proxy(target))


def may_use_proxy(target: Target) -> bool:
    """Return whether HTTP(S)_PROXY is used: not if all addresses are loopback."""
    return not all(map(is_loopback, target.base_urls))


def first_look(target: Target) -> str:
    """Return in one line why the platform can't be judged at all; empty if each of its APIs responds somehow."""
    for url in target.base_urls:
        channel = open_channel(target)
        try:
            exchange = channel.send(Request("first look", "GET", url))
        except (httpx.InvalidURL, UnicodeError) as error:
            raise UsageError(f"{url} is not an address that can be called: {error}") from None
        except EnvironmentFault as fault:
            if isinstance(fault, NoResponse) and fault.kind == CUT_OFF:
                continue  # it is there, and closes the connection on a path that is not documented
            return f"the platform is not there: {fault}; is its address in the target file right, and is it up?"
        finally:
            channel.close()
        response = exchange.response
        if response and response.status in GATEWAY:
            origin = exchange.request.origin
            return f"the platform is not there: {origin} responded with {response.status}, as a gateway does"
    return ""
