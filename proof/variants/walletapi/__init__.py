"""Variants of the WalletAPI."""

from proof.declaring import Variants
from proof.variants.walletapi import (
    responses,
    rules,
)

DECLARED: tuple[Variants, ...] = (
    responses.variant,
    rules.variant,
)
