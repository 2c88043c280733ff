"""A pytest plugin that does what SUITE_BUG names, once, in the middle of a run."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest

_BUG = os.environ.get("SUITE_BUG", "")
_ONCE = Path(os.environ.get("SUITE_BUG_ONCE", "/dev/null/none"))


if _BUG == "import":
    raise RuntimeError("a bug in a module")


def _is_now() -> bool:
    """Return whether this is the first time, also over several processes."""
    try:
        _ONCE.touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def pytest_bdd_before_step() -> None:
    """Fail in a step, break a clause, or end a process."""
    if _BUG == "clause":
        assert not _BUG, "the platform does not do this"
    if _BUG == "step":
        raise RuntimeError("a bug in a step")
    if _BUG == "worker" and "PYTEST_XDIST_WORKER" in os.environ and _is_now():
        os.kill(os.getpid(), signal.SIGKILL)
    if _BUG == "pytest" and _is_now():
        os.kill(os.getpid(), signal.SIGKILL)
    if _BUG == "sandbox" and _is_now():
        os.kill(_sandbox(), signal.SIGKILL)
    if _BUG == "interrupt" and _is_now():
        os.kill(os.getpid(), signal.SIGINT)
    if _BUG == "exit":
        pytest.exit("enough", returncode=0)


def _sandbox() -> int:
    for path in Path("/proc").glob("[0-9]*"):
        try:
            words = (path / "cmdline").read_bytes().split(b"\0")
            parent = int((path / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
        if b"sandbox" in words and parent == os.getpid():
            return int(path.name)
    raise RuntimeError("there is no sandbox")


@pytest.fixture(autouse=_BUG == "fixture")
def _needed_by_every_scenario() -> None:
    raise RuntimeError("a bug in a fixture")


@pytest.fixture(autouse=_BUG == "teardown")
def _ends_badly() -> Any:
    yield
    raise RuntimeError("a bug after a scenario")


def pytest_runtest_logreport() -> None:
    """Fail in a hook."""
    if _BUG == "hook":
        raise RuntimeError("a bug in a hook")


def pytest_sessionfinish() -> None:
    """Fail at the end of a run."""
    if _BUG == "end":
        raise RuntimeError("a bug at the end")


def pytest_unconfigure() -> None:
    """Fail after the end of a run."""
    if _BUG == "last":
        raise RuntimeError("a bug after the end")


def pytest_addoption() -> None:
    """Fail before pytest knows its options."""
    if _BUG == "options":
        raise RuntimeError("a bug in the options")


def pytest_configure() -> None:
    """Fail before the run begins."""
    if _BUG == "configure":
        raise RuntimeError("a bug in the configuration")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Lose scenarios, or skip them all."""
    if _BUG == "collection":
        del items[1:]
    if _BUG == "skips":
        for item in items:
            item.add_marker(pytest.mark.skip(reason="not today"))
    if _BUG == "xfails":
        for item in items:
            item.add_marker(pytest.mark.xfail(reason="not today"))
