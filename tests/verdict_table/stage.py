"""A small copy of the suite, with a target file for it, and a run of it as a pipeline starts it."""

from __future__ import annotations

import contextlib
import json
import os
import re
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from proof.target_file import toml
from tests.harness.forked_runs import ForkedRuns
from tests.harness.runs import ROOT, copy_suite

WALLETS: Final = "alfred/wallets"
SMALL: Final = "alfred/small"
_RULES: Final = {
    "alfred": """
  @{clause}
  Rule: The wallet of {clause} can be read

    Scenario: A wallet is read for {clause}
      Given a user
      When the user reads the wallet
      Then the wallet has an account
""",
    "walletapi": """
  @{clause}
  Rule: The balance of {clause} is what was paid in

    Scenario: A deposit counts for {clause} of the {api}
      Given a wallet
      When the merchant deposits 0.10
      Then the wallet has 0.10 more than before
""",
}
_SPLIT: Final = """
  @S-1
  Rule: A session shows both parts

    Scenario Outline: A balance of <balance> pays that much
      Given a user with a balance of <balance>
      When the user opens a session on a purchase of <amount>
      Then <balance> is payable by balance

      Examples:
        | balance | amount |
        | 20.00   | 50.00  |

  @S-4
  Rule: The Admin UI shows the balance

    Scenario: A purchase of 50 leaves 30 of a balance of 80
      Given a user with a balance of 80.00
      When the user buys for 50.00
      Then the Admin UI shows a balance of 30.00
"""
_IMPORTED: Final = ("harness", "steps", "sandbox", "bin")  # no case changes anything in these
_LONGEST: Final = 400  # seconds of one run on a busy machine

Change = Callable[["Stage"], None]


@dataclass(frozen=True)
class Case:
    """A change to a correct suite on a correct platform, and the required status of the run.

    ``new_process``: the case is about processes or about what they import, so that a fork would not show it.
    """

    name: str
    status: int
    change: Change = lambda _stage: None
    arguments: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    python: tuple[str, ...] = ()
    part: bool = False
    most_bytes: int = 0
    finishes: bool = True
    new_process: bool = False


@dataclass
class Stage:
    """The copy, the tables of its target file, and the process that is forked for a run."""

    folder: Path
    tables: dict[str, Any]
    runs: ForkedRuns

    def feature(self, name: str = WALLETS) -> Path:
        """Return the path of a feature file."""
        return self.folder / "features" / f"{name}.feature"

    def replace(self, path: str | Path, old: str, new: str) -> None:
        """Replace a text in a file."""
        file = self.folder / path
        text = file.read_text("utf-8")
        assert old in text, f"{path} has no {old!r}"
        file.write_text(text.replace(old, new, 1), "utf-8")

    def write_target(self) -> None:
        """Write the target file."""
        (self.folder / "small.toml").write_text(toml(self.tables), "utf-8")

    @property
    def latest(self) -> Path:
        """The folder of the newest run."""
        return self.folder / "reports" / "latest"


@dataclass(frozen=True)
class Ended:
    """The status of a run, and its verdict in each place."""

    status: int
    output: str
    verdict: dict[str, Any]
    summary: str

    @property
    def headline(self) -> str:
        """The first line of the verdict; what the run printed if it has none."""
        return str(self.verdict.get("headline", "")) or next(iter(self.output.strip().splitlines()[-3:]), "")

    def disagreements(self) -> list[str]:
        """Return the places (verdict.json, summary, terminal) that disagree with the exit status."""
        if not self.verdict:
            return []
        found = []
        if self.verdict["finished"]:
            if self.verdict["status"] != self.status:
                found.append(f"verdict.json says {self.verdict['status']}")
            if self.headline not in self.output:
                found.append("the terminal has another headline")
        if self.verdict["finished"] and self.summary and str(self.verdict["name"]) not in self.summary:
            found.append("summary.md names another status")
        if self.status and "HOLDS" in self.headline:
            found.append("the headline is HOLDS")
        return found


@contextlib.contextmanager
def opened(place: Path, tables: dict[str, Any]) -> Iterator[Stage]:
    """Copy the suite with a scenario for each clause, and a few more."""
    folder = place / "suite"
    copy_suite(folder)
    wallets = (folder / "features" / f"{WALLETS}.feature").read_text("utf-8")
    for api in ("alfred", "walletapi"):
        features = folder / "features" / api
        texts = [path.read_text("utf-8") for path in features.glob("*.feature")]
        for path in features.glob("*.feature"):
            path.unlink()
        clauses = {tag for text in texts for tag in re.findall(r"@([A-Z]+-\d+)", text)} - {"S-1", "S-4", "W-1", "W-2"}
        rules = [_RULES[api].format(clause=clause, api=api) for clause in sorted(clauses)]
        heading = f"@{api}\nFeature: Small, {api}\n  It is small.\n"
        text = "".join((heading, *rules, _SPLIT if api == "alfred" else ""))
        (features / "small.feature").write_text(text, "utf-8")
    (folder / "features" / f"{WALLETS}.feature").write_text(wallets, "utf-8")
    for name, text in (("node", "echo v99.0.0"), ("npm", "exit 1")):
        path = folder / "bin" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)
    shutil.copytree(folder, place / "original", ignore=shutil.ignore_patterns(*_IMPORTED))
    with ForkedRuns(toml(tables), folder) as runs:
        yield Stage(folder, tables, runs)


def _restored(stage: Stage) -> Stage:
    """Undo what the case before has changed."""
    for path in stage.folder.iterdir():
        if path.name in _IMPORTED:
            continue
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.copytree(stage.folder.parent / "original", stage.folder, dirs_exist_ok=True)
    return replace(stage, tables=json.loads(json.dumps(stage.tables)))


def run(opened_stage: Stage, case: Case) -> Ended:
    """Apply a case to the copy, and run the suite."""
    stage = _restored(opened_stage)
    case.change(stage)
    stage.write_target()
    hidden = ("PYTEST_", "COV_", "SANDBOX_", "PYTHON")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
    environment |= {
        "PATH": str(stage.folder / "bin"),  # no browser, and no npm that installs something: both take seconds
        "PYTHONPATH": f"{stage.folder}{os.pathsep}{ROOT}",
        "PYTEST_ADDOPTS": os.environ["PYTEST_ADDOPTS"],
        "SUITE_BUG_ONCE": str(stage.folder / "once"),
        **case.variables,
    }
    target = () if any(one.startswith("--target") for one in case.arguments) else ("--target=small.toml",)
    given = [one for one in (*target, *case.arguments) if one != "--target="]
    arguments = ["-q", "-p", "tests.verdict_table.buggy", *given]
    if case.new_process:
        status, output = _in_new_process(stage, case, arguments, environment)
    else:
        status, output = stage.runs.run(arguments, environment, stage.folder, whole=True)
    return Ended(status, output, _verdict(stage.latest), _text(stage.latest / "summary.md"))


def _in_new_process(
    stage: Stage, case: Case, arguments: Sequence[str], environment: Mapping[str, str]
) -> tuple[int, str]:
    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (case.most_bytes, case.most_bytes))

    done = subprocess.run(
        (sys.executable, *case.python, "-m", "harness.run", *arguments),
        cwd=stage.folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
        timeout=_LONGEST,
        preexec_fn=limited if case.most_bytes else None,
    )
    return done.returncode, done.stdout


def _verdict(folder: Path) -> dict[str, Any]:
    if folder.resolve().name.startswith("20250101-"):
        return {}  # an earlier run's, which a usage error leaves alone
    try:
        return dict(json.loads((folder / "verdict.json").read_bytes()))
    except (OSError, ValueError):
        return {}


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError:
        return ""
