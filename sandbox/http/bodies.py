"""Request bodies: read within a limit, and decoded strictly; anything odd is a rejection, never a fault."""

from __future__ import annotations

import re
from collections.abc import AsyncIterable
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any

import simplejson

from sandbox.http.rejections import Rejection

Body = dict[str, Any]
LARGEST = 1_000_000
_DRAINED = 16_000_000
_DEEPEST = 32
_SURROGATE = re.compile("[\ud800-\udfff]")


class Bodies:
    """The steps from chunks to members; each can be replaced on its own."""

    async def read(self, operation: str, chunks: AsyncIterable[bytes]) -> bytes:
        """The whole body. One too large is read on for a while: a caller still sending would miss the response."""
        parts: list[bytes] = []
        size = 0
        async for chunk in chunks:
            size += len(chunk)
            if size <= LARGEST:
                parts.append(chunk)
            elif size > _DRAINED:
                break
        self.check_size(operation, size)
        return b"".join(parts)

    def check_size(self, operation: str, size: int) -> None:  # noqa: ARG002 (a seam for one operation)
        """Rejected above a megabyte."""
        if size > LARGEST:
            raise Rejection("body_too_large")

    def decode(self, operation: str, raw: bytes) -> Body:
        """The one JSON object in a body, its numbers as exact decimals or whole numbers."""
        decoded = self.json(operation, self.text(operation, raw))
        if not isinstance(decoded, dict):
            raise Rejection("body_not_object")
        self.check_depth(operation, decoded)
        self.check_texts(operation, decoded)
        return decoded

    def text(self, operation: str, raw: bytes) -> str:  # noqa: ARG002
        """UTF-8, without a byte order mark."""
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            raise Rejection("body_not_utf8") from None
        if text.startswith("\ufeff"):
            raise Rejection("body_not_json")
        return text

    def json(self, operation: str, text: str) -> Any:  # noqa: ARG002
        """Whatever value it is. A number of 5,000 digits is a plain ValueError, 1e(10**20) an InvalidOperation."""
        try:
            return self._decoder.decode(text)
        except RecursionError:
            raise Rejection("body_too_deep") from None
        except (ValueError, InvalidOperation):
            raise Rejection("body_not_json") from None

    @cached_property
    def _decoder(self) -> simplejson.JSONDecoder:
        return simplejson.JSONDecoder(parse_float=Decimal, object_pairs_hook=self.members)

    def members(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        """An object's members, each once."""
        members = dict(pairs)
        if len(members) < len(pairs):
            raise Rejection("duplicate_member")
        return members

    def check_depth(self, operation: str, value: Any, depth: int = 0) -> None:
        """Rejected where nested deeper than any call needs."""
        if isinstance(value, dict | list):
            if depth > _DEEPEST:
                raise Rejection("body_too_deep")
            for item in value.values() if isinstance(value, dict) else value:
                self.check_depth(operation, item, depth + 1)

    def check_texts(self, operation: str, value: Any) -> None:
        """Rejected with half of a surrogate pair, in a name too: it could not be kept as it was sent."""
        if isinstance(value, str) and _SURROGATE.search(value):
            raise Rejection("broken_text")
        if isinstance(value, dict | list):
            for item in [*value, *value.values()] if isinstance(value, dict) else value:
                self.check_texts(operation, item)
