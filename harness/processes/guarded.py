"""A process that never ends with Python's own status for an exception, which is that of a broken clause."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable

from harness.processes.exit_status import Status


def status_of(run: Callable[[], int]) -> int:
    try:
        return run()
    except Exception as error:  # noqa: BLE001 - whatever it is, it is no broken clause
        text = f"{traceback.format_exc()}SUITE FAULT: {type(error).__name__}: {error}"
        print(_masked(text), file=sys.stderr, flush=True)
        return Status.SUITE_FAULT


def _masked(text: str) -> str:
    # It is not imported here, because an import may be what has failed. Without it, no secret is known.
    redaction = sys.modules.get("harness.wire.redaction")
    return str(redaction.REDACTION.mask(text)) if redaction else text
