"""What all tests share: the environment variables of child processes, and tables that are printed at the end."""

import os
import signal
from collections.abc import Callable, Iterator

import pytest

Row = Callable[[str, str, str], None]
_TABLE = "table: "
# These plugins import trio, Hypothesis and Schemathesis in each run, which takes most of the time of a short one.
_WITHOUT = "-p no:anyio -p no:hypothesispytest -p no:schemathesis"


@pytest.fixture(scope="session", autouse=True)
def variables_of_child_processes() -> None:
    """Remove what pytest-xdist tells its workers, and where GitHub expects a summary, and shorten runs of pytest."""
    for name in ("PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT", "PYTEST_XDIST_TESTRUNUID", "GITHUB_STEP_SUMMARY"):
        os.environ.pop(name, None)
    # The tests start hundreds of processes, and each would compile the suite again: a fifth of its CPU time.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    # The run of the features, which make test measures too, covers more than all runs of the tests.
    os.environ.pop("COVERAGE_PROCESS_CONFIG", None)
    os.environ["PYTEST_ADDOPTS"] = _WITHOUT


@pytest.fixture(autouse=True)
def no_test_changes_sigpipe() -> Iterator[None]:
    """With the default for SIGPIPE, the next connection that breaks would end the worker without a word."""
    yield
    assert signal.getsignal(signal.SIGPIPE) is signal.SIG_IGN


@pytest.fixture
def row(record_property: Callable[[str, object], None]) -> Row:
    """Return the function that adds a row to a table: its title, what was injected, and what was reported."""
    return lambda title, injected, said: record_property(f"{_TABLE}{title}", (injected, said))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the tables of the tests that ran, also with pytest-xdist."""
    tables: dict[str, list[tuple[str, str]]] = {}
    reports = [one for each in terminalreporter.stats.values() for one in each if getattr(one, "when", "") == "call"]
    for report in reports:
        for name, cells in report.user_properties:
            if name.startswith(_TABLE):
                tables.setdefault(name.removeprefix(_TABLE), []).append(tuple(cells))
    for title, rows in sorted(tables.items()):
        terminalreporter.section(f"{title} ({len(rows)})")
        width = max(len(injected) for injected, _ in rows)
        for injected, said in sorted(rows):
            terminalreporter.write_line(f"{injected:{width}}  {said}")
