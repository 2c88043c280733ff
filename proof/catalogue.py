"""The defects and the harmless variants of the sandbox, by name."""

import difflib
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import TypeVar

from harness.failures import UsageError
from proof import defects as defect_modules
from proof import variants as variant_modules
from proof.declaring import Defect, Variant

Named = TypeVar("Named", Defect, Variant)


@cache
def defects(*, whole: bool = False) -> tuple[Defect, ...]:
    """Return the core that make prove runs, or the whole catalogue."""
    every = tuple(each for declared in defect_modules.DECLARED for each in declared.found)
    return tuple(each for each in every if whole or each.core)


@cache
def variants(*, whole: bool = False) -> tuple[Variant, ...]:
    """Return the core that make prove runs, or the whole catalogue."""
    every = tuple(each for declared in variant_modules.DECLARED for each in declared.found)
    return every if whole else tuple(replace(each, api=each.core) for each in every if each.core)


def defect(name: str) -> Defect:
    """Return the defect of this name; UsageError with the nearest names if there is none."""
    return _named(name, "defect", defects(whole=True))


def variant(name: str) -> Variant:
    """Return the variant of this name; UsageError with the nearest names if there is none."""
    return _named(name, "variant", variants(whole=True))


def listing(which: str) -> str:
    """Return the ``defects`` or the ``variants``, one per line, for people."""
    if which == "defects":
        return "\n".join(
            f"{each.name}  [{each.kind}; {' '.join(each.clauses)}]  {each.sentence}" for each in defects(whole=True)
        )
    return "\n".join(f"{each.name}  [{each.api}]  {each.sentence}" for each in variants(whole=True))


def _named(name: str, what: str, known: Iterable[Named]) -> Named:
    by_name = {each.name: each for each in known}
    if name not in by_name:
        near = difflib.get_close_matches(name, by_name, n=3, cutoff=0.4)
        hint = f"near: {', '.join(near)}" if near else f"--list-{what}s prints them"
        raise UsageError(f"there is no {what} {name!r} ({hint})")
    return by_name[name]
