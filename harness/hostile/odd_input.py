"""Odd input (contract.md X-1), which a platform may accept or reject, but never with a 5xx."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import cycle
from typing import Any, Final

import simplejson

from harness.client.unique import unique_hex
from harness.contract.contract import documented
from harness.hostile.rejected_input import Fresh, Hostile
from harness.wire.messages import encoded

_LONG: Final = 10 * 1024
_LONGER: Final = 62_000  # a text column often takes 64 kB


def twice(fresh: Fresh) -> Iterator[Hostile]:
    """Repeat each member with the same value, so that it does not matter which of the two is used."""
    for name in fresh().body:
        call = fresh()
        again = encoded({name: call.body[name]})
        yield Hostile(call.sending(again[:-1] + b"," + encoded(call.body)[1:]), f"{name} twice", rejection_due=False)


def other_types(fresh: Fresh) -> Iterator[Hostile]:
    for media in ("text/plain", "", "application/xml"):
        call = fresh()
        yield Hostile(call.sending(encoded(call.body), media), f"the Content-Type {media!r}", rejection_due=False)


def surrogates(fresh: Fresh) -> Iterator[Hostile]:
    """Send escaped halves of a surrogate pair. Their echo is not judged."""
    yield from (replace(odd, echo={}) for odd in _odd(fresh, ("\ud800", "\udc00", "\udc00\ud800")))


def null_byte(fresh: Fresh) -> Iterator[Hostile]:
    """Send a null byte, escaped and raw."""
    yield from _odd(fresh, ("\0",))
    for odd in _odd(fresh, ("\0",)):
        yield replace(odd, call=odd.call.sending((odd.call.raw or b"").replace(b"\\u0000", b"\0")), echo={})


def odd_texts(fresh: Fresh) -> Iterator[Hostile]:
    """Send any other odd text. If the response shows it, it must be unchanged."""
    yield from _odd(fresh, ODD_TEXTS)
    yield from _odd(fresh, TEXTS_OF_USUAL_LENGTHS, documented().operations[fresh().operation].texts)


ODD_TEXTS: Final = (
    # other scripts
    "محفظة \u202eعكس\u202c שלום",
    "👛🇧🇩👩\u200d👩\u200d👧\u200d👦",
    "e\u0301 é ﬁ Å İıſ ß",
    "\ufeff\u200b\u2028\u2029\u00a0",
    "  blanks  ",
    "line\r\nSet-Cookie: odd=1\tend\x7f",
    # attacks on a database, a page, a template, a file, a log
    "'; DROP TABLE wallets; --",
    "' OR '1'='1' --",
    '"><script>alert(1)</script>&lt;b&gt;',
    "{{7*7}} ${7*7} <%= 7*7 %> #{7*7}",
    "../../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "${jndi:ldap://127.0.0.1:9/a}",
    "%s%n%x {0} $(id) `id`",
    "\\u0041 \\x41 %41 \\",
    # 10 kB, and 62,000 characters
    "x" * _LONG,
    "ü" * (_LONG // 2),
    "z" * _LONGER,
)

TEXTS_OF_USUAL_LENGTHS: Final = ("usual " * 20, "usual " * 40)  # of 196 and 316 letters, as they are sent

ODD_INPUT: Final[Mapping[str, Callable[[Fresh], Iterator[Hostile]]]] = {
    "a member twice": twice,
    "another Content-Type": other_types,
    "half a surrogate pair": surrogates,
    "a null byte": null_byte,
    "odd texts": odd_texts,
}
"""Input that may be accepted or rejected."""


def _odd(fresh: Fresh, odd: tuple[str, ...], members: Sequence[str] = ()) -> Iterator[Hostile]:
    # Each text goes into these members. By default they are those that the response shows; if there are none, the
    # members take turns.
    base = fresh()
    operation = documented().operations[base.operation]
    shown = operation.echoes
    turns = cycle(operation.texts)
    for text in odd:
        for member in members or shown or (next(turns),):
            moves = member not in operation.identifiers
            # A call with an unknown name has no effect, so it can be repeated.
            call = fresh() if moves else base
            # With a new part: a platform may reject a text that it already has.
            sent = f"{text}{unique_hex(12)}{text[:64]}"
            raw = _readable(call.having({member: sent}).body)
            what = f"{text[:40]!a} in {member}"
            echo = {member: sent} if member in shown else {}
            yield Hostile(call.sending(raw), what, rejection_due=False, moves=moves, echo=echo)


def _readable(body: Any) -> bytes:
    """Return the body as most clients write it: only what must be escaped is escaped."""
    try:
        return simplejson.dumps(body, use_decimal=True, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return encoded(body)
