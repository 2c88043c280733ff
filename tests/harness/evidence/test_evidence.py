"""The results that a run writes for Allure: steps, exchanges, statuses, labels, history, and no secret."""

import json
from pathlib import Path
from typing import Any

import pytest

from harness.evidence.labels import label_causes
from tests.harness.runs import run_pytest


def test_steps_have_their_requests_and_responses_as_attachments(evidence: Any) -> None:
    steps = evidence.results["Good"]["steps"]
    assert [step["name"] for step in steps] == ["Given a user", "When the user pays 5", "Then it holds"]
    (exchange,) = steps[0]["attachments"]
    assert exchange["name"] == "createPurchase: POST /v2/purchase → 200"
    assert exchange["type"] == "application/vnd.allure.http+json"
    shown = evidence.attached(exchange)
    assert shown["schemaVersion"] == 1
    assert shown["stop"] - shown["start"] == 20
    assert shown["request"]["method"] == "POST"
    assert shown["request"]["body"]["value"] == '{"amount": 50.00}'
    assert shown["response"]["status"] == 200


def test_notes_and_attachments_of_a_step_are_shown_in_the_step(evidence: Any) -> None:
    pays = evidence.results["Good"]["steps"][1]
    assert [step["name"] for step in pays["steps"]] == [
        "read over HTTP with __ALLURE_REDACTED__",
        "a step within",
    ]
    assert [attached["name"] for attached in pays["steps"][1]["attachments"]] == ["words"]
    picture = next(attached for attached in pays["attachments"] if attached["name"] == "picture")
    assert (evidence.directory / picture["source"]).read_bytes() == b"\x89PNG\xff\x00"


@pytest.mark.parametrize(
    ("name", "status", "steps", "message"),
    [
        ("Failed", "failed", ["passed", "failed", "skipped"], "assert '__ALLURE_REDACTED__' == 'something else'"),
        ("Broken", "broken", ["passed", "broken"], "The environment: https://wallet.example gave no response"),
        ("Skipped", "skipped", ["passed", "skipped", "skipped"], "not judged: set aliases"),
        ("Without its fixture", "broken", ["passed", "broken"], "RuntimeError: no __ALLURE_REDACTED__ here"),
        ("Good", "passed", ["passed", "passed", "passed"], ""),
    ],
)
def test_a_scenario_has_a_status_and_shows_the_steps_that_were_not_reached(
    evidence: Any, name: str, status: str, steps: list[str], message: str
) -> None:
    result = evidence.results[name]
    assert result["status"] == status
    assert [found for _, found in evidence.steps(name)] == steps
    assert message in result.get("statusDetails", {}).get("message", "")


def test_the_labels_of_a_scenario_give_api_feature_rule_clauses_and_severity(evidence: Any) -> None:
    labels = evidence.labels("Good")
    assert labels["epic"] == labels["parentSuite"] == ["Alfred"]
    assert labels["feature"] == labels["suite"] == ["Paying"]
    assert labels["story"] == labels["subSuite"] == ["A-3 Whoever pays has paid"]
    assert labels["tag"] == ["A-3", "A-2", "slow"]
    assert labels["severity"] == ["critical"]
    assert evidence.labels("Failed")["severity"] == ["normal"]
    assert evidence.results["Good"]["description"] == "Somebody pays.\n\nSo it is."
    assert "story" not in evidence.labels("In no Rule")


def test_row_has_its_values_as_parameters_and_its_own_history_id(evidence: Any) -> None:
    rows = [evidence.results["A row [5]"], evidence.results["A row [7]"]]
    assert rows[0]["parameters"] == [{"name": "amount", "value": "5"}]
    assert rows[0]["testCaseId"] == rows[1]["testCaseId"]
    assert rows[0]["historyId"] != rows[1]["historyId"]


def test_renamed_feature_on_two_workers_keeps_its_history_ids_and_steps(
    evidence: Any, tmp_path: Path, run_suite: Any
) -> None:
    again = run_suite(tmp_path / "again", "-n", "2", feature="renamed.feature")
    assert {name: result["historyId"] for name, result in again.results.items()} == {
        name: result["historyId"] for name, result in evidence.results.items()
    }
    assert again.steps("Failed") == evidence.steps("Failed")


def test_no_file_contains_a_secret_and_no_file_is_an_empty_container(evidence: Any) -> None:
    files = list(evidence.directory.iterdir())
    texts = b"".join(path.read_bytes() for path in files)
    for secret in (b"plain-secret-77", b"ted-secret", b"unlearned-key-1"):
        assert secret not in texts
    assert not [path.name for path in files if "container" in path.name]
    assert "Key\\ used = __ALLURE_REDACTED__" in (evidence.directory / "environment.properties").read_text()


def test_results_of_an_earlier_run_are_removed(evidence: Any, tmp_path: Path, run_suite: Any) -> None:
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "left-result.json").write_text("{}")
    again = run_suite(tmp_path, "-k", "Good")
    assert list(again.results) == ["Good"]


def test_labels_and_title_set_in_a_step_override_those_of_the_suite(evidence: Any) -> None:
    labels = evidence.labels("Another title")
    assert labels["severity"] == ["trivial"]
    assert labels["epic"] == ["Another epic"]
    assert labels["feature"] == ["Another feature"]
    assert labels["story"] == ["Another story"]
    assert labels["suite"] == ["Paying"]
    assert labels["tag"] == ["A-3", "another"]
    assert evidence.results["Another title"]["parameters"] == [{"name": "another", "value": "'parameter'"}]
    assert evidence.labels("Owned")["owner"] == ["somebody"]
    assert evidence.labels("Owned")["severity"] == ["critical"]
    assert evidence.labels("Owned")["epic"] == ["Alfred"]


def test_a_title_of_a_step_function_replaces_the_sentence(evidence: Any) -> None:
    names = [name for name, _ in evidence.steps("Titled")]
    assert names == ["Given a user", "When 5 leaves the account", "And A title above the sentence", "Then it holds"]


SELECTIONS = {
    "--allure-epics=Alfred": 12,
    "--allure-features=Paying,Another": 12,
    "--allure-stories=A-3 Whoever pays has paid": 11,
    "--allure-severities=critical": 1,
    "--allure-label=tag=A-2,slow": 1,
    "--allure-epics=WalletAPI": 0,
}


def test_allure_options_select_by_the_labels_of_the_report(tmp_path: Path, run_suite: Any) -> None:
    counts = {
        option: len(run_suite(tmp_path / str(number), option).results) for number, option in enumerate(SELECTIONS)
    }
    assert counts == SELECTIONS


@pytest.mark.parametrize(
    ("planned", "selected", "arguments"),
    [
        (["Good"], ["Good"], ("-n", "2")),
        (["A row [5]"], ["A row [5]", "A row [7]"], ()),
        (["Failed", "Broken"], ["Broken", "Failed"], ()),
    ],
)
def test_a_test_plan_selects_by_the_full_names_of_the_report(
    evidence: Any, tmp_path: Path, run_suite: Any, planned: list[str], selected: list[str], arguments: tuple[str, ...]
) -> None:
    tests = [{"selector": evidence.results[name]["fullName"]} for name in planned]
    (tmp_path / "plan.json").write_text(json.dumps({"version": "1.0", "tests": tests}))
    again = run_suite(tmp_path, *arguments, ALLURE_TESTPLAN_PATH="plan.json")
    assert sorted(again.results) == selected


@pytest.mark.parametrize("option", ["stories", "label=story"])
def test_a_label_with_commas_can_be_selected(tmp_path: Path, option: str) -> None:
    run_pytest("features/alfred/funding_rejections.feature", "-k", "another", f"--alluredir={tmp_path}")
    results = [json.loads(path.read_text()) for path in tmp_path.glob("*-result.json")]
    stories = {label["value"] for result in results for label in result["labels"] if label["name"] == "story"}
    story = next(story for story in sorted(stories) if "," in story)
    ran = run_pytest(
        "features/alfred/funding_rejections.feature",
        "features/alfred/wallets.feature",
        "--collect-only",
        f"--allure-{option}={story}",
    )
    assert ran.status == 0
    assert "deselected" in ran.output


def test_failures_explained_by_a_cause_have_its_label(tmp_path: Path) -> None:
    for name, node in (("one", "a.feature::one"), ("two", "a.feature::two")):
        labels = [{"name": "node", "value": node}, {"name": "cause", "value": "an older one"}]
        (tmp_path / f"{name}-result.json").write_text(json.dumps({"name": name, "labels": labels}))
    label_causes(tmp_path, {"a.feature::one": "F-3 the text"})
    label_causes(tmp_path, {"a.feature::one": "F-3 the text"})
    found = json.loads((tmp_path / "one-result.json").read_text())["labels"]
    assert found == [{"name": "node", "value": "a.feature::one"}, {"name": "cause", "value": "F-3 the text"}]
