"""The sentences that steps response to: one thin wrapper over pytest-bdd's parser, with the suite's own types.

``python -m harness.gherkin.sentences`` prints every sentence with its place (``make steps``).
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from pytest_bdd import parsers
from pytest_bdd.steps import StepFunctionContext, step_function_context_registry

ROOT: Final = Path(__file__).resolve().parents[2]
KINDS: Final = ("given", "when", "then")


class _Type:
    """A field's type as the parse library wants it: how its text looks, and what it becomes."""

    def __init__(self, pattern: str, convert: Callable[[str], Any]) -> None:
        self.pattern = pattern
        self._convert = convert

    def __call__(self, text: str) -> Any:
        return self._convert(text)


TYPES: Final = {
    # An amount in major units, exact: 20.00, 0.10, -5.
    "Money": _Type(r"-?\d+(?:\.\d+)?", Decimal),
    # A whole number, none or more.
    "Count": _Type(r"\d+", int),
    # What stands between blanks: a member's name, a kind.
    "Word": _Type(r"\S+", str),
    # What stands between double quotes, which the sentence itself writes; may be empty.
    "Text": _Type(r'[^"]*', str),
}


class Sentence(parsers.parse):
    """A step's text with typed fields. It remembers what it was compared with: a text is matched once, not thrice."""

    def __init__(self, text: str) -> None:
        """Compile the text; upper and lower case matter."""
        super().__init__(text, TYPES, case_sensitive=True)
        self._beginning = text.partition("{")[0]
        self._compared: dict[str, dict[str, Any] | None] = {}

    def is_matching(self, name: str) -> bool:
        """Whether a step of this text is meant."""
        return self._arguments(name) is not None

    def parse_arguments(self, name: str) -> dict[str, Any]:
        """The fields' values, converted."""
        return self._arguments(name) or {}

    def _arguments(self, name: str) -> dict[str, Any] | None:
        if not name.startswith(self._beginning):
            return None
        if name not in self._compared:
            found = self.parser.parse(name)
            self._compared[name] = None if found is None else found.named
        return self._compared[name]


def sentence(text: str) -> Sentence:
    """The sentence of a step: ``@given(sentence("a user with a balance of {amount:Money}"))``."""
    return Sentence(text)


@dataclass(frozen=True)
class Definition:
    """One sentence of one step function, and where it stands; ``kind`` is given, when, then, or empty for any."""

    kind: str
    text: str
    path: Path
    line: int
    matches: Callable[[str], bool]

    def answers(self, kind: str, text: str) -> bool:
        """Whether a step of this kind and text is this one's."""
        return self.kind in ("", kind) and self.matches(text)

    def __str__(self) -> str:
        """``When the user pays (steps/purchases.py:12)``."""
        return f"{self.kind.capitalize() or 'Given'} {self.text} ({shown(self.path)}:{self.line})"


def definitions() -> tuple[Definition, ...]:
    """Every sentence of the step modules imported so far, by module, kind and text."""
    contexts = [context for context in step_function_context_registry.values() if not _is_pytest_bdds_own(context)]
    return tuple(sorted(map(_definition, contexts), key=_place))


def shown(path: Path) -> str:
    """A path as a person would type it: relative to where the command runs, where it lies below."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _definition(context: StepFunctionContext) -> Definition:
    code = context.step_func.__code__
    return Definition(
        context.type or "", context.parser.name, Path(code.co_filename), code.co_firstlineno, context.parser.is_matching
    )


def _place(definition: Definition) -> tuple[str, int, str]:
    kind = KINDS.index(definition.kind) if definition.kind else -1
    return str(definition.path), kind, definition.text


def _is_pytest_bdds_own(context: StepFunctionContext) -> bool:
    return context.step_func.__module__.partition(".")[0] == "pytest_bdd"


def main() -> None:
    """Print every sentence of steps/, under the module whose noun it is about."""
    for module in sorted((ROOT / "steps").rglob("[!_]*.py")):
        importlib.import_module(".".join(module.relative_to(ROOT).with_suffix("").parts))
    known = definitions()
    width = max((len(definition.text) for definition in known), default=0)
    for path in dict.fromkeys(definition.path for definition in known):
        print(f"\n{shown(path).removeprefix('steps/').removesuffix('.py')}")
        for definition in (one for one in known if one.path == path):
            print(f"  {definition.kind:5}  {definition.text:{width}}  {shown(path)}:{definition.line}")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
