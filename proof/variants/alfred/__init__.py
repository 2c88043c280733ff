"""Variants of Alfred."""

from __future__ import annotations

from proof.declaring import Variants
from proof.variants.alfred import (
    ids,
    responses,
    rules,
)

DECLARED: tuple[Variants, ...] = (
    responses.variant,
    rules.variant,
    ids.variant,
)
