"""Whether every sentence of a feature has exactly one step, and which sentences are near if it has none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher, get_close_matches
from typing import Final

from pytest_bdd import gherkin_parser as gherkin
from pytest_bdd.parser import render_string
from pytest_bdd.types import STEP_TYPE_BY_PARSER_KEYWORD

from harness.gherkin.files import scenarios_of
from harness.gherkin.sentences import Definition

_FIELD: Final = re.compile(r"\{[^}]*\}")
_SIMILAR: Final = 0.6
_MOST_SHOWN: Final = 8


class Steps:
    """The definitions of all steps. Most sentences occur in several scenarios, so each is looked up once."""

    def __init__(self, definitions: Sequence[Definition]) -> None:
        self.definitions = definitions
        self._matching: dict[tuple[str, str], list[Definition]] = {}

    def matching(self, kind: str, text: str) -> list[Definition]:
        """Return the definitions that a step of this kind and text matches."""
        if (kind, text) not in self._matching:
            self._matching[kind, text] = [one for one in self.definitions if one.matches(kind, text)]
        return self._matching[kind, text]


def sentence_problems(feature: gherkin.Feature, steps: Steps) -> Iterator[tuple[int, str]]:
    """Return the line of each sentence that no step or more than one matches, and what to do. Every row is tried."""
    checked = set()
    for kind, step, text in _sentences(feature):
        if (step.location.line, text) in checked:
            continue
        checked.add((step.location.line, text))
        matching = steps.matching(kind, text)
        if not matching:
            yield step.location.line, _no_step(kind, text, steps.definitions)
        if len(matching) > 1:
            places = "; ".join(map(str, matching))
            yield step.location.line, f'more than one step matches "{kind.capitalize()} {text}": {places}; reword one'


def _no_step(kind: str, text: str, known: Sequence[Definition]) -> str:
    for definition in known:
        for value, allowed in definition.wrong_choices(kind, text):
            nearest = get_close_matches(value, allowed, 1, 0)[0]
            more = f" and {len(allowed) - _MOST_SHOWN} more" if len(allowed) > _MOST_SHOWN else ""
            values = ", ".join(f'"{one}"' for one in allowed[:_MOST_SHOWN])
            return f'"{value}" is not allowed in "{definition.text}"; nearest: "{nearest}"; allowed: {values}{more}'
    near = _near(kind, text, known)
    hint = f"near: {'; '.join(map(str, near))}" if near else "make steps prints all sentences"
    return f'no step matches "{kind.capitalize()} {text}"; {hint}'


def _near(kind: str, text: str, known: Sequence[Definition]) -> list[Definition]:
    def likeness(one: Definition) -> float:
        same_kind = 0.05 if one.kind == kind else 0.0
        return SequenceMatcher(None, _FIELD.sub("", one.text), text).ratio() + same_kind

    ranked = sorted(known, key=likeness, reverse=True)[:3]
    return [one for one in ranked if likeness(one) >= _SIMILAR]


def _sentences(feature: gherkin.Feature) -> Iterator[tuple[str, gherkin.Step, str]]:
    for child in feature.children:
        for part in (child, *(child.rule.children if child.rule else ())):
            for kind, step in _kinds(part.background.steps if part.background else ()):
                yield kind, step, step.text
    for _, scenario in scenarios_of(feature):
        rows = list(_rows(scenario))
        for kind, step in _kinds(scenario.steps):
            for row in rows:
                yield kind, step, render_string(step.text, row)


def _kinds(steps: Sequence[gherkin.Step]) -> Iterator[tuple[str, gherkin.Step]]:
    kind = "given"
    for step in steps:
        kind = STEP_TYPE_BY_PARSER_KEYWORD.get(step.keyword_type, kind)
        yield kind, step


def _rows(scenario: gherkin.Scenario) -> Iterator[Mapping[str, str]]:
    for table in scenario.examples:
        columns = [cell.value for cell in table.table_header.cells] if table.table_header else []
        for row in table.table_body or ():
            yield dict(zip(columns, (cell.value for cell in row.cells), strict=True))
    if not scenario.examples:
        yield {}
