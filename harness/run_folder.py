"""The folders in reports/: one per run, and ``latest``, which points to the newest."""

import fcntl
import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

REPORTS: Final = Path(__file__).resolve().parents[1] / "reports"
RESULTS: Final = "allure-results"
VERDICT: Final = "verdict.json"
LATEST: Final = "latest"
_RUNNING: Final = ".running"
_REFUSED: Final = ".refused"
_NAME: Final = re.compile(r"\d{8}-\d{6}-\d{6}")
_KEPT: Final = 20


@contextmanager
def new_folder(reports: Path) -> Iterator[tuple[Path, int | None]]:
    """Create the folder of a run. OSError if ``reports`` can't be written.

    The second value is the file descriptor of its lock, which the processes of the run inherit. Without a verdict,
    nothing remains of the folder. The oldest folders are removed, but none of a run that goes on. Of the refused runs
    only the newest is kept, and ``latest`` points to it only if there is no other run.
    """
    folder = _new_folder(reports)
    with locked(folder / _RUNNING) as lock:
        try:
            yield folder, lock
        finally:
            with suppress(OSError):
                _tidy(reports, folder)


def _tidy(reports: Path, folder: Path) -> None:
    if not (folder / VERDICT).is_file():
        shutil.rmtree(folder, ignore_errors=True)
    folders = sorted(path for path in reports.iterdir() if _NAME.fullmatch(path.name) and path.is_dir())
    refused = [path for path in folders if (path / _REFUSED).exists()]
    others = [path for path in folders if path not in refused]
    written = [path for path in others if (path / VERDICT).is_file()]
    if written and latest(reports) in refused:
        point_latest(reports, written[-1])
    for old in (*others[:-_KEPT], *refused[:-1]):
        if not is_running(old):
            shutil.rmtree(old, ignore_errors=True)


def mark_refused(folder: Path) -> None:
    """Mark the run of a folder as one that ended with a usage error before anything was judged."""
    with suppress(OSError):
        (folder / _REFUSED).touch()


def _new_folder(reports: Path) -> Path:
    while True:
        folder = reports / f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}"
        with suppress(FileExistsError):
            folder.mkdir(parents=True)
            return folder


def latest(reports: Path) -> Path | None:
    """Return the folder to which ``latest`` points; None if there is none."""
    pointer = reports / LATEST
    with suppress(OSError, UnicodeDecodeError):
        name = str(pointer.readlink()) if pointer.is_symlink() else pointer.read_text("utf-8").strip()
        if _NAME.fullmatch(name) and (reports / name).is_dir():
            return reports / name
    return None


def point_latest(reports: Path, folder: Path) -> None:
    """Let ``latest`` point to a folder: a symbolic link, or a file with its name if there can be no links."""
    pointer = reports / LATEST
    new = folder / ".latest"
    try:
        new.symlink_to(folder.name)
    except (OSError, NotImplementedError):
        new.write_text(f"{folder.name}\n", "utf-8")
    new.replace(pointer)


def is_running(folder: Path) -> bool:
    """Return whether the run of a folder still goes on, or this can't be found out."""
    try:
        with (folder / _RUNNING).open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    return False


@contextmanager
def locked(path: Path) -> Iterator[int | None]:
    """Lock a file, and wait if another process holds it. Yield its descriptor, or None if the folder has no locks."""
    descriptor = None
    with ExitStack() as stack:
        with suppress(OSError):
            file = stack.enter_context(path.open("a"))
            fcntl.flock(file, fcntl.LOCK_EX)
            descriptor = file.fileno()
        yield descriptor


def displayed(path: Path) -> str:
    """Return a path as a person would type it: relative to the working directory if it is below it."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
