"""A session of mutants is shared out and gathered again, also after a run that was killed."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import pytest

from proof.mutation import parts as parts_module

TABLES = """
CREATE TABLE work_items (job_id VARCHAR NOT NULL PRIMARY KEY);
CREATE TABLE mutation_specs (module_path VARCHAR, job_id VARCHAR NOT NULL PRIMARY KEY);
CREATE TABLE work_results (
    worker_outcome VARCHAR, output TEXT, test_outcome VARCHAR, diff TEXT, job_id VARCHAR NOT NULL PRIMARY KEY
);
"""


@pytest.fixture
def session(tmp_path: Path) -> Path:
    path = tmp_path / "mutation.sqlite"
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.executescript(TABLES)
        for job in "abcde":
            database.execute("INSERT INTO work_items VALUES (?)", (job,))
            database.execute("INSERT INTO mutation_specs VALUES ('sandbox/ledger.py', ?)", (job,))
        database.commit()
    return path


def found(path: Path, job: str, outcome: str) -> None:
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("INSERT INTO work_results VALUES ('NORMAL', '', ?, '', ?)", (outcome, job))
        database.commit()


def jobs(path: Path, table: str) -> str:
    with contextlib.closing(sqlite3.connect(path)) as database:
        return "".join(job for (job,) in database.execute(f"SELECT job_id FROM {table} ORDER BY job_id"))  # noqa: S608


def test_what_is_left_is_shared_out_whole_and_once(session: Path) -> None:
    found(session, "a", "KILLED")
    parts = [parts_module._part(session, number, 2) for number in range(2)]
    assert [jobs(part, "work_items") for part in parts] == ["abd", "ace"]
    assert [jobs(part, "mutation_specs") for part in parts] == ["abd", "ace"]


def test_what_the_parts_found_is_gathered_and_they_are_gone(session: Path) -> None:
    found(session, "a", "KILLED")
    for number, job in enumerate("be"):
        found(parts_module._part(session, number, 2), job, "SURVIVED")
    parts_module.gather(session)
    assert jobs(session, "work_results") == "abe"
    assert list(session.parent.iterdir()) == [session]


def test_progress_counts_every_mutant_once(session: Path) -> None:
    found(session, "a", "SURVIVED")
    parts = [parts_module._part(session, number, 2) for number in range(2)]
    found(parts[0], "b", "KILLED")
    found(parts[1], "c", "SURVIVED")
    assert parts_module._progress(session, parts) == "3 of 5 mutants, 2 survived"
