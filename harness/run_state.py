"""What the pytest plugins of the suite share during a run: the target and the recorder, kept in pytest's config."""

from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:  # the process that starts pytest needs no HTTP client
    from harness.client.record import Recorder  # noqa: F401 (it is named in a string)
    from harness.target.target import Target  # noqa: F401

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
