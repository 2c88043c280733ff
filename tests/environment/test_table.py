"""The table of faults: each row runs the suite on a platform behind a proxy that injects the fault."""

from collections.abc import Callable
from typing import Final

import pytest

from tests.environment.cases.rows import ALFRED, HOLDS, Row
from tests.environment.stage import Stage
from tests.environment.table import AT_ONCE, GROUPS, NOT_YET, Line, run_rows

_AT_A_TIME: Final = 20
_ROWS: Final = [row for group in GROUPS.values() for row in group]
_PARTS: Final = {
    f"{name}-{number // _AT_A_TIME + 1}": rows[number : number + _AT_A_TIME]
    for name, rows in GROUPS.items()
    for number in range(0, len(rows), _AT_A_TIME)
}


@pytest.mark.parametrize("part", _PARTS)
def test_every_fault_gets_the_right_class(stage: Stage, part: str, row: Callable[[str, str, str], None]) -> None:
    # A run that is throttled waits all the time.
    lines = run_rows(stage, _PARTS[part], _AT_A_TIME if part.startswith("throttling") else AT_ONCE)
    for line in lines:
        row("environment: injected and when, expected, taken for", line.row.id, line.said)
    assert not [failure(line) for line in lines if line.problems and line.row.id not in NOT_YET]
    assert not [line.row.id for line in lines if not line.problems and line.row.id in NOT_YET], "delete from NOT_YET"


def failure(line: Line) -> str:
    return f"{line.row.id}: {'; '.join(line.problems)}\n{line.ran.output[-2000:]}"


def test_there_are_enough_faults_and_row_names_are_unique() -> None:
    assert len({row.injected for row in _ROWS}) >= 45
    assert len({row.id for row in _ROWS}) == len(_ROWS)
    assert {row.id for row in _ROWS} >= NOT_YET


def test_unexpected_output_of_a_row_is_a_problem(stage: Stage) -> None:
    wrong = Row("nothing", "from the start", HOLDS.naming("this is said nowhere"), scenarios=ALFRED[:1])
    (line,) = run_rows(stage, [wrong])
    assert line.problems == ("the first lines lack /this is said nowhere/",)
