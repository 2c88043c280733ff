"""The summary on the page of a job of GitHub Actions."""

import os
from pathlib import Path
from typing import Final

from harness.run_state import cannot_be_written
from harness.verdict.decision.verdict import Verdict
from harness.verdict.output.summary import markdown_of
from harness.wire.redaction import REDACTION

VARIABLE: Final = "GITHUB_STEP_SUMMARY"
MOST_BYTES: Final = 1024 * 1024
"""GitHub shows nothing of a file that is larger."""
_CUT: Final = "\n\nThis summary was cut: the whole one is in the reports of the run.\n"


def append_step_summary(verdict: Verdict) -> list[str]:
    """Append the masked summary to the file that GitHub names; return a line if that is not possible."""
    name = os.environ.get(VARIABLE)
    if not name:
        return []
    try:
        with Path(name).open("ab") as file:
            text = REDACTION.mask(markdown_of(verdict))
            file.write(_fitting(text.encode("utf-8", "backslashreplace"), MOST_BYTES - file.tell()))
    except OSError as error:
        return [cannot_be_written(name, error)]
    return []


def _fitting(text: bytes, room: int) -> bytes:
    if len(text) <= room:
        return text
    cut = text[: max(0, room - len(_CUT))]
    return cut[: cut.rfind(b"\n") + 1] + _CUT.encode() if b"\n" in cut else b""
