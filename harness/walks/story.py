"""Calls with the words for them: what led to a broken clause is a part of its violation."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from harness.client.calls import Call, Outcome
from harness.client.client import Client
from harness.client.record import Recorder
from harness.failures import ContractViolation, Finding
from harness.walks.possibilities import UnexpectedResponse
from harness.walks.walker import outcome_of

Result = TypeVar("Result")


def made(result: Result | None) -> Result:
    """Return what a story has made: nothing is missing, because a story ends with the first fault."""
    assert result is not None  # noqa: S101
    return result


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
        """Add the calls so far to a violation, or to an unexpected response."""
        try:
            yield
        except UnexpectedResponse as error:
            violation = self._recorder.violation(error.clause, (error.finding("the model"),))
            raise violation.with_finding(self._finding()) from None
        except ContractViolation as violation:
            raise violation.with_finding(self._finding()) from None

    def _finding(self) -> Finding:
        lines = "\n    ".join(("", *(f"{number}. {line}" for number, line in enumerate(self.lines, start=1))))
        return Finding("the calls until then", "responses that contract.md allows", lines)
