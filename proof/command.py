"""``python -m proof``: run the suite on every defect and every harmless variant; print figures, write three reports.

Exit status: 0 if every defect is caught and no variant raises an alarm, otherwise 1; 4 for a usage error; 130 after
Ctrl-C; 75 if the suite is not green on the true sandbox, so that the matrix would mean nothing.
"""

import argparse
import contextlib
import io
import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

import pytest

from harness.failures import UsageError
from harness.gherkin.tags import ledger
from harness.installed.suite_commit import ROOT, commit
from harness.processes.signals import ending_with_reader
from proof.matrix import report
from proof.matrix.matrix import Matrix, PlatformResult, Round
from proof.matrix.platforms import VARIANT, Platform, all_platforms

# pytest must be the first to import harness.budget.depth, its plugin.
DEPTHS: Final = ("quick", "full", "deep")
WALKS: Final = 1  # in each round; a run has more
_INTERRUPTED: Final = 130
_USAGE: Final = 4
_ENVIRONMENT: Final = 75
_PROGRESS_EVERY: Final = 10  # platforms


def main(words: Sequence[str]) -> int:
    """Run the matrix, or a part of it, and return the exit status."""
    options = arguments().parse_args(words)
    try:
        every = all_platforms(whole=options.whole or bool(options.only), pairs=options.pairs)
        platforms = selected(every, options.only, options.kind)
    except UsageError as error:
        print(f"proof: {error}", file=sys.stderr)
        return _USAGE
    if options.list:
        with ending_with_reader():
            for platform in platforms:
                print(f"{platform.name:45} {platform.kind:15} {platform.api:10} {' '.join(platform.clauses)}")
        return 0
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    os.chdir(ROOT)
    part = options.only or options.kind or options.features
    name = "proof-pairs" if options.pairs else "proof-part" if part else "proof-whole" if options.whole else "proof"
    return _run(platforms, options, name if options.depth == DEPTHS[0] else f"{name}-{options.depth}")


def arguments() -> argparse.ArgumentParser:
    """Return the parser of the flags."""
    parser = argparse.ArgumentParser(
        prog="python -m proof", description="Run the suite on every defect and every harmless variant."
    )
    parser.add_argument("--only", nargs="+", metavar="NAME", default=[], help="these defects and variants")
    parser.add_argument("--kind", action="append", metavar="KIND", default=[], help="this class (variant for variants)")
    parser.add_argument("--features", nargs="+", metavar="PATH", default=[], help="these features only (default: all)")
    parser.add_argument("--whole", action="store_true", help="the whole catalogue instead of its core")
    parser.add_argument("--pairs", type=int, default=0, metavar="N", help="N platforms with two defects each, instead")
    parser.add_argument("--list", action="store_true", help="print the names, run nothing")
    parser.add_argument("--depth", choices=DEPTHS, default=DEPTHS[0], help="of each round (default: quick)")
    parser.add_argument(
        "--walks", type=int, metavar="N", help=f"random walks per round (quick: {WALKS}, else as in a run)"
    )
    return parser


def selected(platforms: Sequence[Platform], names: Sequence[str], kinds: Sequence[str]) -> tuple[Platform, ...]:
    """Return the platforms of these names and classes. UsageError for an unknown name or class."""
    for given, known in ((names, {one.name for one in platforms}), (kinds, {one.kind for one in platforms})):
        unknown = [name for name in given if name not in known]
        if unknown:
            raise UsageError(f"there is no {unknown[0]!r}; see: python -m proof --list")
    return tuple(one for one in platforms if (not names or one.name in names) and (not kinds or one.kind in kinds))


def _run(platforms: tuple[Platform, ...], options: argparse.Namespace, name: str) -> int:
    start = time.monotonic()
    walks = options.walks or (WALKS if options.depth == DEPTHS[0] else 0)
    plugin = _MatrixPlugin(longest_first(platforms, report.seconds_of_last()), walks, options.depth)
    print(f"a green round on the true sandbox, then {len(platforms)} platforms; {os.cpu_count()} cores", flush=True)
    status = pytest.main(_pytest_arguments(options.features or _features_of(platforms)), plugins=[plugin])
    if status == pytest.ExitCode.INTERRUPTED:
        print("proof: interrupted before all rounds had ended", file=sys.stderr)
        return _INTERRUPTED
    if plugin.runner is None or status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        return int(status) or _USAGE
    if plugin.runner.fault:
        print(f"proof: {plugin.runner.fault}", file=sys.stderr)
        return _ENVIRONMENT
    matrix = _with_causes(_matrix(platforms, plugin, time.monotonic() - start), learns=name in ("proof", "proof-whole"))
    report.write(matrix, name)
    if options.pairs:
        from proof.causes.measuring import pair_lines

        breaks = {one.name: one.clauses for one in all_platforms(whole=True)}
        lines = pair_lines(matrix, breaks)
    else:
        lines = report.part_lines(matrix) if options.only else report.lines(matrix, part=name.startswith("proof-part"))
    print("\n".join(["", *lines, f"reports: reports/{name}.html, .md, .json"]), flush=True)
    return 0 if matrix.sound else 1


def _with_causes(matrix: Matrix, *, learns: bool) -> Matrix:
    """Add the likely causes of each defect. A run of the core or of the whole catalogue also writes patterns.json."""
    from proof.causes.learning import learn, write
    from proof.causes.measuring import causes_left_out, examples_of

    if not learns:
        return matrix
    examples = examples_of(matrix)
    write(learn(examples))
    return replace(matrix, causes=causes_left_out(examples))


class _MatrixPlugin:
    """A pytest plugin that runs the matrix instead of the tests.

    It imports the harness late: pytest must be the first to import its plugins, or assertion messages are shorter
    than in a run.
    """

    def __init__(self, platforms: Sequence[Platform], walks: int, depth: str) -> None:
        """``walks`` is the number of random walks over each API, if not as in a run of this depth."""
        self.walks = walks
        self.depth = depth
        self.seed = 0
        self.runner: Any = None
        self._platforms = platforms

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        from harness.run_state import WITHOUT_VERDICT

        config.option.walks = self.walks or None
        config.stash[WITHOUT_VERDICT] = True
        config.option.depth = self.depth

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Run the matrix unless the collection failed."""
        from proof.matrix.runner import UNTIL_CAUGHT, MatrixRunner, Pace

        if session.testsfailed or not session.items:
            return None
        # The rounds of a higher depth are long. Which scenarios catch a defect is measured at depth quick.
        pace = Pace() if self.depth == DEPTHS[0] else UNTIL_CAUGHT
        self.runner = MatrixRunner(self._platforms, _Progress(len(self._platforms)), pace)
        self.seed = session.config.option.walk_seed
        with _silenced(session.config):
            self.runner.run(session.items)
        return True


@contextlib.contextmanager
def _silenced(config: pytest.Config) -> Iterator[None]:
    """Hide pytest's output of the rounds' scenarios, which are tens of thousands. An exception is shown."""
    reporter: Any = config.pluginmanager.get_plugin("terminalreporter")
    writer = reporter._tw
    file, writer._file = writer._file, io.StringIO()
    try:
        yield
    except Exception:
        writer._file = file
        raise


def _features_of(platforms: Sequence[Platform]) -> list[str]:
    """Return the folder of features to run if all platforms differ in the same API; otherwise none, which means all."""
    apis = {platform.api for platform in platforms}
    return [f"features/{apis.pop()}"] if len(apis) == 1 and apis <= {"alfred", "walletapi"} else []


def _pytest_arguments(features: Sequence[str]) -> list[str]:
    # Output is captured in memory, because all rounds would share a file. Everything else is as in a run.
    unneeded = [f"-pno:{plugin}" for plugin in ("xdist", "cacheprovider")]
    return [*(features or ("features",)), "-qq", "--no-header", "--capture=sys", "--tb=no", *unneeded]


def _matrix(platforms: Sequence[Platform], plugin: _MatrixPlugin, seconds: float) -> Matrix:
    results = [_result(one, plugin.runner.rounds[one.name]) for one in platforms]
    return Matrix(
        scenarios=plugin.runner.scenarios,
        clauses={clause: line.text for clause, line in ledger().items()},
        defects=tuple(one for one in results if one.kind != VARIANT),
        variants=tuple(one for one in results if one.kind == VARIANT),
        green=plugin.runner.green,
        seconds=seconds,
        walks=plugin.walks,
        until_caught=plugin.depth != DEPTHS[0],
        about={
            "commit": commit(),
            "time": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
            "cores": str(os.cpu_count()),
            "walk seed": str(plugin.seed),
            "depth": plugin.depth,
            "calls": str(sum(scenario.calls for scenario in plugin.runner.scenarios)),
        },
    )


def _result(platform: Platform, round_: Round) -> PlatformResult:
    return PlatformResult(platform.name, platform.kind, platform.api, platform.sentence, platform.clauses, round_)


def longest_first(platforms: Sequence[Platform], seconds: dict[str, float]) -> list[Platform]:
    """Order the platforms by the duration of their last rounds, so that the end does not wait for a long one.

    Without durations the variants come first, in the order of the catalogue, which begins with one that mostly waits.
    """

    def key(platform: Platform) -> tuple[float, bool]:
        return -seconds.get(platform.name, float("inf")), not platform.is_variant

    return sorted(platforms, key=key)


class _Progress:
    """Prints how many rounds have ended, and at once what needs attention."""

    def __init__(self, platforms: int) -> None:
        self._platforms = platforms
        self._start = time.monotonic()

    def __call__(self, ended: int, platform: Platform, round_: Round) -> None:
        for remark in _remarks(_result(platform, round_), platform):
            print(f"  {remark}", flush=True)
        if ended % _PROGRESS_EVERY == 0 or ended == self._platforms:
            print(f"{ended} of {self._platforms} platforms in {time.monotonic() - self._start:.0f} s", flush=True)


def _remarks(result: PlatformResult, platform: Platform) -> list[str]:
    remarks = []
    if platform.is_variant and result.alarms:
        remarks.append(f"FALSE ALARM on {result.name}: {result.alarms[0].scenario}")
    elif not platform.is_variant and not result.catches:
        remarks.append(f"SURVIVED: {result.name} ({result.sentence})")
    if result.round.cut_short:
        remarks.append(f"CUT SHORT: {result.name}: {result.round.cut_short.strip().splitlines()[-1]}")
    return remarks
