"""docs/adding.md works: its scenario and its operation are pasted into a copy, and its commands are run."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from harness.contract.contract import load_contract

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "adding.md").read_text("utf-8")
FOLDERS = ("features", "harness", "proof", "reports", "sandbox", "schemas", "steps")
NEW = "After a purchase of 35, the next session shows 45 of a balance of 80"

PLACES = re.findall(r"^\| (\d+) \| `([^`]+)` \|", PAGE, re.MULTILINE)
"""The places of a new operation, each with its number."""


def blocks(language: str) -> list[str]:
    """The code blocks of the page in this language, without their indentation in the page."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```$", PAGE, re.MULTILINE | re.DOTALL)
    return ["".join(line.removeprefix(indent) for line in text.splitlines(keepends=True)) for indent, text in found]


def commands() -> list[str]:
    return [line for block in blocks("sh") for line in block.splitlines()]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project in which the scenario of the page is pasted below its Rule."""
    place = tmp_path_factory.mktemp("adding")
    for folder in FOLDERS:
        ignored = shutil.ignore_patterns(
            "__pycache__", "node_modules", "allure-results*", "*.sqlite", "latest", "20??????-*"
        )
        shutil.copytree(ROOT / folder, place / folder, ignore=ignored, symlinks=True)
    for file in ("conftest.py", "pyproject.toml"):
        shutil.copy(ROOT / file, place)
    feature = place / "features" / "alfred" / "split.feature"
    text = feature.read_text("utf-8")
    start = text.index("\n", text.index("Rule:", text.index("@S-5"))) + 1
    feature.write_text(f"{text[:start]}\n{blocks('gherkin')[0]}\n{text[start:]}", "utf-8")
    return place


def run(command: str, place: Path) -> subprocess.CompletedProcess[str]:
    words = shlex.split(command)
    if words[0] == ".venv/bin/pytest":
        words[0:1] = [sys.executable, "-m", "pytest"]
    elif words[0] == ".venv/bin/python":
        words[0] = sys.executable
    return subprocess.run(words, cwd=place, capture_output=True, text=True, check=False, timeout=120)


def test_the_scenario_of_the_page_is_new() -> None:
    assert NEW in blocks("gherkin")[0]
    assert not any(NEW in feature.read_text("utf-8") for feature in (ROOT / "features").rglob("*.feature"))


@pytest.mark.parametrize("command", [line for line in commands() if "test_operations" not in line])
def test_a_command_of_the_page_works(copy: Path, command: str) -> None:
    done = run(command, copy)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    if "-k" in command:
        assert "1 passed" in done.stdout
    if "--only" in command:
        assert "caught by" in done.stdout
        assert NEW in done.stdout


def test_every_file_that_the_page_names_exists() -> None:
    names = re.findall(r"`((?:docs|schemas|harness|sandbox|steps|features|proof|tests)/[\w./-]*)`", PAGE)
    real = [name.replace("API", "alfred").replace("OPERATION", "createPurchase") for name in names]
    assert [name for name in real if not (ROOT / name).exists()] == []


def test_an_operation_has_at_most_ten_places_and_they_have_numbers() -> None:
    numbers = [int(number) for number, _ in PLACES]
    assert 0 < len(numbers) <= 10
    assert numbers == list(range(1, len(numbers) + 1))


def test_each_place_named_in_test_operations_is_in_the_table() -> None:
    text = (ROOT / "tests" / "test_operations.py").read_text("utf-8").replace("{api}", "API")
    named = set(re.findall(r"\b(?:docs|schemas|harness|sandbox|features|proof)/[\w./-]*\w/?(?=: )", text))
    assert len(named) >= 6
    assert named - {place for _, place in PLACES} == set()


def test_operation_pasted_from_the_page_is_loaded(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "schemas", tmp_path / "schemas")
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    operation, clauses = blocks("markdown")[0].split("\n\n")
    append(tmp_path / "docs" / "contract.md", f"\n{operation}\n\n{clauses}")
    append(tmp_path / "schemas" / "clauses.toml", f"\n{blocks('toml')[0]}")
    described = tmp_path / "schemas" / "openapi.yaml"
    before, components, after = described.read_text("utf-8").partition("\ncomponents:")
    described.write_text(f"{before}\n{blocks('yaml')[0]}{components[1:]}{after}", "utf-8")
    (tmp_path / "schemas" / "alfred" / "getUserName.response.schema.json").write_text(blocks("json")[0], "utf-8")
    contract = load_contract(tmp_path / "schemas")
    found = contract.operations["getUserName"]
    assert (found.clause, found.credential_clause, found.credential, found.names) == ("A-6", "A-7", "shop", "userId")
    assert contract.response_findings("getUserName", {}) != ()


def append(file: Path, text: str) -> None:
    file.write_text(file.read_text("utf-8") + text, "utf-8")
