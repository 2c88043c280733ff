"""Which Python make takes for .venv."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from harness.pythons import choose


def a_python(folder: Path, *, prints: str = "", status: int = 0) -> str:
    """Put a python3 into the folder that answers the probe so."""
    folder.mkdir()
    python = folder / "python3"
    python.write_text(f"#!/bin/sh\necho '{prints}'\nexit {status}\n", encoding="utf-8")
    python.chmod(0o755)
    return str(python)


@pytest.mark.parametrize(("second", "is_taken"), [("0.5", True), ("0.8", True), ("0.95", False), ("1.5", False)])
def test_the_first_stays_unless_another_is_distinctly_faster(tmp_path: Path, second: str, is_taken: bool) -> None:
    pythons = (a_python(tmp_path / "a", prints="1.0"), a_python(tmp_path / "b", prints=second))
    assert choose([str(tmp_path / name) for name in "ab"]) == pythons[is_taken]


def test_a_python_that_will_not_do_is_passed_over(tmp_path: Path) -> None:
    a_python(tmp_path / "too old", prints="0.1", status=1)
    a_python(tmp_path / "no python", prints="command not found")
    python = a_python(tmp_path / "good", prints="1.0")
    assert choose([str(tmp_path / name) for name in ("nothing", "too old", "no python", "good")]) == python


def test_there_may_be_none(tmp_path: Path) -> None:
    a_python(tmp_path / "old", status=1)
    assert not choose([str(tmp_path / "old")])


def test_links_to_one_python_count_once(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    python = tmp_path / "a" / "python3"
    python.parent.mkdir()
    python.write_text(f"#!/bin/sh\necho run >> '{runs}'\necho 1.0\n", encoding="utf-8")
    python.chmod(0o755)
    (tmp_path / "b").symlink_to(tmp_path / "a")
    assert choose([str(tmp_path / "b"), str(tmp_path / "a")]) == str(tmp_path / "b" / "python3")
    assert runs.read_text(encoding="utf-8") == "run\n"


def test_the_python_of_this_run_will_do(tmp_path: Path) -> None:
    own = Path(sys.base_prefix) / "bin"
    assert choose([str(own)]) == str(own / "python3")
