"""What the pytest plugins of the suite share during a run: the target and the recorder, kept in pytest's config."""

from collections.abc import Mapping
from enum import IntEnum
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:  # the process that starts pytest needs no HTTP client
    from harness.client.record import Recorder  # noqa: F401 (it is named in a string)
    from harness.target.target import Target  # noqa: F401


class Status(IntEnum):
    """The exit status of a run (docs/results.md). Its name is the first word of the verdict."""

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
    Status.HOLDS: "everything that was asked for holds, is known, or is left out by the target file",
    Status.BROKEN: "the platform breaks a promise, a test failed, or a known issue is out of date",
    Status.INTERRUPTED: "the run was interrupted; what it found until then is in the summary",
    Status.SUITE_FAULT: "the suite has a bug or could not write a report; it says nothing about the platform",
    Status.USAGE: "something must be fixed before a run: an option, the target file, a variable, a key, a feature",
    Status.NOT_JUDGED: "nothing is broken, but something that was asked for was not judged",
    Status.ENVIRONMENT: "the platform could not be reached, or something in front of it responded",
}

TARGET: Final = pytest.StashKey["Target"]()
RECORDER: Final = pytest.StashKey["Recorder"]()
UNWRITTEN: Final = pytest.StashKey[list[str]]()
"""A line per place that the run could not write."""
CLAUSES: Final = pytest.StashKey[tuple[str, ...]]()
"""Those of the test that is running."""
WITHOUT_VERDICT: Final = pytest.StashKey[bool]()
"""Set by what runs scenarios for another purpose than a verdict, as the matrix does."""
UNSTEADY: Final = pytest.StashKey[list[str]]()
"""Of an item: a text per earlier attempt at its scenario that ended in a fault."""


def is_worker(config: pytest.Config) -> bool:
    """Return whether this is a process of pytest-xdist that runs scenarios for a controller."""
    return hasattr(config, "workerinput")


def cannot_be_written(what: str, error: OSError) -> str:
    """Return the line for a place that can't be written; ``what`` names it if the error does not."""
    return f"{error.filename or what} can't be written: {error.strerror}"
