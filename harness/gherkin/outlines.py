"""Checks of outlines: missing or repeated rows, placeholders without a column, and unused columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from pytest_bdd import gherkin_parser as gherkin

from harness.gherkin.files import backgrounds_of, cells_of, columns_of, row_name, scenarios_of

_PLACEHOLDER: Final = re.compile(r"<(.+?)>")
_OUTLINES: Final = ("Scenario Outline", "Scenario Template")


def outline_problems(feature: gherkin.Feature) -> Iterator[tuple[int, str]]:
    """Return the line of each problem of a feature's outlines, and what to do about it."""
    for _, scenario in scenarios_of(feature):
        yield from _rows(scenario)
        yield from _columns(scenario)
        yield from _placeholders(scenario)
    for background in backgrounds_of(feature):
        for step in background.steps:
            for name in _placeholders_of(step):
                yield step.location.line, f"<{name}> is in a Background, which has no columns; write the value"


def _rows(scenario: gherkin.Scenario) -> Iterator[tuple[int, str]]:
    if scenario.keyword in _OUTLINES and not scenario.examples:
        yield scenario.location.line, "the outline has no Examples; add rows, or make it a Scenario"
    seen: set[str] = set()
    for table in scenario.examples:
        if not table.table_body:
            yield table.location.line, "the Examples have no rows, so nothing would run; add rows or remove them"
        for row in table.table_body or ():
            if row_name(row) in seen:
                yield row.location.line, "another row of this outline has the same values; remove one"
            seen.add(row_name(row))


def _columns(scenario: gherkin.Scenario) -> Iterator[tuple[int, str]]:
    used = set(_PLACEHOLDER.findall(scenario.name)).union(*map(_placeholders_of, scenario.steps))
    for table in scenario.examples:
        columns = columns_of(table)
        for name in columns:
            if columns.count(name) > 1:
                yield table.location.line, f'two columns have the name "{name}"; rename one'
            if name not in used:
                yield table.location.line, f'no step uses the column "{name}"; write <{name}> in a step, or remove it'


def _placeholders(scenario: gherkin.Scenario) -> Iterator[tuple[int, str]]:
    places = [(scenario.location.line, set(_PLACEHOLDER.findall(scenario.name)))]
    places += [(step.location.line, _placeholders_of(step)) for step in scenario.steps]
    for line, name in ((line, name) for line, names in places for name in sorted(names)):
        if not scenario.examples:
            yield line, f"<{name}> is in a scenario without Examples; write the value, or add Examples"
        for table in scenario.examples:
            if table.table_header and name not in columns_of(table):
                yield line, f"the Examples on line {table.location.line} have no column for <{name}>; add one"


def _placeholders_of(step: gherkin.Step) -> set[str]:
    cells = [cell for row in step.datatable.rows for cell in cells_of(row)] if step.datatable else []
    texts = (step.text, step.docstring.content if step.docstring else "", *cells)
    return {name for text in texts for name in _PLACEHOLDER.findall(text)}
