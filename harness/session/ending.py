"""The pytest plugin that ends a run early: by SIGINT or SIGTERM, with its verdict."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import suppress
from types import FrameType
from typing import Any, Final

import pytest

from harness.processes.exit_status import Status
from harness.processes.signals import SIGNALS, WINDING_UP, end_with_parent
from harness.run_state import is_worker

_WORKER_PID: Final = "import os; channel.send(os.getpid())"

Handler = Callable[[int, FrameType | None], Any] | int | None


class Ending:
    """The pytest plugin. The first signal ends the run. Later signals do not interrupt the end."""

    def __init__(self) -> None:
        self._sent: signal.Signals | None = None
        self._is_ending = False
        self._workers: list[int] = []
        self._before: dict[signal.Signals, Handler] = {}

    def handle_signals(self) -> None:
        """Handle the signals from now on, also if the process was started to ignore them."""
        if threading.current_thread() is threading.main_thread():
            self._before = {each: signal.signal(each, self._end) for each in SIGNALS}

    def _end(self, number: int, _frame: FrameType | None) -> None:
        if self._sent is None and not self._is_ending:
            self._sent = signal.Signals(number)
            _end_for_certain()
            # A signal may arrive between the opening of a file and the block that closes it. That is no error.
            sys.unraisablehook = lambda _: None
            raise KeyboardInterrupt(self._sent.name)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self) -> None:
        """Run no further test after a signal, even if the exception was caught."""
        if self._sent is not None:
            raise KeyboardInterrupt(self._sent.name)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self) -> Generator[None, object, object]:
        """Let nothing interrupt the verdict. Workers of pytest-xdist end their scenarios at once."""
        self._is_ending = True
        for worker in self._workers if self._sent else ():
            with suppress(OSError):
                os.kill(worker, signal.SIGTERM)
        return (yield)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_newgateway(self, gateway: Any) -> None:
        """Remember the process of a worker on this machine."""
        if gateway.spec.popen:
            self._workers.append(gateway.remote_exec(_WORKER_PID).receive())

    @pytest.hookimpl(tryfirst=True)
    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Drop the entries without a line number, which pytest can't show: a signal may arrive between two lines."""
        excinfo.traceback = excinfo.traceback.filter(_has_line)

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self) -> None:
        """Handle the signals as before. If the run was interrupted, ignore the next ones until the process ends."""
        for each, handler in self._before.items():
            signal.signal(each, handler if self._sent is None else signal.SIG_IGN)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Register the plugin, and end with the process that started this one."""
    ending = Ending()
    config.pluginmanager.register(ending, "suite-ending")
    ending.handle_signals()
    end_with_parent(always=is_worker(config))


def _has_line(entry: Any) -> bool:
    try:
        return bool(entry.lineno >= 0)
    except TypeError:  # the number is None
        return False


def _end_for_certain() -> None:
    """End this process after a while, even if a call or a thread is still running."""

    def end() -> None:
        time.sleep(WINDING_UP)
        sys.stderr.write(f"the run did not end within {WINDING_UP:.0f} s after it was interrupted\n")
        os._exit(Status.INTERRUPTED)

    threading.Thread(target=end, name="ending", daemon=True).start()
