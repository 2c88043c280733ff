"""The verdict in words, for the terminal and as Markdown."""

from dataclasses import replace
from typing import Any

from harness.contract.contract import Clause
from harness.verdict.decision.deciding import decide
from harness.verdict.decision.results import Facts, Listed, Result
from harness.verdict.decision.verdict import About, ClauseState, Reason, Verdict
from harness.verdict.output.summary import lines, markdown_of


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


ROWS = {f"a::<sum> is paid[{each}]": Listed(("F-3",), ("alfred",), f"{each} is paid") for each in ("1.00", "2.00")}


def decided(kind: str, *names: str, **more: Any) -> Verdict:
    results = tuple(Result(name, ("F-3",), kind, **more) for name in names)
    facts = Facts((Clause("F-3", "documented", "the text", "x"),), results, ROWS, frozenset(ROWS), whole=True)
    return decide(facts, About())


def test_people_read_the_values_of_a_row_instead_of_its_placeholders() -> None:
    environment = decided("environment", *ROWS, reason="refused")
    assert environment.headline == "ENVIRONMENT: 2 of 2 scenarios could not be judged: '1.00 is paid': refused"
    broken = decided("broken", *ROWS, broken={"F-3": "F-3 is broken"}, unsteady=("cut off",))
    shown = "\n".join((*lines(broken), markdown_of(broken)))
    assert "scenario '1.00 is paid' and 1 more" in shown
    assert "unsteady: 2.00 is paid (1): cut off" in shown
    assert "Unsteady: 1.00 is paid, 2.00 is paid" in shown
    assert "<sum>" not in shown


def test_the_clearest_scenario_of_a_cause_is_named_first() -> None:
    broken = decided("broken", *ROWS, broken={"F-3": "F-3 is broken"})
    names = tuple(reversed(ROWS))
    (cause,) = broken.causes
    shown = lines(replace(broken, causes=(replace(cause, scenarios=names),)))
    assert "      scenario '2.00 is paid' and 1 more" in shown
