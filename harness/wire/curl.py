"""A curl line that repeats a call. Credentials are environment variables, or masked."""

from codecs import getincrementaldecoder
from collections.abc import Mapping
from typing import Final

from harness.foreign_text import shell_bytes, shell_word
from harness.wire.exchange import Request
from harness.wire.redaction import REDACTION

_LONGEST_BODY: Final = 2000
_LONGEST_SEARCHED: Final = 64 * 1024


def curl_line(request: Request, variables: Mapping[str, str]) -> str:
    """Return the request as one curl command; ``variables`` gives the environment variable of a secret."""
    parts = ["curl", "-i", "-X", request.method, shell_word(REDACTION.mask(request.url))]
    for name, value in request.headers:
        parts += ["-H", _header(name, value, variables)]
    if request.body is not None:
        parts += ["--data-raw", _body(request.body)]
    return " ".join(parts)


def _header(name: str, value: str, variables: Mapping[str, str]) -> str:
    for secret, variable in variables.items():
        if value == secret:
            return f'"{name}: ${variable}"'
    return shell_word(f"{name}: {REDACTION.mask_header(name, value)}")


def _body(body: bytes) -> str:
    # Only the beginning of a large body is shown, so only the beginning is searched for secrets.
    try:
        # Incremental, because the cut may be in the middle of a character.
        whole = len(body) <= _LONGEST_SEARCHED
        beginning = getincrementaldecoder("utf-8")().decode(body[:_LONGEST_SEARCHED], final=whole)
        text = REDACTION.mask_body(beginning)
    except UnicodeDecodeError:
        shown = shell_bytes(body[:_LONGEST_BODY])
        return shown if len(body) <= _LONGEST_BODY else f"{shown} # {len(body)} bytes"
    if len(text) > _LONGEST_BODY:
        return f"{shell_word(text[:80] + '...')} # {len(body)} bytes"
    return shell_word(text)
