"""Checks of outlines: missing or repeated rows, placeholders without a column, and unused columns."""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final

from pytest_bdd import gherkin_parser as gherkin
from pytest_bdd.parser import PARAM_RE

from harness.gherkin.files import GherkinFile, backgrounds_of, cells_of, columns_of, row_name, scenarios_of

_OUTLINES: Final = ("Scenario Outline", "Scenario Template")


def outline_problems(file: GherkinFile, feature: gherkin.Feature) -> Iterator[tuple[int, str]]:
    """Return the line of each problem of a feature's outlines, and what to do about it.

    Placeholders exist only in outlines: elsewhere, and in a text block without such a column, ``<word>`` is text.
    """
    for _, scenario in scenarios_of(feature):
        yield from _rows(scenario)
        if scenario.examples:
            yield from _columns(file, scenario)
            yield from _placeholders(scenario)
    columns = {name for _, scenario in scenarios_of(feature) for name in _columns_of_all(scenario)}
    for background in backgrounds_of(feature):
        for step in background.steps:
            for name in sorted(_placeholders_of(step) & columns):
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


def _columns(file: GherkinFile, scenario: gherkin.Scenario) -> Iterator[tuple[int, str]]:
    texts = [step.docstring for step in scenario.steps if step.docstring]
    media_types = [file.lines[text.location.line - 1] for text in texts]
    used = set(PARAM_RE.findall("\n".join([scenario.name, *media_types]))).union(
        *map(_placeholders_of, scenario.steps), *(_names_in(text.content) for text in texts)
    )
    for table in scenario.examples:
        columns = columns_of(table)
        for name in columns:
            if columns.count(name) > 1:
                yield table.location.line, f'two columns have the name "{name}"; rename one'
            if name not in used:
                yield table.location.line, f'no step uses the column "{name}"; write <{name}> in a step, or remove it'


def _placeholders(scenario: gherkin.Scenario) -> Iterator[tuple[int, str]]:
    places = [(scenario.location.line, _names_in(scenario.name))]
    known = _columns_of_all(scenario)
    for step in scenario.steps:
        text = _names_in(step.docstring.content) if step.docstring else set()
        meant = {name for name in text if name in known or get_close_matches(name, known, 1, 0.7)}
        places.append((step.location.line, _placeholders_of(step) | meant))
    for line, name in ((line, name) for line, names in places for name in sorted(names)):
        for table in scenario.examples:
            if table.table_header and name not in columns_of(table):
                yield line, f"the Examples on line {table.location.line} have no column for <{name}>; add one"


def _columns_of_all(scenario: gherkin.Scenario) -> set[str]:
    return {name for table in scenario.examples for name in columns_of(table)}


def _placeholders_of(step: gherkin.Step) -> set[str]:
    cells = [cell for row in step.datatable.rows for cell in cells_of(row)] if step.datatable else []
    return set().union(*map(_names_in, (step.text, *cells)))


def _names_in(text: str) -> set[str]:
    return set(PARAM_RE.findall(text))
