"""The pytest plugin that notes why a run ended before all its tests were run."""

from typing import Any

import pytest

from harness.processes.exit_status import Status
from harness.verdict.decision.results import Progress


class EarlyEnd:
    def __init__(self, run: Progress) -> None:
        self._run = run

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Tell Ctrl-C from a run that pytest or a plugin ended."""
        error, why = excinfo.value, str(excinfo.value)
        if isinstance(error, pytest.exit.Exception):
            self._run.end(_status_of(error), why)
        elif type(error) is not KeyboardInterrupt and "keyboard-interrupt" not in why:  # pytest's or xdist's own
            # Whatever could not be collected has a result of its own.
            if "during collection" in why:
                self._run.end(Status.SUITE_FAULT, why)
            else:
                self._run.stopped = why
        else:
            self._run.end(Status.INTERRUPTED, why or "Ctrl-C")

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        self._run.end(Status.SUITE_FAULT, f"{excinfo.type.__name__}: {excinfo.value}")

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Note that -x stopped the run."""
        if session.shouldfail:
            self._run.stopped = str(session.shouldfail)


def _status_of(error: Any) -> Status:
    """Return the status of ``pytest.exit``, with which nobody can decide that a clause holds or is broken."""
    code = Status.INTERRUPTED if error.returncode is None else error.returncode
    return Status(code) if code in (Status.INTERRUPTED, Status.USAGE, Status.ENVIRONMENT) else Status.SUITE_FAULT
