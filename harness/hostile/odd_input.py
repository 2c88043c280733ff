"""Odd input (contract.md X-1), which a platform may take or reject, as long as it withstands it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import cycle
from typing import Any, Final

import simplejson

from harness.contract.contract import documented
from harness.hostile.rejected_input import Fresh, Hostile
from harness.wire.messages import encoded

_LONG: Final = 10 * 1024


def twice(fresh: Fresh) -> Iterator[Hostile]:
    """Each member a second time with the same value, so that it is all the same which of the two is taken."""
    for name in fresh().body:
        call = fresh()
        again = encoded({name: call.body[name]})
        yield Hostile(call.sending(again[:-1] + b"," + encoded(call.body)[1:]), f"{name} twice", rejection_due=False)


def other_types(fresh: Fresh) -> Iterator[Hostile]:
    """The proper object, said to be something else."""
    for media in ("text/plain", "", "application/xml"):
        call = fresh()
        yield Hostile(call.sending(encoded(call.body), media), f"the Content-Type {media!r}", rejection_due=False)


def surrogates(fresh: Fresh) -> Iterator[Hostile]:
    """Halves of a surrogate pair, escaped; what becomes of them when they are echoed is not judged."""
    yield from (replace(odd, echo={}) for odd in _odd(fresh, ("\ud800", "\udc00", "\udc00\ud800")))


def null_byte(fresh: Fresh) -> Iterator[Hostile]:
    """A null byte, escaped and as it is."""
    yield from _odd(fresh, ("\0",))
    for odd in _odd(fresh, ("\0",)):
        yield replace(odd, call=odd.call.sending((odd.call.raw or b"").replace(b"\\u0000", b"\0")), echo={})


def odd_texts(fresh: Fresh) -> Iterator[Hostile]:
    """Any other odd text: it must come back as it was sent, if a response shows it."""
    return _odd(fresh, ODD_TEXTS)


ODD_TEXTS: Final = (
    # the writing of other lands
    "محفظة \u202eعكس\u202c שלום",
    "👛🇧🇩👩\u200d👩\u200d👧\u200d👦",
    "e\u0301 é ﬁ Å İıſ ß",
    "\ufeff\u200b\u2028\u2029\u00a0",
    "  blanks  ",
    "line\r\nSet-Cookie: odd=1\tend\x7f",
    # what attacks a database, a page, a template, a file, a log
    "'; DROP TABLE wallets; --",
    "' OR '1'='1' --",
    '"><script>alert(1)</script>&lt;b&gt;',
    "{{7*7}} ${7*7} <%= 7*7 %> #{7*7}",
    "../../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "${jndi:ldap://127.0.0.1:9/a}",
    "%s%n%x {0} $(id) `id`",
    "\\u0041 \\x41 %41 \\",
    # 10 kB
    "x" * _LONG,
    "ü" * (_LONG // 2),
)

EITHER: Final[Mapping[str, Callable[[Fresh], Iterator[Hostile]]]] = {
    "a member twice": twice,
    "another Content-Type": other_types,
    "half a surrogate pair": surrogates,
    "a null byte": null_byte,
    "odd texts": odd_texts,
}
"""What X-1 says may be either accepted or rejected, but never with a 5xx."""


def _odd(fresh: Fresh, odd: tuple[str, ...]) -> Iterator[Hostile]:
    # If the response shows a text, each goes into each member that is shown; else the members take turns.
    base = fresh()
    operation = documented().operations[base.operation]
    shown = operation.echoes
    turns = cycle(operation.texts)
    for text in odd:
        for member in shown or (next(turns),):
            moves = member not in operation.identifiers
            # A call that names nobody is never used up.
            call = fresh() if moves else base
            # With a part that was never sent: that a text is there already is a reason of its own to reject it.
            sent = f"{text}{secrets.token_hex(6)}{text[:64]}"
            raw = _readable(call.having({member: sent}).body)
            what = f"{text[:40]!a} in {member}"
            echo = {member: sent} if member in shown else {}
            yield Hostile(call.sending(raw), what, rejection_due=False, moves=moves, echo=echo)


def _readable(body: Any) -> bytes:
    """The body as most clients write it: letters as they are, and escaped only what must be."""
    try:
        return simplejson.dumps(body, use_decimal=True, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return encoded(body)
