"""Measure the speed of the suite, and compare it with what is required; the exit status is 1 if a figure is missed."""

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks.workspace import ROOT, Workspace, workspace

FEW: Final = 20
MANY: Final = 220
MOST: Final = 2000
NOTHING_SELECTED: Final = 5


@dataclass(frozen=True)
class Figure:
    """A ratio, its limit (None: no requirement), and the two times that it was calculated from."""

    name: str
    ratio: float
    most: float | None
    parts: str

    @property
    def holds(self) -> bool:
        """Whether the requirement is kept."""
        return self.most is None or self.ratio <= self.most

    def __str__(self) -> str:
        """One line for a reader."""
        required = f"(at most {self.most:.2f})" if self.most else "(no requirement)"
        return f"{'kept' if self.holds else 'MISSED':6}  {self.ratio:5.2f}  {required:16}  {self.name}: {self.parts}"


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="how often each command is measured (default: 7)")
    rounds = parser.parse_args().rounds
    with workspace() as place:
        figures = [_scenario(place, rounds), *_starts(place, rounds), _growth(place, rounds)]
    print("\n".join(map(str, figures)))
    return 0 if all(figure.holds for figure in figures) else 1


def _scenario(place: Workspace, rounds: int) -> Figure:
    cost = _in_turns(
        rounds,
        {
            "bare": lambda: float(
                _run((sys.executable, "-m", "benchmarks.bare_loop", place.url, str(MANY - FEW))).stdout
            ),
            "suite": lambda: (_suite(place, MANY) - _suite(place, FEW)) / (MANY - FEW),
        },
    )
    parts = f"{cost['suite'] * 1000:.2f} ms against {cost['bare'] * 1000:.2f} ms in a bare httpx loop"
    return Figure("a scenario of four requests with its evidence", cost["suite"] / cost["bare"], 2.3, parts)


def _starts(place: Workspace, rounds: int) -> list[Figure]:
    none = ("-k", "no_scenario_is_called_so", f"--target={place.target}")
    cost = _in_turns(
        rounds,
        {
            "stock": lambda: _pytest(place, directory=place.stock),
            "read": lambda: _pytest(place, "features", "--collect-only"),
            "ready": lambda: _pytest(place, "features", *none, status=NOTHING_SELECTED),
        },
    )
    stock = f"against {cost['stock']:.3f} s of stock pytest with the same plugins and an empty scenario"
    return [
        Figure("starting pytest features", cost["read"] / cost["stock"], 1.8, f"{cost['read']:.3f} s {stock}"),
        Figure(
            "... and its target file read, its platform asked",
            cost["ready"] / cost["stock"],
            None,
            f"{cost['ready']:.3f} s",
        ),
    ]


def _growth(place: Workspace, rounds: int) -> Figure:
    def each(scenarios: int) -> float:
        return (_suite(place, scenarios) - _suite(place, 1)) / (scenarios - 1)

    cost = _in_turns(rounds, {"100": lambda: each(100), "2000": lambda: each(MOST)})
    parts = f"{cost['2000'] * 1000:.2f} ms each of {MOST} against {cost['100'] * 1000:.2f} ms each of 100"
    return Figure("growth of a scenario's cost", cost["2000"] / cost["100"], 1.1, parts)


def _in_turns(rounds: int, measures: Mapping[str, Callable[[], float]]) -> dict[str, float]:
    measured: dict[str, list[float]] = {name: [] for name in measures}
    for _ in range(rounds):
        for name, measure in measures.items():
            measured[name].append(measure())
    return {name: median(values) for name, values in measured.items()}


def _suite(place: Workspace, scenarios: int) -> float:
    return _pytest(place, str(place.features(scenarios)), f"--target={place.target}")


def _pytest(place: Workspace, *arguments: str, status: int = 0, directory: Path = ROOT) -> float:
    results = place.fresh_results()
    cache = f"-ocache_dir={place.directory / 'cache'}"
    nowhere = ("--reports=",) if directory == ROOT else ()
    command = (sys.executable, "-m", "pytest", "-q", *arguments, f"--alluredir={results}", cache, *nowhere)
    started = time.perf_counter()
    _run(command, status, directory)
    took = time.perf_counter() - started
    shutil.rmtree(results)
    return took


def _run(command: tuple[str, ...], status: int = 0, directory: Path = ROOT) -> subprocess.CompletedProcess[str]:
    # Where this is set, Python compiles the suite anew each time, and pytest's installed sources never.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(command, cwd=directory, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != status:
        raise SystemExit(
            f"{' '.join(command)} ended with {done.returncode}\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
        )
    return done


if __name__ == "__main__":
    sys.exit(main())
