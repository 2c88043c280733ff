"""A run that gets a signal: it ends soon, with its verdict, and leaves no process and no temporary file."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4
from xml.etree import ElementTree as ET

import pytest

from harness.session.ending import Ending
from tests.harness.loopback import Platform, Received, Reply, reply
from tests.harness.runs import ROOT, copy_suite, pytest_command, scratch

Row = Callable[[str, str, str], None]
SOON = 30.0  # seconds from a signal to the end of the run and all its processes; on an idle machine it is two
AT_ONCE = 5.0  # seconds in which nothing outlives a run that is killed
WORKERS = {"one process": (), "-n 2": ("-n", "2")}


def pids(mark: str) -> dict[int, str]:
    """Return the processes that inherited a variable, with their command lines."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"{mark}=".encode() in (process / "environ").read_bytes():
                found[int(process.name)] = (process / "cmdline").read_text().replace("\0", " ")[:100]
        except OSError:
            continue  # it has ended, or belongs to another user
    return found


@dataclass
class Run:
    """A run that was started, and everything that it leaves."""

    process: subprocess.Popen[str]
    mark: str
    temporary: Path
    lines: list[str] = field(default_factory=list)

    def wait_for(self, words: str) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line)
            if re.search(words, line):
                return
        raise AssertionError("".join(self.lines))

    def send(self, number: signal.Signals, to: str) -> None:
        """Send a signal to its process group, its first process, or the first other one whose command has a word."""
        if to == "group":
            os.killpg(self.process.pid, number)
        elif to in ("first", "harness.run"):
            os.kill(self.process.pid, number)
        else:
            found = [pid for pid, words in sorted(pids(self.mark).items()) if to in words]
            os.kill(found[0], number)

    def ended(self) -> tuple[int, float]:
        """Return the status, and the seconds until it and all other processes are gone."""
        began = time.monotonic()
        output, _ = self.process.communicate(timeout=120)
        self.lines.append(output)
        while pids(self.mark) and time.monotonic() - began < 60:
            time.sleep(0.05)
        return self.process.returncode, time.monotonic() - began

    def left_behind(self) -> list[str]:
        """Return the processes and temporary files that are left, but those that runs share, and pytest's own."""
        files = [path.name for path in self.temporary.iterdir()]
        shared = ("wallet-contract-suite", "pytest-of-")
        return [*pids(self.mark).values(), *(name for name in files if not name.startswith(shared))]

    @property
    def output(self) -> str:
        return "".join(self.lines)


Start = Callable[..., Run]


@pytest.fixture
def start() -> Iterator[Start]:
    """Return the function that starts a command, with a temporary folder of its own."""
    runs = []
    # A short name: Chromium's sockets in it must not be longer than 107 characters.
    temporary = Path(tempfile.mkdtemp(prefix="e"))

    def run(command: list[str], folder: Path, **environment: str) -> Run:
        mark = f"SUITE_MARK_{uuid4().hex}"
        own = {mark: "1", "TMPDIR": str(temporary), "PYTHONDONTWRITEBYTECODE": "1"}
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **own, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        runs.append(Run(process, mark, temporary))
        return runs[-1]

    yield run
    for each in runs:
        for pid in pids(each.mark):
            os.kill(pid, signal.SIGKILL)
        each.process.communicate()
    shutil.rmtree(temporary)


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the suite, whose reports are its own."""
    folder = tmp_path_factory.mktemp("suite")
    copy_suite(folder)
    (folder / "reports").mkdir()
    shutil.copy(ROOT / "Makefile", folder)
    (folder / "requirements").symlink_to(ROOT / "requirements")
    (folder / ".venv").symlink_to(ROOT / ".venv")
    return folder


FEATURES = ("features/alfred/funding.feature", "features/alfred/split.feature", "features/alfred/purchases.feature")


def command_of(how: str, workers: str) -> list[str]:
    options = ["-v", "-p", "no:cacheprovider", *WORKERS[workers], *FEATURES]
    if how == "make run":
        return ["make", "-o", ".venv/.run", "run", f"ARGS={' '.join(options)}"]
    return [sys.executable, "-m", how, *options]


# make passes SIGTERM on to what it runs, but not a SIGINT that it gets alone.
INTERRUPTED = [
    (signal.SIGINT, "harness.run", "first", "one process"),
    (signal.SIGTERM, "harness.run", "first", "-n 2"),
    (signal.SIGINT, "make run", "group", "one process"),
    (signal.SIGTERM, "make run", "first", "one process"),
    (signal.SIGTERM, "make run", "group", "-n 2"),
    (signal.SIGTERM, "pytest", "first", "one process"),
    (signal.SIGINT, "pytest", "group", "-n 2"),
]
KILLED = [
    ("harness.run", "harness.run", "one process"),
    ("harness.run", "harness.run", "-n 2"),
    ("harness.run", "pytest", "-n 2"),
    ("pytest", "pytest", "one process"),
]


def concluded(suite: Path) -> list[str]:
    """Return the status word of each file of the newest run; in a partial run it is not the first word."""
    latest = suite / "reports" / "latest"
    verdict = json.loads((latest / "verdict.json").read_text())
    run = ET.parse(latest / "junit.xml").find("testsuite/testcase")  # noqa: S314 - our own
    assert run is not None
    said = [verdict["headline"], (latest / "summary.md").read_text().removeprefix("# "), run[0].get("message", "")]
    words = [re.findall(r"\b[A-Z][A-Z ]+(?=:)", text.splitlines()[0])[-1] for text in said]
    return [f"{run[0].tag}, status {verdict['status']}", *words]


@pytest.mark.parametrize(("number", "how", "to", "workers"), INTERRUPTED)
def test_a_signal_ends_a_run_with_its_verdict(
    start: Start, suite: Path, row: Row, number: signal.Signals, how: str, to: str, workers: str
) -> None:
    run = start(command_of(how, workers), suite)
    run.wait_for("PASSED")
    run.send(number, to)
    status, seconds = run.ended()
    row(
        "Signals", f"{number.name} to {how} ({to}), {workers}", f"status {status}, {len(pids(run.mark))} processes left"
    )
    assert seconds < SOON, run.output
    assert run.left_behind() == []
    # make ends by the signal itself.
    assert status in ({2, -number} if how == "make run" else {2}), run.output
    assert "Traceback" not in run.output
    assert concluded(suite) == ["error, status 2", *["INTERRUPTED"] * 3]


@pytest.mark.parametrize(("how", "to", "workers"), KILLED)
def test_no_process_remains_after_a_process_of_the_run_is_killed(
    start: Start, suite: Path, row: Row, how: str, to: str, workers: str
) -> None:
    run = start(command_of(how, workers), suite)
    run.wait_for("PASSED")
    run.send(signal.SIGKILL, to)
    status, seconds = run.ended()
    row("Signals", f"SIGKILL to {to} of {how}, {workers}", f"status {status}, {len(pids(run.mark))} processes left")
    assert seconds < (AT_ONCE if how == to else SOON)
    assert run.left_behind() == []
    assert status == (-signal.SIGKILL if how == to else 3), run.output
    assert concluded(suite) == ["error, status None", *["DID NOT FINISH"] * 3]


def test_a_worker_that_is_killed_is_a_fault_of_the_suite(start: Start, suite: Path, row: Row) -> None:
    run = start(command_of("harness.run", "-n 2"), suite)
    run.wait_for("PASSED")
    run.send(signal.SIGKILL, "exec(eval")
    status, _ = run.ended()
    row("Signals", "SIGKILL to a worker of harness.run, -n 2", f"status {status}, {len(pids(run.mark))} processes left")
    assert status == 3, run.output
    assert run.left_behind() == []
    assert concluded(suite) == ["error, status 3", *["SUITE FAULT"] * 3]


def test_further_signals_do_not_interrupt_the_shutdown(start: Start, suite: Path) -> None:
    run = start(command_of("harness.run", "-n 2"), suite)
    run.wait_for("PASSED")
    for _ in range(10):
        run.send(signal.SIGINT, "group")
        run.send(signal.SIGTERM, "group")
        time.sleep(0.05)
    assert run.ended()[0] == 2
    assert concluded(suite) == ["error, status 2", *["INTERRUPTED"] * 3]
    assert "Traceback" not in run.output


@pytest.mark.parametrize("delay", [0.3, 1.2])
def test_signal_before_the_first_scenario_leaves_no_process_and_no_file(
    start: Start, suite: Path, delay: float
) -> None:
    run = start(command_of("harness.run", "-n 2"), suite)
    time.sleep(delay)
    run.send(signal.SIGTERM, "first")
    status, _ = run.ended()
    assert status in (2, -signal.SIGTERM), run.output
    assert run.left_behind() == []


def test_interrupt_without_a_line_number_is_shown_without_a_traceback_entry() -> None:
    """Python 3.11 has code without a line number. pytest's representation of an entry needs one."""
    code = compile("raise KeyboardInterrupt('SIGTERM')", "between lines", "exec").replace(co_linetable=b"")
    traced = sys.gettrace()
    sys.settrace(None)  # a frame that is traced by coverage has a line number
    try:
        with pytest.raises(KeyboardInterrupt) as caught:
            exec(code)  # noqa: S102 - our own
    finally:
        sys.settrace(traced)
    with pytest.raises(TypeError):
        caught.getrepr()
    Ending().pytest_keyboard_interrupt(caught)
    assert "exec(code)" in str(caught.getrepr())


WAITING = """
@alfred
Feature: Small
  @A-2
  Rule: One
    Scenario: One
      Given the platform is asked
"""


@pytest.mark.parametrize("workers", WORKERS)
def test_a_signal_ends_a_call_that_waits_for_its_response(start: Start, tmp_path: Path, row: Row, workers: str) -> None:
    asked = threading.Event()

    def stall(_request: Received) -> Reply:
        asked.set()
        return Reply(then="stall")

    served = Platform([stall])
    scratch(tmp_path, WAITING, served.url)
    command = pytest_command("small.feature", "--target=small.toml", *WORKERS[workers])
    run = start(command, tmp_path, PYTHONPATH=f"{ROOT}{os.pathsep}{tmp_path}")
    assert asked.wait(90)
    run.send(signal.SIGTERM, "first")
    status, seconds = run.ended()
    served.close()
    row("Signals", f"SIGTERM to pytest in a call, {workers}", f"status {status} after {seconds:.0f} s")
    assert status == 2, run.output
    assert seconds < SOON


LEAVING = """
import os, signal


@given("a file is open when the signal arrives")
def leaves_open():
    return [open(__file__), os.kill(os.getpid(), signal.SIGTERM)]  # nothing refers to the file yet
"""


def test_what_a_signal_leaves_open_is_not_reported(tmp_path: Path) -> None:
    served = Platform([reply({"walletAccountId": "A"})])
    feature = WAITING.replace("the platform is asked", "a file is open when the signal arrives")
    run = scratch(tmp_path, feature, served.url)
    acts = tmp_path / "acts.py"
    acts.write_text(acts.read_text() + LEAVING)
    ran = run(fresh=True)
    served.close()
    assert ran.status == 2, ran.output
    assert "Traceback" not in ran.output
    assert "ResourceWarning" not in ran.output
