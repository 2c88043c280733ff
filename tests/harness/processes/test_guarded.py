"""An exception in a process of the run never ends it with 1, the status of a broken clause."""

from __future__ import annotations

import pytest

from harness.processes.exit_status import Status
from harness.processes.guarded import status_of
from harness.wire.redaction import REDACTION


def test_exception_ends_with_the_status_of_a_suite_fault(capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> int:
        raise ModuleNotFoundError("No module named 'httpx'")

    assert status_of(fail) == int(Status.SUITE_FAULT)
    assert capsys.readouterr().err.splitlines()[-1] == "SUITE FAULT: ModuleNotFoundError: No module named 'httpx'"


@pytest.mark.parametrize("status", list(Status))
def test_returned_status_is_unchanged(status: Status) -> None:
    assert status_of(lambda: status) == status


def test_a_secret_in_the_exception_is_masked(capfd: pytest.CaptureFixture[str]) -> None:
    REDACTION.learn("key-of-the-guarded-4711")

    def fail() -> int:
        raise RuntimeError("a call with key-of-the-guarded-4711")

    status_of(fail)
    shown = capfd.readouterr().err
    assert "a call with" in shown
    assert "key-of-the-guarded-4711" not in shown
