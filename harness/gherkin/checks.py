"""What pytest-bdd lets pass in silence and this suite rejects: each problem with its file, its line and what to do."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from typing import Final

from pytest_bdd import gherkin_parser as gherkin

from harness.gherkin.files import GherkinFile, Problem, names_of, scenarios_of
from harness.gherkin.outlines import outline_problems
from harness.gherkin.sentences import Definition, displayed
from harness.gherkin.step_checks import Steps, sentence_problems

Found = Iterator[tuple[int, str]]
"""Problems of one file: the line and what to say."""

_LIKE_GHERKIN: Final = re.compile(
    r"""\s*(?:
        [^\W\d]+(?:\s[^\W\d]+){0,2}\s*:                                # a keyword, rightly or wrongly spelled
      | (?:Given|When|Then|And|But|Feature|Rule|Background|Scenario|Examples?)\b
      | [*|@] | \"{3} | `{3}                                           # a step, a table, a tag, a text
    )""",
    re.VERBOSE,
)


def problems(files: Iterable[GherkinFile], known: Sequence[Definition], tags: Iterable[str]) -> tuple[Problem, ...]:
    """All that is wrong with these files, judged by the steps' sentences and the tags that may be used."""
    files, tags, steps = tuple(files), frozenset(tags), Steps(known)
    found = [problem for file in files for problem in file.problems]
    for file in files:
        if file.document:
            lines = _file_problems(file, file.document.feature, steps, tags)
            found += [Problem(displayed(file.path), line, text) for line, text in lines]
    return tuple(sorted({*found, *_features_of_one_name(files)}))


def _file_problems(file: GherkinFile, feature: gherkin.Feature, steps: Steps, tags: frozenset[str]) -> Found:
    yield from _names(feature)
    yield from _emptiness(feature)
    yield from ((file.line_below(line, text), why) for line, text, why in _descriptions(feature))
    yield from _tags(feature, tags)
    yield from outline_problems(feature)
    yield from sentence_problems(feature, steps)


def _features_of_one_name(files: Iterable[GherkinFile]) -> Iterator[Problem]:
    first: dict[tuple[str, tuple[str, ...]], str] = {}
    for file in files:
        if file.document:
            feature = file.document.feature
            place = f"{displayed(file.path)}:{feature.location.line}"
            other = first.setdefault((feature.name, names_of(feature.tags)), place)
            if other != place:
                text = f'the Feature "{feature.name}" stands at {other} too, and their histories would mix; rename one'
                yield Problem(displayed(file.path), feature.location.line, text)


def _names(feature: gherkin.Feature) -> Found:
    lines = defaultdict(list)
    for _, scenario in scenarios_of(feature):
        lines[scenario.name].append(scenario.location.line)
        if not scenario.name:
            yield scenario.location.line, "the scenario has no name; name it after what it promises"
        if any(mark in scenario.name for mark in ("::", "[", "]")):
            yield scenario.location.line, "a scenario's name may not hold :: [ or ], which pytest's ids need; reword it"
    for name, (first, *others) in lines.items():
        for line in others:
            yield line, f'a scenario "{name}" stands on line {first} too, and only one of them would run; rename one'


def _emptiness(feature: gherkin.Feature) -> Found:
    if not any(scenarios_of(feature)):
        yield feature.location.line, "the Feature has no scenario; write one or remove the file"
    for child in feature.children:
        if child.rule and not any(inner.scenario for inner in child.rule.children):
            yield child.rule.location.line, "the Rule has no scenario; write one or remove the Rule"
    for background in _backgrounds(feature):
        if not background.steps:
            yield background.location.line, "the Background has no steps; write one or remove the Background"
    for _, scenario in scenarios_of(feature):
        if not scenario.steps:
            yield scenario.location.line, "the scenario has no steps, so it would pass; write them or remove it"


def _descriptions(feature: gherkin.Feature) -> Iterator[tuple[int, str, str]]:
    for _, scenario in scenarios_of(feature):
        for text in scenario.description.strip().splitlines()[:1]:
            why = f'"{text.strip()}" is no step and would be passed over; mend its keyword, or make it a comment (#)'
            yield scenario.location.line, text, why
    parts: list[gherkin.Feature | gherkin.Rule | gherkin.Background] = [
        feature,
        *_rules(feature),
        *_backgrounds(feature),
    ]
    for part in parts:
        for text in part.description.splitlines():
            if _LIKE_GHERKIN.match(text):
                why = f'"{text.strip()}" reads like Gherkin but would be a description; mend its keyword, or reword it'
                yield part.location.line, text, why


def _tags(feature: gherkin.Feature, known: frozenset[str]) -> Found:
    for tag in _all_tags(feature):
        name = tag.name.lstrip("@")
        if name not in known:
            near = get_close_matches(name, known, 3, 0.5)
            hint = f"; near: {', '.join(f'@{one}' for one in sorted(near))}" if near else ""
            yield tag.location.line, f"@{name} is neither a clause of schemas/clauses.toml nor a known tag{hint}"


def _all_tags(feature: gherkin.Feature) -> Iterator[gherkin.Tag]:
    yield from feature.tags
    for rule in _rules(feature):
        yield from rule.tags
    for _, scenario in scenarios_of(feature):
        yield from scenario.tags
        for table in scenario.examples:
            yield from table.tags


def _rules(feature: gherkin.Feature) -> Iterator[gherkin.Rule]:
    yield from (child.rule for child in feature.children if child.rule)


def _backgrounds(feature: gherkin.Feature) -> Iterator[gherkin.Background]:
    children = [*feature.children, *(inner for rule in _rules(feature) for inner in rule.children)]
    yield from (child.background for child in children if child.background)
