"""Several processes of cosmic-ray, each in a clone of the repository and with a part of the session for itself."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
_TOLD_EVERY: Final = 30.0


def work(session: Path, configuration: Path, folder: Path, count: int) -> None:
    """Try all that is left of a session, ``count`` mutants at a time in clones below a folder.

    CalledProcessError where cosmic-ray fails.
    """
    parts = [_part(session, number, count) for number in range(count)]
    try:
        with _processes(parts, configuration, folder) as processes:
            _wait(session, parts, processes)
    finally:
        gather(session)


def forget(session: Path) -> None:
    """Begin anew."""
    for path in (session, *_parts(session)):
        path.unlink(missing_ok=True)


def gather(session: Path) -> None:
    """Bring what the parts found into the session: those of a run that was killed, too."""
    for part in _parts(session):
        with contextlib.closing(sqlite3.connect(session)) as database:
            database.execute("ATTACH DATABASE ? AS part", (str(part),))
            database.execute("INSERT OR IGNORE INTO work_results SELECT * FROM part.work_results")
            database.commit()
        part.unlink()


def tool(name: str) -> str:
    """The tool beside this Python."""
    return str(Path(sys.executable).with_name(name))


def _parts(session: Path) -> list[Path]:
    return sorted(session.parent.glob(f"{session.stem}-*{session.suffix}"))


def _part(session: Path, number: int, count: int) -> Path:
    """A copy of the session that knows of every ``count``-th of the mutants that are left."""
    part = session.with_stem(f"{session.stem}-{number}")
    shutil.copy(session, part)
    with contextlib.closing(sqlite3.connect(part)) as database:
        left = database.execute("SELECT job_id FROM work_items WHERE job_id NOT IN (SELECT job_id FROM work_results)")
        others = [job for place, job in enumerate(left.fetchall()) if place % count != number]
        database.executemany("DELETE FROM mutation_specs WHERE job_id = ?", others)
        database.executemany("DELETE FROM work_items WHERE job_id = ?", others)
        database.commit()
    return part


@contextmanager
def _processes(parts: Sequence[Path], configuration: Path, folder: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    processes = []
    try:
        for part in parts:
            clone = folder / part.stem
            subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)  # noqa: S603, S607
            command = [tool("cosmic-ray"), "exec", str(configuration), str(part)]
            processes.append(subprocess.Popen(command, cwd=clone, start_new_session=True))  # noqa: S603 - as the rest
        yield processes
    finally:
        for process in processes:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)  # its tests too
            process.wait()


def _wait(session: Path, parts: Sequence[Path], processes: Sequence[subprocess.Popen[bytes]]) -> None:
    told = time.monotonic()
    while any(process.poll() is None for process in processes):
        time.sleep(1)
        if time.monotonic() - told >= _TOLD_EVERY:
            told = time.monotonic()
            print(_progress(session, parts), flush=True)
    for process in processes:
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, process.args)


def _progress(session: Path, parts: Sequence[Path]) -> str:
    # Each part begins with what the session had.
    query = "SELECT job_id, test_outcome FROM work_results"
    outcomes = dict(row for each in (session, *parts) for row in _rows(each, query))
    ((all_of_them,),) = _rows(session, "SELECT count(*) FROM work_items")
    return f"{len(outcomes)} of {all_of_them} mutants, {[*outcomes.values()].count('SURVIVED')} survived"


def _rows(session: Path, query: str) -> list[tuple[Any, ...]]:
    with contextlib.closing(sqlite3.connect(session)) as database:
        return database.execute(query).fetchall()
