"""A session of mutants is divided among workers, and their results are gathered, also after a killed run."""

import contextlib
import sqlite3
from pathlib import Path

import pytest

from proof.mutation import parts as parts_module
from proof.mutation.mutant import features_of
from proof.mutation.mutants import sample

TABLES = """
CREATE TABLE work_items (job_id VARCHAR NOT NULL PRIMARY KEY);
CREATE TABLE mutation_specs (
    module_path VARCHAR, operator_name VARCHAR, occurrence INTEGER, job_id VARCHAR NOT NULL PRIMARY KEY
);
CREATE TABLE work_results (
    worker_outcome VARCHAR, output TEXT, test_outcome VARCHAR, diff TEXT, job_id VARCHAR NOT NULL PRIMARY KEY
);
"""


@pytest.fixture
def session(tmp_path: Path) -> Path:
    path = tmp_path / "mutation.sqlite"
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.executescript(TABLES)
        for number, job in enumerate("abcde"):
            database.execute("INSERT INTO work_items VALUES (?)", (job,))
            database.execute("INSERT INTO mutation_specs VALUES ('sandbox/ledger.py', 'AddNot', ?, ?)", (number, job))
        database.commit()
    return path


def add_result(path: Path, job: str, outcome: str, worker: str = "NORMAL") -> None:
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("INSERT INTO work_results VALUES (?, '', ?, '', ?)", (worker, outcome, job))
        database.commit()


def jobs(path: Path, table: str) -> str:
    with contextlib.closing(sqlite3.connect(path)) as database:
        return "".join(job for (job,) in database.execute(f"SELECT job_id FROM {table} ORDER BY job_id"))  # noqa: S608


def test_each_mutant_without_a_result_is_in_one_part(session: Path) -> None:
    add_result(session, "a", "KILLED")
    parts = [parts_module._part(session, number, 2) for number in range(2)]
    assert [jobs(part, "work_items") for part in parts] == ["abd", "ace"]
    assert [jobs(part, "mutation_specs") for part in parts] == ["abd", "ace"]


def test_the_results_of_the_parts_are_gathered_and_the_parts_deleted(session: Path) -> None:
    add_result(session, "a", "KILLED")
    for number, job in enumerate("be"):
        add_result(parts_module._part(session, number, 2), job, "SURVIVED")
    parts_module.gather(session)
    assert jobs(session, "work_results") == "abe"
    assert list(session.parent.iterdir()) == [session]


def test_progress_counts_every_mutant_once(session: Path) -> None:
    add_result(session, "a", "SURVIVED")
    parts = [parts_module._part(session, number, 2) for number in range(2)]
    add_result(parts[0], "b", "KILLED")
    add_result(parts[1], "c", "SURVIVED")
    assert parts_module._progress(session, parts) == "3 of 5 mutants, 2 survived"


def test_sample_is_reproducible_and_leaves_out_skipped_mutants(session: Path) -> None:
    add_result(session, "a", "", worker="SKIPPED")
    chosen = sample(session, 2)
    assert chosen == sample(session, 2) < set("bcde")
    assert sample(session, 100) == set("bcde")


def test_only_the_sample_is_in_the_parts(session: Path) -> None:
    parts = [parts_module._part(session, number, 2, {"b", "e"}) for number in range(2)]
    assert [jobs(part, "work_items") for part in parts] == ["b", "e"]


def test_the_features_of_the_changed_api_are_run() -> None:
    assert features_of(["sandbox/alfred/users.py"]) == ["features/alfred"]
    assert features_of(["sandbox/ledger/postings.py"]) == ["features"]
