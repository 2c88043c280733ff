"""The defects and the harmless variants of the sandbox, by name."""

import difflib
import random
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import fields, replace
from functools import cache, partial
from typing import Any, TypeVar

from harness.failures import UsageError
from proof import defects as defect_modules
from proof import variants as variant_modules
from proof.declaring import Defect, Variant
from sandbox.application import Parts

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
    """Return the defect of this name; UsageError with the nearest names if there is none.

    ``ONE+OTHER`` is both on one platform; UsageError if they replace the same part of the sandbox.
    """
    one, _, other = name.partition("+")
    found = _named(one, "defect", defects(whole=True))
    return both(found, _named(other, "defect", defects(whole=True))) if other else found


def both(one: Defect, other: Defect) -> Defect:
    """Return two defects as one. UsageError if they replace the same part of the sandbox."""
    parts = [_replaced(each) for each in (one, other)]
    if common := parts[0].keys() & parts[1].keys():
        raise UsageError(f"{one.name} and {other.name} both replace {', '.join(sorted(common))}")
    return Defect(
        f"{one.name}+{other.name}",
        tuple(dict.fromkeys((*one.clauses, *other.clauses))),
        f"{one.sentence} {other.sentence}",
        "pair",
        one.api if one.api == other.api else "both",
        partial(Parts, **parts[0], **parts[1]),
    )


def _replaced(defect: Defect) -> dict[str, Any]:
    parts, usual = defect.platform(), Parts()
    found = {each.name: getattr(parts, each.name) for each in fields(Parts)}
    return {name: part for name, part in found.items() if part != getattr(usual, name)}


def pairs(number: int, seed: int = 1) -> tuple[Defect, ...]:
    """Return random pairs of core defects that break different clauses and can be on one platform."""
    drawn = random.Random(seed)  # noqa: S311 - a sample
    found: dict[str, Defect] = {}
    while len(found) < number:
        one, other = drawn.sample(defects(), 2)
        if not {*one.clauses} & {*other.clauses}:
            with suppress(UsageError):
                pair = both(one, other)
                found[pair.name] = pair
    return tuple(found.values())


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
