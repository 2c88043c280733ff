"""Unique names, so that scenarios share nothing, not even on a platform that others use."""

from __future__ import annotations

import secrets


def fresh_reference(subject: str) -> str:
    """Return a reference that was never used."""
    return f"contract-suite-{subject}-{secrets.token_hex(8)}"


def fresh_alias() -> str:
    """Return an alias of ten digits (docs/walletapi-related.md, create wallet)."""
    return str(secrets.randbelow(9 * 10**9) + 10**9)
