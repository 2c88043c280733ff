"""Mutation testing by cosmic-ray, with the features as its tests: ``python -m proof.mutation.__main__`` (make mutate).

Resumable: what was done is in reports/mutation.sqlite. Each worker tries its mutants in a clone of its own, so
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
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from proof.mutation import parts
from proof.mutation.parts import ROOT

SESSION: Final = ROOT / "reports" / "mutation.sqlite"
EXCUSED: Final = ROOT / "proof" / "survivors.toml"
MODULES: Final = (
    "ledger/postings",
    *(
        f"{api}/{path.stem}"
        for api in ("alfred", "walletapi")
        for path in sorted((ROOT / "sandbox" / api).glob("[!_]*.py"))
    ),
)
# Every | in these modules is in an annotation, which is never evaluated.
ANNOTATIONS: Final = ("core/ReplaceBinaryOperator_BitOr_.*",)
SCORE: Final = 95.0
_TIMEOUT: Final = 90.0


@dataclass(frozen=True)
class Mutant:
    """One change of one place in one module, and whether the features noticed; ``job`` is its name in the session."""

    job: str
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
    parser.add_argument("--again", action="store_true", help="try again what survived without a reason")
    parser.add_argument("--fresh", action="store_true", help="begin anew")
    options = parser.parse_args()
    if options.fresh:
        parts.forget(SESSION)
    if SESSION.is_file():
        parts.gather(SESSION)
        if session_mark() != modules_mark():
            print("mutation: the modules have changed since the session began: use --fresh", file=sys.stderr)
            return 4
        if options.again:
            reasons = excused()
            forget(mutant for mutant in read() if mutant.outcome == "survived" and mutant.place not in reasons)
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
            session_mark(modules_mark())
        # Of those whose worker failed nothing was learnt.
        forget(mutant for mutant in read() if mutant.outcome == "abnormal")
        parts.work(SESSION, configuration, Path(folder), workers)
    print(f"tried in {(time.monotonic() - began) / 60:.0f} minutes")


def modules_mark() -> int:
    """Return a number that changes with the modules."""
    texts = b"".join((ROOT / "sandbox" / f"{name}.py").read_bytes() for name in MODULES)
    return zlib.crc32(texts) & 0x7FFFFFFF


def session_mark(new: int | None = None) -> int:
    """The number of the modules that the session is about; with ``new``, from now on."""
    with contextlib.closing(sqlite3.connect(SESSION)) as database:
        if new is not None:
            database.execute(f"PRAGMA user_version = {new}")
        ((mark,),) = database.execute("PRAGMA user_version")
        return int(mark)


def forget(mutants: Iterable[Mutant]) -> None:
    """Have them tried again."""
    with contextlib.closing(sqlite3.connect(SESSION)) as database, database:
        database.executemany("DELETE FROM work_results WHERE job_id = ?", [(mutant.job,) for mutant in mutants])


def excused() -> dict[str, str]:
    """Why no caller could tell, by the mutants' places."""
    return tomllib.loads(EXCUSED.read_text(encoding="utf-8")) if EXCUSED.is_file() else {}


def configured() -> str:
    """The configuration of cosmic-ray."""
    modules = [f"sandbox/{name}.py" for name in MODULES]
    return "\n".join(
        [
            "[cosmic-ray]",
            f"module-path = {modules!r}",
            f"timeout = {_TIMEOUT}",
            "excluded-modules = []",
            f"test-command = '{sys.executable} -m proof.mutation.mutant'",
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
        SELECT job_id, module_path, start_pos_row, operator_name, occurrence, worker_outcome, test_outcome, diff
        FROM mutation_specs JOIN work_results USING (job_id) ORDER BY module_path, start_pos_row, operator_name"""
    with sqlite3.connect(SESSION) as database:
        rows = database.execute(query).fetchall()
    return [
        Mutant(
            job,
            module.removeprefix("sandbox/").removesuffix(".py"),
            line,
            operator,
            occurrence,
            outcome(worker, test),
            diff or "",
        )
        for job, module, line, operator, occurrence, worker, test, diff in rows
    ]


def outcome(worker: str, test: str | None) -> str:
    """killed, survived, skipped by a filter, or abnormal if the worker failed."""
    if worker == "SKIPPED":
        return "skipped"
    return test.lower() if worker == "NORMAL" and test in ("KILLED", "SURVIVED") else "abnormal"


def told(mutants: list[Mutant]) -> int:
    """Print the score and every survivor that has no reason yet."""
    reasons = excused()
    told_of = [mutant for mutant in mutants if mutant.outcome in ("killed", "survived")]
    survivors = [mutant for mutant in told_of if mutant.outcome == "survived"]
    open_ones = [mutant for mutant in survivors if mutant.place not in reasons]
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
    subprocess.run([parts.tool(name), *arguments], check=True, cwd=ROOT)  # noqa: S603 - a fixed command


if __name__ == "__main__":
    sys.exit(main())
