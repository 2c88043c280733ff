"""Request bodies, read up to a limit and decoded strictly. Whatever is wrong with a body is a rejection."""

import re
from collections.abc import AsyncIterable
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any

import simplejson

from sandbox.http.rejections import Rejection, require

Body = dict[str, Any]
LARGEST = 1_000_000
_DRAINED = 16_000_000
_DEEPEST = 32
_SURROGATE = re.compile("[\ud800-\udfff]")


class Bodies:
    """The steps from bytes to a JSON object. Each method can be replaced on its own."""

    async def read(self, chunks: AsyncIterable[bytes]) -> bytes:
        """Return the whole body.

        A body that is too large is read for a while longer: a caller that is still sending would miss the response.
        """
        parts: list[bytes] = []
        size = 0
        async for chunk in chunks:
            size += len(chunk)
            if size <= LARGEST:
                parts.append(chunk)
            elif size > _DRAINED:
                break
        self.check_size(size)
        return b"".join(parts)

    def check_size(self, size: int) -> None:
        require(size <= LARGEST, "body_too_large")

    def decode(self, raw: bytes) -> Body:
        """Return the JSON object in a body. Its numbers are Decimal or int."""
        decoded = self.json(self.text(raw))
        if not isinstance(decoded, dict):
            raise Rejection("body_not_object")
        self.check_depth(decoded)
        self.check_texts(decoded)
        return decoded

    def text(self, raw: bytes) -> str:
        """Decode UTF-8 without a byte order mark."""
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            raise Rejection("body_not_utf8") from None
        require(not text.startswith("\ufeff"), "body_not_json")
        return text

    def json(self, text: str) -> Any:
        """Return any JSON value. A number of 5,000 digits raises ValueError, 1e(10**20) InvalidOperation."""
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
        """Return the members of an object. Reject a repeated name."""
        members = dict(pairs)
        require(len(members) == len(pairs), "duplicate_member")
        return members

    def check_depth(self, value: Any, depth: int = 0) -> None:
        """Reject what is nested deeper than any call needs."""
        if isinstance(value, dict | list):
            if depth > _DEEPEST:
                raise Rejection("body_too_deep")
            for item in value.values() if isinstance(value, dict) else value:
                self.check_depth(item, depth + 1)

    def check_texts(self, value: Any) -> None:
        """Reject half of a surrogate pair, also in a name: it cannot be stored as it was sent."""
        if isinstance(value, str) and _SURROGATE.search(value):
            raise Rejection("broken_text")
        if isinstance(value, dict | list):
            for item in [*value, *value.values()] if isinstance(value, dict) else value:
                self.check_texts(item)
