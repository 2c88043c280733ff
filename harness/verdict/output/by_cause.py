"""The failures of a run by their likely cause, for the terminal."""

import sys
from collections.abc import Callable, Generator, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from harness.foreign_text import one_line, printable, shell_word
from harness.verdict.decision.verdict import Cause
from harness.verdict.output.summary import counted

_FULL: Final = 28  # lines of the first failure of a cause
_NAMES: Final = 16
_AGAIN: Final = 3  # node ids in a command
_DEFAULT: Final = "fE"  # of -r
_KINDS: Final = ("failed", "error")


class ByCause:
    """The pytest plugin that shows violations by their likely cause, and leaves all other failures to pytest."""

    def __init__(self, causes: Callable[[], tuple[Cause, ...]], title: Callable[[str], str]) -> None:
        """``causes`` finds them, when all results are known. ``title`` returns the title of a node id."""
        self._causes = causes
        self._title = title

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_terminal_summary(self, terminalreporter: Any) -> Generator[None, object, object]:
        """Show the causes after pytest's own sections, from which their scenarios are hidden."""
        causes = self._causes()
        explained = {name for cause in causes for name in cause.scenarios}
        stats, before = terminalreporter.stats, dict(terminalreporter.stats)
        reports: dict[str, pytest.TestReport] = {}
        for kind in _KINDS:
            reports |= {one.nodeid: one for one in stats.get(kind, []) if one.nodeid in explained}
            stats[kind] = [one for one in stats.get(kind, []) if one.nodeid not in explained]
        try:
            result = yield
        finally:
            stats.clear()
            stats.update(before)
        if causes and not terminalreporter.no_summary:
            self._show(terminalreporter, causes, reports)
        return result

    def _show(self, terminal: Any, causes: tuple[Cause, ...], reports: Mapping[str, pytest.TestReport]) -> None:
        option = terminal.config.option
        terminal.write_sep("=", "LIKELY CAUSES")
        # A scenario that passed when it was repeated has no failed report.
        for line in overview(causes, len({name for cause in causes for name in cause.scenarios})):
            terminal.write_line(line)
        if option.tbstyle not in ("no", "line"):
            for cause in causes:
                _show_failures(terminal, cause, reports, self._title)
        terminal.write_line(f"run these again: {command(terminal.config, causes[0])}")
        if option.reportchars != _DEFAULT and "f" in option.reportchars.replace("a", "f").replace("A", "f"):
            for name, report in reports.items():
                terminal.write_line(f"FAILED {one_line(name)} - {one_line(_text(report).partition(chr(10))[0])}")


def overview(causes: tuple[Cause, ...], failures: int) -> Iterator[str]:
    for number, one in enumerate(causes, 1):
        known = " (known issue)" if one.known else ""
        yield (f"{number}. {one.clause}{known} explains {one.explained(failures)}: {one_line(one.text)}")


def _show_failures(
    terminal: Any, cause: Cause, reports: Mapping[str, pytest.TestReport], title: Callable[[str], str]
) -> None:
    first, *others = [name for name in cause.scenarios if name in reports] or [""]
    if not first:
        return
    terminal.write_sep("_", one_line(title(first)), red=True, bold=True)
    for line in _first_lines(_text(reports[first])):
        terminal.write_line(line)
    for line in consequences(cause):
        terminal.write_line(line)
    if others:
        terminal.write_line(f"  {cause.clause} also explains:")
        shown = others if terminal.verbosity > 1 else others[:_NAMES]
        for name in shown:
            terminal.write_line(f"    {one_line(title(name))}")
        if len(others) > len(shown):
            terminal.write_line(f"    and {len(others) - len(shown)} more, which summary.md lists")


def consequences(cause: Cause) -> Iterator[str]:
    """Return in words what else was violated because of a cause, and what could not be checked."""
    for words, counts in (
        ("violated as a consequence", cause.consequences),
        ("could not be checked because of it", cause.not_checked),
    ):
        if counts:
            yield f"  {words}: {counted(counts)}"


def command(config: pytest.Config, cause: Cause) -> str:
    """Return a line to paste that runs the failures of a cause again: the clearest ones, or all that failed last."""
    python = Path(sys.executable)
    place = python.relative_to(config.rootpath) if python.is_relative_to(config.rootpath) else python
    target = [f"--target={config.option.target}"] if config.option.target else []
    names = cause.scenarios[: min(_AGAIN, cause.shown_by)]
    return " ".join(shell_word(word) for word in (str(place), "-m", "pytest", *target, *names))


def _first_lines(text: str) -> Iterator[str]:
    lines = printable(text).splitlines()
    yield from lines[:_FULL]
    if len(lines) > _FULL:
        yield f"  ... {len(lines) - _FULL} more lines, which summary.md has"


def _text(report: pytest.TestReport) -> str:
    return str(report.longrepr)  # its text would begin with the worker and its Python
