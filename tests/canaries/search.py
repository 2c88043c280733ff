"""Searches everything that a run wrote for secrets: as they are, encoded, packed, and in part."""

from __future__ import annotations

import base64
import binascii
import contextlib
import gzip
import html
import json
import quopri
import re
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

from tests.harness.encodings import ENCODINGS

_PACKED = re.compile(rb"[A-Za-z0-9+/]{64,}={0,2}")
_WORDS = re.compile(rb"[A-Za-z0-9+/_-]{12,}")
_HEXADECIMAL = re.compile(rb"[0-9A-Fa-f]{18,}")
_ESCAPE = re.compile(rb"\\+(?:u00|x)([0-9A-Fa-f]{2})")


def written(folder: Path, output: bytes) -> dict[str, bytes]:
    """Return what a run wrote, by its place."""
    pieces = {"terminal": [output]}
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()):
        place = "Allure results" if "allure-results" in path.parts else path.name
        place = "the cache" if "cache" in path.parts else place
        pieces.setdefault(place, []).extend(_readings(path.read_bytes()))
    return {place: b"\n".join(dict.fromkeys(texts)) for place, texts in pieces.items()}


def _readings(raw: bytes) -> Iterator[bytes]:
    if raw.lstrip()[:14].lower() == b"<!doctype html":  # what is packed in it says nothing before it is unpacked
        yield _PACKED.sub(b"", raw)
    else:
        yield raw
    yield from _unpacked(raw)
    with contextlib.suppress(ValueError):
        yield from (text.encode("utf-8", "surrogatepass") for text in _texts(json.loads(raw)))
    if raw.startswith(b"<?xml"):
        yield html.unescape(raw.decode()).encode()


def _unpacked(raw: bytes) -> Iterator[bytes]:
    for match in _PACKED.finditer(raw):
        with contextlib.suppress(ValueError):
            inner = base64.b64decode(match[0] + b"=" * (-len(match[0]) % 4))
            for unpack in (gzip.decompress, zlib.decompress, lambda packed: zlib.decompress(packed, -15)):
                with contextlib.suppress(OSError, EOFError, zlib.error):
                    inner = unpack(inner)
            yield inner
            with contextlib.suppress(ValueError):
                yield from (text.encode("utf-8", "surrogatepass") for text in _texts(json.loads(inner)))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for pair in value.items() for item in pair for text in _texts(item))
    elif isinstance(value, list):
        yield from (text for item in value for text in _texts(item))


def found(text: bytes, secrets: Iterable[str]) -> dict[str, int]:
    """Return how many of the secrets a text contains in each encoding."""
    kept = [*secrets]
    return {name: sum(encoding(one).encode() in text for one in kept) for name, encoding in ENCODINGS.items()}


def parts(text: bytes, secrets: Iterable[str]) -> set[str]:
    """Return every part of a secret, of nine characters, that a text contains in whatever encoding."""
    readings = [*_decoded(b"\n".join(dict.fromkeys(text.split(b"\n"))))]
    left = set()
    for secret in secrets:
        for core in range(0, len(secret) - 4, 5):  # each part of nine contains one of these
            if any(secret[core : core + 5].encode() in reading for reading in readings):
                nine = (secret[at : at + 9] for at in range(max(0, core - 4), min(core + 1, len(secret) - 8)))
                left |= {part for part in nine if any(part.encode() in reading for reading in readings)}
    return left


def _decoded(text: bytes) -> Iterator[bytes]:
    unquoted = unquote_to_bytes(text)
    yield from (text, unquoted, unquote_to_bytes(unquoted), quopri.decodestring(text))
    yield html.unescape(text.decode("utf-8", "replace")).encode()
    yield _ESCAPE.sub(lambda match: bytes.fromhex(match[1].decode()), text)
    words, hexadecimal = bytearray(), bytearray()
    for found_word in {*_WORDS.findall(text)}:
        word = found_word.translate(bytes.maketrans(b"-_", b"+/"))
        for shift in range(4):
            piece = word[shift:]
            with contextlib.suppress(binascii.Error):
                words += base64.b64decode(piece[: len(piece) // 4 * 4]) + b"\n"
    for digits in {*_HEXADECIMAL.findall(text)}:
        for shift in range(2):
            piece = digits[shift:]
            hexadecimal += bytes.fromhex(piece[: len(piece) // 2 * 2].decode()) + b"\n"
    yield bytes(words)
    yield bytes(hexadecimal)
