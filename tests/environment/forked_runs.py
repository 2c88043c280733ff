"""Runs of pytest in forks of one process that has imported everything: a run takes a third of a second less CPU time.

``python -m tests.environment.forked_runs SOCKET TARGET``: wait for runs on a Unix socket, until standard input closes.
"""

import contextlib
import gc
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Self

import pytest

from harness.contract.contract import load_contract
from tests.harness.runs import ROOT, Ran

_FOR_ALL: Final = ("-q", "-p", "no:cacheprovider", "--reports=")
_LONGEST: Final = 300  # seconds of one run
KILLED: Final = -9


class ForkedRuns:
    """Starts the process that is forked. Several threads may run something at the same time."""

    def __init__(self, target: Path) -> None:
        """``target`` is a target file, of which nothing is called."""
        self._folder = tempfile.TemporaryDirectory(prefix="runs-")  # its name is short, as a Unix socket needs it
        self._socket = Path(self._folder.name, "runs")
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("COV", "PYTEST_"))}
        self._process = subprocess.Popen(
            (sys.executable, "-m", "tests.environment.forked_runs", str(self._socket), str(target)),
            cwd=ROOT,
            env={**environment, "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        """Wait until everything is imported."""
        assert self._process.stdout
        line = self._process.stdout.readline()
        if line != "ready\n":
            raise RuntimeError(f"no runs can be forked: {line}{self._process.stdout.read()}")
        return self

    def __exit__(self, *_exception: object) -> None:
        """End the process."""
        self._process.communicate()
        self._folder.cleanup()

    def run(self, arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> Ran:
        """Run pytest with these arguments and additional environment variables."""
        with tempfile.NamedTemporaryFile("r", encoding="utf-8", errors="replace") as output:
            order = {"arguments": [*_FOR_ALL, *arguments], "environment": dict(environment or {}), "to": output.name}
            with socket.socket(socket.AF_UNIX) as connection:
                connection.connect(str(self._socket))
                connection.sendall(json.dumps(order).encode() + b"\n")
                status = connection.makefile().read()
            return Ran(int(status or KILLED), output.read())


def main(address: str, target: str) -> None:
    """Serve until standard input closes. The first run, which collects only, imports everything."""
    with open(os.devnull, "w") as nothing, contextlib.redirect_stdout(nothing):  # noqa: PTH123
        pytest.main([*_FOR_ALL, "--collect-only", f"--target={target}", "features/alfred/wallets.feature"])
    contract = load_contract()  # a third of what is left of a run
    for name in ("harness.platform_plugin", "harness.verdict.plugin"):
        vars(sys.modules[name])["load_contract"] = lambda: contract
    gc.collect()
    gc.freeze()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen(64)
        print("ready", flush=True)
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the forks
        while listener in select.select([listener, sys.stdin], [], [])[0]:
            connection, _ = listener.accept()
            if os.fork() == 0:
                listener.close()
                _run(connection)
            connection.close()


def _run(connection: socket.socket) -> None:
    """Run what the connection asks for, send its status, and end the process."""
    status: Any = KILLED
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.alarm(_LONGEST)
        order = json.loads(connection.makefile().readline())
        output = os.open(order["to"], os.O_WRONLY)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for source, standard in ((nothing, 0), (output, 1), (output, 2)):
            os.dup2(source, standard)
        os.environ.update(order["environment"])
        status = int(pytest.main(order["arguments"]))
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        connection.sendall(str(status).encode())
        os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
