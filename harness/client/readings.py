"""What a response is in words, what its status and its type make of it, and which calls were sent as documented."""

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from harness.contract.contract import Contract
from harness.failures import Finding
from harness.wire.exchange import NOTHING, Exchange
from harness.wire.messages import DEEPEST, decoded
from harness.wire.redaction import REDACTION

Reading = tuple[bool, Any, tuple[Finding, ...]]
"""Whether a response accepts its call, its payload, and what is not as documented."""


def status_reading(exchange: Exchange) -> Reading | None:
    """Return the result for a status that is neither 2xx nor 4xx; None for 2xx and 4xx, for which the body decides."""
    response = exchange.response
    if response is None or response.status in range(200, 300) or response.status in range(400, 500):
        return None
    return False, NOTHING, (Finding("status", "2xx for success or 4xx for a rejection", received(exchange)),)


def json_findings(exchange: Exchange, *, suffix: bool) -> tuple[Finding, ...]:
    """Return what is wrong with a body as JSON, by its type and its text; ``suffix`` allows application/*+json."""
    response = exchange.response
    if response is None:
        return ()
    if response.json is NOTHING:
        return (Finding("body", f"JSON in UTF-8, at most {DEEPEST} levels deep", received(exchange)),)
    media = response.media_type
    if media == "application/json" or (suffix and media.startswith("application/") and media.endswith("+json")):
        return ()
    return (Finding("header Content-Type", "application/json", media or "none"),)


def summary_of(exchange: Exchange) -> str:
    """Return a response in a few words: its status, the target of its redirect, the form of its body."""
    response = exchange.response
    if response is None:
        return "nothing"
    location = urlsplit(response.header("location") or "")
    target = location.path or location.netloc
    place = f" to {target}" if target and response.status in range(300, 400) else ""
    body = f"{response.media_type or 'a body without a type'}" if response.body.strip() else "no body"
    return f"{response.status} {response.reason}{place}, {body}"


def received(exchange: Exchange) -> str:
    """Return what came back in words, masked: status and body, or why there is no response."""
    response = exchange.response
    if response is None:
        return exchange.fault.text if exchange.fault else "no response"
    body = REDACTION.mask_body(response.body[:300].decode("utf-8", "replace"))
    return f"{response.status} {response.reason}: {body}" if body else f"{response.status} {response.reason}, no body"


def sent_as_documented(contract: Contract, story: Iterable[Exchange], operation: str) -> Iterator[tuple[Any, Exchange]]:
    """Return the calls of an operation whose body is as documented, each with this body."""
    schema = contract.operations[operation].request_schema or ""
    for exchange in story:
        if exchange.request.operation == operation and exchange.request.body is not None:
            sent = decoded(exchange.request.body)
            if not contract.findings(schema, sent):
                yield sent, exchange
