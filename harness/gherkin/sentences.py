"""Sentences of steps: a thin wrapper around pytest-bdd's parser, with the suite's own field types.

``make steps`` runs this module, which prints every sentence with its file, its line and the allowed values.
"""

import importlib
import inspect
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher, get_close_matches
from pathlib import Path
from typing import Any, Final

import parse
from parse_type import TypeBuilder
from pytest_bdd import parsers
from pytest_bdd.steps import StepFunctionContext

from harness.gherkin.pytest_internals import step_contexts
from harness.processes.signals import ending_with_reader
from harness.run_folder import displayed

ROOT: Final = Path(__file__).resolve().parents[2]
KINDS: Final = ("given", "when", "then")
_FIELD: Final = re.compile(r"\{(\w+):(\w+)\}")

TYPES: Final = {
    # An exact amount in major units: 20.00, 0.10, -5.
    "Money": parse.with_pattern(r"-?\d+(?:\.\d+)?")(lambda text: Decimal(text)),  # noqa: PLW0108 - a type has no attributes
    # A whole number.
    "Count": parse.with_pattern(r"\d+")(lambda text: int(text)),  # noqa: PLW0108
    # Between double quotes, which are part of the sentence; may be empty.
    "Text": parse.with_pattern(r'[^"]*')(lambda text: text),
}


class Sentence(parsers.parse):
    """The text of a step, with typed fields."""

    def __init__(self, text: str, choices: Mapping[str, Mapping[str, Any]]) -> None:
        """``choices`` gives, per field type, the allowed texts with their values. Upper and lower case matter."""
        types = TYPES | {name: _choice(values) for name, values in choices.items()}
        super().__init__(text, types, case_sensitive=True)
        self.choices = {name: tuple(values) for name, values in choices.items()}
        self._beginning = text.partition("{")[0]

    def is_matching(self, name: str) -> bool:
        """Return whether a step has this sentence. The beginning is compared first, because that is fast."""
        return name.startswith(self._beginning) and super().is_matching(name)

    def wrong_choices(self, name: str) -> list["WrongChoice"]:
        """Return the values of a step that are not allowed, if everything else matches."""
        if not self.choices or not name.startswith(self._beginning):
            return []
        any_text = _FIELD.sub(lambda field: f"{{{field[1]}}}" if field[2] in self.choices else field[0], self.name)
        found = parse.compile(any_text, TYPES, case_sensitive=True).parse(name)
        fields = [(found[field], self.choices.get(kind)) for field, kind in _FIELD.findall(self.name)] if found else []
        return [WrongChoice(self.name, value, allowed) for value, allowed in fields if allowed and value not in allowed]


@dataclass(frozen=True)
class WrongChoice:
    """A value that a field of a sentence does not allow."""

    sentence: str
    value: str
    allowed: tuple[str, ...]

    @property
    def nearest(self) -> str:
        return get_close_matches(self.value, self.allowed, 1, 0)[0]

    @property
    def likeness(self) -> float:
        return SequenceMatcher(None, self.nearest, self.value).ratio()


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
    """One sentence of one step function; ``kind`` is given, when, then, or empty for any.

    Of two that match, the one with the higher ``level`` is used: a conftest.py overrides plugins and the folders above.
    """

    kind: str
    parser: parsers.StepParser
    path: Path
    line: int
    level: int = 0

    @classmethod
    def of(cls, context: StepFunctionContext, depth: int = 0) -> "Definition":
        """Return the definition of a step that pytest-bdd knows; ``depth`` is that of the folder that defines it."""
        code: Any = getattr(inspect.unwrap(context.step_func), "__code__", None)
        path = Path(code.co_filename if code else repr(context.step_func))
        level = 2 * depth + (path.name == "conftest.py")
        return cls(context.type or "", context.parser, path, code.co_firstlineno if code else 1, level)

    @property
    def text(self) -> str:
        """The sentence with its fields in braces."""
        return str(self.parser.name)

    def __str__(self) -> str:
        """``When the user pays (steps/alfred/purchases.py:12)``."""
        return f"{self.kind.capitalize() or 'Given'} {self.text} ({displayed(self.path)}:{self.line})"


def definitions() -> tuple[Definition, ...]:
    """Return every sentence of the step modules imported so far, by module, kind and text."""
    found = map(Definition.of, step_contexts())
    return tuple(sorted(found, key=lambda one: (str(one.path), ("", *KINDS).index(one.kind), one.text)))


def step_modules() -> list[str]:
    paths = sorted((ROOT / "steps").rglob("[!_]*.py"))
    return [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in paths]


def main() -> None:
    """Print every sentence of steps/ under its module, with the allowed values of its fields."""
    for module in step_modules():
        importlib.import_module(module)
    known = definitions()
    width = max((len(definition.text) for definition in known), default=0)
    for path in dict.fromkeys(definition.path for definition in known):
        print(f"\n{displayed(path).removeprefix('steps/').removesuffix('.py')}")
        for definition in (one for one in known if one.path == path):
            print(f"  {definition.kind:5}  {definition.text:{width}}  {displayed(path)}:{definition.line}")
            for name, values in getattr(definition.parser, "choices", {}).items():
                print(f"         {name}:", *(value or "(nothing)" for value in values), sep="\n           ")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    with ending_with_reader():
        main()
