"""The pytest plugin that masks what pytest itself writes: reports, captured output, warnings, errors, the terminal."""

import sys
import warnings
from collections.abc import Generator
from typing import Any, Final

import pytest

from harness.wire.redaction import REDACTION

_STREAMS: Final = ("stdout", "stderr")


class MaskedStream:
    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def write(self, text: str) -> Any:
        return self._stream.write(REDACTION.mask(text))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Mask the terminal, the file of ``--debug``, and with ``-s`` what a step prints."""
    reporter: Any = config.pluginmanager.get_plugin("terminalreporter")
    if reporter:
        reporter._tw._file = MaskedStream(reporter._tw._file)
    trace: Any = config.trace.root
    if write := trace._writer:
        trace.setwriter(lambda text: write(REDACTION.mask(text)))
    if config.option.capture == "no":
        for name in _STREAMS:
            setattr(sys, name, MaskedStream(getattr(sys, name)))


def pytest_unconfigure() -> None:
    for name in _STREAMS:
        stream = getattr(sys, name)
        if isinstance(stream, MaskedStream):
            setattr(sys, name, stream._stream)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Mask the report of a test, after all other plugins have completed it."""
    report = yield
    _mask(report)
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _mask(report)
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_warning_recorded(warning_message: warnings.WarningMessage) -> None:
    """Mask a warning. A worker of pytest-xdist knows tokens that its controller does not."""
    if isinstance(warning_message.message, Warning):
        warning_message.message.args = tuple(map(_masked_text, warning_message.message.args))


@pytest.hookimpl(tryfirst=True)
def pytest_internalerror(excrepr: Any) -> None:
    """Mask the traceback of an error in pytest or in a plugin."""
    text = REDACTION.mask(str(excrepr))
    excrepr.toterminal = lambda writer: writer.line(text)


def _mask(report: Any) -> None:
    report.sections = [(name, REDACTION.mask(text)) for name, text in report.sections]
    if hasattr(report, "user_properties"):
        report.user_properties = [(name, _masked_text(value)) for name, value in report.user_properties]
    if isinstance(report.longrepr, tuple):
        report.longrepr = tuple(map(_masked_text, report.longrepr))
    elif report.longrepr is not None:
        # Only if there is a secret, because a text has no colours.
        text = report.longreprtext
        masked = REDACTION.mask(text)
        report.longrepr = report.longrepr if masked == text else masked


def _masked_text(value: Any) -> Any:
    return REDACTION.mask(value) if isinstance(value, str) else value
