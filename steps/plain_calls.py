"""What is wrong in a scenario may be wrong in the plainest calls already: then their clause is the broken one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from harness.client.record import Recorder
from harness.failures import ContractViolation, EnvironmentFault, WrongOutcome

MOST_AMOUNTS = 3  # of a scenario that plain calls try again


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
    """If a comparison fails, a valid call is rejected or a model finds a violation, name the clause of plain calls.

    That is the clause that the plain calls break. Without one, and for other violations, everything stays as it is.
    """
    try:
        yield
    except ContractViolation as violation:
        first = violation.findings[0]
        is_of_form = not first.where.startswith("the model") and first.outcome != "accepted"
        clause = "" if is_of_form else clause_of_plain_calls()
        if clause in ("", violation.clause):
            raise
        raise recorder.violation(clause, violation.findings, violation.exchange) from violation
    except AssertionError as error:
        clause = clause_of_plain_calls()
        if not clause:
            raise
        exchange = error.exchange if isinstance(error, WrongOutcome) else None
        raise WrongOutcome(str(error), "", exchange, clause=clause) from error
