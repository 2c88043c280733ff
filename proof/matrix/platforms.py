"""The platforms of the matrix: sandboxes with one defect or one harmless difference, each in its own process.

The catalogue is read in another process, so that the process that runs scenarios never imports a defect.
"""

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
    """A defect or a variant. ``target`` replaces members of the sandbox's target tables."""

    name: str
    kind: str
    api: str
    sentence: str
    clauses: tuple[str, ...] = ()
    target: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_variant(self) -> bool:
        return self.kind == VARIANT

    def start(self, fork_server: ForkServer) -> SandboxProcess:
        """Start its sandbox without waiting for it."""
        return SandboxProcess.start([f"--{'variant' if self.is_variant else 'defect'}", self.name], fork_server.spawn)

    def tables(self, own: Mapping[str, Any]) -> dict[str, Any]:
        """Return the target tables, given those of its sandbox."""
        return merged(own, self.target)


def all_platforms(*, whole: bool = False, pairs: int = 0) -> tuple[Platform, ...]:
    """Return the variants and defects of the core, or of the whole catalogue. UsageError if they can't be read.

    ``pairs``: return so many pairs of defects instead.
    """
    options = [f"--pairs={pairs}"] if pairs else ["--whole"] if whole else []
    command = [sys.executable, "-m", "proof.matrix.platforms", *options]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=False)  # noqa: S603 (our own program)
    if done.returncode:
        raise UsageError(f"the catalogue of defects can't be read:\n{done.stderr.strip()}")
    return tuple(Platform(**{**one, "clauses": tuple(one["clauses"])}) for one in json.loads(done.stdout))


def catalogued(*, whole: bool) -> tuple[Platform, ...]:
    """Return the same by importing the catalogue."""
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


def paired(number: int) -> tuple[Platform, ...]:
    """Return pairs of defects by importing the catalogue."""
    from proof import catalogue

    return tuple(Platform(one.name, one.kind, one.api, one.sentence, one.clauses) for one in catalogue.pairs(number))


def merged(own: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Return target tables with members replaced by those of ``over``."""
    both = dict(own)
    for key, value in over.items():
        below = both.get(key)
        both[key] = merged(below, value) if isinstance(value, Mapping) and isinstance(below, Mapping) else value
    return both


if __name__ == "__main__":
    number = next((int(word.partition("=")[2]) for word in sys.argv if word.startswith("--pairs=")), 0)
    found = paired(number) if number else catalogued(whole="--whole" in sys.argv)
    print(json.dumps([asdict(one) for one in found]))
