"""How a run sends requests, as the target file requires: below a rate, with an id, with a private authority."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from harness.processes.shared_file import SharedFile

_MARGIN: Final = 1.05  # because a call may leave a little later than planned


class Waits(Protocol):
    """Something that delays calls: ``wait`` is called before they are sent."""

    def wait(self, calls: int) -> None:
        """Wait until this many calls may be sent at the same time."""


class Pace:
    """Keeps the calls of all processes of a run below a number per second."""

    def __init__(self, calls_per_second: float, shared: SharedFile) -> None:
        self._interval = _MARGIN / calls_per_second
        self._shared = shared

    def wait(self, calls: int) -> None:
        """Wait until this many calls may be sent at once. The next ones wait for as long as they would take singly."""
        with self._shared.changing() as planned:
            now = time.monotonic()  # the same clock for all processes of a machine
            begin = max(now, planned.get("next", 0.0))
            planned["next"] = begin + calls * self._interval
        time.sleep(begin - now)


@dataclass
class Manner:
    """``id_header`` carries the id of a request; ``authority`` is a file of certificates to trust beside the usual."""

    id_header: str = "X-Request-Id"
    authority: Path | None = None
    pace: Waits | None = None

    def wait(self, calls: int = 1) -> None:
        """Wait until this many calls may be sent at once."""
        if self.pace is not None and calls:
            self.pace.wait(calls)


MANNER: Final = Manner()
"""That of this process. The plugin of the limits sets it from the target."""
