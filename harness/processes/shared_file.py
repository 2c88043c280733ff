"""A small JSON value that all processes of a run share, in a file."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock


class SharedFile:
    """One process at a time reads and changes the value, which begins as an empty object."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = FileLock(f"{path}.lock", is_singleton=False)

    @contextmanager
    def changing(self) -> Iterator[dict[str, Any]]:
        """Lock the value while a ``with`` block changes it. After an exception it is as before."""
        with self._lock:
            value = json.loads(self._path.read_text(encoding="utf-8")) if self._path.exists() else {}
            yield value
            self._path.write_text(json.dumps(value), encoding="utf-8")
