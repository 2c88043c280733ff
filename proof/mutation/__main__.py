"""Mutation testing of the sandbox with cosmic-ray: ``python -m proof.mutation`` (make mutate).

The tests are the features. A run can be interrupted and resumed: results are in reports/mutation.sqlite. Each worker
has its own clone of the repository, so the tree must be committed. proof/survivors.toml lists the equivalent mutants:
those that survive because no caller can observe them, each with the reason.
"""

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
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Final

from proof.mutation import parts
from proof.mutation.mutants import Mutant, read_mutants, sample
from proof.mutation.parts import ROOT

SESSION: Final = ROOT / "reports" / "mutation.sqlite"
SURVIVORS: Final = ROOT / "proof" / "survivors.toml"
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
MIN_SCORE: Final = 95.0  # percent
_TIMEOUT: Final = 90.0  # seconds
_USAGE: Final = 4
_INTERRUPTED: Final = 130


def main() -> int:
    """Try the mutants that are left, and print the score. Return 0 if it is at least 95 percent."""
    options = arguments().parse_args()
    if options.fresh:
        parts.forget(SESSION)
    if SESSION.is_file():
        parts.gather(SESSION)
        if session_checksum() != modules_checksum():
            print("mutation: the modules have changed since the session was started: use --fresh", file=sys.stderr)
            return _USAGE
        if options.again:
            equivalent = equivalent_mutants()
            forget(each for each in read_mutants(SESSION) if each.survived and each.place not in equivalent)
    if not options.report:
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that no process is left behind
        try:
            try_mutants(options.workers, options.sample)
        except KeyboardInterrupt:
            print("mutation: interrupted; the next run resumes here", file=sys.stderr)
            return _INTERRUPTED
    if not SESSION.is_file():
        print("mutation: there are no results yet", file=sys.stderr)
        return _USAGE
    chosen = sample(SESSION, options.sample) if options.sample else None
    return report([each for each in read_mutants(SESSION) if chosen is None or each.job in chosen])


def arguments() -> argparse.ArgumentParser:
    """Return the parser of the flags."""
    parser = argparse.ArgumentParser(prog="python -m proof.mutation", description="Mutation testing of the sandbox.")
    parser.add_argument("--workers", type=int, default=2, help="how many mutants at a time (2)")
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="only N random mutants, always the same")
    parser.add_argument("--report", action="store_true", help="print the results so far, try nothing")
    parser.add_argument("--again", action="store_true", help="try survivors again that are not in survivors.toml")
    parser.add_argument("--fresh", action="store_true", help="start a new session")
    return parser


def try_mutants(workers: int, size: int) -> None:
    """Try every mutant of the session that has no result; with a ``size``, those of a random sample."""
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        configuration = Path(folder, "cosmic-ray.toml")
        configuration.write_text(cosmic_ray_configuration(), encoding="utf-8")
        SESSION.parent.mkdir(exist_ok=True)
        if not SESSION.is_file():
            run_tool("cosmic-ray", "init", str(configuration), str(SESSION))
            run_tool("cr-filter-operators", str(SESSION), str(configuration))
            session_checksum(modules_checksum())
        forget(mutant for mutant in read_mutants(SESSION) if mutant.outcome == "abnormal")
        chosen: Collection[str] | None = sample(SESSION, size) if size else None
        parts.work(SESSION, configuration, Path(folder), workers, chosen)
    print(f"{(time.monotonic() - start) / 60:.0f} minutes")


def modules_checksum() -> int:
    texts = b"".join((ROOT / "sandbox" / f"{name}.py").read_bytes() for name in MODULES)
    return zlib.crc32(texts) & 0x7FFFFFFF


def session_checksum(new: int | None = None) -> int:
    """Return the checksum of the modules that the session was started with; with ``new``, set it."""
    with contextlib.closing(sqlite3.connect(SESSION)) as database:
        if new is not None:
            database.execute(f"PRAGMA user_version = {new}")
        ((checksum,),) = database.execute("PRAGMA user_version")
        return int(checksum)


def forget(mutants: Iterable[Mutant]) -> None:
    """Delete the results of mutants, so that they are tried again."""
    with contextlib.closing(sqlite3.connect(SESSION)) as database, database:
        database.executemany("DELETE FROM work_results WHERE job_id = ?", [(mutant.job,) for mutant in mutants])


def equivalent_mutants() -> dict[str, str]:
    """Return the places of the mutants that no caller can observe, with the reasons."""
    return tomllib.loads(SURVIVORS.read_text(encoding="utf-8")) if SURVIVORS.is_file() else {}


def cosmic_ray_configuration() -> str:
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


def report(mutants: list[Mutant]) -> int:
    """Print the score, and every survivor that survivors.toml does not list. Return the exit status."""
    equivalent = equivalent_mutants()
    survivors = [mutant for mutant in mutants if mutant.survived]
    unexplained = [mutant for mutant in survivors if mutant.place not in equivalent]
    killed, skipped, failed = (
        sum(mutant.outcome == outcome for mutant in mutants) for outcome in ("killed", "skipped", "abnormal")
    )
    score = 100.0 * killed / max(1, killed + len(unexplained))
    for mutant in unexplained:
        print(f"\nsurvived, not in {SURVIVORS.name}: {mutant.place} (line {mutant.line})\n{mutant.diff}")
    print(
        f"\n{killed + len(survivors)} mutants tried, {skipped} in annotations left out, {failed} to be tried again;"
        f" {killed} killed, {len(survivors) - len(unexplained)} equivalent, {len(unexplained)} survived:"
        f" score {score:.1f} %"
    )
    return 0 if score >= MIN_SCORE and not failed else 1


def run_tool(name: str, *flags: str) -> None:
    """Run a tool of cosmic-ray."""
    subprocess.run([parts.tool(name), *flags], check=True, cwd=ROOT)  # noqa: S603 - a fixed command


if __name__ == "__main__":
    sys.exit(main())
