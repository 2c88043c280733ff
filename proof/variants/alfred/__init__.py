"""Variants of Alfred."""

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
