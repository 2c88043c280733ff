"""Hostile input (contract.md X-1): proper calls with one thing about their body made wrong, odd or malicious."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import simplejson

from harness.calls import Call
from harness.channel import encoded

LEVELS: Final = 10_000
LARGE: Final = 5 * 1024 * 1024
_DIGITS: Final = 1000
_LONG: Final = 10 * 1024

AMOUNTS: Final[Mapping[str, tuple[str, ...]]] = {
    "createPurchase": ("amount",),
    "createPayment": ("paymentAmount",),
    "purchaseByAlias": ("Amount", "CashbackValue"),
    "depositByAlias": ("Amount",),
    "createGiftByAlias": ("Amount",),
}
"""The members that are amounts of money, by operation; every other operation with a body has none."""

TEXTS: Final[Mapping[str, tuple[str, ...]]] = {
    "authenticateWallet": ("externalReferenceId",),
    "createPurchase": ("description", "billingAddress"),
    "openPurchaseSession": ("countryCode",),
    "confirmPurchase": ("paymentSessionId", "paymentSessionDetails.selectedPaymentMethod"),
    "openPaymentSession": ("walletAccountId",),
    "createPayment": ("description",),
    "purchaseByAlias": ("Description", "ExternalReference"),
    "createWallet": ("Name", "Description"),
    "depositByAlias": ("Description", "ExternalReference"),
    "createGiftByAlias": ("Description", "ExternalReference"),
    "cancelPurchase": ("ExternalReference",),
    "refundPurchase": ("ExternalReference",),
}
"""Where odd text goes: free text, or where an operation has none, an id that then names nothing."""

NAMING: Final[Mapping[str, tuple[str, ...]]] = {
    "confirmPurchase": (
        "paymentSessionId",
        "paymentSessionDetails.selectedPaymentMethod",
        "paymentSessionDetails.selectedPaymentInstrumentId",
        "walletId",
    ),
    "purchaseByAlias": ("Alias",),
    "depositByAlias": ("Alias",),
    "createGiftByAlias": ("Alias",),
    "cancelPurchase": ("ExternalReference",),
    "refundPurchase": ("ExternalReference",),
}
"""The members that name whose money moves: with a text that names nobody, none of ours may."""

ECHOED: Final[Mapping[str, tuple[str, ...]]] = {
    "purchaseByAlias": ("Description", "ExternalReference"),
    "createGiftByAlias": ("Description",),
    "createWallet": ("Name",),
}
"""The members of an answer that show a text of the request (contract.md T-2 and T-8)."""

_CASHBACK: Final = {"CashbackApply": True, "CashbackType": "Amount"}


@dataclass(frozen=True)
class Hostile:
    """A hostile call and what is hostile about it.

    ``drastic`` is for what may also be refused by closing the connection; ``moves`` says that an accepted call moves
    what a proper one does; ``echo`` holds the texts that an accepted call must show as they were sent.
    """

    call: Call
    what: str
    drastic: bool = False
    moves: bool = True
    echo: Mapping[str, str] = field(default_factory=dict)


Fresh = Callable[[], Call]
"""Gives a proper call that was never sent, each time another."""


# What must be refused


def not_json(fresh: Fresh) -> Iterator[Hostile]:
    """Broken off, with a comma too many, in single quotes, and no JSON at all."""
    call = fresh()
    whole = encoded(call.body)
    yield Hostile(call.sending(whole[:-1]), "an object that is broken off")
    yield Hostile(call.sending(whole[: len(whole) // 2]), "half an object")
    yield Hostile(call.sending(whole[:-1] + b",}"), "a comma too many")
    yield Hostile(call.sending(whole.replace(b'"', b"'")), "single quotes")
    yield Hostile(call.sending(b"Hello, wallet"), "words")


def empty(fresh: Fresh) -> Iterator[Hostile]:
    """Nothing, and nothing but blanks."""
    yield Hostile(fresh().sending(b""), "an empty body")
    yield Hostile(fresh().sending(b" \r\n\t "), "a body of blanks")


def not_utf8(fresh: Fresh) -> Iterator[Hostile]:
    """A byte that no text in UTF-8 has, a letter in Latin-1, a surrogate in bytes, and the whole in UTF-16."""
    call = fresh()
    for letter, what in ((b"\xff", "the byte FF"), (b"caf\xe9 ", "Latin-1"), (b"\xed\xa0\x80", "a surrogate as bytes")):
        yield Hostile(call.sending(_with_extra(call, b'"' + letter + b'"')), what)
    yield Hostile(call.sending(simplejson.dumps(call.body, use_decimal=True).encode("utf-16")), "UTF-16")


def no_object(fresh: Fresh) -> Iterator[Hostile]:
    """JSON of every other type."""
    call = fresh()
    whole = encoded(call.body)
    yield Hostile(call.sending(b"[" + whole + b"]"), "a list with the object in it")
    yield Hostile(call.sending(encoded(whole.decode("utf-8"))), "a text with the object in it")
    for raw in (b"[]", b'"text"', b"null", b"7", b"true"):
        yield Hostile(call.sending(raw), raw.decode("ascii"))


def text_after(fresh: Fresh) -> Iterator[Hostile]:
    """The proper object, and then more."""
    call = fresh()
    whole = encoded(call.body)
    for after, what in ((b" and more", "words"), (b"}", "a brace"), (b"\n" + whole, "the object again"), (b",1", "a 1")):
        yield Hostile(call.sending(whole + after), f"{what} after the object")


def literals(*words: bytes) -> Callable[[Fresh], Iterator[Hostile]]:
    """A word where a number should stand: as the amount, or where there is none, in place of each member's value."""

    def carrying(fresh: Fresh) -> Iterator[Hostile]:
        call = fresh()
        for member in AMOUNTS.get(call.operation, tuple(call.body)):
            for word in words:
                yield Hostile(_with_literal(call, member, word), f"{_shown(word)} as {member}")

    return carrying


def amounts(*words: bytes) -> Callable[[Fresh], Iterator[Hostile]]:
    """A number, or a text, that is no amount of money, as each amount."""

    def carrying(fresh: Fresh) -> Iterator[Hostile]:
        call = fresh()
        for member in AMOUNTS[call.operation]:
            for word in words:
                yield Hostile(_with_literal(call, member, word), f"{_shown(word)} as {member}")

    return carrying


def too_deep(fresh: Fresh) -> Iterator[Hostile]:
    """The proper object with one member more, ten thousand levels deep: in lists, and in objects."""
    call = fresh()
    lists = b"[" * LEVELS + b"]" * LEVELS
    objects = b'{"a":' * LEVELS + b"1" + b"}" * LEVELS
    yield Hostile(call.sending(_with_extra(call, lists)), f"{LEVELS} lists in each other", drastic=True)
    yield Hostile(call.sending(_with_extra(call, objects)), f"{LEVELS} objects in each other", drastic=True)


def too_large(fresh: Fresh) -> Iterator[Hostile]:
    """The proper object with one member more, of five megabytes."""
    call = fresh()
    yield Hostile(call.sending(_with_extra(call, b'"' + b"x" * LARGE + b'"')), "5 MB", drastic=True)


REFUSED: Final[Mapping[str, Callable[[Fresh], Iterator[Hostile]]]] = {
    "what is not JSON": not_json,
    "an empty body": empty,
    "bytes that are not UTF-8": not_utf8,
    "what is no object": no_object,
    "text after the object": text_after,
    "NaN": literals(b"NaN"),
    "Infinity": literals(b"Infinity", b"-Infinity"),
    "1e400 as an amount": amounts(b"1e400", b"-1E+400", b"1e999999"),
    "a thousand digits as an amount": amounts(b"9" * _DIGITS, b"1" + b"0" * (_DIGITS - 1)),
    "an amount as text": amounts(b'"10"', b'"0.10"', b'"1e1"', b'" 10 "'),
    "10,000 levels": too_deep,
    "5 MB": too_large,
}
"""What X-1 lists as to be refused, in its words and order."""


# What may be either


def twice(fresh: Fresh) -> Iterator[Hostile]:
    """Each member a second time with the same value, so that it is all the same which of the two is taken."""
    for name in fresh().body:
        call = fresh()
        again = encoded({name: call.body[name]})
        yield Hostile(call.sending(again[:-1] + b"," + encoded(call.body)[1:]), f"{name} twice")


def other_types(fresh: Fresh) -> Iterator[Hostile]:
    """The proper object, said to be something else."""
    for media in ("text/plain", "", "application/xml", "multipart/form-data", "no type at all"):
        call = fresh()
        yield Hostile(call.sending(encoded(call.body), media), f"the Content-Type {media!r}")


def surrogates(fresh: Fresh) -> Iterator[Hostile]:
    """Halves of a surrogate pair, escaped; what becomes of them when they are echoed is not judged."""
    yield from (replace(odd, echo={}) for odd in _odd(fresh, ("\ud800", "\udc00", "\udc00\ud800")))


def null_byte(fresh: Fresh) -> Iterator[Hostile]:
    """A null byte, escaped and as it is."""
    yield from _odd(fresh, ("\0",))
    for odd in _odd(fresh, ("\0",)):
        yield replace(odd, call=odd.call.sending((odd.call.raw or b"").replace(b"\\u0000", b"\0")), echo={})


def texts(*odd: str) -> Callable[[Fresh], Iterator[Hostile]]:
    """Each of these texts, in each member that takes one."""
    return lambda fresh: _odd(fresh, odd)


EITHER: Final[Mapping[str, Callable[[Fresh], Iterator[Hostile]]]] = {
    "a member twice": twice,
    "another Content-Type": other_types,
    "half a surrogate pair": surrogates,
    "a null byte": null_byte,
    "the writing of other lands": texts(
        "محفظة \u202eعكس\u202c שלום",
        "👛🇧🇩👩\u200d👩\u200d👧\u200d👦",
        "e\u0301 é ﬁ Å İıſ ß",
        "\ufeff\u200b\u2028\u2029\u00a0",
        "  blanks  ",
        "line\r\nSet-Cookie: odd=1\tend\x7f",
    ),
    "an attack on what reads it": texts(
        "'; DROP TABLE wallets; --",
        "' OR '1'='1' --",
        '"><script>alert(1)</script>&lt;b&gt;',
        "{{7*7}} ${7*7} <%= 7*7 %> #{7*7}",
        "../../../../etc/passwd",
        "..\\..\\windows\\win.ini",
        "${jndi:ldap://127.0.0.1:9/a}",
        "%s%n%x {0} $(id) `id`",
        "\\u0041 \\x41 %41 \\",
    ),
    "a text of 10 kB": texts("x" * _LONG, "ü" * (_LONG // 2)),
}
"""What X-1 says may be either accepted or refused, but never with a 5xx."""


def _odd(fresh: Fresh, odd: tuple[str, ...]) -> Iterator[Hostile]:
    # With a part that was never sent: that a text is there already is a reason of its own to refuse it.
    for text in odd:
        for member in TEXTS[fresh().operation]:
            call = fresh()
            sent = f"{text}{secrets.token_hex(6)}{text[:64]}"
            raw = _readable(call.having({member: sent}).body)
            echo = {member: sent} if member in ECHOED.get(call.operation, ()) else {}
            moves = member not in NAMING.get(call.operation, ())
            yield Hostile(call.sending(raw), f"{ascii(text[:40])} in {member}", moves=moves, echo=echo)


def _readable(body: Any) -> bytes:
    """The body as most clients write it: letters as they are, and escaped only what must be."""
    try:
        return simplejson.dumps(body, use_decimal=True, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return encoded(body)


def _with_extra(call: Call, value: bytes) -> bytes:
    return encoded(call.body)[:-1] + b', "extra": ' + value + b"}"


def _with_literal(call: Call, member: str, word: bytes) -> Call:
    placeholder = secrets.token_hex(12)
    along = _CASHBACK if member == "CashbackValue" else {}
    raw = encoded(call.having({**along, member: placeholder}).body)
    return call.sending(raw.replace(f'"{placeholder}"'.encode(), word))


def _shown(word: bytes) -> str:
    text = word.decode("ascii")
    return text if len(text) <= 20 else f"{text[:3]}... ({len(text)} digits)"  # noqa: PLR2004 - as fits a line
