"""A feature file read once: its lines as they stand, for the checks, and its scenarios as pytest-bdd runs them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from gherkin.errors import CompositeParserException, ParserException
from gherkin.parser import Parser
from pytest_bdd import gherkin_parser as gherkin
from pytest_bdd.exceptions import GherkinParseError
from pytest_bdd.parser import Feature, FeatureParser, ScenarioTemplate

from harness.gherkin.sentences import displayed


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong with a feature file, and what to do about it."""

    path: str
    line: int
    text: str

    def __str__(self) -> str:
        """``features/alfred/funding.feature:12: what is wrong``."""
        return f"{self.path}:{self.line}: {self.text}"


@dataclass(frozen=True)
class Row:
    """One row of an outline, or the only one of a plain scenario; ``name`` is what node ids show in brackets."""

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
    """A file with its document and feature, or with the reasons why there is neither."""

    path: Path
    document: gherkin.GherkinDocument | None = None
    feature: Feature | None = None
    lines: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    def line_below(self, line: int, text: str) -> int:
        """The number of the first line after this one that holds this text; the line itself where there is none."""
        below = enumerate(self.lines[line:], line + 1)
        return next((number for number, found in below if found.strip() == text.strip()), line)

    def scenarios(self) -> Iterator[Scenario]:
        """What pytest runs, in the order of the file."""
        if self.document is None or self.feature is None:
            return
        for rule, source in scenarios_of(self.document.feature):
            tagged = (*(rule.tags if rule else ()), *source.tags, *self.document.feature.tags)
            yield Scenario(self.feature.scenarios[source.name], names_of(tagged), tuple(_rows(source)))


class _Parsed(FeatureParser):
    """pytest-bdd's own reading of a document that was parsed already."""

    def __init__(self, path: Path, document: gherkin.GherkinDocument) -> None:
        super().__init__(str(path.parent), path.name)
        self._document = document

    def _parse_feature_file(self) -> gherkin.GherkinDocument:
        return self._document


@cache
def read(path: Path) -> GherkinFile:
    """The file at this path, parsed once a process."""
    try:
        text = path.read_text("utf-8")
        parsed = Parser().parse(text)
        if parsed.get("feature") is None:
            return _unread(path, 1, "the file contains no Feature; write one or remove it")
        document = gherkin.GherkinDocument.from_dict(parsed)
        return GherkinFile(path, document, _Parsed(path, document).parse(), tuple(text.splitlines()))
    except CompositeParserException as error:
        return GherkinFile(path, problems=tuple(_problem(path, one) for one in error.errors))
    except GherkinParseError as error:
        return _unread(path, error.line, error.message)
    except (OSError, UnicodeDecodeError) as error:
        return _unread(path, 1, f"can't be read as UTF-8 text: {error}")


def scenarios_of(feature: gherkin.Feature) -> Iterator[tuple[gherkin.Rule | None, gherkin.Scenario]]:
    """Every scenario as it stands in the file, with the Rule around it."""
    for child in feature.children:
        if child.scenario:
            yield None, child.scenario
        for inner in child.rule.children if child.rule else ():
            if inner.scenario:
                yield child.rule, inner.scenario


def names_of(tags: Iterable[gherkin.Tag]) -> tuple[str, ...]:
    """The tags' names, each once, in their order."""
    return tuple(dict.fromkeys(tag.name.lstrip("@") for tag in tags))


def row_name(cells: Iterable[str]) -> str:
    """What a node id shows of a row, on one line."""
    text = ", ".join(cells) or "empty"
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text)


def _rows(source: gherkin.Scenario) -> Iterator[Row]:
    if not source.examples:
        yield Row()
    for table in source.examples:
        columns = [cell.value for cell in table.table_header.cells] if table.table_header else []
        for row in table.table_body or ():
            cells = [cell.value for cell in row.cells]
            yield Row(row_name(cells), dict(zip(columns, cells, strict=True)), names_of(table.tags))


def _unread(path: Path, line: int, text: str) -> GherkinFile:
    return GherkinFile(path, problems=(Problem(displayed(path), line, text),))


def _problem(path: Path, error: ParserException) -> Problem:
    _, _, message = str(error).partition("): ")
    expected, _, got = message.partition(", got ")
    text = f"{got} can't stand here; check the keyword" if got else f"the file ends too early; {expected}"
    return Problem(displayed(path), error.location["line"], text)
