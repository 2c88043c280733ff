"""Prints which ``python3`` of the PATH is to make .venv: the first that will do, unless another is distinctly faster.

A machine often has two: its distribution's, built with profile-guided optimisation, and one compiled without, which
takes a quarter or a third longer for all that the suite does. Make runs this before there is a .venv, with whatever
``python3`` comes first: the standard library has to do, and nothing here is newer than Python 3.7.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence

_FASTER = 1.1  # times, before it is worth leaving the first
_TURNS = 6  # each interpreter is measured so often, in turns: a machine is faster and slower by the moment
_PATIENCE = 20  # seconds for one interpreter to start and to be measured

# Seconds of the best of fifty short loops of calls; an error where the suite could not be installed.
_PROBE = """
import contextlib, ctypes, ensurepip, ssl, sys, time, venv
if sys.version_info < (3, 11): sys.exit("too old")
@contextlib.contextmanager
def opened(): yield
def loop():
    began = time.perf_counter()
    for _ in range(1000):
        with opened(): pass
    return time.perf_counter() - began
print(min(loop() for _ in range(50)))
"""


def choose(folders: Sequence[str]) -> str:
    """Path of the ``python3`` to take of those in the folders, in their order; empty where none will do."""
    measured = {python: _seconds(python) for python in _pythons(folders)}
    usable = {python: seconds for python, seconds in measured.items() if seconds}
    if not usable:
        return ""
    for _ in range(_TURNS - 1 if len(usable) > 1 else 0):
        usable = {python: min(best, _seconds(python) or best) for python, best in usable.items()}
    first, fastest = next(iter(usable)), min(usable, key=usable.__getitem__)
    return fastest if usable[fastest] * _FASTER < usable[first] else first


def _pythons(folders: Sequence[str]) -> list[str]:
    """Every ``python3`` there is, each once however many links lead to it."""
    found: dict[str, str] = {}
    for folder in folders:
        path = shutil.which("python3", path=folder)
        if path:
            found.setdefault(os.path.realpath(path), path)
    return list(found.values())


def _seconds(python: str) -> float:
    """Seconds of the probe; 0 where the interpreter will not do."""
    try:
        told = subprocess.run(  # noqa: S603 - what the PATH holds is what make would run
            [python, "-I", "-c", _PROBE],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_PATIENCE,
            check=True,
        )
        return float(told.stdout)
    except (OSError, ValueError, subprocess.SubprocessError):
        return 0.0


if __name__ == "__main__":
    sys.stdout.write(choose(os.get_exec_path()))
