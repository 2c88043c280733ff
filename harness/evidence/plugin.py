"""The evidence of a run, for Allure: a pytest plugin on top of allure-pytest, and what the harness tells it.

Without ``--alluredir`` nothing is recorded and nothing is paid for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Protocol

import pytest

from harness.wire.exchange import Exchange


class Listener(Protocol):
    """Who is told what happens in a step."""

    def exchange(self, exchange: Exchange) -> None:
        """A request and its response."""

    def note(self, text: str) -> None:
        """A line for the reader."""


class Writer(Protocol):
    """Who keeps what is told."""

    def describe_run(self, about: dict[str, str]) -> None:
        """What was tested, where."""

    def close(self) -> None:
        """The run is over."""


_LISTENERS: Final[list[Listener]] = []
_WRITERS: Final[list[Writer]] = []


def listeners() -> list[Listener]:
    """Return who shows the exchanges and notes of a scenario; nobody without ``--alluredir``."""
    return list(_LISTENERS)


def describe_run(about: Mapping[str, str]) -> None:
    """Say on the report's front page what was tested: target, address, commit."""
    for writer in _WRITERS:
        writer.describe_run(dict(about))


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Put our listener and our writer in the place of allure-pytest's, which looks both up when it is configured."""
    if not config.getoption("allure_report_dir", None):
        return
    from allure_pytest import plugin  # type: ignore[import-untyped]

    from harness.evidence.listener import ScenarioListener
    from harness.evidence.results import ResultsWriter

    def listener(config: pytest.Config) -> ScenarioListener:
        _LISTENERS[:] = [made := ScenarioListener(config)]
        return made

    def writer(report_dir: str, clean: bool) -> ResultsWriter:  # noqa: FBT001 - as allure-pytest calls it
        _WRITERS[:] = [made := ResultsWriter(report_dir, clean=clean)]
        return made

    plugin.AllureListener = listener
    plugin.AllureFileLogger = writer


def pytest_unconfigure() -> None:
    """Tell nobody any more."""
    for writer in _WRITERS:
        writer.close()
    _LISTENERS.clear()
    _WRITERS.clear()
