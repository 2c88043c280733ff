"""Finds secrets in a text: in whole or in part, and in every form in which a platform or a tool may show them."""

import base64
import html
import re
import sys
from collections.abc import Iterator
from typing import Final

LEAST: Final = 9
"""The shortest part of a secret that is found. In base64 and hexadecimal, it is longer in the same proportion.

Otherwise the digits of a time would often be a part of some token in hexadecimal.
"""
_LEAST_IN_BASE64: Final = LEAST * 4 // 3
_LEAST_IN_HEX: Final = LEAST * 2
_GRAM: Final = 4
# Each form is known by every third of its grams. A text is searched at every second place. So any nine bytes of a form
# that occur in a text have at least one gram that is both known and looked at.
_STRIDE: Final = 3
_MOST_SHARING: Final = 8  # forms remembered for one gram: tokens often begin alike
_ROUNDS: Final = 3  # of escapes within escapes: JSON in a page in JSON

_ESCAPE: Final = re.compile(
    rb"%(?:25)*(?P<percent>[0-9a-f]{2})"
    rb"|&(?:amp;)*(?:#x0*(?P<hexadecimal>[0-9a-f]{1,6});?|#0*(?P<decimal>[0-9]{1,7});?|(?P<named>[a-z][a-z0-9]{1,31};))"
    rb"|\\+u(?P<pair>d[89ab][0-9a-f]{2}\\+ud[c-f][0-9a-f]{2})"
    rb"|\\+(?:u\{0*(?P<braced>[0-9a-f]{1,6})\}|u(?P<unicode>[0-9a-f]{4})|x(?P<byte>[0-9a-f]{2}))"
    rb"|\\+(?P<itself>.?)",
    re.IGNORECASE | re.DOTALL,
)
_NUMBERED: Final = re.compile(rb"\\[ux]", re.IGNORECASE)
_QUOTED_PRINTABLE: Final = re.compile(rb"=(?:(?P<byte>[0-9a-f]{2})|[ \t]*(?:\r?\n|(?:\\+r)?\\+n))", re.IGNORECASE)


class SecretIndex:
    """The secrets that are known. ``replaced`` does not become slower with their number."""

    def __init__(self) -> None:
        self._grams: set[int] = set()
        self._forms: dict[int, tuple[tuple[bytes, int], ...]] = {}
        self._public = b""

    def add(self, secret: str) -> None:
        for form, least in forms(secret):
            stride = _STRIDE if len(form) >= LEAST else 1
            for at in range(0, len(form) - _GRAM + 1, stride):
                gram = int.from_bytes(form[at : at + _GRAM], sys.byteorder)
                known = self._forms.get(gram, ())
                if len(known) < _MOST_SHARING and (form, least) not in known:
                    self._forms[gram] = (*known, (form, least))
                self._grams.add(gram)

    def add_public(self, text: str) -> None:
        """Do not mask a part of a secret that also occurs in this text: ``walletapi`` reveals nothing about a key.

        Case does not matter.
        """
        self._public += text.encode("utf-8", "surrogatepass").lower() + b"\n"

    def replaced(self, text: str, mask: str) -> str:
        """Return the text with every secret, and every part of one of at least nine characters, replaced."""
        if not self._grams or not text:
            return text
        raw, with_mask = text.encode("utf-8", "surrogatepass"), mask.encode()
        found = self._without(raw, with_mask)
        return text if found is raw else found.decode("utf-8", "surrogatepass")

    def _without(self, raw: bytes, mask: bytes) -> bytes:
        escaped = b"%" in raw or b"&" in raw
        if escaped or b"\\" not in raw:
            raw = self._masked(raw, (), mask)
        if escaped or b"\\" in raw:
            raw = self._masked(raw, (_ESCAPE,) * _ROUNDS, mask)
        if b"=" in raw and _QUOTED_PRINTABLE.search(raw):
            raw = self._masked(raw, (_QUOTED_PRINTABLE, _ESCAPE), mask)
        return raw

    def _masked(self, raw: bytes, escapes: tuple[re.Pattern[bytes], ...], mask: bytes) -> bytes:
        text, rounds = raw, 0
        for escape in escapes:
            if (unescaped := _unescaped(text, escape)) == text:
                break
            text, rounds = unescaped, rounds + 1
        spans = self._spans(text)
        if not spans:
            return raw
        text, places = raw, list(range(len(raw) + 1))
        for escape in escapes[:rounds]:
            text, places = _unescaped_with_places(text, places, escape)
        parts, end = [], 0
        for first, last in spans:
            begin = _boundary(raw, places[first], -1)
            if begin >= end:
                parts += [raw[end:begin], mask]
            end = max(end, _boundary(raw, places[last], 1))
        return b"".join((*parts, raw[end:]))

    def _spans(self, text: bytes) -> list[tuple[int, int]]:
        words = len(text) // _GRAM + 1
        view = memoryview(text + bytes(words * _GRAM + 2 - len(text)))
        windows = (view[: words * _GRAM].cast("I"), view[2 : words * _GRAM + 2].cast("I"))
        met = self._grams.intersection(windows[0]) | self._grams.intersection(windows[1])
        if not met:
            return []
        places = sorted(place for gram in met for place in _places(text, gram.to_bytes(_GRAM, sys.byteorder)))
        spans: list[tuple[int, int]] = []
        for place in places:
            if (not spans or place + _GRAM > spans[-1][1]) and (span := self._span(text, place)):
                spans.append(span)
        return sorted(spans)

    def _span(self, text: bytes, place: int) -> tuple[int, int] | None:
        """Return the longest part of a secret around this place of a text; None if it is too short to matter."""
        gram = text[place : place + _GRAM]
        before, after = text[max(place - 2, 0) : place], text[place + _GRAM : place + _GRAM + 2]
        best: tuple[int, int] | None = None
        for form, least in self._forms.get(int.from_bytes(gram, sys.byteorder), ()):
            for at in _places(form, gram):
                # Most grams occur by chance. A part has two more characters on one side at least.
                if after != form[at + _GRAM : at + _GRAM + 2] and before != form[max(at - 2, 0) : at]:
                    continue
                first = _same(text, place, form, at, -1)
                last = _same(text, place + _GRAM - 1, form, at + _GRAM - 1, 1) + 1
                length = last - first
                if length < min(least, len(form)) or (best and length <= best[1] - best[0]):
                    continue
                if length == len(form) or text[first:last].lower() not in self._public:
                    best = first, last
        return best


def forms(secret: str) -> Iterator[tuple[bytes, int]]:
    """Yield a secret without escapes, in base64 at each of three places in a longer text, and in hexadecimal.

    Each form comes with the length of the shortest part that is searched for.
    """
    raw = secret.encode("utf-8", "surrogatepass")
    plain = raw
    for _ in range(_ROUNDS):
        plain = _unescaped(plain, _ESCAPE)
    encoded = {raw.hex().encode(): _LEAST_IN_HEX, raw.hex().upper().encode(): _LEAST_IN_HEX}
    for before in range(3):
        # Only the characters that depend on nothing but the secret.
        whole = base64.b64encode(bytes(before) + raw)
        inner = whole[(before * 8 + 5) // 6 : (before + len(raw)) * 8 // 6]
        encoded |= dict.fromkeys((inner, inner.translate(bytes.maketrans(b"+/", b"-_"))), _LEAST_IN_BASE64)
    encoded |= dict.fromkeys((raw, plain, raw.replace(b" ", b"+")), LEAST)
    yield from ((form, least) for form, least in encoded.items() if len(form) >= _GRAM)


def _value(match: re.Match[bytes]) -> bytes:
    """Return the bytes that an escape stands for, in UTF-8."""
    kind = match.lastgroup
    if kind is None:  # a line break of quoted-printable
        return b""
    digits = match[kind]
    if kind in ("percent", "byte"):
        return bytes.fromhex(digits.decode())
    if kind == "named":
        name = f"&{digits.decode()}"
        character = html.unescape(name)
        return match[0] if character == name else character.encode()
    if kind == "pair":
        halves = re.findall(rb"d[0-9a-f]{3}", digits, re.IGNORECASE)
        return b"".join(map(bytes.fromhex, (half.decode() for half in halves))).decode("utf-16-be").encode()
    if kind != "itself":
        number = int(digits, 10 if kind == "decimal" else 16)
        return chr(number).encode("utf-8", "surrogatepass") if number <= sys.maxunicode else match[0]
    return digits


def _unescaped(text: bytes, escape: re.Pattern[bytes]) -> bytes:
    if escape is _ESCAPE and b"%" not in text and b"&" not in text and not _NUMBERED.search(text):
        return text.replace(b"\\", b"")
    return escape.sub(_value, text)


def _unescaped_with_places(text: bytes, places: list[int], escape: re.Pattern[bytes]) -> tuple[bytes, list[int]]:
    """Return the text without escapes, and for each of its bytes the place in the text that ``places`` are about."""
    parts: list[bytes] = []
    kept: list[int] = []
    end = 0
    for match in escape.finditer(text):
        value = _value(match)
        parts += [text[end : match.start()], value]
        kept += places[end : match.start()] + [places[match.start()]] * len(value)
        end = match.end()
    return b"".join((*parts, text[end:])), kept + places[end:]


def _places(text: bytes, gram: bytes) -> Iterator[int]:
    at = text.find(gram)
    while at >= 0:
        yield at
        at = text.find(gram, at + 1)


def _same(text: bytes, place: int, form: bytes, at: int, step: int) -> int:
    """Return the last place up to which a text and a form are the same, in one direction."""
    while 0 <= place + step < len(text) and 0 <= at + step < len(form) and text[place + step] == form[at + step]:
        place, at = place + step, at + step
    return place


def _boundary(raw: bytes, place: int, step: int) -> int:
    """Return the place, moved out of the middle of a character."""
    while 0 < place < len(raw) and raw[place] & 0xC0 == 0x80:
        place += step
    return place
