"""Write the matrix to reports/proof.json, .md and .html."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from proof.matrix.matrix import Matrix, Outcome, PlatformResult, from_json

REPORTS: Final = Path(__file__).resolve().parents[2] / "reports"
_TEMPLATES: Final = Path(__file__).resolve().parent / "templates"
_MIN_NAMED: Final = 0.95
_MIN_FIRST: Final = 0.95
_MIN_THREE: Final = 0.99
_MIN_NAMED_FIRST: Final = 0.98
_CATCH_NOTHING: Final = "scenarios that catch nothing"
_FEW_DEFECTS: Final = "clauses with fewer than two defects"
_MOST: Final = 12  # names in a line
_WHOLE_ONLY: Final = (_CATCH_NOTHING, _FEW_DEFECTS)


@dataclass(frozen=True)
class Figure:
    """One figure of the matrix: ``value`` of ``of``, its description, and whether it is as required."""

    value: str
    of: str
    description: str
    good: bool


def figures(matrix: Matrix) -> tuple[Figure, ...]:
    """Return the figures, the most important first."""
    defects, variants = len(matrix.defects), len(matrix.variants)
    caught = defects - len(matrix.survivors)
    named = caught - len(matrix.misnamed)
    parts = (
        (caught, defects, "defects caught", caught == defects),
        (named, caught, "of them by a violation of a clause that the defect breaks", named >= _MIN_NAMED * caught),
        (
            caught - len(matrix.misnamed_first),
            caught,
            "of them first by such a violation, in the order of the scenarios",
            caught - len(matrix.misnamed_first) >= _MIN_NAMED_FIRST * caught,
        ),
        (len(matrix.false_alarms), variants, "harmless variants with a false alarm", not matrix.false_alarms),
        *_idle(matrix),
        (
            len(matrix.clauses_short_of_defects),
            len(matrix.clauses),
            _FEW_DEFECTS,
            not matrix.clauses_short_of_defects,
        ),
        (len(matrix.suite_faults), defects, "defects that cause an error of the suite itself", not matrix.suite_faults),
        (len(matrix.cut_short), defects + variants, "rounds that were cut short", not matrix.cut_short),
    )
    return tuple(
        Figure(str(value), str(of), description, good) for value, of, description, good in (*parts, *_causes(matrix))
    )


def _idle(matrix: Matrix) -> Iterator[tuple[int, int, str, bool]]:
    if not matrix.until_caught:
        yield len(matrix.catching_nothing), len(matrix.scenarios), _CATCH_NOTHING, not matrix.catching_nothing


def _causes(matrix: Matrix) -> Iterator[tuple[int, int, str, bool]]:
    if tried := len(matrix.causes):
        first, three = (tried - len(matrix.misjudged(number)) for number in (1, 3))
        yield first, tried, "first likely causes that are a clause that the defect breaks", first >= _MIN_FIRST * tried
        yield (
            three,
            tried,
            "defects with such a clause among the first three likely causes",
            three >= _MIN_THREE * tried,
        )


def lines(matrix: Matrix, *, part: bool = False) -> list[str]:
    """Return the figures for a terminal, and the names behind those that are not as required.

    Scenarios that catch nothing and clauses with few defects mean nothing if only a part of the catalogue was run.
    """
    chosen = [figure for figure in figures(matrix) if not (part and figure.description in _WHOLE_ONLY)]
    lines = [f"{figure.value:>5} of {figure.of:<5} {figure.description}" for figure in chosen]
    time = f"{duration(matrix.seconds):>14} in all, {duration(matrix.cpu)} of a core{_ratio_to_green(matrix)}"
    lines.append(f"{time}; {walks(matrix)}")
    behind = (
        ("survived", [one.name for one in matrix.survivors]),
        ("caught, but only by other clauses", [one.name for one in matrix.misnamed]),
        ("the first likely cause is another", [one.name for one in matrix.misjudged(1)]),
        ("first by another clause", [one.name for one in matrix.misnamed_first]),
        ("false alarms", [one.name for one in matrix.false_alarms]),
        (_FEW_DEFECTS, list(matrix.clauses_short_of_defects)),
        (_CATCH_NOTHING, [one.name for one in matrix.catching_nothing]),
    )
    named = [(words, names) for words, names in behind if names and not (part and words in _WHOLE_ONLY)]
    return lines + [f"  {words}: {_some(names)}" for words, names in named]


def part_lines(matrix: Matrix) -> list[str]:
    """Return, for each defect or variant that was asked for, the scenarios that caught it."""
    lines = []
    for result in (*matrix.defects, *matrix.variants):
        caught = result.catches or result.alarms
        lines.append(f"{result.name}: {result.sentence}")
        lines += [f"  caught by: {outcome.scenario} ({', '.join(outcome.broken)})" for outcome in caught]
        if not caught:
            lines.append("  not caught" if result.clauses else "  no false alarm")
    return lines


def _ratio_to_green(matrix: Matrix) -> str:
    """Return the time as a ratio, because machines differ."""
    seconds = matrix.green.seconds
    return f", as long as {matrix.seconds / seconds:.0f} runs of the suite on the true sandbox" if seconds else ""


def _some(names: list[str]) -> str:
    return ", ".join(names[:_MOST]) + (f" and {len(names) - _MOST} more" if len(names) > _MOST else "")


def duration(seconds: float) -> str:
    """Return a duration such as ``6 min 12 s``."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def walks(matrix: Matrix) -> str:
    """Return a description of how the rounds differ from a run."""
    seed, depth = matrix.about.get("walk seed", ""), matrix.about.get("depth", "quick")
    calls = f", {matrix.about['calls']} calls on the true sandbox" if "calls" in matrix.about else ""
    run = f"each round has the checks, waits and counts of a run of depth {depth}{calls}"
    number = f"{matrix.walks} random walk{'s' if matrix.walks != 1 else ''} over each API"
    return f"{run}{f', except for {number}' if matrix.walks else ''} (seed {seed})"


def extent(matrix: Matrix) -> str:
    """Return a sentence about which scenarios met which platforms."""
    if matrix.cut_short:
        return "Some rounds were cut short."
    if matrix.until_caught:
        return "Every scenario of the API concerned met every variant, and every defect until one of them caught it."
    return "Every scenario of the API concerned met every defect and variant."


def write(matrix: Matrix, name: str = "proof") -> None:
    """Write the three reports under this name."""
    REPORTS.mkdir(exist_ok=True)
    text = json.dumps(matrix.as_json(), ensure_ascii=False, indent=1, default=dict)
    (REPORTS / f"{name}.json").write_text(text + "\n", "utf-8")
    for kind in ("md", "html"):
        (REPORTS / f"{name}.{kind}").write_text(rendered(matrix, kind), "utf-8")


def rendered(matrix: Matrix, kind: str) -> str:
    """Return the report as ``md`` or ``html``."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=select_autoescape(("html.j2",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"by_feature": by_feature, "short": short, "duration": duration, "one_line": one_line}
    return environment.get_template(f"proof.{kind}.j2").render(
        matrix=matrix, figures=figures(matrix), walks=walks(matrix), extent=extent(matrix), best_reason=best_reason
    )


def by_feature(outcomes: Iterable[Outcome]) -> list[tuple[str, list[Outcome]]]:
    """Return the outcomes by feature file, in the order of the suite."""
    return [(file, list(group)) for file, group in groupby(outcomes, key=lambda one: feature(one.scenario))]


def feature(name: str) -> str:
    """Return the feature of a scenario, such as ``alfred/funding``."""
    return name.partition("::")[0].removeprefix("features/").removesuffix(".feature")


def short(name: str) -> str:
    """Return a scenario's name without its file."""
    return name.partition("::")[2]


def one_line(text: str) -> str:
    """Return a text that fits one cell of a Markdown table."""
    return " ".join(text.split()).replace("|", "\\|")


def best_reason(result: PlatformResult) -> str:
    """Return a reason that names a clause that the defect breaks; if there is none, the first reason."""
    named = [one for one in result.catches if set(one.broken) & set(result.clauses) and one.reason]
    return next((one.reason for one in (*named, *result.catches) if one.reason), "")


def read_last(name: str = "proof") -> Matrix | None:
    """Return the matrix of the last run on this machine; None if there is none."""
    try:
        return from_json(json.loads((REPORTS / f"{name}.json").read_text("utf-8")))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def seconds_of_last() -> dict[str, float]:
    """Return the duration of each round of the last matrix."""
    last = read_last()
    return {one.name: one.round.seconds for one in (*last.defects, *last.variants)} if last else {}
