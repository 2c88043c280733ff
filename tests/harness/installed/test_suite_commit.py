"""The commit of the suite: its own, or the one that a CI server names, but never that of another repository."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from harness.installed import suite_commit
from harness.installed.suite_commit import commit

OTHER = "0123456789abcdef0123456789abcdef01234567"
NAMES = ("GITHUB_SHA", "GITHUB_WORKSPACE", "CI_COMMIT_SHA", "CI_PROJECT_DIR", "GIT_COMMIT", "WORKSPACE")


@pytest.fixture(autouse=True)
def no_ci_server(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def repository(directory: Path) -> str:
    """Make a repository with one commit, and return that commit."""
    if not shutil.which("git"):
        pytest.skip("needs git")
    own = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "PATH": os.environ["PATH"]}
    person = ("-c", "user.name=A", "-c", "user.email=a@example.com")

    def git(*arguments: str) -> str:
        command = ("git", "-C", str(directory), *person, *arguments)
        return subprocess.run(command, check=True, capture_output=True, text=True, env=own).stdout.strip()

    git("init", "--quiet")
    (directory / "file").write_text("content")
    git("add", "file")
    git("commit", "--quiet", "--message=first")
    return git("rev-parse", "HEAD")[:12]


@pytest.fixture
def suite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the root of a suite below another folder."""
    root = tmp_path / "outer" / "suite"
    root.mkdir(parents=True)
    monkeypatch.setattr(suite_commit, "ROOT", root)
    return root


def test_commit_of_the_suite_is_returned_and_marked_dirty_after_a_change(suite: Path) -> None:
    own = repository(suite)
    assert commit() == own
    (suite / "file").write_text("changed")
    assert commit() == f"{own}-dirty"


def test_repository_in_a_parent_folder_is_ignored(suite: Path) -> None:
    repository(suite.parent)
    assert commit() == "unknown"


@pytest.mark.parametrize("name", ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"])
def test_git_variables_for_another_repository_are_ignored(
    suite: Path, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, other = repository(suite), tmp_path / "other"
    other.mkdir()
    repository(other)
    monkeypatch.setenv(name, str(other / ".git"))
    assert commit() == own


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root")
def test_repository_of_another_owner_is_used(suite: Path) -> None:
    own = repository(suite)
    for path in (suite, *suite.rglob("*")):
        os.chown(path, 12345, 12345)
    assert commit() == own


@pytest.mark.parametrize("name", ["GITHUB_SHA", "CI_COMMIT_SHA", "GIT_COMMIT"])
def test_without_a_repository_the_commit_of_the_ci_server_is_used(
    suite: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = suite_commit._CI_SERVERS[name]
    monkeypatch.setenv(name, OTHER)
    assert commit() == OTHER[:12]
    monkeypatch.setenv(folder, str(suite))
    assert commit() == OTHER[:12]
    monkeypatch.setenv(folder, str(suite.parent))
    assert commit() == "unknown", "the commit of a project that only uses the suite"


@pytest.mark.parametrize("text", ["", "main", "<b>0123456789abcdef</b>", "0123"])
def test_invalid_commit_of_the_ci_server_is_ignored(suite: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_SHA", text)
    assert commit() == "unknown"


def test_without_git_the_commit_is_unknown(suite: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository(suite)
    monkeypatch.setenv("PATH", str(suite))
    assert commit() == "unknown"
