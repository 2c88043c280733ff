"""What is remembered of the features between runs."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from harness.gherkin.memory import Memory


def a_run(directory: Path, *, asks: Iterable[str] = (), adds: Iterable[str] = ()) -> list[str]:
    """One run on what the ones before it left; answers which of what it asks for it finds."""
    memory = Memory()
    memory.open(directory)
    found = [key for key in asks if memory.recall(key)]
    for key in adds:
        memory.keep(key, key)
    memory.close()
    return found


def test_a_run_finds_what_the_one_before_it_left(tmp_path: Path) -> None:
    a_run(tmp_path, adds=["a", "b"])
    assert a_run(tmp_path, asks=["a", "b", "c"]) == ["a", "b"]


def test_what_a_run_used_stays_however_much_it_is(tmp_path: Path) -> None:
    many = [f"feature {number}" for number in range(300)]
    a_run(tmp_path, adds=many)
    assert a_run(tmp_path, asks=many, adds=["one more"]) == many
    assert a_run(tmp_path, asks=many) == many


def test_of_what_nobody_asks_for_only_the_latest_stay(tmp_path: Path) -> None:
    for number in range(200):
        a_run(tmp_path, asks=["steady"], adds=["steady"] if number == 0 else [f"version {number}"])
    assert a_run(tmp_path, asks=["steady", "version 199", "version 2"]) == ["steady", "version 199"]


def test_a_file_that_cannot_be_read_is_as_none(tmp_path: Path) -> None:
    a_run(tmp_path, adds=["a"])
    (file,) = tmp_path.iterdir()
    file.write_bytes(b"no pickle")
    assert a_run(tmp_path, asks=["a"], adds=["a"]) == []
    assert a_run(tmp_path, asks=["a"]) == ["a"]
