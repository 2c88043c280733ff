"""The matrix for people and programs: reports/proof.json, .md and .html."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from proof.matrix.matrix import Matrix, Outcome, from_json

REPORTS: Final = Path(__file__).resolve().parents[2] / "reports"
_TEMPLATES: Final = Path(__file__).resolve().parent / "templates"
_WANTED_NAMED: Final = 0.95


@dataclass(frozen=True)
class Figure:
    """One figure of the matrix: ``value`` of ``of``, in words, and whether it is what was wanted."""

    value: str
    of: str
    words: str
    good: bool


def figures(matrix: Matrix) -> tuple[Figure, ...]:
    """What the matrix says in figures, the weightiest first."""
    defects, variants = len(matrix.defects), len(matrix.variants)
    caught = defects - len(matrix.survivors)
    named = caught - len(matrix.misnamed)
    parts = (
        (caught, defects, "defects caught", caught == defects),
        (named, caught, "of them with a clause named that the defect breaks", named >= _WANTED_NAMED * caught),
        (len(matrix.false_alarms), variants, "harmless variants with a false alarm", not matrix.false_alarms),
        (len(matrix.idle), len(matrix.scenarios), "scenarios that catch nothing", not matrix.idle),
        (len(matrix.thin), len(matrix.clauses), "clauses with fewer than two defects", not matrix.thin),
        (len(matrix.suite_faults), defects, "defects that trip the suite itself somewhere", not matrix.suite_faults),
        (len(matrix.cut_short), defects + variants, "rounds that were cut short", not matrix.cut_short),
    )
    return tuple(Figure(str(value), str(of), words, good) for value, of, words, good in parts)


def lines(matrix: Matrix) -> list[str]:
    """The figures for a terminal, and the names behind those that are not as wanted."""
    told = [f"{figure.value:>5} of {figure.of:<5} {figure.words}" for figure in figures(matrix)]
    told.append(
        f"{taken(matrix.seconds):>14} in all, {taken(matrix.cpu)} of a core{_of_green(matrix)}; {walks(matrix)}"
    )
    behind = (
        ("survived", [one.name for one in matrix.survivors]),
        ("caught, but only by other clauses", [one.name for one in matrix.misnamed]),
        ("false alarms", [one.name for one in matrix.false_alarms]),
        ("clauses with fewer than two defects", list(matrix.thin)),
        ("scenarios that catch nothing", [one.name for one in matrix.idle]),
    )
    return told + [f"  {words}: {_some(names)}" for words, names in behind if names]


def part_lines(matrix: Matrix) -> list[str]:
    """Return, for each defect or variant that was asked for, the scenarios that caught it."""
    lines = []
    for tried in (*matrix.defects, *matrix.variants):
        caught = tried.catches or tried.alarms
        lines.append(f"{tried.name}: {tried.sentence}")
        lines += [f"  caught by: {outcome.scenario} ({', '.join(outcome.broken)})" for outcome in caught]
        if not caught:
            lines.append("  not caught" if tried.clauses else "  no false alarm")
    return lines


def _of_green(matrix: Matrix) -> str:
    """The time as a ratio, since machines differ and are noisy."""
    seconds = matrix.green.seconds
    return f", as long as {matrix.seconds / seconds:.0f} runs of the suite on the true sandbox" if seconds else ""


def _some(names: list[str], most: int = 12) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def taken(seconds: float) -> str:
    """A length of time in words: ``6 min 12 s``."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def walks(matrix: Matrix) -> str:
    """How the rounds differ from a run, in words."""
    seed = matrix.about.get("walk seed", "")
    number = f"{matrix.walks} random walk{'s' if matrix.walks != 1 else ''} over each API"
    return f"each round has the checks, waits and counts of make run, except for {number} (seed {seed})"


def write(matrix: Matrix, name: str = "proof") -> None:
    """Write the three reports under this name."""
    REPORTS.mkdir(exist_ok=True)
    text = json.dumps(matrix.as_json(), ensure_ascii=False, indent=1, default=dict)
    (REPORTS / f"{name}.json").write_text(text + "\n", "utf-8")
    for kind in ("md", "html"):
        (REPORTS / f"{name}.{kind}").write_text(rendered(matrix, kind), "utf-8")


def rendered(matrix: Matrix, kind: str) -> str:
    """The report as ``md`` or ``html``."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=select_autoescape(("html.j2",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"by_feature": by_feature, "short": short, "taken": taken, "one_line": one_line}
    return environment.get_template(f"proof.{kind}.j2").render(
        matrix=matrix, figures=figures(matrix), walks=walks(matrix), telling=telling
    )


def by_feature(outcomes: Iterable[Outcome]) -> list[tuple[str, list[Outcome]]]:
    """Outcomes by the feature file they are in, in the order of the suite."""
    return [(file, list(group)) for file, group in groupby(outcomes, key=lambda one: feature(one.scenario))]


def feature(name: str) -> str:
    """The feature of a scenario's node name: ``alfred/funding``."""
    return name.partition("::")[0].removeprefix("features/").removesuffix(".feature")


def short(name: str) -> str:
    """A scenario's node name without its file."""
    return name.partition("::")[2]


def one_line(text: str) -> str:
    """A text for one cell of a table."""
    return " ".join(text.split()).replace("|", "\\|")


def telling(tried: Any) -> str:
    """What the violation said that tells most of a defect: one that names a clause that it breaks, else the first."""
    named = [one for one in tried.catches if set(one.broken) & set(tried.clauses) and one.reason]
    return next((one.reason for one in (*named, *tried.catches) if one.reason), "")


def read_last(name: str = "proof") -> Matrix | None:
    """The matrix of the last whole run on this machine; None if there is none that can be read."""
    try:
        told: Mapping[str, Any] = json.loads((REPORTS / f"{name}.json").read_text("utf-8"))
        return from_json(told)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def seconds_of_last() -> dict[str, float]:
    """How long each round took the last time."""
    last = read_last()
    return {one.name: one.round.seconds for one in (*last.defects, *last.variants)} if last else {}
