"""The pytest plugin that collects the results of a run: for each test, the clauses that it judges and its outcome."""

from collections.abc import Callable, Generator
from dataclasses import asdict, replace
from typing import Any, Final, TypeVar

import pytest

from harness.causes.judged import STEP, RunningStep, judged_exchange
from harness.causes.violations import Violation, read_violations
from harness.causes.words import comparison
from harness.failures import ContractViolation, EnvironmentFault, Finding, Place, UsageError, WrongOutcome
from harness.gherkin.collection import ScenarioItem, clauses_of, listed
from harness.not_judged import NotJudged
from harness.run_state import CLAUSES, RECORDER, UNSTEADY, is_worker
from harness.verdict.decision.results import Result
from harness.wire.redaction import REDACTION

RESULTS: Final[pytest.StashKey[list[Result]]] = pytest.StashKey()
_FALSE: Final = {"''": "an empty text", "None": "null", "False": "false", "not True": "true", "[]": "nothing"}
# These are reported in words. Only a bug of the suite needs a traceback.
_WITHOUT_TRACEBACK: Final = (ContractViolation, EnvironmentFault, UsageError)

Step = TypeVar("Step", bound=Callable[..., Any])


def judges(clause: str) -> Callable[[Step], Step]:
    """Name the clause that a step judges, for scenarios that judge several clauses: the flows from end to end."""

    def mark(step: Step) -> Step:
        step.__clause__ = clause  # type: ignore[attr-defined]
        return step

    return mark


_ENDED: Final = pytest.StashKey[bool]()
"""Set when the steps of a scenario were run. Without it, nobody ran them, and the scenario has not passed."""


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    config.stash[RESULTS] = []
    config.stash[STEP] = RunningStep("")


def pytest_bdd_before_step_call(
    request: pytest.FixtureRequest, step: Any, step_func: Callable[..., Any], step_func_args: dict[str, Any]
) -> None:
    """Remember the step, the clause that it judges, and what it is given."""
    stash = request.config.stash
    if RECORDER in stash:
        stash[RECORDER].scenario.place = Place(step.type)
    stash[STEP] = RunningStep(
        f"{step.keyword} {step.name}".strip(),
        getattr(step_func, "__clause__", ""),
        len(stash[RECORDER].scenario.story) if RECORDER in stash else 0,
        tuple(step_func_args.values()),
    )


def pytest_assertrepr_compare(config: pytest.Config, op: str, left: object, right: object) -> list[str] | None:
    """Remember a comparison that failed, and show that of a scenario's step in words."""
    config.stash[STEP].compared = op, left, right
    return [comparison(op, left, right)] if config.stash.get(CLAUSES, ()) else None


def pytest_bdd_after_scenario(request: pytest.FixtureRequest) -> None:
    request.node.stash[_ENDED] = True


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Start the record of a test; the platform may be opened later, by one of its fixtures."""
    item.config.stash[CLAUSES] = clauses_of(item)
    item.config.stash[STEP] = RunningStep(item.name)
    if RECORDER in item.config.stash:
        item.config.stash[RECORDER].begin(item.config.stash[CLAUSES], title=item.name)


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, Any, Any]:
    """Turn a failed assertion into a violation of the test's clause; raise violations found in passing."""
    stash = pyfuncitem.config.stash
    try:
        result = yield
    except ContractViolation:
        raise
    except AssertionError as error:
        clauses = stash[CLAUSES]
        if RECORDER not in stash or not clauses:
            raise
        step = stash[STEP]
        words = REDACTION.mask(received(str(error) or "the assertion failed"))
        wrong = error if isinstance(error, WrongOutcome) else None
        finding = Finding("", step.sentence, words)
        if wrong:
            finding = replace(finding, outcome=wrong.outcome, compared=wrong.compared)
        clause = (wrong.clause if wrong else "") or (step.clause if step.clause in clauses else clauses[0])
        exchanges = stash[RECORDER].scenario.story
        judged = (wrong.exchange if wrong else None) or judged_exchange(exchanges, step.calls, step.arguments)
        raise stash[RECORDER].violation(clause, (finding,), judged) from error
    if RECORDER in stash and stash[RECORDER].scenario.violations:
        raise stash[RECORDER].scenario.violations[0]
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the result to the report, in a form that pytest-xdist can send to its controller."""
    error = call.excinfo.value if call.excinfo else None
    if isinstance(error, _WITHOUT_TRACEBACK):
        # A traceback takes longer than most scenarios, and nobody would see it.
        item.repr_failure = _text_of  # type: ignore[method-assign]
    report = yield
    recorder = item.config.stash.get(RECORDER, None)
    found = [*recorder.scenario.violations] if recorder and report.failed else []
    if isinstance(error, ContractViolation):
        found.append(error)
    report.__dict__["judged"] = asdict(_result(item, report, error, found))
    if report.failed and isinstance(error, _WITHOUT_TRACEBACK):
        report.longrepr = REDACTION.shown(str(error))  # also of a fixture, which pytest shows in another way
    elif report.failed and recorder:
        report.longrepr = REDACTION.shown(report.longreprtext)
    return report


def received(text: str) -> str:
    """Return what an assertion says, without Python: its message, or its comparison in words."""
    message, _, failed = f"\n{text}".partition("\nassert ")
    first_line = failed.partition("\n")[0]
    return message.strip() or _FALSE.get(first_line, first_line)


def _text_of(excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:  # noqa: ARG001 - pytest's
    return str(excinfo.value)


def _result(
    item: pytest.Item, report: pytest.TestReport, error: BaseException | None, found: list[ContractViolation]
) -> Result:
    reason = report.longrepr[2] if report.skipped and isinstance(report.longrepr, tuple) else ""
    clauses = clauses_of(item)
    kind = report.outcome if not report.failed else _kind(error, is_plain=not clauses and report.when == "call")
    if report.when == "call" and report.passed and isinstance(item, ScenarioItem) and _ENDED not in item.stash:
        kind, reason = "error", "its steps were not run"
    if report.skipped and NotJudged.NOT_REACHED in reason:
        kind = "environment"  # its API was given up
    return Result(
        name=item.nodeid,
        clauses=clauses,
        kind=kind,
        broken={violation.clause: REDACTION.shown(str(violation)) for violation in found if violation.clause},
        reason=REDACTION.shown(reason.removeprefix("Skipped: ") or (str(error) if error else "")),
        documented=tuple(violation.clause for violation in found if violation.documented),
        unsteady=tuple(REDACTION.shown(text) for text in item.stash.get(UNSTEADY, ())),
        apis=listed(item).apis,
        seconds=report.duration,
        violations=tuple(Violation.of(violation) for violation in found if violation.clause),
        **(_called(item) if report.when == "call" or report.failed else {}),
    )


def _called(item: pytest.Item) -> dict[str, Any]:
    recorder = item.config.stash.get(RECORDER, None)
    if recorder is None:
        return {}
    operations = tuple(f"{phase} {operation}" for phase, operation in recorder.scenario.operations)
    return {"operations": operations, "calls": len(recorder.scenario.exchanges)}


def _kind(error: BaseException | None, *, is_plain: bool) -> str:
    """Return the kind of a failure. In a plain test, which names no clause, every exception is a failed test."""
    kinds: dict[type[BaseException], str] = {
        EnvironmentFault: "environment",
        UsageError: "usage",
        AssertionError: "failed",
        pytest.fail.Exception: "failed",
    }
    if isinstance(error, ContractViolation) and error.clause:
        return "broken"
    other = "failed" if is_plain else "error"
    return next((kind for error_class, kind in kinds.items() if isinstance(error, error_class)), other)


class _Collector:
    """Collects the results of a run, including those of workers."""

    def __init__(self, results: list[Result]) -> None:
        self._results = results

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or not report.passed:
            # A worker that crashed reports a failure without a result.
            crashed = {"name": report.nodeid, "clauses": (), "kind": "error", "reason": "its process ended"}
            judged = getattr(report, "judged", crashed)
            # pytest-rerunfailures reports an attempt that is followed by another with an outcome of its own.
            repeated = report.outcome not in ("passed", "failed", "skipped")
            lists = {name: tuple(value) for name, value in judged.items() if isinstance(value, list)}
            violations = read_violations(judged.get("violations", ()))
            self._results.append(Result(**{**judged, **lists, "repeated": repeated, "violations": violations}))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self._results.append(Result(report.nodeid, (), "error", reason=REDACTION.mask(report.longreprtext)))


def pytest_sessionstart(session: pytest.Session) -> None:
    """Collect the results. With pytest-xdist, only the controller does this."""
    if not is_worker(session.config):
        session.config.pluginmanager.register(_Collector(session.config.stash[RESULTS]), "verdict-collector")
