"""The first look at a target, before anything is sent that matters."""

import httpx

from harness.failures import EnvironmentFault, UsageError
from harness.target.target import Target
from harness.wire.channel import Channel
from harness.wire.exchange import CUT_OFF, Request
from harness.wire.faults import NoResponse
from harness.wire.proxies import through


def first_look(target: Target) -> str:
    """Return in one line why the platform can't be judged at all; empty if each of its APIs responds somehow."""
    for url in target.base_urls:
        channel = Channel(target.limits.timeout)
        try:
            exchange = channel.send(Request("first look", "GET", url))
        except (httpx.InvalidURL, UnicodeError) as error:
            raise UsageError(f"{url} is not an address that can be called: {error}") from None
        except EnvironmentFault as fault:
            if isinstance(fault, NoResponse) and fault.kind == CUT_OFF:
                continue  # it is there, and closes the connection on a path that is not documented
            if isinstance(fault, NoResponse) and fault.is_by_proxy:
                return f"the platform can't be reached: {fault}; is the proxy right, and is it up?"
            return f"the platform is not there: {fault}; is its address in the target file right, and is it up?"
        finally:
            channel.close()
        response = exchange.response
        if response and response.status in (502, 503, 504):
            origin = exchange.request.origin
            return (
                f"the platform is not there: {origin} responded with {response.status}{through(url)}, as a gateway does"
            )
    return ""
