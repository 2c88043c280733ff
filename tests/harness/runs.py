"""Target files, small suites, and pytest as a user runs it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from proof.target_file import toml
from tests.harness.forked_runs import ForkedRuns

ROOT = Path(__file__).resolve().parents[2]
KEYS = {"shop_key": "shop-key-4711", "platform_key": "platform-key-0815"}
PAIR = {"key": "walletapi-key-1234", "client": "walletapi-client-5678"}


def tables_at(url: str, **alfred: Any) -> dict[str, Any]:
    """Return the tables of a target with both APIs at this address; ``alfred`` changes its table."""
    return {
        "alfred": {
            "base_url": url,
            "platform_id": "P-1",
            "shop_configuration_id": "S-1",
            "country_code": "BD",
            "currency": "BDT",
            **KEYS,
            **alfred,
        },
        "walletapi": {"base_url": url, "currency": "TRY", "owner_id": "5a4db0c0-0000-4000-8000-000000000001", **PAIR},
        "limits": {"allow": ["races", "hostile", "walks"]},
    }


@dataclass(frozen=True)
class Ran:
    """The exit status of a command and everything that it wrote."""

    status: int
    output: str

    @property
    def lines(self) -> list[str]:
        """The lines that are not empty."""
        return [line for line in self.output.splitlines() if line.strip()]


def pytest_command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "pytest", "-q", *arguments]


def copy_suite(directory: Path) -> None:
    """Copy what a run of the repository's own features needs, with the compiled files, which spare a run a second."""
    for name in ("harness", "schemas", "steps", "features", "sandbox"):
        # Another process may be writing such a file under a name of its own.
        shutil.copytree(ROOT / name, directory / name, ignore=shutil.ignore_patterns("*.pyc.*"))
    for name in ("conftest.py", "pyproject.toml"):
        shutil.copy(ROOT / name, directory)
    (directory / "docs").mkdir()
    shutil.copy(ROOT / "docs" / "contract.md", directory / "docs")


_STARTING = Lock()


@cache
def forked_runs() -> ForkedRuns:
    """Start the process that is forked. It ends with the process of the tests, because its standard input closes."""
    return ForkedRuns(toml(tables_at("http://127.0.0.1:9"))).__enter__()


def run_pytest(*arguments: str, cwd: Path = ROOT, fresh: bool = False, **environment: str) -> Ran:
    """Run pytest as a user does, for five minutes at most. In this repository it writes no reports.

    ``fresh``: in a new process; otherwise in a fork of one that has imported the suite of this repository.
    """
    nowhere = ("--reports=",) if cwd == ROOT and not any(each.startswith("--reports") for each in arguments) else ()
    # A test may write a module twice within a second, of which a compiled file knows nothing.
    compiled = {} if cwd == ROOT else {"PYTHONDONTWRITEBYTECODE": "1"}
    variables = {**os.environ, **compiled, "PYTHONPATH": f"{ROOT}{os.pathsep}{cwd}", **environment}
    has_suite_of_its_own = (cwd != ROOT and (cwd / "harness").exists()) or "PYTHONPATH" in environment
    if not fresh and not has_suite_of_its_own:
        with _STARTING:
            runs = forked_runs()
        return Ran(*runs.run(["-q", *arguments, *nowhere], variables, cwd))
    run = subprocess.run(
        pytest_command(*arguments, *nowhere),
        cwd=cwd,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return Ran(run.returncode, run.stdout + run.stderr)


ACTS = """
import time

import pytest
from pytest_bdd import given, then

from harness.apis.alfred.users import User
from harness.failures import UsageError


@given("the platform is asked")
def asked(alfred):
    alfred.users.account(User("r", "w", "t"))


@given("the platform hangs up")
def hangs_up(alfred):
    alfred.users.account(User("r", "ghost", "t"))


@then("it holds")
def holds():
    pass


@then("it does not hold")
def does_not_hold():
    assert 1 == 2, "1 is not 2"


@then("it is not judged")
def skipped():
    pytest.skip("not judged: for a reason")


@then("the suite has a fault")
def fault():
    raise RuntimeError("oops")


@then("it was set up wrongly")
def wrongly():
    raise UsageError("it was set up wrongly")


@given("the Admin UI is open")
def open_admin(alfred, admin):
    admin.balance(alfred.users.authenticate("somebody").wallet_id)


@then("there is time to interrupt it")
def waits(tmp_path):
    print("READY", flush=True)
    time.sleep(30)
"""

Suite = Callable[..., Ran]


def scratch(directory: Path, feature: str, url: str) -> Suite:
    """Write a suite with one feature for the platform at this address, and return a function that runs pytest in it."""
    plugins = [
        "harness.session.ending",
        "harness.gherkin.collection",
        "harness.diagnosis.plugin",
        "harness.evidence.plugin",
        "harness.session.target_option",
        "harness.verdict.plugin",
        "harness.verdict.run_plugin",
        "acts",
    ]
    (directory / "pytest.ini").write_text("[pytest]\naddopts = --strict-markers\nfilterwarnings = error\n")
    (directory / "conftest.py").write_text(f"pytest_plugins = {plugins}\n")
    (directory / "acts.py").write_text(ACTS)
    (directory / "small.feature").write_text(feature.lstrip("\n"))
    (directory / "small.toml").write_text(toml(tables_at(url)))

    def run(*arguments: str, fresh: bool = False, **environment: str) -> Ran:
        target = [] if any(argument.startswith("--target") for argument in arguments) else ["--target=small.toml"]
        return run_pytest("small.feature", *target, *arguments, cwd=directory, fresh=fresh, **environment)

    return run
