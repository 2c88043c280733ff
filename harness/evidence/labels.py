"""The place of a scenario in the report (API, Feature, Rule and clause), and the id of its history."""

from __future__ import annotations

import hashlib
import sys
import time
from typing import Final

from allure_commons.model2 import Label, Parameter, TestResult
from pytest_bdd.parser import ScenarioTemplate, render_string

from harness.gherkin.collection import ScenarioItem, clauses_of
from harness.gherkin.tags import WORDS, ledger

APIS: Final = {"alfred": "Alfred", "walletapi": "WalletAPI"}
BOTH: Final = "Both APIs"
_LANGUAGE: Final = f"{sys.implementation.name}{sys.version_info.major}"


def described(item: ScenarioItem, uuid: str, *, host: str, thread: str) -> TestResult:
    """Return the result of a scenario before it has run."""
    template, row = item.scenario.template, item.row
    path = [api_of(item), template.feature.name, *([rule] if (rule := story_of(item)) else [])]
    case = _digest(*path[:2], template.name)
    result = TestResult(name=title_of(item), uuid=uuid, start=now())
    result.fullName = f"{path[0]}: {template.feature.name}: {template.name}"
    result.titlePath = path
    result.testCaseId = case
    # Without the name of the file and the text of the Rule: both may change while the promise stays the same.
    result.historyId = _digest(case, *(f"{name}={value}" for name, value in sorted(row.values.items())))
    result.description = _description(template)
    result.parameters = [Parameter(name=name, value=value) for name, value in row.values.items()]
    result.labels = _labels(item, path, host, thread)
    return result


def now() -> int:
    """Return the time in milliseconds since 1970."""
    return round(time.time() * 1000)


def api_of(item: ScenarioItem) -> str:
    """Return the API of a scenario, by its tags."""
    named = [APIS[tag] for tag in item.scenario.tags if tag in APIS]
    return named[0] if len(named) == 1 else BOTH


def story_of(item: ScenarioItem) -> str:
    """Return the ids of the Rule's clauses and its text; empty for a scenario without a Rule."""
    rule = item.scenario.template.rule
    if rule is None:
        return ""
    return " ".join([*(tag for tag in item.scenario.tags if tag in rule.tags and tag in ledger()), rule.name])


def title_of(item: ScenarioItem) -> str:
    """Return the scenario's name with the values of its row; at the end, if the name has no placeholder."""
    name = item.scenario.template.name
    rendered = str(render_string(name, item.row.values))
    return f"{rendered} [{item.row.name}]" if item.row.name and rendered == name else rendered


def _labels(item: ScenarioItem, path: list[str], host: str, thread: str) -> list[Label]:
    clauses = clauses_of(item)
    documented = any(ledger()[clause].level == "documented" for clause in clauses)
    kept = [tag for tag in (*item.scenario.tags, *item.row.tags) if tag in WORDS and tag not in APIS]
    # In the order of their importance; the report hides the last ones.
    return [
        *_named(("epic", "feature", "story"), path),
        Label(name="severity", value="critical" if documented else "normal"),
        *(Label(name="tag", value=tag) for tag in (*clauses, *kept)),
        *_named(("parentSuite", "suite", "subSuite"), path),
        Label(name="package", value=item.nodeid.partition("::")[0]),
        Label(name="host", value=host),
        Label(name="thread", value=thread),
        Label(name="framework", value="pytest"),
        Label(name="language", value=_LANGUAGE),
    ]


def _named(names: tuple[str, ...], values: list[str]) -> list[Label]:
    return [Label(name=name, value=value) for name, value in zip(names, values, strict=False)]


def _description(template: ScenarioTemplate) -> str:
    rule = template.rule
    parts = (template.feature.description, rule.description if rule else "")
    return "\n\n".join(" ".join(part.split()) for part in parts if part.strip())


def _digest(*parts: str) -> str:
    return hashlib.md5("\0".join(parts).encode(), usedforsecurity=False).hexdigest()
