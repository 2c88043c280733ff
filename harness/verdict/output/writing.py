"""Writes the verdict and its summary, and reports places that can't be written.

Those of an option are refused before the run. Any other is a fault of the suite (status 3), and what was judged stays;
pytest's cache is no report, and changes nothing.
"""

import re
import tempfile
import warnings
from collections.abc import Generator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from harness.run_folder import VERDICT, mark_refused, point_latest
from harness.run_state import UNWRITTEN, cannot_be_written, is_worker
from harness.verdict.decision.verdict import Verdict, to_json
from harness.verdict.output.junit import junit_of
from harness.verdict.output.summary import markdown_of
from harness.wire.redaction import REDACTION

_FILES: Final = {"--summary": "summary", "--junitxml": "xmlpath", "--log-file": "log_file"}
_FOLDERS: Final = {"--alluredir": "allure_report_dir"}
_SHORT: Final = 1000  # characters of a headline, so that the verdict fits into the first block of its file
_REASON: Final = re.compile(r"\[Errno \d+\] ([^:]+)")


class UnwrittenPlaces:
    """The pytest plugin that collects the places, and prints a line for each."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._cache: dict[str, None] = {}
        # Whatever pytest.ini says: without a cache, the scenarios are judged all the same.
        config.addinivalue_line("filterwarnings", "default::pytest.PytestCacheWarning")

    def _add_cache(self, warning: str) -> None:
        reason = _REASON.search(warning)
        why = f": {reason[1]}" if reason else ""
        line = f"{self._config.getini('cache_dir')} can't be written{why}; --lf and --ff will not know this run"
        self._cache[line] = None

    def pytest_warning_recorded(self, warning_message: warnings.WarningMessage) -> None:
        """Collect what the cache could not write."""
        if issubclass(warning_message.category, pytest.PytestCacheWarning):
            self._add_cache(str(warning_message.message))

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_sessionfinish(self) -> Generator[None, object, object]:
        """Report what a plugin could not write, instead of ending with its traceback."""
        try:
            return (yield)
        except OSError as error:
            self._config.stash[UNWRITTEN].append(cannot_be_written("a report", error))
        except pytest.PytestCacheWarning as warning:
            self._add_cache(str(warning))
        return None

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_terminal_summary(self, terminalreporter: Any) -> Generator[None, object, object]:
        """Print the places after everything else."""
        shown = terminalreporter.stats.get("warnings", [])
        shown[:] = [warning for warning in shown if "PytestCacheWarning" not in warning.message]
        if not shown:
            terminalreporter.stats.pop("warnings", None)
        result = yield
        for line in (*self._config.stash[UNWRITTEN], *self._cache):
            terminalreporter.write_line(line, yellow=True)
        return result


def check_places(config: pytest.Config) -> None:
    """Check that what an option names can be written. UsageError if it can't."""
    if is_worker(config):
        return
    for option, name in (_FILES | _FOLDERS).items():
        given = config.getoption(name, None) or (config.getini(name) if name == "log_file" else None)
        if not given:
            continue
        try:
            (_try_folder if option in _FOLDERS else _try_file)(Path(given))
        except OSError as error:
            raise pytest.UsageError(f"{option}: {given} can't be written: {error.strerror}") from None


def _try_folder(path: Path) -> None:
    path.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=path):
        pass


def _try_file(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    existed = path.exists()
    with path.open("a"):
        pass
    if not existed:
        path.unlink()


def write(
    verdict: Verdict,
    folder: Path | None,
    summary: str | None = None,
    junit: str | None = None,
    *,
    latest: bool = False,
) -> list[str]:
    """Write the files, and return a line for each that can't be written. ``latest``: let reports/latest point here.

    ``summary`` and ``junit`` are where else these two are written.
    """
    text = REDACTION.mask(markdown_of(verdict))
    xml = junit_of(verdict)
    places: dict[Path, str] = {}
    if folder is not None:
        places = {folder / VERDICT: REDACTION.mask_json(to_json(verdict)), folder / "summary.md": text}
        places[folder / "junit.xml"] = xml
    if summary:
        places[Path(summary)] = text
    if junit:
        places[Path(junit)] = xml
    failed = {path: line for path, content in places.items() if (line := _written(path, content))}
    unwritten = [*failed.values()]
    if folder is not None and folder / VERDICT in failed and verdict.finished:
        _write_shortly(folder / VERDICT, verdict)
    if folder is not None and verdict.is_refused:
        mark_refused(folder)
    if folder is not None and latest and not unwritten:
        point_latest(folder.parent, folder)
    return unwritten


def _write_shortly(path: Path, verdict: Verdict) -> None:
    """Write status and headline over the verdict that did not finish: its room is left on a full disk, too."""
    empty = Verdict(finished=True, status=verdict.status, name=verdict.name, headline=verdict.headline[:_SHORT])
    short = replace(empty, about=verdict.about, part=verdict.part, gating=verdict.gating)
    with suppress(OSError), path.open("r+b") as file:
        file.write(REDACTION.mask_json(to_json(short)).encode())
        file.truncate()


def _written(path: Path, text: str) -> str:
    """Write a file in one step, so that nobody reads half of it; return why it can't be. A device is no file."""
    is_file = path.is_file() or not path.exists()
    new = path.with_name(f".{path.name}.new") if is_file else path
    try:
        new.write_text(text, "utf-8")
        if is_file:
            new.replace(path)
    except OSError as error:
        if is_file:
            with suppress(OSError):
                new.unlink()
        return cannot_be_written(str(path), error)
    return ""


def write_line(config: pytest.Config, text: str) -> None:
    """Print a line where pytest prints."""
    reporter: Any = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None:
        print(text, flush=True)
        return
    reporter.write_line(text)
