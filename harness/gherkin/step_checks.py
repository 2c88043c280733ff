"""Checks of sentences: each needs exactly one step. If it has none, the message names what is most like it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final

from pytest_bdd import gherkin_parser as gherkin
from pytest_bdd.parser import render_string
from pytest_bdd.types import STEP_TYPE_BY_PARSER_KEYWORD

from harness.gherkin.files import backgrounds_of, rows_of, scenarios_of
from harness.gherkin.sentences import KINDS, Definition, Sentence, WrongChoice

_FIELD: Final = re.compile(r"\{[^}]*\}")
_SIMILAR: Final = 0.6
_MOST_SHOWN: Final = 8


class Steps:
    """The definitions of all steps. Most sentences occur in several scenarios, so each is looked up once."""

    def __init__(self, definitions: Sequence[Definition]) -> None:
        self._of_kind = {kind: [one for one in definitions if one.kind in ("", kind)] for kind in KINDS}
        self._definitions = definitions
        self._matching: dict[tuple[str, str], list[Definition]] = {}

    def matching(self, kind: str, text: str) -> list[Definition]:
        """Return the definitions that a step of this kind and text matches."""
        if (kind, text) not in self._matching:
            self._matching[kind, text] = [one for one in self._of_kind[kind] if one.parser.is_matching(text)]
        return self._matching[kind, text]

    def wrong_choice(self, kind: str, text: str) -> WrongChoice | None:
        """Return the value that a field does not allow, if that alone is wrong; the most likely one of several."""
        sentences = [one.parser for one in self._of_kind[kind] if isinstance(one.parser, Sentence)]
        found = [choice for sentence in sentences for choice in sentence.wrong_choices(text)]
        return max(found, key=lambda choice: choice.likeness, default=None)

    def near(self, kind: str, text: str) -> list[Definition]:
        """Return the three sentences that are most like a step, if they are like it at all."""

        def likeness(one: Definition) -> float:
            same_kind = 0.05 if one.kind == kind else 0.0
            return SequenceMatcher(None, _FIELD.sub("", one.text), text).ratio() + same_kind

        ranked = sorted(self._definitions, key=likeness, reverse=True)[:3]
        return [one for one in ranked if likeness(one) >= _SIMILAR]


def sentence_problems(feature: gherkin.Feature, steps: Steps) -> Iterator[tuple[int, str]]:
    """Return the line of each sentence that no step or more than one matches, and what to do. Every row is tried."""
    checked = set()
    for kind, step, text in _sentences(feature):
        if (step.location.line, text) in checked:
            continue
        checked.add((step.location.line, text))
        matching = steps.matching(kind, text)
        if not matching:
            yield step.location.line, _no_step(kind, text, steps)
        if len(matching) > 1:
            places = "; ".join(map(str, matching))
            yield step.location.line, f'more than one step matches "{kind.capitalize()} {text}": {places}; reword one'


def _no_step(kind: str, text: str, steps: Steps) -> str:
    near, choice = steps.near(kind, text), steps.wrong_choice(kind, text)
    if choice and (choice.likeness >= _SIMILAR or not near or choice.sentence == near[0].text):
        return _not_allowed(choice)
    hint = f"near: {'; '.join(map(str, near))}" if near else "make steps prints all sentences"
    return f'no step matches "{kind.capitalize()} {text}"; {hint}'


def _not_allowed(choice: WrongChoice) -> str:
    allowed = ", ".join(f'"{value}"' for value in choice.allowed[:_MOST_SHOWN])
    if len(choice.allowed) > _MOST_SHOWN:
        allowed += f" and {len(choice.allowed) - _MOST_SHOWN} more (make steps)"
    return f'"{choice.value}" is not allowed in "{choice.sentence}"; nearest: "{choice.nearest}"; allowed: {allowed}'


def _sentences(feature: gherkin.Feature) -> Iterator[tuple[str, gherkin.Step, str]]:
    for background in backgrounds_of(feature):
        for kind, step in _kinds(background.steps):
            yield kind, step, step.text
    for _, scenario in scenarios_of(feature):
        rows = rows_of(scenario)
        for kind, step in _kinds(scenario.steps):
            for row in rows:
                yield kind, step, render_string(step.text, row.values)


def _kinds(steps: Sequence[gherkin.Step]) -> Iterator[tuple[str, gherkin.Step]]:
    kind = "given"
    for step in steps:
        kind = STEP_TYPE_BY_PARSER_KEYWORD.get(step.keyword_type, kind)
        yield kind, step
