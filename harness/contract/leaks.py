"""Finds forbidden content in a response (contract.md X-2): sent credentials, and internals of the platform."""

import html
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, Final
from urllib.parse import unquote_plus

from harness.failures import Finding
from harness.wire.exchange import NOTHING, Exchange
from harness.wire.redaction import forms_of, is_searchable

_SURE_LENGTH: Final = 12
_SHORTEST_ECHO: Final = 3
_SHORT: Final = 40
_WIDTH: Final = 120
_CREDENTIAL: Final = "one of the credentials of the call"


class SentTexts:
    """The texts that this run has sent and that look like internals: a platform may return them in any response."""

    def __init__(self, patterns: tuple[str, ...], known: Iterable[str]) -> None:
        """``known`` are texts that another process of this run, or an earlier run, may have sent."""
        self._patterns = patterns
        self._new: list[str] = list(known)
        self._suspicious: set[str] = set()

    def add(self, texts: Iterable[str]) -> None:
        self._new += texts

    def suspicious(self) -> frozenset[str]:
        """The texts that match a pattern; they are compared only when a response needs it."""
        self._suspicious.update(text for text in set(self._new) if _suspicious(self._patterns, text))
        self._new.clear()
        return frozenset(self._suspicious)


def leaks(
    exchange: Exchange, sent: Iterable[str], patterns: tuple[str, ...], echoes: Iterable[str], run: SentTexts
) -> tuple[Finding, ...]:
    """Return what one response reveals: ``sent`` are the credentials, ``echoes`` the texts of its request.

    The texts in ``echoes``, and those that this ``run`` sent before, may come back. ``echoes`` is read only if
    something was found.
    """
    response = exchange.response
    if response is None:
        return ()
    headers = "\n".join(value for _, value in response.headers)
    body = response.body.decode("utf-8", "replace")
    carried = tuple(_credentials(headers, body, response.json, tuple(filter(is_searchable, dict.fromkeys(sent)))))
    # Without escapes, so that an escaped line break or backslash hides nothing.
    in_body = (body, html.unescape(body)) if response.json is NOTHING else dict.fromkeys(texts_in(response.json))
    texts = (*(value for _, value in response.headers), *in_body)
    suspicious = bool(patterns) and any(_suspicious(patterns, text) for text in texts)
    if not carried and not suspicious:
        return ()
    own = frozenset(echoes)
    # A credential that is also sent as something else, such as an id, is not secret.
    found = [
        Finding(where, "no credential that was sent", _CREDENTIAL, outcome="without credentials")
        for secret, where in carried
        if secret not in own
    ]
    internal = _internal("\n".join(texts), patterns, own | run.suspicious()) if suspicious else ""
    if internal:
        words = "nothing of the platform's internals"
        found.append(Finding("body or headers", words, repr(internal[:_WIDTH]), outcome="without internals"))
    return tuple(found)


def texts_in(value: Any) -> Iterator[str]:
    """Return every text in a JSON value, including the names of members."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, item in value.items():
            yield name
            yield from texts_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts_in(item)


def _credentials(headers: str, body: str, json: Any, sent: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    unescaped = body.replace("\\", "") if json is NOTHING else "\n".join(texts_in(json))
    in_headers, in_body = _readings(headers), (*_readings(body), unescaped)
    for secret in sent:
        if any(_holds(text, secret) for text in in_headers):
            yield secret, "headers"
        elif any(_holds(text, secret) for text in in_body):
            yield secret, "body"


def _readings(text: str) -> tuple[str, ...]:
    """Return the text, and the text without the escapes of a URL or a page."""
    return text, unquote_plus(text), html.unescape(text)


def _holds(text: str, secret: str) -> bool:
    # A short credential ("7") occurs in amounts and ids by chance, so it must be a word of its own.
    if secret not in text:
        return False
    if len(secret) >= _SURE_LENGTH:
        return True
    return re.search(rf"(?<![\w-]){re.escape(secret)}(?![\w-])", text) is not None


def _internal(text: str, patterns: tuple[str, ...], own: Iterable[str]) -> str:
    """Return the first internal part of a text that the run did not send; empty if there is none."""
    longest_first = sorted((echo for echo in own if len(echo) >= _SHORTEST_ECHO), key=len, reverse=True)
    forms = tuple(form for echo in longest_first for form in forms_of(echo))
    # An echo may be complete, so it is removed before the search, or cut.
    for form in forms:
        text = text.replace(form, " ")
    found = (match.group(0) for match in _any_of(patterns).finditer(text))
    return next((match for match in found if not any(match in form for form in forms)), "")


def _suspicious(patterns: tuple[str, ...], text: str) -> bool:
    """Return whether a text matches a pattern. Short texts occur often, so their result is cached."""
    return _seen(patterns, text) if len(text) <= _SHORT else _holds_any(patterns, text)


@lru_cache(maxsize=10_000)
def _seen(patterns: tuple[str, ...], text: str) -> bool:
    return _holds_any(patterns, text)


def _holds_any(patterns: tuple[str, ...], text: str) -> bool:
    # On a line of its own, as in the joined texts of a response.
    return _any_of(patterns).search(f"\n{text}") is not None


@lru_cache
def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
