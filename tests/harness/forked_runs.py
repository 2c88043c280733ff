"""Runs of pytest in forks of one process that has imported everything. A new process takes a second of CPU time more.

``python -m tests.harness.forked_runs SOCKET TARGET``: wait for runs on a Unix socket, until standard input closes.
The working directory of this process is the suite: this repository or a copy.
"""

import contextlib
import gc
import io
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
from types import SimpleNamespace
from typing import Any, Final, Self

import pytest
from _pytest.assertion.rewrite import AssertionRewritingHook

from harness.contract.contract import load_contract
from harness.processes.guarded import status_of
from tests.harness.forked_workers import fork_workers, work

ROOT: Final = Path(__file__).resolve().parents[2]
_COLLECT: Final = ("-q", "-p", "no:cacheprovider", "--reports=", "--collect-only", "features/alfred/wallets.feature")
_LONGEST: Final = 300  # seconds of one run
KILLED: Final = -9


class ForkedRuns:
    """Starts the process that is forked. Several threads may run something at the same time."""

    def __init__(self, target: str, suite: Path = ROOT) -> None:
        """``target`` is the text of a target file, of which nothing is called: a run without one imports less."""
        self._folder = tempfile.TemporaryDirectory(prefix="runs-")  # its name is short, as a Unix socket needs it
        self._socket = Path(self._folder.name, "runs")
        target_file = Path(self._folder.name, "imported.toml")
        target_file.write_text(target)
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("COV", "PYTEST_"))}
        environment["PYTHONPATH"] = f"{suite}{os.pathsep}{ROOT}"
        self._process = subprocess.Popen(
            (sys.executable, "-m", "tests.harness.forked_runs", str(self._socket), str(target_file)),
            cwd=suite,
            env=environment,
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

    def run(
        self, arguments: Sequence[str], environment: Mapping[str, str], folder: Path = ROOT, *, whole: bool = False
    ) -> tuple[int, str]:
        """Run pytest, or a ``whole`` run as harness.run does. Return the exit status and the output.

        ``folder`` and ``environment`` are the working directory and the environment variables of the run.
        """
        with tempfile.NamedTemporaryFile("r", encoding="utf-8", errors="replace") as output:
            order: dict[str, Any] = {"arguments": [*arguments], "environment": dict(environment), "to": output.name}
            order |= {"folder": str(folder), "whole": whole}
            with socket.socket(socket.AF_UNIX) as connection:
                connection.connect(str(self._socket))
                connection.sendall(json.dumps(order).encode() + b"\n")
                status = connection.makefile().read()
            return int(status or KILLED), output.read()


def main(address: str, target: str) -> None:
    """Serve until standard input closes. The first run, which collects only, imports everything."""
    with contextlib.redirect_stdout(io.StringIO()) as said:
        status = pytest.main([*_COLLECT, f"--target={target}"])
    if status:
        sys.exit(said.getvalue())
    contract = load_contract()  # a third of what is left of a run
    vars(sys.modules["harness.session.platform"])["load_contract"] = lambda: contract
    del sys.modules["conftest"]
    features = _features()
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
                if _features() != features:
                    _forget_features()
                _serve(connection, address)
            connection.close()


def _features() -> dict[Path, tuple[int, int]]:
    """Return the time and the size of each feature file of the suite: a run may be about one that was changed."""
    found = ((path, path.stat()) for path in Path("features").rglob("*") if path.is_file())
    return {path: (status.st_mtime_ns, status.st_size) for path, status in found}


def _forget_features() -> None:
    vars(sys.modules["harness.gherkin.files"])["read"].cache_clear()
    vars(sys.modules["harness.gherkin.collection"])["listed_below"].cache_clear()


def _serve(connection: socket.socket, address: str) -> None:
    """Do what the connection asks for, a run or a worker of one, and end the process."""
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.alarm(_LONGEST)
        text, files, _, _ = socket.recv_fds(connection, 1 << 20, 3)
        while not text.endswith(b"\n"):
            text += connection.recv(1 << 20)
        order = json.loads(text)
        os.chdir(order["folder"])
        sys.path[0] = order["folder"]
        os.environ.clear()
        os.environ.update(order["environment"])
        # A plugin that is imported already needs no word about it: what it asserts is not tested in a fork.
        AssertionRewritingHook._warn_already_imported = lambda *_: None  # type: ignore[method-assign]
        if files:
            work(connection, files)
        else:
            fork_workers(address)
            _run(connection, order)
    finally:
        os._exit(0)


def _run(connection: socket.socket, order: Mapping[str, Any]) -> None:
    """Run pytest and send its status."""
    status: Any = KILLED
    try:
        output = os.open(order["to"], os.O_WRONLY | os.O_APPEND)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for source, standard in ((nothing, 0), (output, 1), (output, 2)):
            os.dup2(source, standard)
        status = whole_run(order["arguments"]) if order["whole"] else int(pytest.main(order["arguments"]))
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        connection.sendall(str(status).encode())


def whole_run(arguments: list[str]) -> int:
    """Do what ``python -m harness.run`` does; the process that it starts is a fork too."""
    from harness.processes import signals
    from harness.whole_run import main as whole_run_main

    vars(signals)["subprocess"] = SimpleNamespace(Popen=_Fork)
    return status_of(lambda: whole_run_main(arguments))


class _Fork:
    """The part of subprocess.Popen that ``Signals.run`` uses to start harness/processes/run_pytest.py."""

    def __init__(self, command: Sequence[str], cwd: Path, env: Mapping[str, str], **_more: object) -> None:
        from harness.processes import run_pytest

        self._pid = os.fork()
        if self._pid == 0:
            os.chdir(cwd)
            os.environ.clear()
            os.environ.update(env)
            sys.argv = [*command[command.index("-m") + 1 :]]
            status = status_of(run_pytest.main)
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)

    def wait(self) -> int:
        """Wait until it has ended, and return its exit status."""
        return os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])

    def terminate(self) -> None:
        """Send SIGTERM."""
        os.kill(self._pid, signal.SIGTERM)

    def kill(self) -> None:
        """Send SIGKILL."""
        os.kill(self._pid, signal.SIGKILL)


if __name__ == "__main__":
    main(*sys.argv[1:])
