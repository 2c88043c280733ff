"""The pytest plugin of the diagnosis: runs a scenario again after a fault, and gives up an API without responses."""

from collections import Counter
from collections.abc import Generator
from typing import Any, Final

import pytest

from harness.diagnosis.diagnosis import ATTEMPTS, Diagnosis
from harness.failures import ContractViolation, EnvironmentFault, Finding, WrongOutcome
from harness.gherkin.pytest_internals import set_up_again
from harness.run_state import CLAUSES, RECORDER, UNSTEADY, is_worker
from harness.wire.faults import CallFault

DIAGNOSIS: Final = pytest.StashKey[Diagnosis]()
_IN_A_ROW: Final = 5
_TELLING: Final = (401, 403, 404)


def pytest_configure(config: pytest.Config) -> None:
    """Count the scenarios that end as environment; with pytest-xdist, only the controller does."""
    if not is_worker(config):
        config.pluginmanager.register(_Streaks(config))


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, Any, Any]:
    """Diagnose a fault of a fixture."""
    try:
        return (yield)
    except (CallFault, ContractViolation) as error:
        return _diagnosed(item, error, runs=False)


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Diagnose the fault that ended a scenario, and run the scenario again if the diagnosis needs this."""
    try:
        return (yield)
    except (CallFault, ContractViolation) as error:
        return _diagnosed(item, error, runs=True)


def _diagnosed(item: pytest.Item, error: CallFault | ContractViolation, *, runs: bool) -> None:
    """Run a test again until it is clear what a fault means. Raise the exception of the last run."""
    diagnosis = item.config.stash.get(DIAGNOSIS, None)
    if diagnosis is None:
        raise error
    faults: list[CallFault] = []
    earlier = 0  # the runs that ended in a fault and were followed by another
    try:
        while True:
            if isinstance(error, ContractViolation):
                diagnosis.check_violation(error)
                doubt = diagnosis.doubt(error)
                if doubt is None:
                    raise error
                error = doubt
            faults.append(error)
            diagnosis.check_between(faults)
            found = diagnosis.conclude(faults)
            if isinstance(found, AssertionError):
                earlier = 0  # the same thing each time is steady
            if found:
                raise _named(item, found) from None
            earlier = len(faults)
            try:
                return _again(
                    item, f"run {len(faults)} of at most {max(ATTEMPTS, len(faults) + 1)}: {error}", runs=runs
                )
            except (CallFault, ContractViolation) as next_error:
                error = next_error
    finally:
        if earlier:
            item.stash[UNSTEADY] = [str(fault) for fault in faults[:earlier]]


def _again(item: pytest.Item, text: str, *, runs: bool) -> None:
    """Run a test from its beginning, with new fixtures. If the fault was in its setup, run only the setup."""
    recorder = item.config.stash[RECORDER]
    for evidence in recorder.evidence:
        evidence.begin_again(text)
    set_up_again(item, lambda: recorder.begin(item.config.stash[CLAUSES], title=item.name, repeated=True))
    if runs:
        item.runtest()


def _named(item: pytest.Item, found: Exception) -> Exception:
    """Return an assertion about the Admin page as a violation of S-4."""
    if isinstance(found, AssertionError) and not isinstance(found, ContractViolation):
        finding = Finding("", "the Admin UI shows the balance", str(found))
        visit = found.exchange if isinstance(found, WrongOutcome) else None
        return item.config.stash[RECORDER].violation("S-4", (finding,), visit)
    return found


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Say in the report which APIs the test has called, and whether a fault of the environment ended it."""
    report = yield
    recorder = item.config.stash.get(RECORDER, None)
    if recorder and (report.when == "call" or report.failed):
        ended = call.excinfo is not None and isinstance(call.excinfo.value, EnvironmentFault)
        report.__dict__["diagnosis"] = {"apis": sorted(recorder.scenario.apis), "environment": ended}
    return report


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Let a worker of pytest-xdist tell its controller which status codes it got."""
    if is_worker(session.config) and RECORDER in session.config.stash:
        statuses = session.config.stash[RECORDER].statuses
        session.config.workeroutput["statuses"] = {name: dict(found) for name, found in statuses.items()}  # type: ignore[attr-defined]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Add the status codes of a worker."""
    if RECORDER in node.config.stash:
        for operation, found in getattr(node, "workeroutput", {}).get("statuses", {}).items():
            node.config.stash[RECORDER].statuses[operation] += Counter(found)


def likely_reasons(config: pytest.Config) -> list[str]:
    """Return a line per operation all of whose calls got the same 401, 403 or 404."""
    statuses = config.stash[RECORDER].statuses if RECORDER in config.stash else {}
    return [
        f"every call of {operation} got {status}: is what the target file says about it right?"
        for operation, found in sorted(statuses.items())
        for status in found
        if len(found) == 1 and status in _TELLING
    ]


def admit(config: pytest.Config, api: str) -> None:
    """Let a scenario of an API begin, unless the API was given up."""
    if DIAGNOSIS in config.stash:
        config.stash[DIAGNOSIS].admit(api)


class _Streaks:
    """Gives an API up after five scenarios in a row that ended as environment, over all workers."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._in_a_row: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        found = getattr(report, "diagnosis", None)
        diagnosis = self._config.stash.get(DIAGNOSIS, None)
        if found is None or diagnosis is None or (report.skipped and not found["environment"]):
            return
        for api in found["apis"]:
            self._in_a_row[api] = self._in_a_row[api] + 1 if found["environment"] else 0
            if self._in_a_row[api] == _IN_A_ROW:
                diagnosis.give_up(api)
