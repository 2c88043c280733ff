"""Tests start pytest as a child process; it must not believe that it is a worker of this run."""

from __future__ import annotations

import os

import pytest


@pytest.fixture(scope="session", autouse=True)
def no_worker_of_this_run() -> None:
    """Remove what pytest-xdist tells its workers, so that no child process inherits it."""
    for name in ("PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT", "PYTEST_XDIST_TESTRUNUID"):
        os.environ.pop(name, None)
