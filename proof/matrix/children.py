"""A round under way: the forked process, its sandbox, and what it has told so far."""

from __future__ import annotations

import contextlib
import os
import signal
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from harness.apis.alfred.admin import Admin
from proof.matrix.matrix import Outcome, Round
from proof.matrix.platforms import Platform
from proof.matrix.rounds import read_told

_WINDOW: Final = 0.5  # seconds over which a process shows whether it computes
_BUSY: Final = 0.25  # of one core
_TICKS: Final = os.sysconf("SC_CLK_TCK")


class Child:
    """One round. ``browser`` is the one lent to it; ``told`` is where it writes, a line a scenario."""

    def __init__(self, platform: Platform, sandbox: Any, due: int) -> None:
        """``due`` is how many scenarios it is to run."""
        self.platform = platform
        self.told = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 (closed in close)
        self.browser: Admin | None = None
        self._sandbox = sandbox
        self._due = due
        self._process = 0
        self._start = time.monotonic()
        self._cut_short = ""
        self._cpu = 0.0
        self._sample = (self._start, 0.0, True)
        self._heard = (self._start, 0)

    def began(self, process: int) -> None:
        """It runs in this process."""
        self._process = process

    def never_began(self, why: str) -> None:
        """Its platform did not start."""
        self._cut_short = why

    def is_busy(self) -> bool:
        """Whether suite and sandbox computed of late, or would have; true as long as that can't be told."""
        then, used, response = self._sample
        now = time.monotonic()
        if now - then >= _WINDOW:
            asked = self._asked()
            response = asked is None or (asked - used) / (now - then) > _BUSY
            self._sample = (now, asked or 0.0, response)
        return response

    def ended(self, silence: float, whole: float) -> bool:
        """Whether it is over; ends it where nothing was heard for ``silence`` seconds, or after ``whole``."""
        if not self._process:
            return True
        if self._reaped(os.WNOHANG):
            return True
        now, size = time.monotonic(), os.fstat(self.told.fileno()).st_size
        if size != self._heard[1]:
            self._heard = (now, size)
        if now - self._heard[0] > silence:
            self.kill(f"no scenario ended in {silence:.0f} s")
        elif now - self._start > whole:
            self.kill(f"it took more than {whole:.0f} s")
        return not self._process

    def kill(self, why: str = "") -> None:
        """End its process."""
        self._cut_short = why
        if self._process:
            with contextlib.suppress(OSError):
                os.kill(self._process, signal.SIGKILL)
                self._reaped(0)
            self._process = 0

    def round(self) -> Round:
        """What came of it."""
        self.told.seek(0)
        outcomes, begun, crash = read_told(self.told.read())
        met = len(outcomes)
        if begun:
            outcomes.append(Outcome(begun, "environment", reason=self._cut_short or crash or "its process died"))
        missing = self._cut_short or crash or (f"{met} of {self._due} scenarios ran" if met != self._due else "")
        return Round(
            seconds=time.monotonic() - self._start,
            cpu=self._cpu,
            met=met,
            outcomes=tuple(outcome for outcome in outcomes if outcome.kind != "passed"),
            cut_short=missing,
        )

    def close(self) -> None:
        """End its sandbox."""
        self.told.close()
        self._sandbox.end()

    def _reaped(self, options: int) -> bool:
        """Whether its process has ended; what it and its sandbox computed is known then."""
        ended, _, used = os.wait4(self._process, options)
        if ended:
            self._process = 0
            self._cpu = used.ru_utime + used.ru_stime + (_processor_time(self._sandbox._process.pid) or 0.0)
        return bool(ended)

    def _asked(self) -> float | None:
        times = [_asked_time(process) for process in (self._process, self._sandbox._process.pid)]
        return None if None in times else sum(time for time in times if time is not None)


def _processor_time(process: int) -> float | None:
    """Seconds that a process has computed; None if the machine does not tell."""
    try:
        told = Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return None
    user, system = told.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / _TICKS


def _asked_time(process: int) -> float | None:
    """Seconds that a process has computed or waited for a core: on a loaded machine it is busy all the same."""
    computed = _processor_time(process)
    try:
        queued = int(Path(f"/proc/{process}/schedstat").read_text(encoding="ascii").split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        queued = 0.0
    return None if computed is None else computed + queued
