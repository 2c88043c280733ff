"""Checks of sentences: each needs exactly one step. The message about a missing step names similar ones."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import cache
from itertools import product
from typing import Final

from pytest_bdd.parser import PARAM_RE, render_string

from harness.gherkin.files import GherkinFile
from harness.gherkin.sentences import KINDS, Definition, Sentence, WrongChoice

_FIELD: Final = re.compile(r"\{[^}]*\}")
_SIMILAR: Final = 0.6
_MOST_SHOWN: Final = 8


class ParserFails(Exception):
    """A parser of a step fails instead of comparing."""


def _matches(definition: Definition, text: str) -> bool:
    try:
        return bool(definition.parser.is_matching(text))
    except Exception as error:
        raise ParserFails(f'the parser of {definition} fails on "{text}": {type(error).__name__}: {error}') from error


class Steps:
    """The definitions of all steps. Most sentences occur in several scenarios, so each is looked up once."""

    def __init__(self, definitions: Sequence[Definition]) -> None:
        self._of_kind = {kind: [one for one in definitions if one.kind in ("", kind)] for kind in KINDS}
        self._definitions = definitions
        self._matching: dict[tuple[str, str], list[Definition]] = {}

    def matching(self, kind: str, text: str) -> list[Definition]:
        """Return the definitions that a step of this kind and text matches, if several then the most local ones."""
        if (kind, text) not in self._matching:
            found = [one for one in self._of_kind[kind] if _matches(one, text)]
            most = max((one.level for one in found), default=None)
            self._matching[kind, text] = [one for one in found if one.level == most]
        return self._matching[kind, text]

    def wrong_choice(self, kind: str, text: str) -> WrongChoice | None:
        """Return the value that a field does not allow, if that alone is wrong; the most likely one of several."""
        sentences = [one.parser for one in self._of_kind[kind] if isinstance(one.parser, Sentence)]
        found = [choice for sentence in sentences for choice in sentence.wrong_choices(text)]
        return max(found, key=lambda choice: choice.likeness, default=None)

    def near(self, kind: str, text: str) -> list[Definition]:
        """Return the three sentences that are most similar to a step, if any is similar."""

        def likeness(one: Definition) -> float:
            same_kind = 0.05 if one.kind == kind else 0.0
            return SequenceMatcher(None, _FIELD.sub("", one.text), text).ratio() + same_kind

        ranked = sorted(self._definitions, key=likeness, reverse=True)[:3]
        return [one for one in ranked if likeness(one) >= _SIMILAR]


@cache
def steps_of(definitions: tuple[Definition, ...]) -> Steps:
    """Return the steps of these definitions. Most files see the same ones."""
    return Steps(definitions)


def sentence_problems(file: GherkinFile, steps: Steps) -> Iterator[tuple[int, str]]:
    """Return the line of each sentence that no step or more than one matches, and what to do. Every row is tried."""
    checked = set()
    for scenario in file.scenarios():
        for row, step in product(scenario.rows, scenario.template.steps):
            text = render_string(step.name, row.values)
            if (step.line_number, text) in checked:
                continue
            checked.add((step.line_number, text))
            try:
                matching = steps.matching(step.type, text)
            except ParserFails as error:
                yield step.line_number, str(error)
                continue
            if not matching:
                yield step.line_number, _no_step(step.type, text, steps)
            if len(matching) > 1:
                places = "; ".join(map(str, matching))
                yield (
                    step.line_number,
                    f'more than one step matches "{step.type.capitalize()} {text}": {places}; reword one',
                )


def _no_step(kind: str, text: str, steps: Steps) -> str:
    near, choice = steps.near(kind, text), steps.wrong_choice(kind, text)
    if choice and (choice.likeness >= _SIMILAR or not near or choice.sentence == near[0].text):
        return _not_allowed(choice)
    hint = f"near: {'; '.join(map(str, near))}" if near else "make steps prints all sentences"
    if found := PARAM_RE.search(text):
        hint = f"{found[0]} is plain text without Examples that have such a column; {hint}"
    return f'no step matches "{kind.capitalize()} {text}"; {hint}'


def _not_allowed(choice: WrongChoice) -> str:
    allowed = ", ".join(f'"{value}"' for value in choice.allowed[:_MOST_SHOWN])
    if len(choice.allowed) > _MOST_SHOWN:
        allowed += f" and {len(choice.allowed) - _MOST_SHOWN} more (make steps)"
    return f'"{choice.value}" is not allowed in "{choice.sentence}"; nearest: "{choice.nearest}"; allowed: {allowed}'
