"""Whether every sentence of a feature has one step, and which ones come near where it has none."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Final

from pytest_bdd import gherkin_parser as gherkin
from pytest_bdd.parser import render_string
from pytest_bdd.types import STEP_TYPE_BY_PARSER_KEYWORD

from harness.gherkin.files import scenarios_of
from harness.gherkin.sentences import Definition

_FIELD: Final = re.compile(r"\{[^}]*\}")
_NEAR: Final = 0.6
_BEGINNING: Final = 8


class Known:
    """The steps' sentences, by their beginning: there are hundreds, and hundreds of others are looked up."""

    def __init__(self, known: Sequence[Definition]) -> None:
        """Sort them; one with a field near its beginning stands apart."""
        self.definitions = known
        self._by_beginning: dict[str, list[Definition]] = defaultdict(list)
        for one in known:
            beginning = one.text[:_BEGINNING]
            self._by_beginning["" if "{" in beginning or len(beginning) < _BEGINNING else beginning].append(one)

    def matching(self, kind: str, text: str) -> list[Definition]:
        """The sentences that a step of this kind and text is."""
        candidates = (*self._by_beginning.get(text[:_BEGINNING], ()), *self._by_beginning.get("", ()))
        return [one for one in candidates if one.answers(kind, text)]

    def near(self, kind: str, text: str) -> list[Definition]:
        """The three that come nearest, where they come near at all."""

        def likeness(one: Definition) -> float:
            same_kind = 0.05 if one.kind == kind else 0.0
            return SequenceMatcher(None, _FIELD.sub("", one.text), text).ratio() + same_kind

        ranked = sorted(self.definitions, key=likeness, reverse=True)[:3]
        return [one for one in ranked if likeness(one) >= _NEAR]


def sentence_problems(feature: gherkin.Feature, known: Known) -> Iterator[tuple[int, str]]:
    """The line of each sentence that no step or more than one matches, and what to do about it; each row is tried."""
    judged = set()
    for kind, step, text in _sentences(feature):
        if (step.location.line, text) in judged:
            continue
        judged.add((step.location.line, text))
        matching = known.matching(kind, text)
        if not matching:
            near = known.near(kind, text)
            hint = f"near: {'; '.join(map(str, near))}" if near else "make steps prints the ones there are"
            yield step.location.line, f'no step matches "{kind.capitalize()} {text}"; {hint}'
        if len(matching) > 1:
            places = "; ".join(map(str, matching))
            yield step.location.line, f'more than one step matches "{kind.capitalize()} {text}": {places}; reword one'


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
