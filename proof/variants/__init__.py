"""The harmless variants, a module a tolerance; each is what the sandbox takes in place of its own."""

from __future__ import annotations

from proof.declaring import Variants
from proof.variants import (
    alfred_answers,
    alfred_ids,
    alfred_rules,
    bodies,
    forms,
    walletapi_answers,
    walletapi_rules,
    wire,
)

DECLARED: tuple[Variants, ...] = (
    wire.variant,
    forms.variant,
    bodies.variant,
    alfred_answers.variant,
    alfred_rules.variant,
    alfred_ids.variant,
    walletapi_answers.variant,
    walletapi_rules.variant,
)
