"""The pytest plugin of the verdict: each clause as holding, broken or not judged, the exit status, the summary."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

import pytest

from harness.failures import ContractViolation, EnvironmentFault, Finding, UsageError
from harness.gherkin.collection import clauses_of
from harness.run_state import ENVIRONMENT, RECORDER, TARGET, is_worker
from harness.verdict.summary import Result, Summary, verdicts
from harness.wire.redaction import REDACTION

RESULTS: Final[pytest.StashKey[list[Result]]] = pytest.StashKey()
_CONSTRUCTOR: Final = re.compile(r"\b(?:Decimal|Fraction)\('([^']*)'\)")
_WORDS: Final = {"==": "instead of", "in": "instead of one of", "!=": "which must differ from"}
_COMPARISON: Final = re.compile(r"^(.+) (==|!=|in) (.+)$")
_FEATURE_SUFFIX: Final = ".feature"
# These are reported in words. Only a bug of the suite needs a traceback.
_WITHOUT_TRACEBACK: Final = (ContractViolation, EnvironmentFault, UsageError)

Step = TypeVar("Step", bound=Callable[..., Any])


def judges(clause: str) -> Callable[[Step], Step]:
    """Name the clause that a step judges, for scenarios that judge several clauses: the flows from end to end."""

    def mark(step: Step) -> Step:
        step.__clause__ = clause  # type: ignore[attr-defined]
        return step

    return mark


@dataclass
class _Running:
    """The step that is running. A failed assertion is reported with it."""

    sentence: str = ""
    clause: str = ""


_RUNNING: Final = pytest.StashKey[_Running]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the file of the summary."""
    group = parser.getgroup("wallet contract suite")
    group.addoption("--summary", metavar="FILE", help="write the verdict, clause by clause, to this Markdown file")


def pytest_configure(config: pytest.Config) -> None:
    """Check that the summary can be written."""
    config.stash[RESULTS] = []
    path = config.getoption("summary")
    try:
        if path:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise pytest.UsageError(f"--summary: {path} can't be written: {error.strerror}") from None
    if path and Path(path).is_dir():
        raise pytest.UsageError(f"--summary: {path} is a directory")


def pytest_bdd_before_step(request: pytest.FixtureRequest, step: Any, step_func: Callable[..., Any]) -> None:
    """Remember the step and the clause that it judges."""
    running = request.node.stash.setdefault(_RUNNING, _Running())
    running.sentence = f"{step.keyword} {step.name}".strip()
    running.clause = getattr(step_func, "__clause__", "")


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, Any, Any]:
    """Turn a failed assertion into a violation of the scenario's clause; raise violations found in passing."""
    recorder = pyfuncitem.config.stash.get(RECORDER, None)
    if recorder is None or pyfuncitem.path.suffix != _FEATURE_SUFFIX:
        return (yield)
    recorder.begin(clauses_of(pyfuncitem))
    scenario = recorder.scenario
    try:
        result = yield
    except ContractViolation:
        raise
    except AssertionError as error:
        running = pyfuncitem.stash.get(_RUNNING, _Running())
        clause = running.clause if running.clause in scenario.clauses else scenario.clause
        finding = Finding("", running.sentence, REDACTION.mask(received(str(error) or "the assertion failed")))
        raise recorder.violation(clause, (finding,)) from error
    if scenario.violations:
        raise scenario.violations[0]
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the result to the report, in a form that pytest-xdist can send to its controller."""
    error = call.excinfo.value if call.excinfo else None
    if isinstance(error, _WITHOUT_TRACEBACK) and item.path.suffix == _FEATURE_SUFFIX:
        # A traceback takes longer than most scenarios, and nobody would see it.
        item.repr_failure = _text_of  # type: ignore[method-assign]
    report = yield
    if item.path.suffix != _FEATURE_SUFFIX:
        return report
    recorder = item.config.stash.get(RECORDER, None)
    found = recorder.scenario.violations if recorder and report.failed else []
    noted = [(violation.clause, str(violation)) for violation in found]
    report.__dict__["judged"] = asdict(_result(item, report, error, noted))
    if report.failed:
        report.longrepr = _longrepr(report, error)
    return report


def received(text: str) -> str:
    """Return what an assertion says, without Python: its message, or both sides of its comparison."""
    message, _, comparison = f"\n{text}".partition("\nassert ")
    if message:
        return message.strip()
    compared = _CONSTRUCTOR.sub(r"\1", comparison.partition("\n")[0])
    return _COMPARISON.sub(lambda parts: f"{parts[1]} {_WORDS[parts[2]]} {parts[3]}", compared)


def _text_of(excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:  # noqa: ARG001 - pytest's
    return str(excinfo.value)


def _result(item: pytest.Item, report: pytest.TestReport, error: BaseException | None, noted: list[Any]) -> Result:
    broken: dict[str, str] = dict(noted)
    if isinstance(error, ContractViolation):
        broken[error.clause] = str(error)
    reason = report.longrepr[2] if report.skipped and isinstance(report.longrepr, tuple) else ""
    return Result(
        name=item.nodeid,
        clauses=clauses_of(item),
        kind=_kind(report, error),
        broken=broken,
        reason=REDACTION.mask(reason.removeprefix("Skipped: ") or (str(error) if error else "")),
    )


def _kind(report: pytest.TestReport, error: BaseException | None) -> str:
    if report.passed:
        return "passed"
    if report.skipped:
        return "skipped"
    if isinstance(error, ContractViolation):
        return "broken"
    return (
        "environment" if isinstance(error, EnvironmentFault) else "usage" if isinstance(error, UsageError) else "error"
    )


def _longrepr(report: pytest.TestReport, error: BaseException | None) -> Any:
    if isinstance(error, _WITHOUT_TRACEBACK):
        return REDACTION.mask(str(error))
    return REDACTION.mask(report.longreprtext)


class _Collector:
    """Collects the results of a run, including those of workers."""

    def __init__(self, results: list[Result]) -> None:
        self._results = results

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        judged = getattr(report, "judged", None)
        if judged and (report.when == "call" or not report.passed):
            self._results.append(Result(**{**judged, "clauses": tuple(judged["clauses"])}))


def pytest_sessionstart(session: pytest.Session) -> None:
    """Collect the results. With pytest-xdist, only the controller does this."""
    if not is_worker(session.config):
        session.config.pluginmanager.register(_Collector(session.config.stash[RESULTS]), "verdict-collector")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Set the exit status: 1 for a broken clause, else 75 for the environment, 4 for usage."""
    if is_worker(session.config) or session.exitstatus != pytest.ExitCode.TESTS_FAILED:
        return
    kinds = {result.kind for result in session.config.stash[RESULTS]} - {"passed", "skipped"}
    if kinds == {"environment"}:
        session.exitstatus = ENVIRONMENT
    elif kinds and kinds <= {"usage", "environment"}:
        session.exitstatus = pytest.ExitCode.USAGE_ERROR


def pytest_terminal_summary(terminalreporter: Any, exitstatus: int, config: pytest.Config) -> None:
    """Print the verdict, and write the summary if --summary is given."""
    if RECORDER not in config.stash or is_worker(config):
        return
    results = config.stash[RESULTS]
    summary = Summary(
        target=config.stash[TARGET],
        verdicts=verdicts(config.stash[RECORDER].run.contract, results),
        results=tuple(results),
        exitstatus=int(exitstatus),
    )
    terminalreporter.section("verdict")
    for line in summary.lines():
        terminalreporter.write_line(line)
    path = config.getoption("summary")
    if path:
        Path(path).write_text(summary.markdown(), encoding="utf-8")
