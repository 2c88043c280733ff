"""The defects and the harmless variants of the sandbox, by name."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar

from harness.failures import UsageError
from sandbox.application import Parts

KINDS: Final = (
    "shape",
    "status",
    "credentials",
    "business rule",
    "isolation",
    "idempotency",
    "race",
    "leak",
    "hostile input",
)


@dataclass(frozen=True)
class Defect:
    """A fault of one API: every clause of contract.md that it breaks, the main one first, and what a user suffers.

    ``platform`` makes the parts of a sandbox that has it.
    """

    name: str
    clauses: tuple[str, ...]
    sentence: str
    kind: str
    api: str
    platform: Callable[[], Parts]


@dataclass(frozen=True)
class Variant:
    """A difference that contract.md allows; ``api`` is ``alfred``, ``walletapi`` or ``both``.

    ``target`` holds tables to be laid over those of the sandbox's target file (see proof/platforms.py).
    """

    name: str
    sentence: str
    api: str
    platform: Callable[[], Parts]
    target: Mapping[str, Any] = field(default_factory=dict)


Named = TypeVar("Named", Defect, Variant)


@cache
def defects(*, whole: bool = False) -> tuple[Defect, ...]:
    """The core that the matrix runs (defects/core.txt), or the whole catalogue, an API and a noun at a time."""
    from proof.defects import DECLARED  # they import this module's dataclasses

    every = tuple(each for declared in DECLARED for each in declared.found)
    return every if whole else _core("defects", every)


@cache
def variants(*, whole: bool = False) -> tuple[Variant, ...]:
    """The core that the matrix runs (variants/core.txt), or the whole catalogue."""
    from proof.variants import DECLARED

    every = tuple(each for declared in DECLARED for each in declared.found)
    return every if whole else _core("variants", every)


def _core(folder: str, every: tuple[Named, ...]) -> tuple[Named, ...]:
    """Those that the file names, a line each, in its order. What concerns both APIs may be tried on the one named."""
    file = Path(__file__).parent / folder / "core.txt"
    lines = [line.split() for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    apis = {name: api for name, *api in filter(None, lines)}
    known = {each.name: each for each in every}
    unknown = set(apis) - set(known)
    if unknown:
        raise UsageError(f"proof/{folder}/core.txt names {min(unknown)!r}, which is not in the catalogue")
    return tuple(replace(known[name], api=api[0]) if api else known[name] for name, api in apis.items())


def defect(name: str) -> Defect:
    """The defect of this name; UsageError with the nearest ones where there is none."""
    return _named(name, "defect", defects(whole=True))


def variant(name: str) -> Variant:
    """The variant of this name; UsageError with the nearest ones where there is none."""
    return _named(name, "variant", variants(whole=True))


def listing(which: str) -> str:
    """The ``defects`` or the ``variants``, a line each, for a person."""
    if which == "defects":
        return "\n".join(
            f"{each.name}  [{each.kind}; {' '.join(each.clauses)}]  {each.sentence}" for each in defects(whole=True)
        )
    return "\n".join(f"{each.name}  [{each.api}]  {each.sentence}" for each in variants(whole=True))


def _named(name: str, what: str, known: Iterable[Named]) -> Named:
    by_name = {each.name: each for each in known}
    if name not in by_name:
        near = difflib.get_close_matches(name, by_name, n=3, cutoff=0.4)
        hint = f"near: {', '.join(near)}" if near else f"--list-{what}s lists them"
        raise UsageError(f"there is no {what} {name!r} ({hint})")
    return by_name[name]
