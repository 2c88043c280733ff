"""Run walks, hostile input and races on one sandbox for a long time: ``python -m proof.soak --minutes 60`` (make soak).

It passes if no scenario failed (a 5xx is a failure), the ledger is sound, no connection stays open, and memory stops
growing.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx

from proof.target_file import keys_of, toml, with_variables
from sandbox.errors import StartError
from sandbox.launcher import RunningSandbox, running_sandbox

ROOT: Final = Path(__file__).resolve().parent.parent
_MARKS: Final = "walk or hostile or race"
_WARM_UP: Final = 0.25  # of the rounds
_MAX_GROWTH: Final = 1.15  # of memory after the warm-up
_SETTLE: Final = 3.0  # seconds for connections to close


@dataclass(frozen=True)
class Reading:
    """The state of the sandbox after a round, in seconds from the start, and pytest's exit status."""

    seconds: float
    invariants: dict[str, Any]
    status: int

    @property
    def memory(self) -> int:
        """Return the resident memory in kilobytes."""
        return int(self.invariants["residentKilobytes"] or 0)


def main() -> int:
    """Run the soak test and return 0 if it passed."""
    parser = argparse.ArgumentParser(prog="python -m proof.soak", description="Run the suite on a sandbox for long.")
    parser.add_argument("--minutes", type=float, default=60.0, help="how long (60)")
    parser.add_argument("--walks", type=int, default=60, help="walks per API and round (60)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        try:
            with running_sandbox(["--database", str(Path(folder, "ledger.sqlite"))]) as sandbox:
                return report(run_rounds(sandbox, Path(folder), options.minutes * 60, options.walks))
        except StartError as error:
            print(f"soak: {error}", file=sys.stderr)
            return 75


def run_rounds(sandbox: RunningSandbox, folder: Path, seconds: float, walks: int) -> list[Reading]:
    """Run the suite again and again until the time is up or a run fails. Return a reading after each run."""
    target = folder / "soak.toml"
    target.write_text(toml(with_variables(sandbox.tables)), encoding="utf-8")
    readings: list[Reading] = []
    start = time.monotonic()
    while time.monotonic() - start < seconds:
        status = run_suite(target, sandbox, walks)
        readings.append(Reading(time.monotonic() - start, invariants(sandbox), status))
        last = readings[-1]
        print(
            f"{last.seconds:6.0f} s  round {len(readings):4}  status {status}  {last.memory / 1024:6.1f} MB"
            f"  {last.invariants['entries']:8} entries  {last.invariants['openConnections']} connections",
            flush=True,
        )
        if status:
            break
    return readings


def run_suite(target: Path, sandbox: RunningSandbox, walks: int) -> int:
    """Run the suite once and return pytest's exit status. Print its output if it failed."""
    command = [sys.executable, "-m", "pytest", "features", "-q", "--reports=", "-p", "no:cacheprovider", "-m", _MARKS]
    run = subprocess.run(  # noqa: S603 - our own suite
        [*command, f"--walks={walks}", f"--target={target}"],
        cwd=ROOT,
        env={**os.environ, **keys_of(sandbox.tables)},
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode:
        print(run.stdout, run.stderr)
    return run.returncode


def invariants(sandbox: RunningSandbox) -> dict[str, Any]:
    """Return the state of the sandbox after its connections had time to close."""
    deadline = time.monotonic() + _SETTLE
    while True:
        with httpx.Client(trust_env=False) as client:
            state = client.get(f"{sandbox.base_url}/_sandbox/invariants").json()
        if state["openConnections"] <= 1 or time.monotonic() > deadline:
            return dict(state)
        time.sleep(0.1)


def report(readings: list[Reading]) -> int:
    """Print the result, and return 0 if all checks passed."""
    last = readings[-1]
    warm = readings[int(len(readings) * _WARM_UP)]
    growth = last.memory / max(1, warm.memory)
    checks = {
        "no scenario failed, no response was a 5xx": all(reading.status == 0 for reading in readings),
        "the ledger is sound": bool(last.invariants["sound"]) and not last.invariants["openTransactions"],
        "no connection is left open": last.invariants["openConnections"] <= 1,
        f"memory grew by less than {_MAX_GROWTH - 1:.0%} after the first quarter": growth < _MAX_GROWTH,
    }
    print(
        f"\n{last.seconds / 60:.1f} minutes, {len(readings)} rounds, {last.invariants['postings']} postings,"
        f" {last.invariants['entries']} entries\nmemory {readings[0].memory / 1024:.1f} MB after the first round,"
        f" {warm.memory / 1024:.1f} MB after a quarter, {last.memory / 1024:.1f} MB at the end ({growth - 1:+.1%})"
    )
    for check, passed in checks.items():
        print(f"  {'passed' if passed else 'FAILED'}  {check}")
    return 0 if all(checks.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
