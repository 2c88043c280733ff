"""Sentences of steps: a thin wrapper over pytest-bdd's parser, with the suite's own field types.

``python -m harness.gherkin.sentences`` prints every sentence with its place (``make steps``).
"""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import parse
from parse_type import TypeBuilder
from pytest_bdd import parsers
from pytest_bdd.steps import StepFunctionContext, step_function_context_registry

ROOT: Final = Path(__file__).resolve().parents[2]
KINDS: Final = ("given", "when", "then")
_FIELD: Final = re.compile(r"\{(\w+):(\w+)\}")


TYPES: Final = {
    # An exact amount in major units: 20.00, 0.10, -5.
    "Money": parse.with_pattern(r"-?\d+(?:\.\d+)?")(lambda text: Decimal(text)),  # noqa: PLW0108 - a type has no attributes
    # A whole number.
    "Count": parse.with_pattern(r"\d+")(lambda text: int(text)),  # noqa: PLW0108
    # No blanks: the name of a member.
    "Word": parse.with_pattern(r"\S+")(lambda text: text),
    # Between double quotes, which are part of the sentence; may be empty.
    "Text": parse.with_pattern(r'[^"]*')(lambda text: text),
}


class Sentence(parsers.parse):
    """A step's text with typed fields. Each text is matched once, and the result is kept."""

    def __init__(self, text: str, choices: Mapping[str, Mapping[str, Any]]) -> None:
        """``choices`` gives, per field type, the allowed texts with their values. Upper and lower case matter."""
        types = TYPES | {name: _choice(values) for name, values in choices.items()}
        super().__init__(text, types, case_sensitive=True)
        self.choices = {name: tuple(values) for name, values in choices.items()}
        self._beginning = text.partition("{")[0]
        self._matched: dict[str, dict[str, Any] | None] = {}

    def is_matching(self, name: str) -> bool:
        """Return whether a step has this sentence."""
        return self._arguments(name) is not None

    def parse_arguments(self, name: str) -> dict[str, Any]:
        """Return the converted values of the fields."""
        return self._arguments(name) or {}

    def wrong_choices(self, name: str) -> list[tuple[str, tuple[str, ...]]]:
        """Return the values that are not allowed, with the allowed ones, if everything else matches."""
        result = self._with_free_choices.parse(name) if self.choices else None
        if result is None:
            return []
        fields = [(result.named[field], self.choices.get(type_, ())) for field, type_ in _FIELD.findall(self.name)]
        return [(value, allowed) for value, allowed in fields if allowed and value not in allowed]

    @cached_property
    def _with_free_choices(self) -> parse.Parser:
        text = _FIELD.sub(lambda field: f"{{{field[1]}}}" if field[2] in self.choices else field[0], self.name)
        return parse.compile(text, TYPES, case_sensitive=True)

    def _arguments(self, name: str) -> dict[str, Any] | None:
        if not name.startswith(self._beginning):
            return None
        if name not in self._matched:
            result = self.parser.parse(name)
            self._matched[name] = None if result is None else result.named
        return self._matched[name]


def _choice(values: Mapping[str, Any]) -> Any:
    converter = TypeBuilder.make_enum(values)
    # Longest first, or "a key" would hide "a key of another role".
    converter.pattern = "|".join(map(re.escape, sorted(values, key=len, reverse=True)))
    return converter


def sentence(text: str, **choices: Mapping[str, Any]) -> Sentence:
    """Return the sentence of a step: ``@given(sentence("a user with a balance of {amount:Money}"))``.

    A field with a fixed list of values gets the list by the name of its type:
    ``sentence("it is sent with {credential:Credential}", Credential={"no key": without})``. The step receives the
    value, and a text that is not in the list is reported before the run.
    """
    return Sentence(text, choices)


@dataclass(frozen=True)
class Definition:
    """One sentence of one step function; ``kind`` is given, when, then, or empty for any."""

    kind: str
    text: str
    path: Path
    line: int
    parser: parsers.StepParser

    def matches(self, kind: str, text: str) -> bool:
        """Return whether a step of this kind and text runs this function."""
        return self.kind in ("", kind) and self.parser.is_matching(text)

    def wrong_choices(self, kind: str, text: str) -> list[tuple[str, tuple[str, ...]]]:
        """Return the values of a step that are not allowed, if only they are wrong."""
        if self.kind not in ("", kind) or not isinstance(self.parser, Sentence):
            return []
        return self.parser.wrong_choices(text)

    def __str__(self) -> str:
        """``When the user pays (steps/alfred/purchases.py:12)``."""
        return f"{self.kind.capitalize() or 'Given'} {self.text} ({displayed(self.path)}:{self.line})"


def definitions() -> tuple[Definition, ...]:
    """Return every sentence of the step modules imported so far, by module, kind and text."""
    contexts = [context for context in step_function_context_registry.values() if not _is_internal(context)]
    return tuple(sorted(map(_definition, contexts), key=_order))


def displayed(path: Path) -> str:
    """Return a path as a person would type it: relative to the working directory if it is below it."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _definition(context: StepFunctionContext) -> Definition:
    code = context.step_func.__code__
    return Definition(
        context.type or "", context.parser.name, Path(code.co_filename), code.co_firstlineno, context.parser
    )


def _order(definition: Definition) -> tuple[str, int, str]:
    kind = KINDS.index(definition.kind) if definition.kind else -1
    return str(definition.path), kind, definition.text


def _is_internal(context: StepFunctionContext) -> bool:
    return context.step_func.__module__.partition(".")[0] == "pytest_bdd"


def main() -> None:
    """Print every sentence of steps/ under its module, with the allowed values of its fields."""
    for module in sorted((ROOT / "steps").rglob("[!_]*.py")):
        importlib.import_module(".".join(module.relative_to(ROOT).with_suffix("").parts))
    known = definitions()
    width = max((len(definition.text) for definition in known), default=0)
    for path in dict.fromkeys(definition.path for definition in known):
        print(f"\n{displayed(path).removeprefix('steps/').removesuffix('.py')}")
        for definition in (one for one in known if one.path == path):
            print(f"  {definition.kind:5}  {definition.text:{width}}  {displayed(path)}:{definition.line}")
            for name, values in getattr(definition.parser, "choices", {}).items():
                print(f"         {name}: {', '.join(values)}")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
