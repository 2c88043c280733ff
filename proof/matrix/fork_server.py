"""Fork sandboxes from one process that has imported the sandbox, instead of importing it nearly 200 times.

The defects are imported in that process only, never in a process that runs scenarios.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection
from multiprocessing.reduction import DupFd
from typing import IO, Any, Final

_PRELOADED: Final = (
    "proof.defects",
    "proof.variants",
    "proof.sandbox",
    "uvicorn.loops.uvloop",
    "uvicorn.protocols.http.httptools_impl",
)


class ForkServer:
    """Starts sandboxes in the way of subprocess."""

    def __init__(self) -> None:
        self._context: Any = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(list(_PRELOADED))

    def spawn(self, flags: Sequence[str], environment: Mapping[str, str], stderr: IO[str]) -> ForkedSandbox:
        """Start a sandbox with these flags and additional environment variables."""
        stdin, to_stdin = self._context.Pipe(duplex=False)
        from_stdout, stdout = self._context.Pipe(duplex=False)
        arguments = (tuple(flags), dict(environment), stdin, stdout, DupFd(stderr.fileno()))
        process = self._context.Process(target=_run_sandbox, args=arguments, name="sandbox")
        process.start()
        stdin.close()
        stdout.close()
        return ForkedSandbox(process, to_stdin, from_stdout)


class ForkedSandbox:
    """A process of multiprocessing with the methods of subprocess.Popen that SandboxProcess uses."""

    def __init__(self, process: Any, stdin: Connection, stdout: Connection) -> None:
        self.stdin = stdin
        self.stdout = stdout
        self.pid: int = process.pid
        self.terminate = process.terminate
        self.kill = process.kill
        self._process = process

    def poll(self) -> int | None:
        status: int | None = self._process.exitcode
        return status

    def wait(self, timeout: float | None = None) -> int:
        """Return the exit status. TimeoutExpired if it is still running."""
        self._process.join(timeout)
        status = self.poll()
        if status is None:
            raise subprocess.TimeoutExpired("sandbox", timeout or 0.0)
        return status


def _run_sandbox(
    flags: Sequence[str], environment: Mapping[str, str], stdin: Connection, stdout: Connection, stderr: Any
) -> None:
    os.setsid()  # Ctrl-C must reach only the parent, which still has calls to make
    for source, descriptor in ((stdin.fileno(), 0), (stdout.fileno(), 1), (stderr.detach(), 2)):
        os.dup2(source, descriptor)
    stdin.close()
    stdout.close()
    os.environ.update(environment)
    from proof.sandbox import main

    gc.freeze()  # no sandbox collects, or copies, the objects that all share
    sys.exit(main(flags))
