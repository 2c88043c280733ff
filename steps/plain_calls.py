"""What is wrong in a scenario may be wrong in the plainest calls already: then their clause is the broken one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from harness.client.record import Recorder
from harness.failures import ContractViolation, EnvironmentFault, WrongOutcome


def clause_of(recorder: Recorder, first_broken: Callable[[], str]) -> str:
    """Make plain calls and return the clause that they break; empty if they break none, or cannot be made."""
    with recorder.diverted():
        try:
            return first_broken()
        except ContractViolation as violation:
            return violation.clause
        except (EnvironmentFault, pytest.skip.Exception):
            return ""


@contextmanager
def plain_cause_first(recorder: Recorder, clause_of_plain_calls: Callable[[], str]) -> Iterator[None]:
    """Let a comparison that fails, or a violation that a model has found, name the clause that plain calls break.

    Other violations stay as they are.
    """
    try:
        yield
    except ContractViolation as violation:
        is_of_model = violation.findings[0].where.startswith("the model")
        clause = clause_of_plain_calls() if is_of_model else ""
        if clause in ("", violation.clause):
            raise
        raise recorder.violation(clause, violation.findings, violation.exchange) from violation
    except AssertionError as error:
        clause = clause_of_plain_calls()
        if not clause:
            raise
        exchange = error.exchange if isinstance(error, WrongOutcome) else None
        raise WrongOutcome(str(error), "", exchange, clause=clause) from error
