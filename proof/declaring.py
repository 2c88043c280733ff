"""Declare subclasses of the sandbox's classes as defects or variants. The docstring is the sentence."""

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from functools import partial
from typing import Any, Final, TypeVar

from sandbox.application import Parts

KINDS: Final = (
    "shape",
    "status",
    "credentials",
    "business rule",
    "isolation",
    "idempotency",
    "race",
    "history",
    "time",
    "partial effect",
    "response",
    "leak",
    "hostile input",
)

Altered = TypeVar("Altered", bound=type)


@dataclass(frozen=True)
class Defect:
    """A fault of one API: every clause of contract.md that it breaks, the main one first, and what a user notices.

    ``platform`` makes the parts of a sandbox that has it. ``core``: whether make prove runs it.
    """

    name: str
    clauses: tuple[str, ...]
    sentence: str
    kind: str
    api: str
    platform: Callable[[], Parts]
    core: bool = False


@dataclass(frozen=True)
class Variant:
    """A difference that contract.md allows; ``api`` is ``alfred``, ``walletapi`` or ``both``.

    ``target`` contains tables that replace those of the sandbox's target file (see matrix/platforms.py). ``core`` is
    the API on which make prove runs it; empty if it does not.
    """

    name: str
    sentence: str
    api: str
    platform: Callable[[], Parts]
    target: Mapping[str, Any] = field(default_factory=dict)
    core: str = ""


def kebab(name: str) -> str:
    """Return one-wallet-for-all for ``OneWalletForAll``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


def parts_of(api: str, altered: type) -> dict[str, Any]:
    """Return the parts of the sandbox that a class replaces. Each API has bodies of its own."""
    replaced = [part.name for part in fields(Parts) if isinstance(part.default, type)]
    replaced = [name for name in replaced if issubclass(altered, getattr(Parts, name))]
    others = {"alfred": "walletapi_", "walletapi": "alfred_"}.get(api, " ")
    return {name: altered for name in replaced if not name.startswith(others)}


class Defects:
    """The defects of one module, in their order in the file."""

    def __init__(self, api: str) -> None:
        """``api`` is the one whose scenarios must catch them."""
        self.api = api
        self.found: list[Defect] = []

    def add(
        self, name: str, kind: str, clauses: str, sentence: str, altered: type, *, core: bool = False, **others: Any
    ) -> None:
        """Add a defect; ``others`` are further parts of the sandbox."""
        platform = partial(Parts, **parts_of(self.api, altered), **others)
        defect = Defect(name, tuple(clauses.split()), sentence, kind, self.api, platform, core=core)
        self.found.append(defect)

    def __call__(self, kind: str, clauses: str, *, core: bool = False, **others: Any) -> Callable[[Altered], Altered]:
        """Declare a class as a defect. Its name is the class's, its sentence the docstring."""

        def declare(altered: Altered) -> Altered:
            self.add(kebab(altered.__name__), kind, clauses, sentence_of(altered), altered, core=core, **others)
            return altered

        return declare


class Variants:
    """The variants of one module, in their order in the file."""

    def __init__(self) -> None:
        self.found: list[Variant] = []

    def add(
        self,
        name: str,
        api: str,
        sentence: str,
        target: Mapping[str, Any] | None = None,
        *,
        core: str = "",
        **parts: Any,
    ) -> None:
        """Add a variant that is made of these parts."""
        variant = Variant(name, sentence, api, partial(Parts, **parts), target or {}, core=core)
        self.found.append(variant)

    def __call__(
        self, api: str, target: Mapping[str, Any] | None = None, *, core: str = "", **others: Any
    ) -> Callable[[Altered], Altered]:
        """Declare a class as a variant. Its name is the class's, its sentence the docstring."""

        def declare(altered: Altered) -> Altered:
            name = kebab(altered.__name__)
            self.add(name, api, sentence_of(altered), target, core=core, **parts_of(api, altered), **others)
            return altered

        return declare


def sentence_of(altered: type) -> str:
    """Return the docstring on one line."""
    return " ".join(inspect.cleandoc(altered.__doc__ or "").split())
