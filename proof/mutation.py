"""Mutation testing by cosmic-ray, with the features as its tests: ``python -m proof.mutation`` (make mutate).

Resumable: what was done stands in reports/mutation.sqlite. Each worker tries its mutants in a clone of its own, so
the tree must be committed. What survives is compared with proof/survivors.toml, which gives for each the reason why no
caller could tell.
"""

from __future__ import annotations

import argparse
import contextlib
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from proof import shards
from proof.shards import ROOT

SESSION: Final = ROOT / "reports" / "mutation.sqlite"
EXCUSED: Final = ROOT / "proof" / "survivors.toml"
MODULES: Final = (
    "ledger",
    *(path.stem for path in sorted((ROOT / "sandbox").glob("*_*.py")) if path.stem[:6] in ("alfred", "wallet")),
)
# Every | in these modules stands in an annotation, which is never evaluated.
ANNOTATIONS: Final = ("core/ReplaceBinaryOperator_BitOr_.*",)
SCORE: Final = 95.0
_TIMEOUT: Final = 90.0


@dataclass(frozen=True)
class Mutant:
    """One change of one place in one module, and whether the features noticed."""

    module: str
    line: int
    operator: str
    occurrence: int
    outcome: str
    diff: str

    @property
    def place(self) -> str:
        """What names it in proof/survivors.toml: it holds while the module's order of such places does."""
        return f"{self.module}:{self.operator.removeprefix('core/')}:{self.occurrence}"


def main() -> int:
    """Do what is left of the session, then tell the score; 0 at 95 percent of the mutants that a caller could tell."""
    parser = argparse.ArgumentParser(prog="python -m proof.mutation", description=__doc__)
    parser.add_argument("--workers", type=int, default=2, help="how many mutants at a time (2)")
    parser.add_argument("--report", action="store_true", help="tell what was found so far, try nothing")
    parser.add_argument("--fresh", action="store_true", help="begin anew")
    options = parser.parse_args()
    if options.fresh:
        shards.forget(SESSION)
    if not options.report:
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # an end that leaves no process behind
        try:
            tried(options.workers)
        except KeyboardInterrupt:
            print("mutation: ended before all were tried; the next run goes on from here", file=sys.stderr)
            return 130
    if not SESSION.is_file():
        print("mutation: nothing was tried yet", file=sys.stderr)
        return 4
    return told(read())


def tried(workers: int) -> None:
    """Try every mutant of the session that was not tried yet."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        configuration = Path(folder, "cosmic-ray.toml")
        configuration.write_text(configured(), encoding="utf-8")
        SESSION.parent.mkdir(exist_ok=True)
        if not SESSION.is_file():
            command("cosmic-ray", "init", str(configuration), str(SESSION))
            command("cr-filter-operators", str(SESSION), str(configuration))
        shards.gather(SESSION)
        forget_abnormal()
        shards.work(SESSION, configuration, Path(folder), workers)
    print(f"tried in {(time.monotonic() - began) / 60:.0f} minutes")


def forget_abnormal() -> None:
    """Have those tried again whose worker failed: nothing was learnt of them."""
    with contextlib.closing(sqlite3.connect(SESSION)) as database, database:
        database.execute("DELETE FROM work_results WHERE worker_outcome = 'ABNORMAL'")


def configured() -> str:
    """The configuration of cosmic-ray."""
    modules = [f"sandbox/{name}.py" for name in MODULES]
    return "\n".join(
        [
            "[cosmic-ray]",
            f"module-path = {modules!r}",
            f"timeout = {_TIMEOUT}",
            "excluded-modules = []",
            f"test-command = '{sys.executable} -m proof.mutant'",
            "[cosmic-ray.distributor]",
            'name = "local"',
            "[cosmic-ray.filters.operators-filter]",
            f"exclude-operators = {list(ANNOTATIONS)!r}",
            "",
        ]
    )


def read() -> list[Mutant]:
    """Every mutant that was tried."""
    query = """
        SELECT module_path, start_pos_row, operator_name, occurrence, worker_outcome, test_outcome, diff
        FROM mutation_specs JOIN work_results USING (job_id) ORDER BY module_path, start_pos_row, operator_name"""
    with sqlite3.connect(SESSION) as database:
        rows = database.execute(query).fetchall()
    return [
        Mutant(Path(module).stem, line, operator, occurrence, outcome(worker, test), diff or "")
        for module, line, operator, occurrence, worker, test, diff in rows
    ]


def outcome(worker: str, test: str | None) -> str:
    """killed, survived, skipped by a filter, or abnormal where the worker failed."""
    if worker == "SKIPPED":
        return "skipped"
    return test.lower() if worker == "NORMAL" and test in ("KILLED", "SURVIVED") else "abnormal"


def told(mutants: list[Mutant]) -> int:
    """Print the score and every survivor that has no reason yet."""
    excused = tomllib.loads(EXCUSED.read_text(encoding="utf-8")) if EXCUSED.is_file() else {}
    told_of = [mutant for mutant in mutants if mutant.outcome in ("killed", "survived")]
    survivors = [mutant for mutant in told_of if mutant.outcome == "survived"]
    open_ones = [mutant for mutant in survivors if mutant.place not in excused]
    tellable = len(told_of) - (len(survivors) - len(open_ones))
    killed = len(told_of) - len(survivors)
    score = 100.0 * killed / max(1, tellable)
    for mutant in open_ones:
        print(f"\nsurvived, without a reason in {EXCUSED.name}: {mutant.place} (line {mutant.line})\n{mutant.diff}")
    skipped, failed = (sum(mutant.outcome == each for mutant in mutants) for each in ("skipped", "abnormal"))
    print(
        f"\n{len(told_of)} mutants tried, {skipped} in annotations left out, {failed} to be tried again;"
        f" {killed} killed,"
        f" {len(survivors) - len(open_ones)} that no caller could tell, {len(open_ones)} survived: score {score:.1f} %"
    )
    return 0 if score >= SCORE and not failed else 1


def command(name: str, *arguments: str) -> None:
    """Run a tool of cosmic-ray."""
    subprocess.run([shards.tool(name), *arguments], check=True, cwd=ROOT)  # noqa: S603 - a fixed command


if __name__ == "__main__":
    sys.exit(main())
