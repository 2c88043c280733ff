"""A pytest plugin that switches masking off, to show that the search finds what is there."""

from __future__ import annotations

from typing import Any

from harness.wire import redaction


def _as_it_is(_self: object, value: Any) -> Any:
    return value


for _name in ("mask", "hide_members", "hide_headers"):
    setattr(redaction.Redaction, _name, _as_it_is)
redaction.Redaction.mask_log = _as_it_is  # type: ignore[method-assign, assignment]
