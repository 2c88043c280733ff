"""The place of a scenario in the report (API, Feature, Rule and clause), and the Allure historyId of the scenario."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from allure_commons.model2 import Label, Parameter, TestResult
from allure_commons.types import Severity
from pytest_bdd.parser import ScenarioTemplate

from harness.gherkin.collection import ScenarioItem, clauses_of, title_of
from harness.gherkin.tags import WORDS, ledger

APIS: Final = {"alfred": "Alfred", "walletapi": "WalletAPI"}
BOTH: Final = "Both APIs"
NODE: Final = "node"
CAUSE: Final = "cause"


def describe(result: TestResult, item: ScenarioItem) -> None:
    """Add the scenario's place, history and labels to a result. What a step set itself (``allure.dynamic``) is kept."""
    template, row = item.scenario.template, item.row
    path = _path(item)
    if result.name == item.name:
        result.name = title_of(template, row)
    result.titlePath = path
    result.testCaseId = _digest(*path[:2], template.name)
    # Without the name of the file and the text of the Rule: both may change while the promise stays the same.
    result.historyId = _digest(result.testCaseId, *(f"{name}={value}" for name, value in sorted(row.values.items())))
    result.description = result.description or _description(template)
    result.parameters = [Parameter(name, value) for name, value in row.values.items()] + result.parameters
    result.labels = _merged([Label(*label) for label in labels_of(item)], result.labels, item)


def labels_of(item: ScenarioItem) -> list[tuple[str, str]]:
    """Return names and values of a scenario's labels in the order of their importance; the report hides the last."""
    clauses, path = clauses_of(item), _path(item)
    documented = any(ledger()[clause].level == "documented" for clause in clauses)
    kept = [tag for tag in (*item.scenario.tags, *item.row.tags) if tag in WORDS and tag not in APIS]
    return [
        *zip(("epic", "feature", "story"), path, strict=False),
        ("severity", Severity.CRITICAL if documented else Severity.NORMAL),
        *(("tag", tag) for tag in (*clauses, *kept)),
        *zip(("parentSuite", "suite", "subSuite"), path, strict=False),
        (NODE, item.nodeid),
    ]


def label_causes(results: Path, causes: Mapping[str, str]) -> None:
    """Add the likely cause to the results of these scenarios, by node id, so that the report groups failures by it."""
    for path in results.glob("*-result.json"):
        result = json.loads(path.read_text("utf-8"))
        labels = [one for one in result.get("labels", ()) if one["name"] != CAUSE]
        cause = next((causes[one["value"]] for one in labels if one["name"] == NODE and one["value"] in causes), "")
        if cause:
            result["labels"] = [*labels, {"name": CAUSE, "value": cause}]
            path.write_text(json.dumps(result), "utf-8")


def _merged(own: list[Label], given: list[Label], item: ScenarioItem) -> list[Label]:
    tags = {mark.name for mark in item.iter_markers()}
    added = [one for one in given if one not in own and not (one.name == "tag" and one.value in tags)]
    replaced = {one.name for one in added} - {"tag"}
    return [*(one for one in own if one.name not in replaced), *added]


def _path(item: ScenarioItem) -> list[str]:
    return [api_of(item), item.scenario.template.feature.name, *filter(None, [story_of(item)])]


def api_of(item: ScenarioItem) -> str:
    named = [APIS[tag] for tag in item.scenario.tags if tag in APIS]
    return named[0] if len(named) == 1 else BOTH


def story_of(item: ScenarioItem) -> str:
    """Return the ids of the Rule's clauses and its text; empty for a scenario without a Rule."""
    rule = item.scenario.template.rule
    if rule is None:
        return ""
    return " ".join([*(tag for tag in item.scenario.tags if tag in rule.tags and tag in ledger()), rule.name])


def _description(template: ScenarioTemplate) -> str:
    rule = template.rule
    parts = (template.feature.description, rule.description if rule else "")
    return "\n\n".join(" ".join(part.split()) for part in parts if part.strip())


def _digest(*parts: str) -> str:
    return hashlib.md5("\0".join(parts).encode(), usedforsecurity=False).hexdigest()
