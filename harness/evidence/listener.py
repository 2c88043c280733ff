"""A scenario as Allure shows it: its steps, and the exchanges of each step."""

import sys
from collections.abc import Callable, Generator
from itertools import count
from typing import Any
from uuid import uuid4

import allure_commons
import pytest
from allure_commons.model2 import Attachment, Status, StatusDetails, TestResult, TestStepResult
from allure_commons.reporter import AllureReporter
from allure_commons.utils import SafeFormatter, now
from allure_pytest.listener import AllureListener  # type: ignore[import-untyped]
from allure_pytest.utils import get_status  # type: ignore[import-untyped]
from pytest_bdd.parser import Scenario, Step

from harness.evidence import http_attachment
from harness.evidence.labels import describe
from harness.failures import EnvironmentFault
from harness.foreign_text import one_line
from harness.gherkin.collection import ScenarioItem
from harness.wire.exchange import Exchange
from harness.wire.redaction import REDACTION


class WithoutFixtures(AllureListener):  # type: ignore[misc]
    """The listener of allure-pytest without fixtures: a step shows what they do, and a scenario costs a sixth less."""

    pytest_fixture_setup = None
    pytest_fixture_post_finalizer = None

    def _update_fixtures_children(self, item: pytest.Item) -> None:
        pass


class ScenarioListener:
    """Adds steps, exchanges and labels to the results that allure-pytest makes with this ``reporter``."""

    def __init__(self, reporter: AllureReporter) -> None:
        self._reporter = reporter
        self._item: pytest.Item | None = None
        self._error = ""
        self._step: TestStepResult | None = None
        self._remaining: list[Step] = []
        self._run, self._numbers = uuid4(), count()

    # Called by the recorder

    def exchange(self, exchange: Exchange) -> None:
        """Attach an exchange to the step that is running, or to the scenario if a fixture made it."""
        text = http_attachment.attachment(exchange)
        self._attach(text, http_attachment.title(exchange), http_attachment.MEDIA_TYPE, http_attachment.SUFFIX)

    def note(self, text: str) -> None:
        """Add a line of text below the step that is running."""
        if holder := self._holder:
            holder.steps.append(
                TestStepResult(name=one_line(REDACTION.shown(text)), status=Status.PASSED, start=now(), stop=now())
            )

    def script(self, name: str, text: str) -> None:
        self._attach(text, name, "text/x-shellscript", "sh")

    def begin_again(self, text: str) -> None:
        """Put the steps so far below one that says why the scenario runs again: they are no failure of their own."""
        result = self._reporter.get_test(None)
        if result:
            name = one_line(REDACTION.shown(text))
            earlier = TestStepResult(name=name, status=Status.SKIPPED, start=result.start, stop=now())
            earlier.steps, earlier.attachments = result.steps, result.attachments
            result.steps, result.attachments = [earlier], []
        if isinstance(self._item, ScenarioItem):
            self._remaining = self._item.scenario.template.render(self._item.row.values).steps

    # Called by pytest

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Begin an attempt. The steps are known before pytest-bdd runs, in case a fixture fails."""
        self._item, self._error = item, ""
        if isinstance(item, ScenarioItem):
            self._remaining = item.scenario.template.render(item.row.values).steps

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        if call.excinfo and not self._error and not hasattr(report, "wasxfail"):
            self._error = _message(call.excinfo.value)
        return report

    # Called by pytest-bdd

    def pytest_bdd_before_scenario(self, scenario: Scenario) -> None:
        """Keep the steps, those of the Background first."""
        self._remaining = list(scenario.steps)

    def pytest_bdd_before_step(self, step: Step) -> None:
        if self._remaining:
            self._remaining.pop(0)
        self._step = _step(step)
        self._reporter.start_step(None, id(self._step), self._step)
        if step.docstring:
            self._attach(REDACTION.mask(step.docstring), "text", "text/plain", "txt")
        if step.datatable:
            rows = (",".join(map(str, row)) for row in step.datatable.raw())
            self._attach(REDACTION.mask("\n".join(rows)), "table", "text/csv", "csv")

    def pytest_bdd_before_step_call(
        self, step: Step, step_func: Callable[..., Any], step_func_args: dict[str, Any]
    ) -> None:
        """Use the title of the step function, if it has one (``@allure.title``)."""
        title = getattr(step_func, "__allure_display_name__", None)
        if self._step and title:
            self._step.name = f"{step.keyword} {SafeFormatter().format(title, **step_func_args)}"

    def pytest_bdd_after_step(self) -> None:
        self._close(None)

    def pytest_bdd_step_error(self, exception: BaseException) -> None:
        self._close(exception)

    def pytest_bdd_step_func_lookup_error(self, step: Step, exception: BaseException) -> None:
        self.pytest_bdd_before_step(step)
        self._close(exception)

    def pytest_bdd_after_scenario(self) -> None:
        """Close a step that ended by a skip or an interruption."""
        if self._step:
            self._close(sys.exc_info()[1])

    # Called by Allure

    @allure_commons.hookimpl(tryfirst=True)
    def report_result(self, result: TestResult) -> None:
        """Complete a result before it is written: steps that were not reached, message, labels."""
        result.steps += [_step(step, status=Status.SKIPPED, stop=now()) for step in self._remaining]
        self._remaining = []
        if self._error and result.statusDetails:
            trace = result.statusDetails.trace
            result.statusDetails = StatusDetails(message=self._error, trace=trace if trace != self._error else None)
        if isinstance(self._item, ScenarioItem):
            describe(result, self._item)

    @property
    def _holder(self) -> TestStepResult | TestResult | None:
        return self._step or self._reporter.get_test(None)

    def _close(self, error: BaseException | None) -> None:
        step, self._step = self._step, None
        if step:
            details = StatusDetails(message=_message(error)) if error else None
            self._reporter.stop_step(id(step), stop=now(), status=get_status(error), statusDetails=details)

    def _attach(self, masked: str, name: str, media_type: str, suffix: str) -> None:
        if holder := self._holder:
            source = f"{self._run}-{next(self._numbers)}-attachment.{suffix}"
            holder.attachments.append(Attachment(name=name, source=source, type=media_type))
            allure_commons.plugin_manager.hook.report_attached_data(body=masked, file_name=source)


def _step(step: Step, **values: Any) -> TestStepResult:
    return TestStepResult(name=f"{step.keyword} {step.name}", start=now(), **values)


def _message(error: BaseException) -> str:
    if isinstance(error, AssertionError | pytest.skip.Exception | pytest.fail.Exception) and str(error):
        return REDACTION.shown(str(error))
    kind = "The environment" if isinstance(error, EnvironmentFault) else type(error).__name__
    return REDACTION.shown(f"{kind}: {error}")
