"""A process that never ends with Python's own status for an exception, which is that of a broken clause."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable

from harness.processes.exit_status import Status


def status_of(run: Callable[[], int]) -> int:
    """Run something and return its exit status."""
    try:
        return run()
    except Exception as error:  # noqa: BLE001 - whatever it is, it is no broken clause
        traceback.print_exc()
        print(f"SUITE FAULT: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
        return Status.SUITE_FAULT
