"""``python -m proof``: the suite against every defect and every harmless variant; the figures, and three reports.

The exit status: 0 every defect is caught and no variant raises an alarm; 1 otherwise; 4 usage; 130 ended by Ctrl-C;
75 if the suite is not green on the true sandbox, so that nothing can be said.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import pytest

from harness.failures import UsageError
from harness.gherkin.tags import ledger
from harness.suite_commit import ROOT, commit
from proof.matrix import report
from proof.matrix.matrix import Matrix, Round, Tried
from proof.matrix.platforms import VARIANT, Platform, all_platforms

WALKS: Final = 1  # in each round; a run takes more
_INTERRUPTED: Final = 130
_USAGE: Final = 4
_ENVIRONMENT: Final = 75
_TOLD_EVERY: Final = 10


def main(words: Sequence[str]) -> int:
    """Run the matrix, or the part asked for; returns the exit status."""
    chosen = arguments().parse_args(words)
    try:
        platforms = selected(all_platforms(whole=chosen.whole or bool(chosen.only)), chosen.only, chosen.kind)
    except UsageError as error:
        print(f"proof: {error}", file=sys.stderr)
        return _USAGE
    if chosen.list:
        for platform in platforms:
            print(f"{platform.name:45} {platform.kind:15} {platform.api:10} {' '.join(platform.clauses)}")
        return 0
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    os.chdir(ROOT)
    part = chosen.only or chosen.kind or chosen.features
    return _run(platforms, chosen, "proof-part" if part else "proof-whole" if chosen.whole else "proof")


def arguments() -> argparse.ArgumentParser:
    """The flags with their defaults."""
    parser = argparse.ArgumentParser(
        prog="python -m proof", description="Run the suite against every defect and every harmless variant."
    )
    parser.add_argument("--only", nargs="+", metavar="NAME", default=[], help="these defects and variants")
    parser.add_argument("--kind", action="append", metavar="KIND", default=[], help="this class (variant for variants)")
    parser.add_argument("--features", nargs="+", metavar="PATH", default=[], help="these features only (default: all)")
    parser.add_argument("--whole", action="store_true", help="the whole catalogue, not its core")
    parser.add_argument("--list", action="store_true", help="name them, run nothing")
    parser.add_argument("--walks", type=int, default=WALKS, metavar="N", help=f"walks a round (default: {WALKS})")
    return parser


def selected(platforms: Sequence[Platform], names: Sequence[str], kinds: Sequence[str]) -> tuple[Platform, ...]:
    """Those of these names and classes; UsageError if there is no such name or class."""
    for word, known in ((names, {one.name for one in platforms}), (kinds, {one.kind for one in platforms})):
        unknown = [name for name in word if name not in known]
        if unknown:
            raise UsageError(f"there is no {unknown[0]!r}; see: python -m proof --list")
    return tuple(one for one in platforms if (not names or one.name in names) and (not kinds or one.kind in kinds))


def _run(platforms: tuple[Platform, ...], chosen: argparse.Namespace, name: str) -> int:
    began = time.monotonic()
    loop = _Loop(longest_first(platforms, report.seconds_of_last()), chosen.walks)
    print(f"a green round on the true sandbox, then {len(platforms)} platforms; {os.cpu_count()} cores", flush=True)
    status = pytest.main(_pytest_words(chosen.features or _features_of(platforms)), plugins=[loop])
    if status == pytest.ExitCode.INTERRUPTED:
        print("proof: ended before the matrix was whole", file=sys.stderr)
        return _INTERRUPTED
    if loop.forking is None or status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        return int(status) or _USAGE
    if loop.forking.fault:
        print(f"proof: {loop.forking.fault}", file=sys.stderr)
        return _ENVIRONMENT
    matrix = _matrix(platforms, loop, time.monotonic() - began)
    report.write(matrix, name)
    lines = report.part_lines(matrix) if chosen.only else report.lines(matrix)
    print("\n".join(["", *lines, f"reports: reports/{name}.html, .md, .json"]), flush=True)
    return 0 if matrix.sound else 1


class _Loop:
    """A pytest plugin that runs the matrix in the place of a run.

    What it needs of the harness is imported only then: pytest must be the first to import its plugins, or their
    assertions say less than in a run.
    """

    def __init__(self, platforms: Sequence[Platform], walks: int) -> None:
        """``walks`` is the number of random walks over an API, the one thing that may differ from a run."""
        self.walks = walks
        self.seed = 0
        self.forking: Any = None
        self._platforms = platforms

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        """Set the number of walks."""
        config.option.walks = self.walks

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Run the matrix, if the features could be collected."""
        from proof.matrix.forking import Forking

        if session.testsfailed or not session.items:
            return None
        self.forking = Forking(self._platforms, _Progress(len(self._platforms)))
        self.seed = session.config.option.walk_seed
        with _silenced(session.config):
            self.forking.run(session.items)
        return True


@contextlib.contextmanager
def _silenced(config: pytest.Config) -> Iterator[None]:
    """Say nothing of single scenarios, which are tens of thousands, nor of the green round; only of what ends us."""
    writer = config.pluginmanager.get_plugin("terminalreporter")._tw
    shown, writer._file = writer._file, io.StringIO()
    try:
        yield
    except Exception:
        writer._file = shown
        raise


def _features_of(platforms: Sequence[Platform]) -> list[str]:
    """Return the folder of features to run if all platforms differ in the same API; else none, which means all."""
    apis = {platform.api for platform in platforms}
    return [f"features/{apis.pop()}"] if len(apis) == 1 and apis <= {"alfred", "walletapi"} else []


def _pytest_words(features: Sequence[str]) -> list[str]:
    # Output is captured in memory, since a file would be shared by all rounds, and no tracebacks are drawn; all else is
    # as in a run.
    unneeded = [f"-pno:{plugin}" for plugin in ("xdist", "cacheprovider")]
    return [*(features or ("features",)), "-qq", "--no-header", "--capture=sys", "--tb=no", *unneeded]


def _matrix(platforms: Sequence[Platform], loop: _Loop, seconds: float) -> Matrix:
    tried = [
        Tried(one.name, one.kind, one.api, one.sentence, one.clauses, loop.forking.rounds[one.name])
        for one in platforms
    ]
    return Matrix(
        scenarios=loop.forking.scenarios,
        clauses={clause: line.text for clause, line in ledger().items()},
        defects=tuple(one for one in tried if one.kind != VARIANT),
        variants=tuple(one for one in tried if one.kind == VARIANT),
        green=loop.forking.green,
        seconds=seconds,
        walks=loop.walks,
        about={
            "commit": commit(),
            "time": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
            "cores": str(os.cpu_count()),
            "walk seed": str(loop.seed),
        },
    )


def longest_first(platforms: Sequence[Platform], seconds: dict[str, float]) -> list[Platform]:
    """In the order of their last rounds' length, so that the end does not wait for one.

    Before there are lengths the variants come first, as they are in their file: the one that only waits leads it.
    """

    def key(platform: Platform) -> tuple[float, bool]:
        return -seconds.get(platform.name, float("inf")), not platform.is_variant

    return sorted(platforms, key=key)


class _Progress:
    """Says how far it is, and names at once what a person will want to look at."""

    def __init__(self, platforms: int) -> None:
        self._all = platforms
        self._began = time.monotonic()

    def __call__(self, done: int, platform: Platform, came: Round) -> None:
        tried = Tried(platform.name, platform.kind, platform.api, platform.sentence, platform.clauses, came)
        for said in _remarks(tried, platform):
            print(f"  {said}", flush=True)
        if done % _TOLD_EVERY == 0 or done == self._all:
            print(f"{done} of {self._all} platforms in {time.monotonic() - self._began:.0f} s", flush=True)


def _remarks(tried: Tried, platform: Platform) -> list[str]:
    remarks = []
    if platform.is_variant and tried.alarms:
        remarks.append(f"FALSE ALARM on {tried.name}: {tried.alarms[0].scenario}")
    elif not platform.is_variant and not tried.catches:
        remarks.append(f"SURVIVED: {tried.name} ({tried.sentence})")
    if tried.round.cut_short:
        remarks.append(f"CUT SHORT: {tried.name}: {tried.round.cut_short.strip().splitlines()[-1]}")
    return remarks
