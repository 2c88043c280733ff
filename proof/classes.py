"""``python -m proof.classes``: what the words of each clause cover, and what tries it (make classes).

Exit status: 0; 4 if classes.toml names a clause or a scenario that does not exist, or if nothing tries a clause.
"""

import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from pytest_bdd.parser import FeatureParser, ScenarioTemplate

from harness.gherkin.tags import ledger
from harness.processes.signals import ending_with_reader

ROOT: Final = Path(__file__).resolve().parents[1]
FILE: Final = Path(__file__).with_name("classes.toml")
WAYS: Final = frozenset({"pairs", "walks", "every response"})

Tried = Sequence[str] | str
"""What tries a class, or why nothing can."""
Classes = Mapping[str, Mapping[str, Tried]]


WORDS: Final = "the words of the clause"
"""The class of a clause that classes.toml does not divide."""


def classes() -> Classes:
    """Return the classes of each clause. If classes.toml does not divide it, the scenarios below its Rules try it."""
    divided = tomllib.loads(FILE.read_text("utf-8"))
    others = {clause: {WORDS: titles} for clause, titles in titles_by_clause().items() if clause not in divided}
    return divided | others


def problems(found: Classes) -> Iterator[str]:
    """Return what is wrong: a clause that nothing tries, an unknown clause, an unknown scenario."""
    titles = scenario_titles() | WAYS
    for clause in ledger().keys() - found.keys():
        yield f"{clause} has neither classes nor a scenario below a Rule that is tagged @{clause}"
    for clause, its_classes in found.items():
        if clause not in ledger():
            yield f"{clause} is not a clause of contract.md"
        for name, tried in its_classes.items():
            unknown = [] if isinstance(tried, str) else [title for title in tried if title not in titles]
            yield from (f"{clause}, {name}: there is no scenario {title!r}" for title in unknown)
            if not tried:
                yield f"{clause}, {name}: say what tries it, or why nothing can"


def scenario_titles() -> frozenset[str]:
    """Return the titles of all scenarios."""
    return frozenset(scenario.name for scenario in scenarios())


def titles_by_clause() -> Mapping[str, Sequence[str]]:
    """Return the titles of the scenarios below the Rules of each clause."""
    found: dict[str, list[str]] = {}
    for scenario in scenarios():
        rule = scenario.rule
        for clause in (rule.tags if rule else frozenset()) & ledger().keys():
            found.setdefault(clause, []).append(scenario.name)
    return found


@cache
def scenarios() -> tuple[ScenarioTemplate, ...]:
    files = sorted((ROOT / "features").rglob("*.feature"))
    parsed = [FeatureParser(str(file.parent), file.name).parse() for file in files]
    return tuple(scenario for feature in parsed for scenario in feature.scenarios.values())


def lines(found: Classes) -> Iterator[str]:
    """Return the classes in words."""
    for clause, its_classes in found.items():
        yield f"{clause}  {ledger()[clause].text}"
        for name, tried in its_classes.items():
            yield f"    {name}"
            yield from (
                [f"        not tried: {tried}"] if isinstance(tried, str) else (f"        {way}" for way in tried)
            )


def main() -> int:
    found = classes()
    wrong = sorted(problems(found))
    for problem in wrong:
        print(f"classes: {problem}; correct {FILE.relative_to(ROOT)}", file=sys.stderr)
    if not wrong:
        print("\n".join(lines(found)))
    return 4 if wrong else 0


if __name__ == "__main__":
    with ending_with_reader():
        status = main()
    sys.exit(status)
