"""The harmless variants, one module per tolerance of contract.md."""

from proof.declaring import Variants
from proof.variants import alfred, bodies, forms, walletapi, wire

DECLARED: tuple[Variants, ...] = (
    wire.variant,
    forms.variant,
    bodies.variant,
    *alfred.DECLARED,
    *walletapi.DECLARED,
)
