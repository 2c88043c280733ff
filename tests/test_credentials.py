"""No credential that was once published is in the tree or its history (published-credentials.sha256)."""

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LIST = Path(__file__).with_name("published-credentials.sha256")
LENGTH = 56
MADE = {".git", ".venv", "reports", "node_modules", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis"}
RUNS = re.compile(rb"[A-Za-z0-9]{%d,}" % LENGTH)


def published(path: Path = LIST) -> frozenset[str]:
    """The hashes of the list; at least one, or a search for them would prove nothing."""
    hashes = frozenset(re.findall(r"^[0-9a-f]{64}$", path.read_text(encoding="utf-8"), re.MULTILINE))
    assert hashes
    return hashes


def git(directory: Path, *arguments: str) -> bytes:
    # GIT_DIR and the like name another repository.
    own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    options = ("-c", f"safe.directory={directory}")
    return subprocess.run(["git", *options, *arguments], cwd=directory, env=own, capture_output=True, check=True).stdout


def is_repository(directory: Path) -> bool:
    """Return whether git is there, and the folder is a repository of its own: an archive of the suite is not."""
    return shutil.which("git") is not None and (directory / ".git").exists()


def names_in(directory: Path) -> list[str]:
    """Return the files that git tracks or would take; without a repository, all that are not installed or made."""
    if is_repository(directory):
        return git(directory, "ls-files", "-z", "--cached", "--others", "--exclude-standard").decode().split("\0")
    names = (path.relative_to(directory) for path in directory.rglob("*") if path.is_file())
    return [str(name) for name in names if not {*name.parts} & MADE and name.suffix != ".pyc"]


def tree(directory: Path) -> Iterator[tuple[str, bytes]]:
    """Every file of the working tree that git tracks or would take, its name with it."""
    for name in filter(None, names_in(directory)):
        path = directory / name
        yield name, name.encode() + b"\n" + (path.read_bytes() if path.is_file() else b"")


def history(directory: Path) -> bytes:
    """Every object that git keeps, reachable or not: files, names, messages."""
    return git(directory, "cat-file", "--batch-all-objects", "--unordered", "--batch")


def found_in(texts: Iterable[bytes], hashes: frozenset[str]) -> bool:
    """Whether one of the runs of 56 letters and digits, also within longer ones, has one of these hashes."""
    runs = {run for text in texts for run in RUNS.findall(text)}
    windows = {run[start : start + LENGTH] for run in runs for start in range(len(run) - LENGTH + 1)}
    return any(hashlib.sha256(window).hexdigest() in hashes for window in windows)


def test_no_file_contains_a_published_credential() -> None:
    hashes = published()
    assert [name for name, text in tree(ROOT) if found_in([text], hashes)] == []


@pytest.mark.skipif(not is_repository(ROOT), reason="needs git, and the suite's own repository")
def test_no_commit_contains_a_published_credential() -> None:
    assert not found_in([history(ROOT)], published())


def test_an_archive_of_the_suite_is_searched_without_git(tmp_path: Path) -> None:
    (tmp_path / "kept.md").write_text(PLANTED)
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "made.md").write_text(PLANTED)
    hashes = frozenset({hashlib.sha256(PLANTED.encode()).hexdigest()})
    assert [name for name, text in tree(tmp_path) if found_in([text], hashes)] == ["kept.md"]


PLANTED = ("Ab3" * 19)[:LENGTH]


@pytest.fixture
def planted(tmp_path: Path) -> tuple[Path, frozenset[str]]:
    """A repository of one file, and the hash of what is about to be planted in it."""
    if not shutil.which("git"):
        pytest.skip("needs git")
    git(tmp_path, "init", "--quiet")
    for name in ("user.name", "user.email"):
        git(tmp_path, "config", name, "nobody")
    (tmp_path / "file.txt").write_text("nothing\n")
    (tmp_path.parent / f"{tmp_path.name}.list").write_text(hashlib.sha256(PLANTED.encode()).hexdigest() + "\n")
    return tmp_path, published(tmp_path.parent / f"{tmp_path.name}.list")


def commit(directory: Path, message: str = "a change") -> None:
    git(directory, "add", "--all")
    git(directory, "commit", "--quiet", "--message", message)


@pytest.mark.parametrize("text", ["{}", 'key = "{}"', "x{}", "{}9", "-{}-", "aaaa{}bbbb"])
def test_a_planted_credential_is_found_in_a_file_that_is_not_yet_committed(
    planted: tuple[Path, frozenset[str]], text: str
) -> None:
    directory, hashes = planted
    assert not any(found_in([held], hashes) for _, held in tree(directory))
    (directory / "new.txt").write_text(text.format(PLANTED))
    assert [name for name, held in tree(directory) if found_in([held], hashes)] == ["new.txt"]


def test_planted_credential_is_found_in_deleted_content(planted: tuple[Path, frozenset[str]]) -> None:
    directory, hashes = planted
    (directory / "file.txt").write_text(f"key={PLANTED}\n")
    commit(directory)
    (directory / "file.txt").write_text("nothing\n")
    commit(directory)
    assert not any(found_in([held], hashes) for _, held in tree(directory))
    assert found_in([history(directory)], hashes)


def test_a_planted_credential_is_found_in_a_message_and_in_a_name(planted: tuple[Path, frozenset[str]]) -> None:
    directory, hashes = planted
    commit(directory, f"the key is {PLANTED}")
    assert found_in([history(directory)], hashes)
    (directory / f"{PLANTED}.txt").touch()
    assert [name for name, held in tree(directory) if found_in([held], hashes)] == [f"{PLANTED}.txt"]


@pytest.mark.parametrize("text", [PLANTED[:-1], f"{PLANTED[:20]}-{PLANTED[20:]}", PLANTED.upper(), ""])
def test_a_text_that_only_resembles_a_credential_is_not_found(planted: tuple[Path, frozenset[str]], text: str) -> None:
    assert not found_in([text.encode()], planted[1])
