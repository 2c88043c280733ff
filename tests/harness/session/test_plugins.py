"""The plugins that pytest loads: those of the suite, those that a user installed, and every module of steps/."""

import os
from pathlib import Path

import pytest

from tests.harness.runs import ROOT, copy_suite, run_pytest

FEATURE = "features/alfred/wallets.feature"
COMPATIBILITY = ROOT / ".venv" / "compatibility"
LOWEST = ROOT / ".venv" / "lowest"


@pytest.mark.parametrize("arguments", [("-p", "allure_pytest"), ("-p", "xdist", "-n", "2"), ("-p", "pytest_bdd")])
def test_plugin_may_also_be_loaded_with_the_p_option(arguments: tuple[str, ...]) -> None:
    ran = run_pytest(FEATURE, *arguments)
    assert ran.status == 0, ran.output
    assert "passed" in ran.output


REPORT = ("--html={tmp}/report.html", "--self-contained-html")
TOGETHER = (*REPORT, "--timeout=30", "--reruns=1", "--cov=harness", "--cov-report=term")
SAID = ("Generated html report", "timeout: 30", "coverage: platform", "passed")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("-p", "no:randomly", "-p", "no:sugar", "-vv", *TOGETHER), SAID),
        (("-p", "no:randomly", "-p", "no:sugar", "-n", "1", *TOGETHER), (SAID[0], "passed")),
        (("-p", "randomly", "--force-sugar", "-vv", "-p", "no:cacheprovider"), ("--randomly-seed=", "\u2713")),
    ],
)
def test_common_plugins_work(tmp_path: Path, arguments: tuple[str, ...], said: tuple[str, ...]) -> None:
    ran = run_pytest(
        FEATURE,
        *(argument.format(tmp=tmp_path) for argument in arguments),
        fresh=True,
        PYTHONPATH=f"{COMPATIBILITY}{os.pathsep}{ROOT}",
        PYTEST_ADDOPTS="",
        COVERAGE_FILE=str(tmp_path / "coverage"),
    )
    assert ran.status == 0, ran.output
    assert "hold" in ran.output
    assert [words for words in said if words not in ran.output] == [], ran.output
    reports = [path.read_text("utf-8") for path in tmp_path.glob("*.html")]
    assert all("wallets.feature" in report for report in reports)


SEVERAL = ("alfred/split", "alfred/walks", "alfred/races", "walletapi/sale")


@pytest.mark.parametrize(
    "arguments",
    [tuple(f"features/{name}.feature" for name in SEVERAL), (FEATURE, "--alluredir=allure", "-n", "1")],
)
def test_the_lowest_declared_versions_work(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    copy_suite(tmp_path)
    ran = run_pytest(*arguments, cwd=tmp_path, PYTHONPATH=f"{LOWEST}{os.pathsep}{tmp_path}")
    assert ran.status == 0, ran.output
    assert "hold" in ran.output


@pytest.mark.parametrize(
    ("mode", "arguments"),
    [
        ("importlib", (FEATURE,)),
        ("append", (FEATURE,)),
        ("prepend", (FEATURE, "-n", "1")),
        ("prepend", ("test_plain.py",)),
    ],
)
def test_every_import_mode_works(tmp_path: Path, mode: str, arguments: tuple[str, ...]) -> None:
    copy_suite(tmp_path)
    (tmp_path / "test_plain.py").write_text(
        "import pytest\n\n\n@getattr(pytest.mark, 'A-1')\n"
        "def test_it(alfred):\n    assert alfred.users.authenticate('x').token\n"
    )
    ran = run_pytest(*arguments, f"--import-mode={mode}", cwd=tmp_path, PYTHONPATH="")
    assert ran.status == 0, ran.output


def test_a_plugin_that_a_user_installed_is_loaded(tmp_path: Path) -> None:
    (tmp_path / "greeting.py").write_text("def pytest_addoption(parser):\n    parser.addoption('--greet')\n")
    metadata = tmp_path / "greeting-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: greeting\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text("[pytest11]\ngreeting = greeting\n")
    path = f"{ROOT}{os.pathsep}{tmp_path}"
    ran = run_pytest(FEATURE, "--greet=hello", "--collect-only", fresh=True, PYTHONPATH=path, PYTEST_ADDOPTS="")
    assert ran.status == 0, ran.output


STEPS = """
from pytest_bdd import then
from harness.gherkin.sentences import sentence
from steps.walletapi import shared

@then(sentence("{count:Count} is two"))
def is_two(count):
    shared.require_two(count)
"""

NEW_FEATURE = """
@alfred
Feature: New
  @A-1
  Rule: New
    Scenario: One is two
      Then 1 is two
"""


def test_new_step_module_is_loaded_and_its_assertions_are_rewritten(tmp_path: Path) -> None:
    copy_suite(tmp_path)
    (tmp_path / "steps/added.py").write_text(STEPS)
    (tmp_path / "steps/walletapi/shared.py").write_text("def require_two(number):\n    assert number == 2\n")
    (tmp_path / "features/added.feature").write_text(NEW_FEATURE.lstrip())
    ran = run_pytest("features/added.feature", cwd=tmp_path, PYTHONPATH=str(tmp_path))
    assert ran.status == 1, ran.output
    assert "1 instead of 2" in ran.output
