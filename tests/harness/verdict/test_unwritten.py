"""An unwritable path is reported in one line; a report that can't be written is a fault of the suite."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from proof.target_file import toml
from tests.harness.forked_runs import ForkedRuns
from tests.harness.runs import ROOT, Ran, copy_suite, tables_at

WALLETS = "features/alfred/wallets.feature"
IN_VAIN = """
import errno
import pytest

@pytest.hookimpl({order})
def pytest_sessionfinish(session):
    raise OSError(errno.ENOSPC, "No space left on device", "some/report.xml")
"""


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, ForkedRuns]]:
    folder = tmp_path_factory.mktemp("suite")
    copy_suite(folder)
    with ForkedRuns(toml(tables_at("http://127.0.0.1:9")), folder) as runs:
        yield folder, runs


@pytest.fixture
def suite(copied: tuple[Path, ForkedRuns]) -> Iterator[Path]:
    """A copy of the suite. What a test adds to it is removed."""
    folder, _ = copied
    before = {*folder.iterdir()}
    yield folder
    for path in {*folder.iterdir()} - before:
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


@pytest.fixture
def run_in_suite(copied: tuple[Path, ForkedRuns], suite: Path) -> Callable[..., Ran]:
    variables = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": f"{suite}{os.pathsep}{ROOT}"}
    return lambda *arguments: Ran(*copied[1].run(["-q", WALLETS, *arguments], variables, suite))


def passes_with_one_line(run: Ran, line: str, status: int = 0) -> None:
    assert run.status == status, run.output
    assert run.lines.count(line) == 1, run.output
    assert "7 passed" in run.output
    assert ("SUITE FAULT: " in run.output) == (status == 3)
    assert "Traceback" not in run.output
    assert "Warning" not in run.output


@pytest.mark.parametrize("options", [("--lf",), ("--cache-clear", "-W", "error"), ("--sw",)])
def test_unwritable_cache_is_reported_in_one_line(
    suite: Path, run_in_suite: Callable[..., Ran], options: tuple[str, ...]
) -> None:
    (suite / ".pytest_cache").write_text("a file")
    run = run_in_suite(*options)
    passes_with_one_line(run, ".pytest_cache can't be written: Not a directory; --lf and --ff will not know this run")


def test_unwritable_cache_dir_is_reported_with_its_path(suite: Path, run_in_suite: Callable[..., Ran]) -> None:
    (suite / "file").write_text("")
    run = run_in_suite("-o", "cache_dir=file/cache")
    passes_with_one_line(run, "file/cache can't be written: File exists; --lf and --ff will not know this run")


AS_ANOTHER_USER = ("setpriv", "--reuid=12345", "--regid=12345", "--clear-groups", sys.executable)
STARTS_PYTHON = "import subprocess, sys; subprocess.run([sys.executable, '-c', ''], check=True)"


def another_user_can_start_python() -> bool:
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or not shutil.which("setpriv"):
        return False
    return subprocess.run((*AS_ANOTHER_USER, "-c", STARTS_PYTHON), capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(
    not another_user_can_start_python(), reason="needs root, setpriv and a Python that all users may run"
)
@pytest.mark.parametrize("module", ["pytest", "harness.run"])
def test_a_checkout_of_another_user_can_be_run(module: str) -> None:
    command = (*AS_ANOTHER_USER, "-m", module, "-q")
    with tempfile.TemporaryDirectory() as directory:  # the folders above tmp_path are closed to other users
        Path(directory).chmod(0o755)
        copy_suite(Path(directory))
        # That user can't write the coverage of this run.
        env = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
        done = subprocess.run((*command, WALLETS), cwd=directory, env=env, capture_output=True, text=True, check=False)
    run = Ran(done.returncode, done.stdout + done.stderr)
    cache = ".pytest_cache can't be written: Permission denied; --lf and --ff will not know this run"
    passes_with_one_line(run, cache, status=3)
    assert sum(line.startswith("reports: none is written") for line in run.lines) == (module == "harness.run")


@pytest.mark.parametrize(
    ("option", "path"),
    [
        ("--summary", "file/summary.md"),
        ("--junitxml", "file/junit.xml"),
        ("--log-file", "file/log"),
        ("--alluredir", "file/results"),
        ("--summary", "features"),
        ("--alluredir", "file"),
    ],
)
def test_option_with_an_unwritable_path_is_refused_before_the_run(
    suite: Path, run_in_suite: Callable[..., Ran], option: str, path: str
) -> None:
    (suite / "file").write_text("")
    run = run_in_suite(f"{option}={path}")
    assert run.status == 4
    (line,) = run.lines
    assert line.startswith(f"USAGE: {option}: {path} can't be written: ")


def test_refused_run_writes_only_the_requested_report(suite: Path, run_in_suite: Callable[..., Ran]) -> None:
    run = run_in_suite("--junitxml=new/junit.xml", "--target=nobody")
    assert run.status == 4
    assert [path.name for path in (suite / "new").iterdir()] == ["junit.xml"]
    assert "USAGE" in (suite / "new" / "junit.xml").read_text()


@pytest.mark.parametrize("order", ["", "tryfirst=True", "trylast=True"])
def test_a_plugin_whose_report_fails_is_a_fault_of_the_suite(
    suite: Path, run_in_suite: Callable[..., Ran], order: str
) -> None:
    (suite / "in_vain.py").write_text(IN_VAIN.format(order=order))
    run = run_in_suite("-p", "in_vain")
    passes_with_one_line(run, "some/report.xml can't be written: No space left on device", status=3)


@pytest.mark.parametrize("workers", [(), ("-n2",)])
def test_results_that_vanish_during_the_run_do_not_end_it(
    suite: Path, run_in_suite: Callable[..., Ran], workers: tuple[str, ...]
) -> None:
    (suite / "vanish.py").write_text(
        "import shutil\ndef pytest_bdd_before_scenario():\n    shutil.rmtree('results', ignore_errors=True)\n"
    )
    run = run_in_suite("-p", "vanish", "--alluredir=results", *workers)
    assert run.status == 3, run.output
    assert any("can't be written: No such file or directory" in line for line in run.lines), run.output
    assert "Traceback" not in run.output


def test_a_summary_that_vanishes_during_the_run_does_not_end_it(suite: Path, run_in_suite: Callable[..., Ran]) -> None:
    (suite / "vanish.py").write_text(
        "import shutil\ndef pytest_bdd_before_scenario():\n    shutil.rmtree('out', ignore_errors=True)\n"
    )
    run = run_in_suite("-p", "vanish", "--summary=out/summary.md")
    assert run.status == 3, run.output
    assert any(".summary.md.new can't be written: No such file or directory" in line for line in run.lines), run.output
    assert "Traceback" not in run.output
