"""The exit statuses of a run (docs/verdict.md), and what each means."""

from collections.abc import Mapping
from enum import IntEnum
from typing import Final


class Status(IntEnum):
    """The exit status of a run (docs/verdict.md). Its name is the first word of the verdict."""

    HOLDS = 0
    BROKEN = 1
    INTERRUPTED = 2
    SUITE_FAULT = 3
    USAGE = 4
    NOT_JUDGED = 5
    ENVIRONMENT = 75

    @property
    def words(self) -> str:
        """The name as people read it."""
        return self.name.replace("_", " ")


MEANINGS: Final[Mapping[Status, str]] = {
    Status.HOLDS: "no selected clause is broken, apart from known issues and what left_out names",
    Status.BROKEN: "the platform breaks a promise, a test failed, or a known issue is out of date",
    Status.INTERRUPTED: "the run was interrupted; what it found until then is in the summary",
    Status.SUITE_FAULT: "the suite has a bug or could not write a report; it says nothing about the platform",
    Status.USAGE: "something must be fixed before a run: an option, the target file, a variable, a key, a feature",
    Status.NOT_JUDGED: "nothing is broken, but something that was asked for was not judged",
    Status.ENVIRONMENT: "the platform could not be reached, or something in front of it responded",
}
