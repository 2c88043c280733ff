"""How a class that overrides one thing of the sandbox becomes a defect or a variant, named and told by itself."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

from proof.catalogue import Defect, Variant
from sandbox.admin.pages import Admin
from sandbox.alfred.rules import AlfredRules
from sandbox.application import Parts
from sandbox.http.bodies import Bodies
from sandbox.http.responses import Responses
from sandbox.ledger.postings import Ledger
from sandbox.walletapi.rules import WalletApiRules

Altered = TypeVar("Altered", bound=type)

_PARTS: tuple[tuple[type, tuple[str, ...]], ...] = (
    (AlfredRules, ("alfred",)),
    (WalletApiRules, ("walletapi",)),
    (Responses, ("responses",)),
    (Ledger, ("ledger",)),
    (Admin, ("admin",)),
)


def kebab(name: str) -> str:
    """``OneWalletForAll`` is one-wallet-for-all."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


def parts_of(api: str, altered: type) -> dict[str, type]:
    """Where in the sandbox a class goes; bodies are read for each API by itself."""
    if issubclass(altered, Bodies):
        return {f"{each}_bodies": altered for each in ("alfred", "walletapi") if api in (each, "both")}
    return {name: altered for base, names in _PARTS if issubclass(altered, base) for name in names}


class Defects:
    """The defects of one module, in the order in which they stand there."""

    def __init__(self, api: str) -> None:
        """``api`` is the one whose scenarios must catch them."""
        self.api = api
        self.found: list[Defect] = []

    def add(self, name: str, kind: str, clauses: str, sentence: str, altered: type, **others: Any) -> None:
        """One more; ``others`` are further parts of the sandbox that it takes."""
        platform = partial(Parts, **parts_of(self.api, altered), **others)
        self.found.append(Defect(name, tuple(clauses.split()), sentence, kind, self.api, platform))

    def __call__(self, kind: str, clauses: str, **others: Any) -> Callable[[Altered], Altered]:
        """Declare a class as a defect: its name is the class's, its sentence the docstring."""

        def declare(altered: Altered) -> Altered:
            self.add(kebab(altered.__name__), kind, clauses, told(altered), altered, **others)
            return altered

        return declare


class Variants:
    """The variants of one module, in the order in which they stand there."""

    def __init__(self) -> None:
        """None yet."""
        self.found: list[Variant] = []

    def add(self, name: str, api: str, sentence: str, target: Mapping[str, Any] | None = None, **parts: Any) -> None:
        """One more, made of these parts."""
        self.found.append(Variant(name, sentence, api, partial(Parts, **parts), target or {}))

    def __call__(
        self, api: str, target: Mapping[str, Any] | None = None, **others: Any
    ) -> Callable[[Altered], Altered]:
        """Declare a class as a variant: its name is the class's, its sentence the docstring."""

        def declare(altered: Altered) -> Altered:
            self.add(kebab(altered.__name__), api, told(altered), target, **parts_of(api, altered), **others)
            return altered

        return declare


def told(altered: type) -> str:
    """The docstring on one line."""
    return " ".join(inspect.cleandoc(altered.__doc__ or "").split())
