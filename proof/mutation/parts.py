"""Run several processes of cosmic-ray, each in its own clone of the repository, on its own part of the session.

cosmic-ray's own HTTP workers would need less code here. They are not used because they listen on all interfaces, and
because a worker runs any command that a request contains: even on loopback, other users of the machine could use it.
"""

import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
_PROGRESS_EVERY: Final = 30.0  # seconds


def work(session: Path, configuration: Path, folder: Path, workers: int, chosen: Collection[str] | None = None) -> None:
    """Try the mutants of a session that have no result, ``workers`` at a time, in clones below a folder.

    ``chosen`` limits them to these jobs. CalledProcessError if cosmic-ray fails.
    """
    parts = [_part(session, number, workers, chosen) for number in range(workers)]
    try:
        with _processes(parts, configuration, folder) as processes:
            _wait(session, parts, processes)
    finally:
        gather(session)


def forget(session: Path) -> None:
    """Delete the session."""
    for path in (session, *_parts(session)):
        path.unlink(missing_ok=True)


def gather(session: Path) -> None:
    """Copy the results of the parts into the session, also those of a run that was killed."""
    for part in _parts(session):
        with contextlib.closing(sqlite3.connect(session)) as database:
            database.execute("ATTACH DATABASE ? AS part", (str(part),))
            database.execute("INSERT OR IGNORE INTO work_results SELECT * FROM part.work_results")
            database.commit()
        part.unlink()


def tool(name: str) -> str:
    """Return the path of a tool in the folder of this Python."""
    return str(Path(sys.executable).with_name(name))


def _parts(session: Path) -> list[Path]:
    return sorted(session.parent.glob(f"{session.stem}-*{session.suffix}"))


def _part(session: Path, number: int, workers: int, chosen: Collection[str] | None = None) -> Path:
    """Return a copy of the session that contains one share of the mutants without a result."""
    part = session.with_stem(f"{session.stem}-{number}")
    shutil.copy(session, part)
    query = "SELECT job_id FROM work_items WHERE job_id NOT IN (SELECT job_id FROM work_results)"
    jobs = [job for (job,) in _rows(part, query)]
    mine = set([job for job in jobs if chosen is None or job in chosen][number::workers])
    others = [(job,) for job in jobs if job not in mine]
    with contextlib.closing(sqlite3.connect(part)) as database, database:
        database.executemany("DELETE FROM mutation_specs WHERE job_id = ?", others)
        database.executemany("DELETE FROM work_items WHERE job_id = ?", others)
    return part


@contextmanager
def _processes(parts: Sequence[Path], configuration: Path, folder: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    processes = []
    try:
        for part in parts:
            clone = folder / part.stem
            subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)  # noqa: S603, S607
            command = [tool("cosmic-ray"), "exec", str(configuration), str(part)]
            processes.append(subprocess.Popen(command, cwd=clone, start_new_session=True))  # noqa: S603
        yield processes
    finally:
        for process in processes:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)  # with the tests that it started
            process.wait()


def _wait(session: Path, parts: Sequence[Path], processes: Sequence[subprocess.Popen[bytes]]) -> None:
    printed = time.monotonic()
    while any(process.poll() is None for process in processes):
        time.sleep(1)
        if time.monotonic() - printed >= _PROGRESS_EVERY:
            printed = time.monotonic()
            print(_progress(session, parts), flush=True)
    for process in processes:
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, process.args)


def _progress(session: Path, parts: Sequence[Path]) -> str:
    # Each part was copied from the session, with its results.
    query = "SELECT job_id, test_outcome FROM work_results"
    outcomes = dict(row for each in (session, *parts) for row in _rows(each, query))
    ((total,),) = _rows(session, "SELECT count(*) FROM work_items")
    return f"{len(outcomes)} of {total} mutants, {[*outcomes.values()].count('SURVIVED')} survived"


def _rows(session: Path, query: str) -> list[tuple[Any, ...]]:
    with contextlib.closing(sqlite3.connect(session)) as database:
        return database.execute(query).fetchall()
