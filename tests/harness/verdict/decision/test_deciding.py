"""The verdict that follows from the results of a run: the state of each clause, all statuses, the headline."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from harness.contract.contract import Clause
from harness.processes.exit_status import Status
from harness.verdict.decision.deciding import decide
from harness.verdict.decision.foreseen import KnownIssue
from harness.verdict.decision.results import Facts, Listed, Result
from harness.verdict.decision.verdict import About, Verdict

CLAUSES = tuple(
    Clause(name, "documented" if name != "S-5" else "inferred", f"the text of {name}", "x")
    for name in ("A-1", "F-3", "S-4", "S-5", "B-1")
)
SUITE = {
    "a::one": Listed(("A-1",), ("alfred",)),
    "a::two": Listed(("A-1",), ("alfred",)),
    "a::fund": Listed(("F-3",), ("alfred",)),
    "a::page": Listed(("S-4",), ("alfred",)),
    "a::left": Listed(("S-5",), ("alfred",)),
    "b::sale": Listed(("B-1",), ("walletapi",)),
}
TODAY = datetime.now(UTC).date()


def result(name: str, kind: str = "passed", reason: str = "", **more: Any) -> Result:
    listed = SUITE.get(name, Listed())
    return Result(name, listed.clauses, kind, reason=reason, apis=listed.apis, **more)


def broken(name: str, clause: str = "", **more: Any) -> Result:
    clause = clause or SUITE[name].clauses[0]
    return result(name, "broken", broken={clause: f"{clause} is broken"}, **more)


def skipped(name: str, reason: str) -> Result:
    return result(name, "skipped", f"not judged: {reason}")


def verdict(*changed: Result, without: tuple[str, ...] = (), **facts: Any) -> Verdict:
    """Return the verdict of a run in which everything passed except the given results."""
    results = {name: [result(name)] for name in SUITE if name not in without}
    for name in {one.name for one in changed}:
        results[name] = [one for one in changed if one.name == name]
    given: dict[str, Any] = {"suite": SUITE, "selected": frozenset(SUITE), "whole": True, **facts}
    given["results"] = tuple(one for each in results.values() for one in each)
    return decide(Facts(CLAUSES, **given), About())


def issue(clause: str, days: int = 10, scenario: str = "") -> KnownIssue:
    return KnownIssue(clause, "Anna", "PAY-7", TODAY + timedelta(days=days), "agreed", scenario)


def state(found: Verdict, clause: str) -> str:
    return next(one.state for one in found.clauses if one.id == clause)


GONE = result("a::one", "environment", "refused: is it up?")
SELECTED = {"selected": frozenset({"a::one", "a::fund"}), "whole": False}
NOT_SELECTED = ("a::two", "a::page", "a::left", "b::sale")

STATES: dict[str, tuple[Verdict, str, str]] = {
    "all pass": (verdict(), "A-1", "holding"),
    "one of two skipped": (verdict(skipped("a::one", "set owner_id")), "A-1", "in part"),
    "both skipped": (verdict(skipped("a::one", "x"), skipped("a::two", "x")), "A-1", "not judged"),
    "a violation": (verdict(broken("a::one")), "A-1", "broken"),
    "in a scenario of another clause": (verdict(broken("a::one", "F-3")), "F-3", "broken"),
    "stopped by it": (verdict(broken("a::one", "F-3")), "A-1", "in part"),
    "in an attempt that was repeated": (verdict(broken("a::one", repeated=True), result("a::one")), "A-1", "broken"),
    "inferred, all gate": (verdict(broken("a::left")), "S-5", "broken"),
    "inferred, documented gate": (verdict(broken("a::left"), gate="documented"), "S-5", "observed"),
    "inferred, but the form of a success": (
        verdict(broken("a::left", documented=("S-5",)), gate="documented"),
        "S-5",
        "broken",
    ),
    "a known issue": (verdict(broken("a::one"), issues=(issue("A-1"),)), "A-1", "known"),
    "a known issue of another scenario": (
        verdict(broken("a::one"), issues=(issue("A-1", scenario="two"),)),
        "A-1",
        "broken",
    ),
    "known in one scenario, new in another": (
        verdict(broken("a::one"), broken("a::two"), issues=(issue("A-1", scenario="two"),)),
        "A-1",
        "broken",
    ),
    "an expired one": (verdict(broken("a::one"), issues=(issue("A-1", -1),)), "A-1", "broken"),
    "one on its last day": (verdict(broken("a::one"), issues=(issue("A-1", 0),)), "A-1", "known"),
    "the environment": (verdict(GONE), "A-1", "in part"),
    "a part of it was selected": (verdict(without=NOT_SELECTED, **SELECTED), "A-1", "in part"),
    "none of it was selected": (verdict(without=NOT_SELECTED, **SELECTED), "S-4", "not judged"),
}


@pytest.mark.parametrize("name", STATES)
def test_clause_has_the_state_of_its_results(name: str) -> None:
    found, clause, expected = STATES[name]
    assert state(found, clause) == expected


ERROR = result("a::one", "error", "RuntimeError: oops")
WRONG = result("a::one", "usage", "set up wrongly")
PLAIN = Result("t::plain", (), "failed", reason="1 == 2")
NO_ADMIN = skipped("a::page", "set [admin]")
NO_BROWSER = skipped("a::page", "needs a browser (the HTML has no balance at '#balance')")
NO_API = skipped("b::sale", "the target has no [walletapi]")
SPENT = skipped("a::fund", "spend limit: this call would move 5 BDT")
UNSTEADY = result("a::one", unsteady=("cut off",))
ALL_SKIPPED = tuple(skipped(name, "x") for name in SUITE)

ENDS: dict[str, tuple[Verdict, int, str]] = {
    "all hold": (verdict(), 0, "HOLDS: all 5 clauses hold"),
    "broken": (
        verdict(broken("a::one")),
        1,
        "BROKEN: the platform breaks A-1, which explains the only failure",
    ),
    "observed": (verdict(broken("a::left"), gate="documented"), 0, "HOLDS: 4 of 5 clauses hold; observed: S-5"),
    "known": (verdict(broken("a::one"), issues=(issue("A-1"),)), 0, "HOLDS: 4 of 5 clauses hold; known: A-1"),
    "a known issue that is gone": (verdict(issues=(issue("A-1"),)), 1, "BROKEN: known issue PAY-7 (A-1) did not occur"),
    "gone, but its scenario did not run": (verdict(GONE, issues=(issue("A-1"),)), 75, "ENVIRONMENT"),
    "gone, but not selected": (verdict(without=NOT_SELECTED, issues=(issue("S-4"),), **SELECTED), 0, "PART: 2 of 5"),
    "an expired issue": (verdict(issues=(issue("A-1", -1),)), 1, "BROKEN: known issue PAY-7 (A-1) has expired"),
    "a plain test fails": (verdict(PLAIN), 1, "BROKEN: 1 tests that name no clause failed: plain"),
    "Ctrl-C": (verdict(ended=Status.INTERRUPTED, why="Ctrl-C", without=("a::one",)), 2, "INTERRUPTED: Ctrl-C; 5 of 6"),
    "Ctrl-C after a violation": (verdict(broken("a::two"), ended=Status.INTERRUPTED), 2, "INTERRUPTED"),
    "an exception in a step": (verdict(ERROR), 3, "SUITE FAULT: 1 of 6 scenarios ended by a bug in the suite"),
    "a lost scenario": (verdict(without=("a::one",)), 3, "SUITE FAULT: 1 of 6 scenarios"),
    "a crashed worker": (verdict(Result("a::one", (), "error", reason="its process ended")), 3, "SUITE FAULT"),
    "a report that can't be written": (verdict(faults=("x can't be written",)), 3, "SUITE FAULT: x can't be written"),
    "an exception in a hook": (verdict(ended=Status.SUITE_FAULT, why="ValueError: x"), 3, "SUITE FAULT: ValueError: x"),
    "a wrong set-up": (verdict(WRONG), 4, "USAGE: 1 of 6 scenarios set up wrongly: 'one': set up wrongly"),
    "refused before the first scenario": (
        verdict(ended=Status.USAGE, why="shop_key is refused", without=tuple(SUITE)),
        4,
        "USAGE: shop_key is refused",
    ),
    "the environment": (verdict(GONE), 75, "ENVIRONMENT: 1 of 6 scenarios could not be judged: 'one': refused: is it"),
    "never reached": (
        verdict(ended=Status.ENVIRONMENT, why="302 to /login", without=tuple(SUITE)),
        75,
        "ENVIRONMENT: 302 to /login",
    ),
    "unsteady": (verdict(UNSTEADY), 75, "ENVIRONMENT: 1 of 6 scenarios are unsteady, more than one in 50"),
    "unsteady and broken": (
        verdict(UNSTEADY, broken("a::fund")),
        1,
        ("BROKEN: the platform breaks F-3, which explains the only failure; 1 of 6 scenarios are unsteady"),
    ),
    "skipped, and nobody says why": (verdict(NO_ADMIN), 5, "NOT JUDGED: 1 clauses could not be judged completely: S-4"),
    "left out": (verdict(NO_ADMIN, left_out=("S-4",)), 0, "HOLDS: 4 of 5 clauses hold; left out: S-4"),
    "needs a browser": (verdict(NO_BROWSER, left_out=("S-4",)), 0, "HOLDS"),
    "another clause is left out": (verdict(NO_ADMIN, left_out=("S-5",)), 5, "NOT JUDGED"),
    "an API is left out": (verdict(NO_API, left_out=("walletapi",)), 0, "HOLDS: 4 of 5"),
    "left out, but judged": (verdict(left_out=("S-4",)), 0, "HOLDS: all 5"),
    "left out, but broken": (verdict(broken("a::page"), left_out=("S-4",)), 1, "BROKEN"),
    "the spend limit": (verdict(SPENT), 5, "NOT JUDGED: 1 clauses could not be judged completely: F-3 (spend limit"),
    "everything was skipped": (verdict(*ALL_SKIPPED), 5, "NOT JUDGED: nothing was judged"),
    "everything is left out": (verdict(*ALL_SKIPPED, left_out=("alfred", "walletapi")), 5, "NOT JUDGED: nothing was"),
    "nothing was selected": (verdict(without=tuple(SUITE), selected=frozenset(), whole=False), 5, "PART: 0 of 5"),
    "a clause that does not gate": (verdict(skipped("a::left", "x"), gate="documented"), 0, "HOLDS: 4 of 5"),
    "a clause that does not gate, with --gate": (
        verdict(skipped("a::left", "x"), gate="documented", gating=True),
        5,
        "NOT JUDGED: 1 clauses could not be judged completely: S-5",
    ),
    "a selection": (verdict(without=NOT_SELECTED, **SELECTED), 0, "PART: 2 of 5 clauses asked for, all hold"),
    "a broken selection": (
        verdict(broken("a::fund"), without=NOT_SELECTED, **SELECTED),
        1,
        ("PART: 2 of 5 clauses asked for, BROKEN: the platform breaks F-3, which explains the only failure"),
    ),
    "-x": (
        verdict(broken("a::fund"), without=("b::sale", "a::left"), stopped="stopping after 1 failures"),
        1,
        "PART: 3 of 5 clauses asked for, BROKEN",
    ),
    "all scenarios stopped by what is observed": (
        verdict(broken("a::fund", "S-5"), gate="documented"),
        5,
        "NOT JUDGED",
    ),
    "one stopped by what is observed": (verdict(broken("a::one", "S-5"), gate="documented"), 0, "HOLDS: 3 of 5"),
}


@pytest.mark.parametrize("name", ENDS)
def test_status_and_headline_follow_from_the_results(name: str) -> None:
    found, status, begins = ENDS[name]
    assert found.headline.startswith(begins), found.headline
    assert found.status == status
    assert (found.status == 0) or "HOLDS" not in found.headline


# One run in which everything applies; then, what counts most is taken away, one by one.
WORST = [broken("a::two"), Result("t::a", (), "error"), WRONG, result("a::left", "environment"), NO_ADMIN]


def test_most_important_status_is_used_and_the_others_are_reported() -> None:
    found = verdict(*WORST, ended=Status.INTERRUPTED)
    assert [one.status for one in found.applies] == [2, 1, 3, 4, 75]
    statuses = [verdict(*WORST[skip:]).applies for skip in range(len(WORST))]
    assert [[one.status for one in applies] for applies in statuses] == [
        [1, 3, 4, 75, 5],
        [3, 4, 75, 5],
        [4, 75, 5],
        [75, 5],
        [5],
    ]


def test_suggested_left_out_line_keeps_the_existing_entries() -> None:
    found = verdict(NO_ADMIN, NO_API, SPENT, left_out=("F-3",))
    assert found.left_out.line == 'left_out = ["F-3", "S-4", "walletapi"]'
    assert verdict(SPENT).left_out.line == "", "another run may judge it"


def test_left_out_clause_that_was_judged_is_listed() -> None:
    assert verdict(NO_API, left_out=("S-4", "walletapi")).left_out.judged == ("S-4",)


def test_every_attempt_of_an_unsteady_scenario_is_kept() -> None:
    attempts = (result("a::one", "environment", "reset", repeated=True), result("a::one"))
    (unsteady,) = verdict(*attempts).unsteady
    assert unsteady.unsteady == ("environment: reset",)
    assert verdict(result("a::one", repeated=True), result("a::one")).unsteady == ()


def test_clause_counts_its_judged_scenarios_and_all_scenarios() -> None:
    found = next(one for one in verdict(skipped("a::one", "set owner_id")).clauses if one.id == "A-1")
    assert (found.judged, found.scenarios) == (1, 2)
    (reason,) = found.reasons
    assert (reason.reason, reason.scenarios, reason.why) == ("set owner_id", 1, "unexplained")
