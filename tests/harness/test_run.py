"""Whole runs: a folder per run, ``latest``, old folders, and places that can't be written."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from harness import run_folder as folders
from harness import whole_run
from harness.processes.exit_status import Status
from harness.run_folder import is_running, latest, new_folder, point_latest
from harness.verdict.decision.verdict import without_run
from harness.verdict.output.writing import write
from tests.harness.runs import ROOT, copy_suite


def old_run(reports: Path, number: int) -> Path:
    folder = reports / f"20250101-000000-{number:06}"
    folder.mkdir(parents=True)
    (folder / "verdict.json").write_text("old")
    return folder


def finish(folder: Path) -> None:
    (folder / "verdict.json").write_text("new")
    point_latest(folder.parent, folder)


def test_each_run_has_its_own_folder_and_latest_points_to_the_newest(tmp_path: Path) -> None:
    with new_folder(tmp_path) as (long, _):
        finish(long)
        with new_folder(tmp_path) as (small, _):
            finish(small)
            assert latest(tmp_path) == small
        assert long.is_dir()
    assert {long.name, small.name} <= {path.name for path in tmp_path.iterdir()}
    assert latest(tmp_path) == small, "the newest is the one that began last"
    assert str((tmp_path / "latest").readlink()) == small.name, "relative, so that reports/ can be moved"


def test_run_that_did_not_start_leaves_no_folder(tmp_path: Path) -> None:
    with new_folder(tmp_path) as (first, _):
        finish(first)
    with new_folder(tmp_path) as (second, _):
        (second / "junit.xml").write_text("<testsuites/>")
    assert latest(tmp_path) == first
    assert not second.exists()


def test_old_run_folders_are_removed_except_active_and_foreign_ones(tmp_path: Path) -> None:
    old = [old_run(tmp_path, number) for number in range(30)]
    (tmp_path / "0-mine").mkdir()
    with folders.locked(old[0] / ".running"), new_folder(tmp_path) as (new, _):
        finish(new)
    left = {path.name for path in tmp_path.iterdir()}
    assert old[0].name in left, "it goes on"
    assert {old[11].name, "0-mine", new.name} <= left
    assert old[1].name not in left
    assert old[10].name not in left


def test_refused_runs_keep_the_folders_and_the_pointer_of_other_runs(tmp_path: Path) -> None:
    refused = without_run(Status.USAGE, "a typo")
    with new_folder(tmp_path) as (alone, _):
        write(refused, alone, latest=True)
    assert latest(tmp_path) == alone, "there is no other"
    old = [old_run(tmp_path, number) for number in range(20)]
    with new_folder(tmp_path) as (real, _):
        finish(real)
    for _ in range(3):
        with new_folder(tmp_path) as (last, _):
            write(refused, last, latest=True)
    assert latest(tmp_path) == real
    left = {path.name for path in tmp_path.iterdir() if path.is_dir() and not path.is_symlink()}
    assert left == {*(path.name for path in old[1:]), real.name, last.name}


def test_run_folder_is_active_while_a_process_of_the_run_is_alive(tmp_path: Path) -> None:
    with folders.locked(tmp_path / ".running") as lock:
        assert lock is not None
        child = subprocess.Popen((sys.executable, "-c", "input()"), stdin=subprocess.PIPE, pass_fds=(lock,))
    assert is_running(tmp_path), "the child goes on"
    child.communicate(b"\n")
    assert not is_running(tmp_path)


def test_without_symbolic_links_a_file_names_the_newest_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_arguments: object) -> None:
        raise OSError("symbolic links are not supported")

    monkeypatch.setattr(Path, "symlink_to", no_links)
    with new_folder(tmp_path) as (folder, _):
        finish(folder)
    assert (tmp_path / "latest").read_text() == f"{folder.name}\n"
    assert latest(tmp_path) == folder


@pytest.mark.parametrize("content", ["", "../elsewhere", "20250101-000000-000000", "\0", "x" * 5000])
def test_latest_without_a_valid_run_is_ignored(tmp_path: Path, content: str) -> None:
    (tmp_path / "latest").write_text(content)
    assert latest(tmp_path) is None
    point_latest(tmp_path, old_run(tmp_path, 1))
    assert latest(tmp_path) is not None


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Replace pytest by something that remembers its options and passes."""
    options: list[list[str]] = []

    def run(_signals: object, arguments: list[str], _lock: int | None = None) -> int:
        options.append(arguments)
        return 0

    monkeypatch.setattr(whole_run, "run_pytest", run)
    return options


def test_unwritable_reports_folder_is_reported_in_one_line_and_the_run_continues(
    tmp_path: Path, called: list[list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(whole_run, "REPORTS", tmp_path / "file" / "reports")
    assert whole_run.main(["-q"]) == 0
    assert called == [["-q"]]
    line, last = capsys.readouterr().out.splitlines()
    assert "file/reports can't be" in line
    assert last.startswith("status 0, HOLDS: ")


def test_run_that_leaves_no_verdict_prints_none(
    tmp_path: Path, called: list[list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(whole_run, "REPORTS", tmp_path)
    assert whole_run.main(["--help"]) == 0
    assert called[0][0] == "--help"
    assert capsys.readouterr().out == ""


def test_two_simultaneous_runs_do_not_change_each_others_files(tmp_path: Path) -> None:
    suite = tmp_path / "a(b) {c,d} !e [1] 50% #1 'q' \u00e9"
    copy_suite(suite)
    command = (sys.executable, "-m", "harness.run", "-q", "features/alfred/wallets.feature")
    # Without Node.js: a report of each would take seconds.
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PATH": str(tmp_path), "PIP_NO_INDEX": "1"}
    runs = [
        subprocess.Popen((*command, "-k", words), cwd=suite, env=environment, stdout=subprocess.PIPE, text=True)
        for words in ("wallet", "twice")
    ]
    said = [process.communicate(timeout=180)[0] for process in runs]
    assert [process.returncode for process in runs] == [0, 0]
    made = [path for path in (suite / "reports").iterdir() if path.name[0] == "2"]
    results = sorted(len([*path.glob("allure-results/*-result.json")]) for path in made)
    scenarios = (suite / "features/alfred/wallets.feature").read_text("utf-8").count("Scenario: ")
    assert results == [1, scenarios]
    for path in made:
        assert {"summary.md", "junit.xml"} <= {file.name for file in path.iterdir()}
    assert latest(suite / "reports") in made
    for output in said:
        assert len([line for line in output.splitlines() if line.startswith("report: no HTML was made")]) == 1
        assert "Traceback" not in output


def test_report_is_made_in_a_folder_with_special_characters(tmp_path: Path) -> None:
    if not (ROOT / "reports" / "node_modules" / ".installed").is_file():
        pytest.skip("needs reports/node_modules: make run installs it")
    suite = tmp_path / "a(b) {c,d} !e [1] #2 %41"
    copy_suite(suite)
    (suite / "reports").mkdir()
    for name in ("allurerc.mjs", "package.json", "package-lock.json"):
        shutil.copy(ROOT / "reports" / name, suite / "reports")
    shutil.copytree(ROOT / "reports" / "node_modules", suite / "reports" / "node_modules", symlinks=True)
    command = (sys.executable, "-m", "harness.run", "-q", "features/alfred/wallets.feature")
    done = subprocess.run(command, cwd=suite, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout
    assert (suite / "reports" / "latest" / "report.html").stat().st_size > 100_000, done.stdout
    assert (suite / "reports" / "history.jsonl").is_file()
