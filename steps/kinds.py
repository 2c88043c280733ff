"""Rows of all pairs: each is tried, and noted in the report."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from harness.client.record import Recorder
from harness.failures import ContractViolation, EnvironmentFault

Row = TypeVar("Row")


def try_rows(recorder: Recorder, rows: Iterable[Row], run: Callable[[Row], None]) -> None:
    """Run each row. The first that breaks a clause ends the scenario, with the exchanges of that row as evidence."""
    for row in rows:
        recorder.note(str(row))
        try:
            with recorder.diverted() as exchanges:
                run(row)
        except (ContractViolation, EnvironmentFault):
            for exchange in exchanges:
                recorder.exchange(exchange)
            raise
