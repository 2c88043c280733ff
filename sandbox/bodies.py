"""Request bodies: read within a limit, and decoded strictly; anything odd is a refusal, never a fault."""

from __future__ import annotations

import re
from decimal import InvalidOperation
from typing import TYPE_CHECKING, Any

import simplejson

from sandbox.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import AsyncIterable

    Body = dict[str, Any]

LARGEST = 1_000_000
_DRAINED = 16_000_000
_DEEPEST = 32
_SURROGATE = re.compile("[\ud800-\udfff]")


async def read(chunks: AsyncIterable[bytes]) -> bytes:
    """The whole body. One that is too large is read on for a while: a caller still sending would miss the answer."""
    parts: list[bytes] = []
    size = 0
    async for chunk in chunks:
        size += len(chunk)
        if size <= LARGEST:
            parts.append(chunk)
        elif size > _DRAINED:
            break
    if size > LARGEST:
        raise Refusal("body_too_large")
    return b"".join(parts)


def decode(raw: bytes) -> Body:
    """The one JSON object in a body, its numbers as exact decimals or whole numbers."""
    decoded = _json(_text(raw))
    if not isinstance(decoded, dict):
        raise Refusal("body_not_object")
    _check_depth_and_texts(decoded)
    return decoded


def _text(raw: bytes) -> str:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Refusal("body_not_utf8") from None
    if text.startswith("\ufeff"):
        raise Refusal("body_not_json")
    return text


def _json(text: str) -> Any:
    try:
        return simplejson.loads(text, use_decimal=True, object_pairs_hook=_without_duplicates)
    except RecursionError:
        raise Refusal("body_too_deep") from None
    except (
        ValueError,
        InvalidOperation,
    ):  # a number of 5,000 digits is a plain ValueError, 1e(10**20) an InvalidOperation
        raise Refusal("body_not_json") from None


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise Refusal("duplicate_member")
    return members


def _check_depth_and_texts(value: Any, depth: int = 0) -> None:
    if isinstance(value, str):
        if _SURROGATE.search(value):
            raise Refusal("broken_text")
        return
    if isinstance(value, dict):
        value = [*value, *value.values()]
    if isinstance(value, list):
        if depth == _DEEPEST:
            raise Refusal("body_too_deep")
        for item in value:
            _check_depth_and_texts(item, depth + 1)
