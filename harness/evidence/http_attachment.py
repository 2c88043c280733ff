"""An exchange as JSON for Allure's HTTP viewer (``application/vnd.allure.http+json``).

Headers and members with the name of a secret are masked here. Known secrets are masked when the file is written.
"""

import json
from codecs import getincrementaldecoder
from typing import Any, Final
from urllib.parse import urlsplit

from harness.foreign_text import one_line, printable
from harness.wire.exchange import Exchange, Headers
from harness.wire.manner import MANNER
from harness.wire.redaction import REDACTION

MEDIA_TYPE: Final = "application/vnd.allure.http+json"
SUFFIX: Final = "httpexchange"
LONGEST_BODY: Final = 64 * 1024


def title(exchange: Exchange) -> str:
    """Return the title of the attachment: operation, method, path, status code and request id."""
    request, response = exchange.request, exchange.response
    result = f"{response.status}" if response else "no response"
    call = f"{request.operation}: {request.method} {urlsplit(request.url).path}"
    numbered = f" [{request.id}]" if request.id else ""
    return one_line(f"{call} → {result}{numbered}")


def attachment(exchange: Exchange) -> str:
    """Return the exchange as one JSON document. A body of more than 64 KiB is shortened, and marked so."""
    request, response = exchange.request, exchange.response
    started = exchange.started.timestamp() * 1000
    document: dict[str, Any] = {
        "schemaVersion": 1,
        "start": round(started),
        "stop": round(started + exchange.elapsed * 1000),
        "request": {
            "method": request.method,
            "url": request.url,
            "headers": _headers((*request.headers, *(((MANNER.id_header, request.id),) if request.id else ()))),
            "body": _body(request.body, _media_type(request.headers)),
        },
    }
    if response:
        document["response"] = {
            "status": response.status,
            "statusText": one_line(response.reason),
            "headers": _headers(response.headers),
            "body": _body(response.body, response.media_type),
        }
    if exchange.fault or not response:
        document["error"] = {
            "name": "No response",
            "message": exchange.fault.text if exchange.fault else "",
        }
    return json.dumps(document)


def _headers(headers: Headers) -> list[dict[str, str]]:
    return [{"name": name, "value": one_line(value)} for name, value in REDACTION.hide_headers(headers)]


def _media_type(headers: Headers) -> str:
    found = next((value for name, value in headers if name.lower() == "content-type"), "")
    return found.partition(";")[0].strip().lower()


def _body(body: bytes | None, media_type: str) -> dict[str, Any] | None:
    if not body:
        return None
    shown: dict[str, Any] = {"contentType": media_type or "text/plain", "encoding": "utf8", "size": len(body)}
    cut = len(body) > LONGEST_BODY
    text = _text(body[:LONGEST_BODY], cut=cut)
    if text is None:
        described = f"{len(body)} bytes of {media_type or 'no type'}, not text"
        return shown | {"contentType": "text/plain", "value": described}
    text = printable(REDACTION.hide_members(text))
    if cut:
        return shown | {"value": f"{text}\n... shortened: {len(body)} bytes in all", "truncated": True}
    return shown | {"value": text}


def _text(body: bytes, *, cut: bool) -> str | None:
    try:
        # Incremental, because the cut may be in the middle of a character.
        return getincrementaldecoder("utf-8")().decode(body, final=not cut)
    except UnicodeDecodeError:
        return None
