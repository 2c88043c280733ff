"""A scenario as Allure shows it: its steps, and the exchanges of each step."""

from __future__ import annotations

import sys
from collections.abc import Generator
from itertools import count
from typing import Any
from uuid import uuid4

import allure_commons
import pytest
from allure_commons.model2 import Attachment, Status, StatusDetails, TestResult, TestStepResult
from allure_pytest.listener import AllureListener  # type: ignore[import-untyped]
from allure_pytest.utils import get_pytest_report_status, get_status  # type: ignore[import-untyped]
from pytest_bdd.parser import Scenario, Step

from harness.evidence import http_attachment
from harness.evidence.labels import described, now
from harness.failures import EnvironmentFault
from harness.gherkin.collection import ScenarioItem
from harness.wire.exchange import Exchange
from harness.wire.redaction import REDACTION

Wrapper = Generator[None, Any, None]


class ScenarioListener(AllureListener):  # type: ignore[misc]
    """Reports scenarios; leaves all other tests to allure-pytest's listener, which it extends.

    It records no fixtures: two thirds of their containers are empty, and the others repeat what a step shows.
    """

    pytest_fixture_setup = None
    pytest_fixture_post_finalizer = None

    def __init__(self, config: pytest.Config) -> None:
        super().__init__(config)
        self._result: TestResult | None = None
        self._step: TestStepResult | None = None
        self._remaining: list[Step] = []
        self._run, self._numbers = uuid4(), count()

    def _update_fixtures_children(self, item: pytest.Item) -> None:
        pass

    # Called by the recorder

    def exchange(self, exchange: Exchange) -> None:
        """Attach an exchange to the step that is running, or to the scenario if a fixture made it."""
        text = http_attachment.attachment(exchange)
        self._attach(text, http_attachment.title(exchange), http_attachment.MEDIA_TYPE, http_attachment.SUFFIX)

    def note(self, text: str) -> None:
        """Add a line of text below the step that is running."""
        holder = self._step or self._result
        if holder:
            holder.steps.append(TestStepResult(name=text, status=Status.PASSED, start=now(), stop=now()))

    # Called by pytest

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> Wrapper:
        """Create the result of a scenario, and write it at the end."""
        if not isinstance(item, ScenarioItem):
            yield from super().pytest_runtest_protocol(item, nextitem)
            return
        result = self._result = described(item, str(uuid4()), host=self._host, thread=self._thread)
        # Used if a fixture fails before the first step.
        self._remaining = item.scenario.template.render(item.row.values).steps
        self.allure_logger.schedule_test(result.uuid, result)
        yield
        self._skip_the_rest()
        result.stop = now()
        result.status = result.status or Status.SKIPPED
        self._result = None
        self.allure_logger.close_test(result.uuid)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Wrapper:
        """Leave all but scenarios to allure-pytest."""
        yield from self._unless_scenario(item, super().pytest_runtest_setup)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Wrapper:
        """Leave all but scenarios to allure-pytest."""
        yield from self._unless_scenario(item, super().pytest_runtest_call)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Wrapper:
        """Leave all but scenarios to allure-pytest."""
        yield from self._unless_scenario(item, super().pytest_runtest_teardown)

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Wrapper:
        """Take the status of a scenario from the first phase that did not pass."""
        if not isinstance(item, ScenarioItem):
            yield from super().pytest_runtest_makereport(item, call)
            return
        report = (yield).get_result()
        result = self._result
        if result is None or result.status not in (None, Status.PASSED):
            return
        result.status, result.statusDetails = _outcome(report, call)
        if not report.passed or report.when == "teardown":
            for name, text in report.sections:
                self._attach(REDACTION.mask(text), name, "text/plain", "txt")

    # Called by pytest-bdd

    def pytest_bdd_before_scenario(self, scenario: Scenario) -> None:
        """Keep the steps, those of the Background first."""
        self._remaining = list(scenario.steps)

    def pytest_bdd_before_step(self, step: Step) -> None:
        """Open a step."""
        if self._remaining:
            self._remaining.pop(0)
        self._step = _step(step)
        self.allure_logger.start_step(None, id(self._step), self._step)
        if step.docstring:
            self._attach(REDACTION.mask(step.docstring), "text", "text/plain", "txt")
        if step.datatable:
            rows = (",".join(map(str, row)) for row in step.datatable.raw())
            self._attach(REDACTION.mask("\n".join(rows)), "table", "text/csv", "csv")

    def pytest_bdd_after_step(self) -> None:
        """Close a step that passed."""
        self._close(Status.PASSED)

    def pytest_bdd_step_error(self, exception: BaseException) -> None:
        """Close a step that failed."""
        self._close(get_status(exception), exception)

    def pytest_bdd_step_func_lookup_error(self, step: Step, exception: BaseException) -> None:
        """Show a step that has no function."""
        self.pytest_bdd_before_step(step)
        self._close(Status.BROKEN, exception)

    def pytest_bdd_after_scenario(self) -> None:
        """Close a step that ended by a skip or an interruption; add those that were not reached as skipped."""
        if self._step:
            error = sys.exc_info()[1]
            self._close(get_status(error), error)
        self._skip_the_rest()

    def _unless_scenario(self, item: pytest.Item, hook: Any) -> Wrapper:
        if isinstance(item, ScenarioItem):
            yield
        else:
            yield from hook(item)

    def _close(self, status: str, error: BaseException | None = None) -> None:
        step, self._step = self._step, None
        if step:
            details = StatusDetails(message=_message(error)) if error else None
            self.allure_logger.stop_step(id(step), stop=now(), status=status, statusDetails=details)

    def _skip_the_rest(self) -> None:
        if self._result:
            for step in self._remaining:
                skipped = _step(step)
                skipped.stop, skipped.status = skipped.start, Status.SKIPPED
                self._result.steps.append(skipped)
        self._remaining = []

    def _attach(self, masked: str, name: str, media_type: str, suffix: str) -> None:
        holder = self._step or self._result
        if holder:
            source = f"{self._run}-{next(self._numbers)}-attachment.{suffix}"
            holder.attachments.append(Attachment(name=name, source=source, type=media_type))
            allure_commons.plugin_manager.hook.report_attached_data(body=masked, file_name=source)


def _step(step: Step) -> TestStepResult:
    return TestStepResult(name=f"{step.keyword} {step.name}", start=now())


def _outcome(report: pytest.TestReport, call: pytest.CallInfo[None]) -> tuple[str, StatusDetails | None]:
    status = get_pytest_report_status(report)
    error = call.excinfo.value if call.excinfo else None
    if error is None:
        # Only the report says that an expected failure did not happen.
        return status, StatusDetails(message=report.longreprtext) if report.failed else None
    message, trace = _message(error), REDACTION.mask(report.longreprtext)
    details = StatusDetails(message=message, trace=trace if trace != message else None)
    return status if status == Status.SKIPPED else get_status(error), details


def _message(error: BaseException | None) -> str:
    if isinstance(error, AssertionError | pytest.skip.Exception | pytest.fail.Exception) and str(error):
        return REDACTION.mask(str(error))
    kind = "The environment" if isinstance(error, EnvironmentFault) else type(error).__name__
    return REDACTION.mask(f"{kind}: {error}")
