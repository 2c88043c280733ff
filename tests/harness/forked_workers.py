"""Workers of pytest-xdist in runs that are forks: they are forks of the same process (forked_runs.py)."""

import json
import os
import select
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from execnet import gateway_io
from execnet.gateway_base import Popen2IO


def fork_workers(address: str) -> None:
    """Let pytest-xdist get its workers from the process that listens at this address."""

    def start(self: gateway_io.Popen2IOMaster, _command: object, execmodel: Any) -> None:
        self.popen = _Worker(address)
        Popen2IO.__init__(self, self.popen.stdin, self.popen.stdout, execmodel)

    gateway_io.Popen2IOMaster.__init__ = start  # type: ignore[assignment, method-assign]


class _Worker:
    """The part of subprocess.Popen that execnet uses."""

    def __init__(self, address: str) -> None:
        self._connection = socket.socket(socket.AF_UNIX)
        self._connection.connect(address)
        stdin, to_worker = os.pipe()
        from_worker, stdout = os.pipe()
        order = {"folder": str(Path.cwd()), "environment": dict(os.environ)}
        socket.send_fds(self._connection, [json.dumps(order).encode() + b"\n"], [stdin, stdout, 2])
        os.close(stdin)
        os.close(stdout)
        self.stdin, self.stdout = os.fdopen(to_worker, "wb"), os.fdopen(from_worker, "rb")
        self._pid = int(self._connection.makefile().readline())

    def wait(self) -> int:
        """Wait until it has ended."""
        self._connection.recv(1)
        return 0

    def kill(self) -> None:
        """Send SIGKILL, unless it has ended: nobody waits for it, so its id may be that of another process by now."""
        if not select.select([self._connection], [], [], 0)[0]:
            os.kill(self._pid, signal.SIGKILL)


def work(connection: socket.socket, standard_files: Sequence[int]) -> None:
    """Be a worker: do what execnet sends to a new process."""
    for number, file in enumerate(standard_files):
        os.dup2(file, number)
        os.close(file)
    connection.sendall(f"{os.getpid()}\n".encode())
    sys.stdin, sys.stdout = open(0, closefd=False), open(1, "w", closefd=False)  # noqa: SIM115
    exec(eval(sys.stdin.readline()), {"__name__": "__main__"})  # noqa: S102, S307 - it is what execnet's command does
