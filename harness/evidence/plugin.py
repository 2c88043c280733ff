"""The pytest plugin of the evidence, on top of allure-pytest. Without ``--alluredir`` it records nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:  # allure-pytest is slow to import
    from harness.evidence.listener import ScenarioListener
    from harness.evidence.results import ResultsWriter

_LISTENERS: Final[list[ScenarioListener]] = []
_WRITERS: Final[list[ResultsWriter]] = []


def listeners() -> list[ScenarioListener]:
    """Return what shows the exchanges and notes of a scenario; nothing without ``--alluredir``."""
    return list(_LISTENERS)


def describe_run(about: Mapping[str, str]) -> None:
    """Show on the report's front page what was tested: target, address, commit."""
    for writer in _WRITERS:
        writer.describe_run(dict(about))


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Replace the listener and the writer of allure-pytest, which creates both when it is configured."""
    if not config.getoption("allure_report_dir", None):
        return
    from allure_pytest import plugin  # type: ignore[import-untyped]

    from harness.evidence.listener import ScenarioListener
    from harness.evidence.results import ResultsWriter

    def listener(config: pytest.Config) -> ScenarioListener:
        _LISTENERS[:] = [created := ScenarioListener(config)]
        return created

    def writer(report_dir: str, clean: bool) -> ResultsWriter:  # noqa: FBT001 - as allure-pytest calls it
        _WRITERS[:] = [created := ResultsWriter(report_dir, clean=clean)]
        return created

    plugin.AllureListener = listener
    plugin.AllureFileLogger = writer


def pytest_unconfigure() -> None:
    """Close the writer."""
    for writer in _WRITERS:
        writer.close()
    _LISTENERS.clear()
    _WRITERS.clear()
