"""Checks of feature files before a run, for mistakes that pytest-bdd lets pass."""

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from difflib import get_close_matches

from pytest_bdd import gherkin_parser as gherkin

from harness.gherkin.descriptions import mistyped
from harness.gherkin.files import GherkinFile, Problem, backgrounds_of, names_of, scenarios_of
from harness.gherkin.outlines import outline_problems
from harness.gherkin.sentences import KINDS, Definition
from harness.gherkin.step_checks import Steps, sentence_problems, steps_of
from harness.run_folder import displayed

Found = Iterator[tuple[int, str]]
"""Problems of one file: the line and the message."""


def problems(
    file: GherkinFile, known: Sequence[Definition], tags: Iterable[str], clauses: Container[str] | None = None
) -> tuple[Problem, ...]:
    """Return all problems of a file, given the definitions of the steps that it sees and the allowed tags.

    ``clauses``: each scenario must name one of them.
    """
    if file.document is None:
        return file.problems
    lines = [*_file_problems(file, file.document.feature, steps_of(tuple(known)), frozenset(tags))]
    lines += _without_clause(file.document.feature, clauses) if clauses is not None else ()
    return tuple(sorted({Problem(displayed(file.path), line, text) for line, text in lines}))


def _without_clause(feature: gherkin.Feature, clauses: Container[str]) -> Found:
    for rule, scenario in scenarios_of(feature):
        tables = [names_of(table.tags) for table in scenario.examples] or [()]
        shared = names_of((*(rule.tags if rule else ()), *scenario.tags, *feature.tags))
        if not all(any(tag in clauses for tag in (*shared, *own)) for own in tables):
            yield scenario.location.line, "the scenario names no clause, so it would judge none; tag its Rule with one"


def _file_problems(file: GherkinFile, feature: gherkin.Feature, steps: Steps, tags: frozenset[str]) -> Found:
    yield from _names(feature)
    yield from _empty_parts(feature)
    for line, text in _descriptions(file, feature, steps):
        yield file.line_below(line, text), f'"{text}" looks like Gherkin but is a description; correct or reword it'
    yield from _tags(feature, tags)
    yield from outline_problems(file, feature)
    yield from sentence_problems(file, steps)


def features_of_one_name(files: Iterable[GherkinFile]) -> Iterator[Problem]:
    """Return the features whose names and tags another feature has too."""
    first: dict[tuple[str, tuple[str, ...]], str] = {}
    for file in files:
        if file.document:
            feature = file.document.feature
            place = f"{displayed(file.path)}:{feature.location.line}"
            other = first.setdefault((feature.name, names_of(feature.tags)), place)
            if other != place:
                text = f'the Feature "{feature.name}" is also at {other}, and the report would mix them; rename one'
                yield Problem(displayed(file.path), feature.location.line, text)


def _names(feature: gherkin.Feature) -> Found:
    first: dict[str, int] = {}
    for _, scenario in scenarios_of(feature):
        name, line = scenario.name, scenario.location.line
        if not name:
            yield line, "the scenario has no name; name it after what it promises"
        if any(mark in name for mark in ("::", "[", "]")):
            yield line, "a scenario's name can't contain :: [ or ], because pytest's node ids use them; reword it"
        if first.setdefault(name, line) != line:
            yield line, f'a scenario "{name}" is also on line {first[name]}, and only one of them would run; rename one'


def _empty_parts(feature: gherkin.Feature) -> Found:
    if not any(scenarios_of(feature)):
        yield feature.location.line, "the Feature has no scenario; write one or remove the file"
    for rule in _rules(feature):
        if not any(inner.scenario for inner in rule.children):
            yield rule.location.line, "the Rule has no scenario; write one or remove the Rule"
    for background in backgrounds_of(feature):
        if not background.steps:
            yield background.location.line, "the Background has no steps; write one or remove the Background"
    for _, scenario in scenarios_of(feature):
        if not scenario.steps:
            yield scenario.location.line, "the scenario has no steps, so it would pass; write steps or remove it"


def _descriptions(file: GherkinFile, feature: gherkin.Feature, steps: Steps) -> Found:
    def is_step(text: str) -> bool:
        return any(steps.matching(kind, text) for kind in KINDS)

    parts: list[tuple[int, str, Callable[[str], bool] | None]] = []
    parts += [(line, text, is_step) for line, text in file.examples_descriptions]
    headings: list[gherkin.Feature | gherkin.Rule] = [feature, *_rules(feature)]
    parts += [(part.location.line, part.description, is_step) for part in headings]
    parts += [(part.location.line, part.description, None) for part in backgrounds_of(feature)]
    parts += [(part.location.line, part.description, None) for _, part in scenarios_of(feature)]
    for line, description, checked in parts:
        yield from ((line, text) for text in mistyped(description, feature.language, checked))


def _tags(feature: gherkin.Feature, known: frozenset[str]) -> Found:
    tags = [*feature.tags, *(tag for rule in _rules(feature) for tag in rule.tags)]
    for _, scenario in scenarios_of(feature):
        tags += [*scenario.tags, *(tag for table in scenario.examples for tag in table.tags)]
    for tag in tags:
        name = tag.name.lstrip("@")
        if name not in known:
            near = get_close_matches(name, known, 3, 0.5)
            hint = f"; near: {', '.join(f'@{one}' for one in sorted(near))}" if near else ""
            yield tag.location.line, f"@{name} is neither a clause of schemas/clauses.toml nor a known tag{hint}"


def _rules(feature: gherkin.Feature) -> Iterator[gherkin.Rule]:
    yield from (child.rule for child in feature.children if child.rule)
