"""What a model has not expected may have a plainer cause than the model can see."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from harness.client.record import Recorder
from harness.failures import ContractViolation


@contextmanager
def plain_cause_first(recorder: Recorder, clause_of_plain_calls: Callable[[], str]) -> Iterator[None]:
    """Let a violation that a model has found name the clause that plain calls break, if they break one."""
    try:
        yield
    except ContractViolation as violation:
        is_of_model = violation.findings[0].where.startswith("the model")
        clause = clause_of_plain_calls() if is_of_model else ""
        if clause in ("", violation.clause):
            raise
        raise recorder.violation(clause, violation.findings, violation.exchange) from violation
