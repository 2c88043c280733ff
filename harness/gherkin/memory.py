"""What is remembered of the features between runs, in pytest's cache: reading them is a third of a start."""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
from pathlib import Path
from typing import Any, Final

from gherkin import parser
from pytest_bdd import gherkin_parser

# Of what a run did not ask for, other features and earlier versions, so many stay: all that is there is read each time.
_OTHERS: Final = 30


class Memory:
    """Values by a digest of all that they depend on, so that none can be out of date. It knows nothing until opened."""

    def __init__(self) -> None:
        """Remember within this process alone."""
        self._file: Path | None = None
        self._known: dict[str, Any] = {}
        self._used: dict[str, Any] = {}
        self._is_new = False

    def open(self, directory: Path) -> None:
        """Take up what an earlier run left in this directory; a file that can't be read is as none."""
        readers = digest(*(Path(str(module.__file__)).stat().st_mtime_ns for module in (gherkin_parser, parser)))
        self._file = directory / f"features-{readers[:12]}.pickle"
        with contextlib.suppress(Exception):
            self._known = pickle.loads(self._file.read_bytes())  # noqa: S301 - our own, beside pytest's own caches

    def recall(self, key: str) -> Any:
        """The value of this key; None where there is none."""
        if key in self._known:
            self._used[key] = self._known[key]
        return self._known.get(key)

    def keep(self, key: str, value: Any) -> None:
        """Remember a value."""
        self._known[key] = self._used[key] = value
        self._is_new = True

    def close(self) -> None:
        """Leave what is known to the next run, where anything is new; nobody misses it where that fails."""
        if self._file and self._is_new:
            others = [known for known in self._known.items() if known[0] not in self._used]
            kept = dict(others[-_OTHERS:]) | self._used
            written = self._file.with_suffix(f".{os.getpid()}")
            with contextlib.suppress(OSError):
                written.write_bytes(pickle.dumps(kept, pickle.HIGHEST_PROTOCOL))
                written.replace(self._file)
        self._is_new = False


def digest(*parts: object) -> str:
    """A key that changes with any of its parts."""
    return hashlib.sha256("\0".join(map(str, parts)).encode("utf-8", "surrogatepass")).hexdigest()


MEMORY: Final = Memory()
