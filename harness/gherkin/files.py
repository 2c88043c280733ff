"""A feature file, read once: its lines and its document for the checks, and its scenarios as pytest-bdd runs them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from gherkin.errors import CompositeParserException
from gherkin.parser import Parser
from pytest_bdd import gherkin_parser as gherkin
from pytest_bdd.exceptions import GherkinParseError
from pytest_bdd.parser import Feature, ScenarioTemplate

from harness.gherkin.parser_errors import reasons
from harness.gherkin.pytest_internals import feature_of
from harness.run_folder import displayed

SUFFIX: Final = ".feature"
_NOT_UTF_8: Final = "the file can't be read as UTF-8 text; save it as UTF-8 (with or without a byte order mark)"


@dataclass(frozen=True, order=True)
class Problem:
    """What is wrong at a line of a feature file, and what to do about it."""

    path: str
    line: int
    text: str

    def __str__(self) -> str:
        """``features/alfred/funding.feature:12: what is wrong``."""
        return f"{self.path}:{self.line}: {self.text}"


@dataclass(frozen=True)
class Row:
    """One row of an outline, or the only one of a plain scenario; ``name`` is in brackets in the node id."""

    name: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scenario:
    """A scenario with its tags: the Rule's first, then its own, then the Feature's."""

    template: ScenarioTemplate
    tags: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class GherkinFile:
    """A file with its document and its feature, or with the reasons why it can't be read."""

    path: Path
    document: gherkin.GherkinDocument | None = None
    feature: Feature | None = None
    lines: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    examples_descriptions: tuple[tuple[int, str], ...] = ()

    def line_below(self, line: int, text: str) -> int:
        """Return the number of the first line after this one with this text; this line's number if there is none."""
        below = enumerate(self.lines[line:], line + 1)
        return next((number for number, found in below if found.strip() == text.strip()), line)

    def scenarios(self) -> Iterator[Scenario]:
        if self.document is None or self.feature is None:
            return
        for rule, source in scenarios_of(self.document.feature):
            tagged = (*(rule.tags if rule else ()), *source.tags, *self.document.feature.tags)
            yield Scenario(self.feature.scenarios[source.name], names_of(tagged), rows_of(source))


@cache
def read(path: Path) -> GherkinFile:
    """Read a feature file; each file is read once per process."""
    lines: tuple[str, ...] = ()
    try:
        text = path.read_text("utf-8-sig")
        lines = tuple(text.split("\n"))
        if "\0" in text:
            return _unreadable(path, 1, _NOT_UTF_8)
        parsed = Parser().parse(text)
        if parsed.get("feature") is None:
            return _unreadable(path, 1, "the file contains no Feature; write one or remove the file")
        document = gherkin.GherkinDocument.from_dict(parsed)
        described = tuple(_examples_descriptions(parsed["feature"]))
        return GherkinFile(path, document, feature_of(path, document), lines, examples_descriptions=described)
    except CompositeParserException as error:
        found = tuple(Problem(displayed(path), *reason) for reason in reasons(error.errors, lines))
        return GherkinFile(path, problems=found)
    except GherkinParseError as error:
        return _unreadable(path, error.line, error.message)
    except UnicodeDecodeError:
        return _unreadable(path, 1, _NOT_UTF_8)
    except OSError as error:
        return _unreadable(path, 1, f"the file can't be read: {error.strerror}")


def scenarios_of(feature: gherkin.Feature) -> Iterator[tuple[gherkin.Rule | None, gherkin.Scenario]]:
    """Return every scenario of a document with the Rule that contains it."""
    for child in feature.children:
        if child.scenario:
            yield None, child.scenario
        for inner in child.rule.children if child.rule else ():
            if inner.scenario:
                yield child.rule, inner.scenario


def backgrounds_of(feature: gherkin.Feature) -> Iterator[gherkin.Background]:
    """Return the Background of the Feature and those of its Rules."""
    for child in feature.children:
        for part in (child, *(child.rule.children if child.rule else ())):
            if part.background:
                yield part.background


def names_of(tags: Iterable[gherkin.Tag]) -> tuple[str, ...]:
    """Return the names of tags in their order, each once and without the @."""
    return tuple(dict.fromkeys(tag.name.lstrip("@") for tag in tags))


def rows_of(scenario: gherkin.Scenario) -> tuple[Row, ...]:
    """Return the rows of an outline, or the only row of a plain scenario."""
    if not scenario.examples:
        return (Row(),)
    return tuple(
        Row(row_name(row), dict(zip(columns_of(table), cells_of(row), strict=True)), names_of(table.tags))
        for table in scenario.examples
        for row in table.table_body or ()
    )


def columns_of(table: gherkin.ExamplesTable) -> list[str]:
    return cells_of(table.table_header) if table.table_header else []


def cells_of(row: gherkin.Row) -> list[str]:
    return [cell.value for cell in row.cells]


def row_name(row: gherkin.Row) -> str:
    """Return the text of a row in a node id, on one line."""
    text = ", ".join(cells_of(row)) or "empty"
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text)


def _unreadable(path: Path, line: int, text: str) -> GherkinFile:
    return GherkinFile(path, problems=(Problem(displayed(path), line, text),))


def _examples_descriptions(part: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    # pytest-bdd drops them.
    for child in part["children"]:
        if "rule" in child:
            yield from _examples_descriptions(child["rule"])
        for table in child.get("scenario", {}).get("examples", ()):
            yield table["location"]["line"], table.get("description", "")
