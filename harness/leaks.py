"""What no answer may hold (contract.md X-2): a credential that was sent, and the platform's internals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, Final

import simplejson

from harness.exchange import NOTHING, Answer, Exchange
from harness.failures import Finding

_SURE_LENGTH: Final = 12
_SHORTEST: Final = 6
_SHORTEST_ECHO: Final = 3


def leaks(
    exchange: Exchange, sent: Iterable[str], patterns: tuple[str, ...], echoes: Iterable[str]
) -> tuple[Finding, ...]:
    """Findings for one answer: ``sent`` are the credentials; ``echoes`` the request's texts, which may come back."""
    if exchange.answer is None:
        return ()
    found = list(_credentials(exchange.answer, tuple(sent)))
    text = _text(exchange.answer)
    match = _any_of(patterns).search(text) if patterns else None
    if match and (match := _any_of(patterns).search(_without(text, echoes))):
        found.append(Finding("body or headers", "nothing of the platform's internals", repr(match.group(0)[:120])))
    return tuple(found)


def texts_in(value: Any) -> Iterator[str]:
    """Every text in a JSON value, the names of its members too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, item in value.items():
            yield name
            yield from texts_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts_in(item)


def _credentials(answer: Answer, sent: tuple[str, ...]) -> Iterator[Finding]:
    body = answer.body.decode("utf-8", "replace")
    for secret in dict.fromkeys(sent):
        if any(_holds(value, secret) for _, value in answer.headers):
            yield Finding("headers", "no credential that was sent", "one of the credentials of the call")
        elif _holds(body, secret) or ("\\" in body and any(_holds(text, secret) for text in texts_in(answer.json))):
            yield Finding("body", "no credential that was sent", "one of the credentials of the call")


def _holds(text: str, secret: str) -> bool:
    # A short credential ("7") stands in many an amount by chance: it counts as a word of its own only.
    if len(secret) < _SHORTEST or secret not in text:
        return False
    if len(secret) >= _SURE_LENGTH:
        return True
    return re.search(rf"(?<![A-Za-z0-9]){re.escape(secret)}(?![A-Za-z0-9])", text) is not None


def _text(answer: Answer) -> str:
    headers = "\n".join(value for _, value in answer.headers)
    if answer.json is NOTHING:
        return f"{headers}\n{answer.body.decode('utf-8', 'replace')}"
    # The texts as they read, so that an escaped line break or backslash hides nothing.
    return "\n".join((headers, *texts_in(answer.json)))


def _without(text: str, echoes: Iterable[str]) -> str:
    for echo in sorted((echo for echo in echoes if len(echo) >= _SHORTEST_ECHO), key=len, reverse=True):
        for form in (echo, simplejson.dumps(echo)[1:-1]):
            text = text.replace(form, " ")
    return text


@lru_cache
def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
