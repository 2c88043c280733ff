"""Hostile input that must be rejected (contract.md X-1): valid calls with one thing wrong in their body."""

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import simplejson

from harness.client.calls import Call
from harness.contract.contract import Operation, documented
from harness.wire.messages import encoded

LEVELS: Final = 10_000
LARGE: Final = 5 * 1024 * 1024
_DIGITS: Final = 1000

_CASHBACK: Final = {"CashbackApply": True, "CashbackType": "Amount"}


@dataclass(frozen=True)
class Hostile:
    """A hostile call; ``what`` describes what is hostile about it.

    ``rejection_due``: it must be rejected, by ``clause``. ``drastic``: it may also be rejected by closing the
    connection. If it is accepted, ``moves`` says whether it moves the same money as a valid call (None: that or
    nothing), its response must show the texts in ``echo`` unchanged, and may show anything for the member ``absent``,
    which was sent as null.
    """

    call: Call
    what: str
    rejection_due: bool = True
    drastic: bool = False
    moves: bool | None = True
    absent: str = ""
    echo: Mapping[str, str] = field(default_factory=dict)
    clause: str = "X-1"


Fresh = Callable[[], Call]
"""Returns a valid call that was never sent, another one each time."""


def not_json(fresh: Fresh) -> Iterator[Hostile]:
    """Send nothing, an incomplete object, an extra comma, single quotes, comments, words, numbers as in code.

    Also a line break and a tab in a text, which JSON allows only as escapes.
    """
    call = fresh()
    whole = encoded(call.body)
    yield Hostile(call.sending(b""), "an empty body")
    yield Hostile(call.sending(whole[:-1]), "an object that is broken off")
    yield Hostile(call.sending(whole[:-1] + b",}"), "a comma too many")
    yield Hostile(call.sending(whole.replace(b'"', b"'")), "single quotes")
    yield Hostile(call.sending(whole[:-1] + b"/* a comment */}"), "a comment")
    yield Hostile(call.sending(whole[:-1] + b"// a comment\n}"), "a comment up to the end of a line")
    yield Hostile(call.sending(_with_extra(call, b'"a\nb"')), "a line break in a text")
    yield Hostile(call.sending(_with_extra(call, b'"a\tb"')), "a tab in a text")
    yield Hostile(call.sending(b"Hello, wallet"), "words")
    yield from _words(call, _operation(call).amounts, (b"+10", b"010", b"0x10", b"10.", b"1_0"))


def not_utf8(fresh: Fresh) -> Iterator[Hostile]:
    """Send a byte that is never in UTF-8, a letter in Latin-1, an encoded surrogate, and everything in UTF-16."""
    call = fresh()
    member = _operation(call).texts[0]
    yield Hostile(_with_literal(call, member, b'"\xff"'), f"the byte FF in {member}")
    for letter, what in ((b"caf\xe9 ", "Latin-1"), (b"\xed\xa0\x80", "a surrogate as bytes")):
        yield Hostile(call.sending(_with_extra(call, b'"' + letter + b'"')), what)
    yield Hostile(call.sending(simplejson.dumps(call.body, use_decimal=True).encode("utf-16")), "UTF-16")


def no_object(fresh: Fresh) -> Iterator[Hostile]:
    """Send JSON of every other type."""
    call = fresh()
    whole = encoded(call.body)
    yield Hostile(call.sending(b"[" + whole + b"]"), "a list with the object in it")
    yield Hostile(call.sending(encoded(whole.decode("utf-8"))), "a text with the object in it")
    for raw in (b"[]", b'"text"', b"null", b"7", b"true"):
        yield Hostile(call.sending(raw), raw.decode("ascii"))


def text_after(fresh: Fresh) -> Iterator[Hostile]:
    """Send the valid object, and more after it."""
    call = fresh()
    whole = encoded(call.body)
    for after, what in (
        (b" and more", "words"),
        (b"}", "a brace"),
        (b"\n" + whole, "the object again"),
        (b" // more", "a comment"),
        (b",1", "a 1"),
        (b"\f", "a form feed"),
        ("\u00a0".encode(), "a no-break space"),
    ):
        yield Hostile(call.sending(whole + after), f"{what} after the object")


def literals(*words: bytes) -> Callable[[Fresh], Iterator[Hostile]]:
    """Send a word that is not JSON: as each amount, or as the first member, and as an unknown member."""

    def carrying(fresh: Fresh) -> Iterator[Hostile]:
        call = fresh()
        yield from _words(call, _operation(call).amounts or tuple(call.body)[:1], words)
        for word in words:
            yield Hostile(_with_literal(call, "extra", word), f"{_shown(word)} as extra")

    return carrying


def amounts(*words: bytes) -> Callable[[Fresh], Iterator[Hostile]]:
    """Send a number or a text that is not an amount of money, as each amount."""

    def carrying(fresh: Fresh) -> Iterator[Hostile]:
        call = fresh()
        return _words(call, _operation(call).amounts, words)

    return carrying


def _words(call: Call, members: Iterable[str], words: Iterable[bytes]) -> Iterator[Hostile]:
    for member in members:
        for word in words:
            yield Hostile(_with_literal(call, member, word), f"{_shown(word)} as {member}")


def too_deep(fresh: Fresh) -> Iterator[Hostile]:
    """Send the valid object with an additional member of ten thousand levels: of lists, and of objects."""
    call = fresh()
    lists = b"[" * LEVELS + b"]" * LEVELS
    objects = b'{"a":' * LEVELS + b"1" + b"}" * LEVELS
    yield Hostile(call.sending(_with_extra(call, lists)), f"{LEVELS} lists in each other", drastic=True)
    yield Hostile(call.sending(_with_extra(call, objects)), f"{LEVELS} objects in each other", drastic=True)


def too_large(fresh: Fresh) -> Iterator[Hostile]:
    """Send the valid object with five megabytes of blanks, so that only its size is wrong."""
    call = fresh()
    yield Hostile(call.sending(encoded(call.body)[:-1] + b" " * LARGE + b"}"), "5 MB", drastic=True)


REJECTED_INPUT: Final[Mapping[str, Callable[[Fresh], Iterator[Hostile]]]] = {
    "not JSON": not_json,
    "not UTF-8": not_utf8,
    "not an object": no_object,
    "text after the object": text_after,
    "NaN or Infinity": literals(b"NaN", b"Infinity", b"-Infinity"),
    "1e400 or a thousand digits as an amount": amounts(b"1e400", b"-1E+400", b"1e999999", b"9" * _DIGITS),
    "an amount as text": amounts(b'"10"', b'"0.10"', b'"1e1"', b'" 10 "'),
    "10,000 levels": too_deep,
    "5 MB": too_large,
}
"""Input that must be rejected, in the words and the order of X-1."""


def _operation(call: Call) -> Operation:
    return documented().operations[call.operation]


def _with_extra(call: Call, value: bytes) -> bytes:
    return encoded(call.body)[:-1] + b', "extra": ' + value + b"}"


def _with_literal(call: Call, member: str, word: bytes) -> Call:
    placeholder = secrets.token_hex(12)
    along = _CASHBACK if member == "CashbackValue" else {}
    raw = encoded(call.having({**along, member: placeholder}).body)
    return call.sending(raw.replace(f'"{placeholder}"'.encode(), word))


def _shown(word: bytes) -> str:
    text = word.decode("ascii")
    return text if len(text) <= 20 else f"{text[:3]}... ({len(text)} digits)"
