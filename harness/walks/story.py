"""Calls with the words for them: what led to a broken clause is a part of its violation."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from harness.client.calls import Call, Outcome
from harness.client.client import Client
from harness.client.record import Recorder
from harness.failures import ContractViolation, Finding
from harness.walks.possibilities import UnexpectedResponse
from harness.walks.walker import outcome_of

Result = TypeVar("Result")


class Story:
    """Makes calls and writes down what happened. A call without a response ends the story with its fault."""

    def __init__(self, recorder: Recorder) -> None:
        self.lines: list[str] = []
        self._recorder = recorder

    def log(self, line: str) -> None:
        self.lines.append(line)

    def attempt(self, send: Callable[[], Result]) -> Result | None:
        return send()

    def send(self, what: str, client: Client, call: Call) -> Outcome | None:
        outcome = client.attempt(call)
        self.log(f"{what}: {outcome_of(outcome).value}")
        return outcome

    @contextmanager
    def told(self) -> Iterator[None]:
        """Add the calls so far to a violation, or to what a model did not expect."""
        try:
            yield
        except UnexpectedResponse as error:
            raise with_story(violation_of(self._recorder, error), self.lines) from None
        except ContractViolation as violation:
            raise with_story(violation, self.lines) from None


def violation_of(recorder: Recorder, error: UnexpectedResponse) -> ContractViolation:
    """Return the violation of a clause that a model has found."""
    return recorder.violation(error.clause, (error.finding("the model"),))


def with_story(violation: ContractViolation, calls: Sequence[str]) -> ContractViolation:
    """Return the violation with the calls that led to it, in words."""
    lines = "\n    ".join(("", *(f"{number}. {line}" for number, line in enumerate(calls, start=1))))
    story = Finding("the calls until then", "responses that contract.md allows", lines)
    return violation.with_finding(story)
