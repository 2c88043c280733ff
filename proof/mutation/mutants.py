"""The mutants of a session of cosmic-ray, with their outcomes."""

import contextlib
import random
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_SEED: Final = 1


@dataclass(frozen=True)
class Mutant:
    """One change in one module, and its outcome. ``job`` is its id in the session."""

    job: str
    module: str
    line: int
    operator: str
    occurrence: int
    outcome: str
    diff: str

    @property
    def place(self) -> str:
        """Return the key in proof/survivors.toml. It is valid as long as the module has as many places."""
        return f"{self.module}:{self.operator.removeprefix('core/')}:{self.occurrence}"

    @property
    def survived(self) -> bool:
        return self.outcome == "survived"


def read_mutants(session: Path) -> list[Mutant]:
    """Return the mutants that have a result."""
    query = """
        SELECT job_id, module_path, start_pos_row, operator_name, occurrence, worker_outcome, test_outcome, diff
        FROM mutation_specs JOIN work_results USING (job_id) ORDER BY module_path, start_pos_row, operator_name"""
    with contextlib.closing(sqlite3.connect(session)) as database:
        rows = database.execute(query).fetchall()
    return [
        Mutant(
            job,
            module.removeprefix("sandbox/").removesuffix(".py"),
            line,
            operator,
            occurrence,
            outcome(worker, test),
            diff or "",
        )
        for job, module, line, operator, occurrence, worker, test, diff in rows
    ]


def outcome(worker: str, test: str | None) -> str:
    """Return killed, survived, skipped (by a filter), or abnormal if the worker failed."""
    if worker == "SKIPPED":
        return "skipped"
    return test.lower() if worker == "NORMAL" and test in ("KILLED", "SURVIVED") else "abnormal"


def sample(session: Path, size: int) -> frozenset[str]:
    """Return the jobs of a random sample of the mutants: the same mutants in every session of the same modules."""
    query = """
        SELECT job_id FROM mutation_specs
        WHERE job_id NOT IN (SELECT job_id FROM work_results WHERE worker_outcome = 'SKIPPED')
        ORDER BY module_path, operator_name, occurrence"""
    with contextlib.closing(sqlite3.connect(session)) as database:
        jobs = [job for (job,) in database.execute(query)]
    return frozenset(random.Random(_SEED).sample(jobs, min(size, len(jobs))))  # noqa: S311 (not for security)
