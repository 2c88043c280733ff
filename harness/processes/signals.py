"""The processes of a run: signals are passed on, and each process ends with the process that started it."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Self

from harness.processes.exit_status import Status

SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
WINDING_UP: Final = 30.0
"""Seconds from a signal to the end of pytest."""
_STARTED_BY: Final = "WALLET_SUITE_STARTED_BY"
_LOOK_EVERY: Final = 0.5  # seconds


class Signals:
    """Handles SIGINT and SIGTERM during a run. Only the first signal counts: the ending is not interrupted.

    If pytest runs, the signal is passed on to it, and it ends with its verdict. Otherwise it is a KeyboardInterrupt.
    """

    def __init__(self) -> None:
        self.sent = False
        self._child: subprocess.Popen[bytes] | None = None
        self._is_starting = False

    def __enter__(self) -> Self:
        self._before = {each: signal.signal(each, self._take) for each in SIGNALS}
        return self

    def __exit__(self, *_error: object) -> None:
        """Handle the signals as before. If one was sent, ignore the next ones: they could replace the exit status.

        When Python exits, it resets our handlers to the default, but keeps SIG_IGN.
        """
        for each, handler in self._before.items():
            signal.signal(each, signal.SIG_IGN if self.sent else handler)

    def run(self, command: Sequence[str], folder: Path, inherited: tuple[int, ...] = ()) -> int:
        """Run pytest and return the exit status of the run, also if pytest did not end by itself.

        pytest ends with this process: it calls ``end_with_parent``. ``inherited`` are file descriptors.
        """
        self._is_starting = True
        environment = {**os.environ, _STARTED_BY: str(os.getpid())}
        self._child = subprocess.Popen(command, cwd=folder, pass_fds=inherited, env=environment)  # noqa: S603
        self._is_starting = False
        if self.sent:
            self._end(self._child)
        status = self._child.wait()
        self._child = None
        if status in set(Status):
            return status
        return Status.INTERRUPTED if self.sent else Status.SUITE_FAULT

    def _take(self, _number: int, _frame: object) -> None:
        if self.sent:
            return
        self.sent = True
        if self._child is not None:
            self._end(self._child)
        elif not self._is_starting:
            raise KeyboardInterrupt

    def _end(self, child: subprocess.Popen[bytes]) -> None:
        child.terminate()
        killing = threading.Timer(WINDING_UP + 2, child.kill)
        killing.daemon = True
        killing.start()


def end_with_parent(*, always: bool) -> None:
    """End this process at once when its parent is gone; unless ``always``, only if ``Signals.run`` started it."""
    parent = os.getppid()
    if os.environ.pop(_STARTED_BY, "") != str(parent) and not always:
        return

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_LOOK_EVERY)
        os._exit(Status.INTERRUPTED)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()


@contextmanager
def ending_with_reader() -> Iterator[None]:
    """End this process without a word, as other tools do, if the reader of its output ends first (``| head``).

    Afterwards, a connection that breaks is an error again: it must not end the process.
    """
    before = signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    try:
        yield
        sys.stdout.flush()
    finally:
        signal.signal(signal.SIGPIPE, before)
