"""Sandboxes forked from one process that has imported all that they need, instead of importing it nearly 200 times.

That process is none of those that judge: what the defects are made of is known in it alone.
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

_NEEDED: Final = (
    "proof.defects",
    "proof.variants",
    "proof.sandbox",
    "uvicorn.loops.uvloop",
    "uvicorn.protocols.http.httptools_impl",
)


class ForkServer:
    """Starts sandboxes, as subprocess would."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._context: Any = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(list(_NEEDED))

    def spawn(self, words: Sequence[str], environment: Mapping[str, str], complaints: IO[str]) -> Forked:
        """A sandbox with these flags, to which these variables are added; it complains into a file."""
        stdin, to_stdin = self._context.Pipe(duplex=False)
        from_stdout, stdout = self._context.Pipe(duplex=False)
        given = (tuple(words), dict(environment), stdin, stdout, DupFd(complaints.fileno()))
        process = self._context.Process(target=_be_a_sandbox, args=given, name="sandbox")
        process.start()
        stdin.close()
        stdout.close()
        return Forked(process, to_stdin, from_stdout)


class Forked:
    """A process of multiprocessing's with the part of subprocess.Popen that a sandbox's parent uses."""

    def __init__(self, process: Any, stdin: Connection, stdout: Connection) -> None:
        """Take hold of a process that was started, and of our ends of its pipes."""
        self.stdin = stdin
        self.stdout = stdout
        self.pid: int = process.pid
        self.terminate = process.terminate
        self.kill = process.kill
        self._process = process

    def poll(self) -> int | None:
        """Its exit status; None while it runs."""
        status: int | None = self._process.exitcode
        return status

    def wait(self, timeout: float | None = None) -> int:
        """Its exit status, once it has ended; TimeoutExpired if it has not."""
        self._process.join(timeout)
        status = self.poll()
        if status is None:
            raise subprocess.TimeoutExpired("sandbox", timeout or 0.0)
        return status


def _be_a_sandbox(
    words: Sequence[str], environment: Mapping[str, str], stdin: Connection, stdout: Connection, complaints: Any
) -> None:
    os.setsid()  # Ctrl-C is for the parent, which still has calls to make
    for descriptor, standard in ((stdin.fileno(), 0), (stdout.fileno(), 1), (complaints.detach(), 2)):
        os.dup2(descriptor, standard)
    stdin.close()
    stdout.close()
    os.environ.update(environment)
    from proof.sandbox import main

    gc.freeze()  # of what all sandboxes share, nothing is garbage
    sys.exit(main(words))
