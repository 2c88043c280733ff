"""Walks and hostile input against one sandbox for a long time: ``python -m proof.soak --minutes 60`` (make soak).

Passes if no scenario broke (which a 5xx would), the books are sound, no connection is left open, and memory stopped
growing.
"""

from __future__ import annotations

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
import simplejson

from harness.failures import EnvironmentFault
from sandbox.launcher import RunningSandbox, running_sandbox

ROOT: Final = Path(__file__).resolve().parent.parent
_MARKS: Final = "walk or hostile or race"
_WARM: Final = 0.25
_GROWTH: Final = 1.15
_SETTLE: Final = 3.0
_KEYS: Final = {
    ("alfred", "shop_key"): "SOAK_SHOP_KEY",
    ("alfred", "platform_key"): "SOAK_PLATFORM_KEY",
    ("walletapi", "key"): "SOAK_WALLETAPI_KEY",
    ("walletapi", "client"): "SOAK_WALLETAPI_CLIENT",
}


@dataclass(frozen=True)
class Reading:
    """The sandbox's own account of itself after a round; memory in kilobytes, time in seconds from the start."""

    seconds: float
    invariants: dict[str, Any]
    status: int

    @property
    def memory(self) -> int:
        """Resident memory."""
        return int(self.invariants["residentKilobytes"] or 0)


def main() -> int:
    """Soak, print the figures, and return 0 if nothing broke."""
    parser = argparse.ArgumentParser(prog="python -m proof.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0, help="how long (60)")
    parser.add_argument("--walks", type=int, default=60, help="walks per API and round (60)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        try:
            with running_sandbox(["--database", str(Path(folder, "books.sqlite"))]) as sandbox:
                return told(soaked(sandbox, Path(folder), options.minutes * 60, options.walks))
        except EnvironmentFault as fault:
            print(f"soak: {fault}", file=sys.stderr)
            return 75


def soaked(sandbox: RunningSandbox, folder: Path, seconds: float, walks: int) -> list[Reading]:
    """Rounds of the suite until the time is up, with a reading after each."""
    target = write_target(sandbox, folder)
    readings: list[Reading] = []
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        status = judged(target, sandbox, walks)
        readings.append(Reading(time.monotonic() - began, invariants(sandbox), status))
        last = readings[-1]
        print(
            f"{last.seconds:6.0f} s  round {len(readings):4}  status {status}  {last.memory / 1024:6.1f} MB"
            f"  {last.invariants['entries']:8} entries  {last.invariants['openConnections']} connections",
            flush=True,
        )
        if status:
            break
    return readings


def judged(target: Path, sandbox: RunningSandbox, walks: int) -> int:
    """One round of the suite; what it says is shown only if it is not green."""
    keys = {variable: sandbox.tables[api][key] for (api, key), variable in _KEYS.items()}
    command = [sys.executable, "-m", "pytest", "features", "-q", "-p", "no:cacheprovider", "-m", _MARKS]
    run = subprocess.run(  # noqa: S603 - our own suite
        [*command, f"--walks={walks}", f"--target={target}"],
        cwd=ROOT,
        env={**os.environ, **keys},
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode:
        print(run.stdout, run.stderr)
    return run.returncode


def write_target(sandbox: RunningSandbox, folder: Path) -> Path:
    """A target file for the sandbox, its keys left to the environment."""
    tables = {
        api: {key: f"${{{_KEYS[api, key]}}}" if (api, key) in _KEYS else value for key, value in table.items()}
        for api, table in sandbox.tables.items()
        if isinstance(table, dict)
    }
    path = folder / "soak.toml"
    path.write_text("".join(_table(name, table) for name, table in tables.items()), encoding="utf-8")
    return path


def _table(name: str, table: dict[str, Any]) -> str:
    plain = [f"{key} = {simplejson.dumps(value)}\n" for key, value in table.items() if not isinstance(value, dict)]
    inner = [_table(f"{name}.{key}", value) for key, value in table.items() if isinstance(value, dict)]
    return f"[{name}]\n{''.join(plain)}\n{''.join(inner)}"


def invariants(sandbox: RunningSandbox) -> dict[str, Any]:
    """What the sandbox says of itself once the connections of the round have had time to close."""
    deadline = time.monotonic() + _SETTLE
    while True:
        with httpx.Client(trust_env=False) as client:
            told_by_it = client.get(f"{sandbox.base_url}/_sandbox/invariants").json()
        if told_by_it["openConnections"] <= 1 or time.monotonic() > deadline:
            return dict(told_by_it)
        time.sleep(0.1)


def told(readings: list[Reading]) -> int:
    """Print what came of it; 0 where every promise held."""
    last = readings[-1]
    warm = readings[int(len(readings) * _WARM)]
    growth = last.memory / max(1, warm.memory)
    checks = {
        "every scenario held, no response was a 5xx": all(reading.status == 0 for reading in readings),
        "the books are sound": bool(last.invariants["sound"]) and not last.invariants["openTransactions"],
        "no connection is left open": last.invariants["openConnections"] <= 1,
        f"memory grew by less than {_GROWTH - 1:.0%} after the first quarter": growth < _GROWTH,
    }
    print(
        f"\n{last.seconds / 60:.1f} minutes, {len(readings)} rounds, {last.invariants['postings']} postings,"
        f" {last.invariants['entries']} entries\nmemory {readings[0].memory / 1024:.1f} MB after the first round,"
        f" {warm.memory / 1024:.1f} MB after a quarter, {last.memory / 1024:.1f} MB at the end ({growth - 1:+.1%})"
    )
    for promise, held in checks.items():
        print(f"  {'holds' if held else 'BROKEN'}  {promise}")
    return 0 if all(checks.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
