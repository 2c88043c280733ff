"""Texts that this run has made up, so that nobody has used them before. A script replaces them by others."""

import secrets
from typing import Final

UNIQUE: Final[set[str]] = set()
"""Hexadecimal texts, and aliases of ten digits."""


def unique_hex(length: int) -> str:
    """Return hexadecimal digits that were never used; ``length`` is 12 or more."""
    text = secrets.token_hex(length // 2)
    UNIQUE.add(text)
    return text


def fresh_alias() -> str:
    """Return an alias of ten digits, of which the first is not zero (docs/walletapi-related.md, create wallet)."""
    text = str(secrets.randbelow(9 * 10**9) + 10**9)
    UNIQUE.add(text)
    return text


def fresh_reference(subject: str) -> str:
    """Return a reference that was never used, not even on a platform that others use."""
    return f"contract-{subject}-{unique_hex(16)}"
