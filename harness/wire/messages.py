"""How a request is written and how a response is read, for single calls and for races alike."""

import socket
import ssl
import zlib
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import httpcore
import httpx
import simplejson

from harness.foreign_text import one_line
from harness.wire.exchange import (
    CUT_OFF,
    NOTHING,
    TIMED_OUT,
    UNREACHED,
    Fault,
    Request,
    Response,
    UnusableNumber,
)
from harness.wire.limits import MOST_BYTES
from harness.wire.manner import MANNER
from harness.wire.redaction import REDACTION

AGENT: Final = "wallet-contract-suite/1.0"
_WITH_BODY: Final = frozenset({"PATCH", "POST", "PUT"})
_ANY_HEADER: Final = zlib.MAX_WBITS | 32  # of gzip or zlib
_ENCODER: Final = simplejson.JSONEncoder(use_decimal=True, allow_nan=False, ensure_ascii=False)
_ESCAPING_ENCODER: Final = simplejson.JSONEncoder(use_decimal=True, allow_nan=False)

_FAULTS: Final[tuple[tuple[str, str, tuple[type[Exception], ...]], ...]] = (
    (
        UNREACHED,
        "can't be reached: {error}",
        (httpcore.ConnectError, httpcore.ConnectTimeout),
    ),
    (UNREACHED, "does not let the call through: {error}", (httpcore.ProxyError,)),
    (TIMED_OUT, "gave no response in {timeout:g} s", (httpcore.TimeoutException,)),
    (CUT_OFF, "broke the connection: {error}", (httpcore.NetworkError, httpcore.ProtocolError)),
)
DEEPEST: Final = 100
"""The levels that a JSON body may be nested; a deeper one is not read."""
_MOST_DIGITS: Final = 1000  # of a number, also as its exponent

TRANSPORT_ERRORS: Final = tuple(error for _, _, errors in _FAULTS for error in errors)
"""What is raised if there is no response; ``fault_of`` returns the fault."""
_REFUSED_TLS: Final = (UNREACHED, "can't be reached: {error}")


def fault_of(error: Exception, timeout: float) -> Fault:
    """Return the fault that an error of the transport means; ``timeout`` is in seconds."""
    kind, text = next((kind, text) for kind, text, types in _FAULTS if isinstance(error, types))
    if _is_tls_alert(error):
        kind, text = _REFUSED_TLS
    cause = error.args[0] if error.args else None
    reason = (isinstance(cause, OSError) and cause.strerror) or str(error)
    if isinstance(cause, socket.gaierror):
        reason = f"this machine can't resolve the name: {reason}"
    return Fault(kind, one_line(REDACTION.shown(text.format(error=reason, timeout=timeout))))


def _is_tls_alert(error: BaseException) -> bool:
    """Return whether the other side refused the connection after the handshake, as TLS 1.3 may do."""
    cause = error.__cause__ or error.__context__
    return cause is not None and (
        (isinstance(cause, ssl.SSLError) and "ALERT" in (cause.reason or "")) or _is_tls_alert(cause)
    )


def headers_of(request: Request, *, keep_open: bool, host: str) -> list[tuple[bytes, bytes]]:
    """Return all headers of a request as bytes. There is no cookie, because it could replace a token."""
    headers = [
        ("Host", host),
        ("Accept", "application/json"),
        ("Accept-Encoding", "identity"),
        ("User-Agent", AGENT),
        *(((MANNER.id_header, request.id),) if request.id else ()),
        *request.headers,
        ("Connection", "keep-alive" if keep_open else "close"),
    ]
    if request.body is not None or request.method in _WITH_BODY:
        headers.append(("Content-Length", str(len(request.body or b""))))
    return [(name.encode("ascii"), _header_bytes(value)) for name, value in headers]


def _header_bytes(value: str) -> bytes:
    """Encode a header in Latin-1, as HTTP reads it, or in UTF-8 if Latin-1 does not have its characters."""
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        return value.encode("utf-8")


def response_of(status: int, reason: bytes, raw_headers: Iterable[tuple[bytes, bytes]], body: bytes) -> Response:
    """Return the response; from now on, the credentials that it issues are masked.

    A body that was compressed although nobody asked for it is decompressed.
    """
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in raw_headers)
    if any(name.lower() == "content-encoding" for name, _ in headers):
        body = _decompressed(httpx.Headers(list(headers))["content-encoding"], body)
    value = decoded(body)
    REDACTION.learn_issued(headers, body.decode("utf-8", "replace") if value is NOTHING else "", value)
    return Response(status, reason.decode("latin-1"), headers, body, value)


def _decompressed(codings: str, body: bytes) -> bytes:
    for coding in reversed(codings.lower().replace(" ", "").split(",")):
        if coding not in {"gzip", "x-gzip", "deflate"}:
            continue
        # "deflate" should have a zlib header, and often has none.
        has_header = coding != "deflate" or body[:1] == b"\x78"
        decompressor = zlib.decompressobj(_ANY_HEADER if has_header else -zlib.MAX_WBITS)
        try:
            body = decompressor.decompress(body, MOST_BYTES)
        except zlib.error as error:
            raise httpcore.RemoteProtocolError(f"the body is not {coding}: {error}") from None
        if not decompressor.eof:
            raise httpcore.RemoteProtocolError(f"the body ends too early, or is larger than {MOST_BYTES} bytes")
    return body


def decoded(body: bytes) -> Any:
    """Return the JSON value of a body with exact numbers; NOTHING if it is empty or not JSON in UTF-8.

    Nothing in a value can crash the suite: numbers are exact or unusable, texts can be written, the depth is limited.
    """
    if not body.strip():
        return NOTHING
    try:
        text = body.decode("utf-8")
        value = _DECODER.decode(text)
    except (ValueError, RecursionError):
        return NOTHING
    if text.count("[") + text.count("{") > DEEPEST and _is_deep(value):
        return NOTHING
    return _without_surrogates(value) if "\\ud" in text or "\\uD" in text else value


def _number(text: str) -> Decimal | int | UnusableNumber:
    if len(text) > _MOST_DIGITS:
        return UnusableNumber(text)
    if text.lstrip("-").isdigit():
        return int(text)
    try:
        value = Decimal(text)
    except InvalidOperation:  # an exponent beyond what decimal can store
        return UnusableNumber(text)
    if abs(value.adjusted()) <= _MOST_DIGITS:
        return value
    return UnusableNumber(text) if value else Decimal(0)


_DECODER: Final = simplejson.JSONDecoder(parse_float=_number, parse_int=_number, allow_nan=False)


def _is_deep(value: Any) -> bool:
    layer = [value]
    for _ in range(DEEPEST):
        parts = [each.values() if isinstance(each, dict) else each for each in layer if isinstance(each, dict | list)]
        layer = [inner for each in parts for inner in each]
    return any(isinstance(each, dict | list) for each in layer)


def _without_surrogates(value: Any) -> Any:
    """Return the value with the halves of a surrogate pair, which no text in UTF-8 can have, as U+FFFD."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_without_surrogates(each) for each in value]
    if isinstance(value, dict):
        return {_without_surrogates(name): _without_surrogates(each) for name, each in value.items()}
    return value


def encoded(body: Any) -> bytes:
    """Return a body as JSON in UTF-8, without escapes. A Decimal is written as a number with all its digits."""
    try:
        return _ENCODER.encode(body).encode("utf-8")
    except UnicodeEncodeError:  # half a surrogate pair
        return _ESCAPING_ENCODER.encode(body).encode("utf-8")


def in_escapes(text: str) -> str:
    """Return a text as JSON in which each UTF-16 unit is an escape: the same text."""
    units = text.encode("utf-16-be", "surrogatepass")
    return '"' + "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2)) + '"'
