"""A round that is running: its forked process, its sandbox, and its outcomes so far."""

import contextlib
import os
import signal
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from harness.apis.alfred.browser import Browser
from proof.matrix.matrix import UNFINISHED, Outcome, Round
from proof.matrix.platforms import Platform
from proof.matrix.rounds import read_outcomes

_SAMPLE: Final = 0.5  # seconds over which the use of the processor is measured
_BUSY: Final = 0.25  # of one core
_TICKS: Final = os.sysconf("SC_CLK_TCK")


class RunningRound:
    """One round. It writes one line per scenario to ``output``. ``browser`` is lent to it."""

    def __init__(self, platform: Platform, sandbox: Any, scenarios: int, *, until_caught: bool = False) -> None:
        """``scenarios`` is the number that it has to run; with ``until_caught`` only until one catches something."""
        self.platform = platform
        self.output = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 (closed in close)
        self.browser: Browser | None = None
        self._sandbox = sandbox
        self._scenarios = scenarios
        self._until_caught = until_caught
        self._process = 0
        self._start = time.monotonic()
        self._cut_short = ""
        self._cpu = 0.0
        self._sample = (self._start, 0.0, True)
        self._last_output = (self._start, 0)

    def started(self, process: int) -> None:
        self._process = process

    def not_started(self, reason: str) -> None:
        self._cut_short = reason

    def is_busy(self) -> bool:
        """Return whether suite and sandbox used, or waited for, a core of late. True if this is not known."""
        then, used, busy = self._sample
        now = time.monotonic()
        if now - then >= _SAMPLE:
            wanted = self._cpu_wanted()
            busy = wanted is None or (wanted - used) / (now - then) > _BUSY
            self._sample = (now, wanted or 0.0, busy)
        return busy

    def has_ended(self, silence: float, total: float) -> bool:
        """Return whether the round is over. Kill it after ``silence`` seconds without output, or ``total`` seconds."""
        if not self._process or self._collect(os.WNOHANG):
            return True
        now, size = time.monotonic(), os.fstat(self.output.fileno()).st_size
        if size != self._last_output[1]:
            self._last_output = (now, size)
        if now - self._last_output[0] > silence:
            self.kill(f"no scenario ended in {silence:.0f} s")
        elif now - self._start > total:
            self.kill(f"it took more than {total:.0f} s")
        return not self._process

    def kill(self, reason: str = "") -> None:
        self._cut_short = reason
        if self._process:
            with contextlib.suppress(OSError):
                os.kill(self._process, signal.SIGKILL)
                self._collect(0)
            self._process = 0

    def result(self) -> Round:
        self.output.seek(0)
        outcomes, unfinished, crash = read_outcomes(self.output.read())
        ran = len(outcomes)
        if unfinished:
            reason = self._cut_short or crash or "its process died"
            outcomes.append(Outcome(unfinished, UNFINISHED, reason=reason))
        complete = ran == self._scenarios or (self._until_caught and any(outcome.catches for outcome in outcomes))
        missing = "" if complete else f"{ran} of {self._scenarios} scenarios ran"
        return Round(
            seconds=time.monotonic() - self._start,
            cpu=self._cpu,
            ran=ran,
            outcomes=tuple(outcome for outcome in outcomes if outcome.kind != "passed"),
            cut_short=self._cut_short or crash or missing,
        )

    def close(self) -> None:
        """Stop the sandbox."""
        self.output.close()
        self._sandbox.end()

    def _collect(self, options: int) -> bool:
        """Return whether the process has ended. If it has, keep the processor time of suite and sandbox."""
        ended, _, used = os.wait4(self._process, options)
        if ended:
            self._process = 0
            self._cpu = used.ru_utime + used.ru_stime + (_cpu_seconds(self._sandbox.process.pid) or 0.0)
        return bool(ended)

    def _cpu_wanted(self) -> float | None:
        seconds = [_cpu_seconds_wanted(process) for process in (self._process, self._sandbox.process.pid)]
        return None if None in seconds else sum(each for each in seconds if each is not None)


def _cpu_seconds(process: int) -> float | None:
    """Return the processor time of a process; None without /proc."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return None
    user, system = stat.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / _TICKS


def _cpu_seconds_wanted(process: int) -> float | None:
    """Return the processor time of a process and the time that it waited for a core: on a loaded machine it is busy."""
    computed = _cpu_seconds(process)
    try:
        queued = int(Path(f"/proc/{process}/schedstat").read_text(encoding="ascii").split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        queued = 0.0
    return None if computed is None else computed + queued
