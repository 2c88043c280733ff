"""The table: ``python -m tests.environment.table [WORDS]`` runs its rows, or those with these words, and prints it."""

import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.environment.cases import connections, platforms, responses, settings
from tests.environment.cases.rows import Row, head
from tests.environment.stage import Stage, opened
from tests.harness.runs import Ran

GROUPS: Final = {
    "connections": connections.ROWS,
    "responses": responses.ROWS,
    "throttling": responses.THROTTLED,
    "settings": settings.ROWS,
    "platforms": platforms.ROWS,
}
NOT_YET: Final = frozenset((Path(__file__).parent / "not_yet.txt").read_text(encoding="utf-8").splitlines())
"""The rows that are not as expected yet. One that has become so must be deleted from the file."""
AT_ONCE: Final = 8  # most of their time is waiting
_WIDTH: Final = 24
_ID_WIDTH: Final = 62
_TAKEN: Final = 70


@dataclass(frozen=True)
class Line:
    """A row that was run. ``problems`` is what is not as expected."""

    row: Row
    ran: Ran
    problems: tuple[str, ...]

    @property
    def taken_for(self) -> str:
        """The status, and the beginning of the output."""
        first = next(iter(head(self.ran)), "no output")
        return f"{self.ran.status} {first[:_TAKEN]}"

    @property
    def said(self) -> str:
        """The expected and the actual classification."""
        return f"{self.row.expected.name:{_WIDTH}} {self.taken_for}"


def run_rows(stage: Stage, rows: Sequence[Row], at_once: int = AT_ONCE) -> list[Line]:
    """Run the rows, several at a time."""
    with ThreadPoolExecutor(at_once) as pool:
        return list(pool.map(lambda row: _line(stage, row), rows))


def _line(stage: Stage, row: Row) -> Line:
    ran = row.run(stage)
    return Line(row, ran, tuple(row.expected.problems(ran)))


def main(words: str = "", *options: str) -> int:
    """Print the lines, with the problems of each, and with -v the output too. Return 1 if there is a problem."""
    rows = [row for group in GROUPS.values() for row in group if words in row.id]
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder)) as stage:
        lines = run_rows(stage, rows)
    for line in lines:
        print(f"{line.row.id:{_ID_WIDTH}} {line.said}")
        for problem in line.problems:
            print(f"    ! {problem}")
        if "-v" in options:
            print(line.ran.output)
    wrong = [line for line in lines if line.problems]
    print(f"{len(lines)} rows, {len(wrong)} not as expected")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
