"""The verdict in words, for the terminal and as Markdown."""

from typing import Any

from harness.verdict.decision.verdict import ClauseState, Reason, Verdict
from harness.verdict.output.summary import lines


def clause(name: str, state: Any, *reasons: Reason) -> ClauseState:
    return ClauseState(name, "documented", "the text", True, True, state, 4, 0, reasons)  # noqa: FBT003


def verdict(*clauses: ClauseState, **more: Any) -> Verdict:
    return Verdict(True, 1, "BROKEN", "BROKEN: the platform", clauses=clauses, **more)  # noqa: FBT003


def test_reasons_of_the_environment_are_one_line() -> None:
    silent = Reason("the platform could not be reached", 1, "environment")
    reset, refused = (Reason(f"getWallet: errno {number}", 1, "environment") for number in (104, 111))
    skipped = Reason("needs a browser", 1, "unexplained")
    found = verdict(
        clause("A-1", "in part", reset, refused),
        clause("F-3", "in part", silent),
        clause("S-4", "in part", skipped, silent),
    )
    assert [line for line in lines(found) if "not judged" in line] == [
        "  not judged, or in part, 3: the platform could not be reached, and 2 similar reasons (A-1, F-3, S-4)",
        "  not judged, or in part, 1: needs a browser (S-4)",
    ]
