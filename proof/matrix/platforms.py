"""What the suite is tried on: sandboxes with one defect or one harmless change, each a process of its own.

The catalogue is read by another process still: what the defects are made of is no part of the process that judges.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from harness.failures import UsageError
from proof.matrix.fork_server import ForkServer
from sandbox.launcher import SandboxProcess

VARIANT: Final = "variant"
_ROOT: Final = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Platform:
    """A defect or a variant as the matrix needs it. ``target`` is laid over the sandbox's own target tables."""

    name: str
    kind: str
    api: str
    sentence: str
    clauses: tuple[str, ...] = ()
    target: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_variant(self) -> bool:
        """Whether the suite must pass it."""
        return self.kind == VARIANT

    def start(self, fork_server: ForkServer) -> SandboxProcess:
        """Its sandbox, which may still be starting."""
        return SandboxProcess.start([f"--{'variant' if self.is_variant else 'defect'}", self.name], fork_server.spawn)

    def tables(self, own: Mapping[str, Any]) -> dict[str, Any]:
        """The target file of its running sandbox."""
        return merged(own, self.target)


def all_platforms(*, whole: bool = False) -> tuple[Platform, ...]:
    """Every variant and every defect of the core, or of the whole catalogue; UsageError if it can't be read."""
    command = [sys.executable, "-m", "proof.matrix.platforms", *(["--whole"] if whole else [])]
    told = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=False)  # noqa: S603 (ours)
    if told.returncode:
        raise UsageError(f"the catalogue of defects can't be read:\n{told.stderr.strip()}")
    return tuple(Platform(**{**one, "clauses": tuple(one["clauses"])}) for one in json.loads(told.stdout))


def catalogued(*, whole: bool) -> tuple[Platform, ...]:
    """The same, by importing the catalogue."""
    from proof import catalogue

    variants = [
        Platform(one.name, VARIANT, one.api, one.sentence, target=dict(one.target))
        for one in catalogue.variants(whole=whole)
    ]
    defects = [
        Platform(one.name, one.kind, one.api, one.sentence, tuple(one.clauses))
        for one in catalogue.defects(whole=whole)
    ]
    return (*variants, *defects)


def merged(own: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """The tables of a target file, with those of another laid over them, member by member."""
    both = dict(own)
    for key, value in over.items():
        below = both.get(key)
        both[key] = merged(below, value) if isinstance(value, Mapping) and isinstance(below, Mapping) else value
    return both


if __name__ == "__main__":
    print(json.dumps([asdict(one) for one in catalogued(whole="--whole" in sys.argv)]))
