"""Ids and tokens, in the shapes that docs/alfred-related.md and docs/walletapi.md show."""

from __future__ import annotations

import hashlib
import secrets
import uuid


def new_alfred_id() -> str:
    """24 characters of URL-safe base64 that begin with AAEAAA."""
    return "AAEAAA" + secrets.token_urlsafe(18)[:18]


def new_access_token() -> str:
    """An opaque token with 256 bits of chance."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """What is kept of a token, so that a database holds none."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def new_guid() -> str:
    """A random GUID in lower case."""
    return str(uuid.uuid4())
