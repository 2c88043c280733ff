"""Ids and tokens in the format of docs/alfred-related.md and docs/walletapi.md."""

import hashlib
import hmac
import secrets
import uuid


def new_alfred_id() -> str:
    """Return AAEAAA and 18 random characters of URL-safe base64."""
    return "AAEAAA" + secrets.token_urlsafe(18)[:18]


def new_access_token() -> str:
    """Return an opaque token with 256 random bits."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """Return the hash that is stored instead of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def new_guid() -> str:
    """Return a random GUID in lower case."""
    return str(uuid.uuid4())


def same_secret(presented: str, known: str) -> bool:
    """Compare two secrets in constant time."""
    return hmac.compare_digest(presented.encode("utf-8", "surrogatepass"), known.encode())
