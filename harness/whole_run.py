"""A whole run, which leaves the verdict and the reports in reports/latest/: ``python -m harness.run``.

The exit status is that of the verdict (docs/verdict.md). All other arguments are options of pytest.
"""

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from harness import report
from harness.processes.exit_status import MEANINGS, Status
from harness.processes.signals import Signals
from harness.run_folder import REPORTS, RESULTS, VERDICT, displayed, new_folder
from harness.verdict.decision.verdict import read_verdict, without_run
from harness.verdict.output.step_summary import append_step_summary
from harness.verdict.output.writing import write

ROOT: Final = Path(__file__).resolve().parent.parent


def main(arguments: list[str] | None = None) -> int:
    """Run pytest with Allure, JUnit and summary, make the HTML, and return the status of the verdict."""
    given = sys.argv[1:] if arguments is None else arguments
    with ExitStack() as stack:
        signals = stack.enter_context(Signals())
        if "--plan" in given:
            return run_pytest(signals, given)
        try:
            folder, lock = stack.enter_context(new_folder(REPORTS))
        except OSError as error:
            print(f"reports: none is written, because {displayed(REPORTS)} can't be: {error.strerror}", flush=True)
            status = run_pytest(signals, given)
        else:
            written_to = (f"--alluredir={folder / RESULTS}", f"--run-folder={folder}")
            status = _finished(signals, folder, run_pytest(signals, [*given, *written_to], lock))
            if status == Status.HOLDS and not (folder / VERDICT).is_file():
                return status  # --help and the like run nothing
    if status in set(Status):
        print(f"status {status}, {Status(status).words}: {MEANINGS[Status(status)]}", flush=True)
    return status


def _finished(signals: Signals, folder: Path, status: int) -> int:
    """Write all files that are made from the verdict. If a run has begun and has no verdict, pytest was killed."""
    verdict = read_verdict(folder)
    if verdict is None and status != Status.HOLDS:
        verdict = without_run(Status(status), MEANINGS[Status(status)])
        for line in (*write(verdict, folder, latest=True), *append_step_summary(verdict)):
            print(line, flush=True)
    if verdict and not verdict.finished:
        status = status if status == Status.INTERRUPTED else Status.SUITE_FAULT
        print(verdict.headline, flush=True)
    if any((folder / RESULTS).glob("*-result.json")):
        _make_report(signals, folder)
    if verdict:
        print(f"summary: {displayed(folder / 'summary.md')}", flush=True)
    return status


def _make_report(signals: Signals, folder: Path) -> None:
    try:
        if not signals.sent:
            report.main(["--results", str(folder / RESULTS)])
    except KeyboardInterrupt:
        pass  # the verdict stays
    if signals.sent:
        print("report: none was made, because the run was interrupted; run make report to create it", flush=True)


def run_pytest(signals: Signals, arguments: list[str], lock: int | None = None) -> int:
    """Run pytest over the features and return its exit status. pytest ends the sandbox, also after a signal.

    ``lock`` is a file descriptor that pytest inherits.
    """
    names = [
        argument
        for argument in arguments
        if not argument.startswith("-") and Path(argument.partition("::")[0]).exists()
    ]
    optimized = ["-O"] if sys.flags.optimize else []  # pytest refuses it
    pytest = [sys.executable, *optimized, "-m", "harness.processes.run_pytest"]
    inherited = () if lock is None else (lock,)
    return signals.run([*pytest, *([] if names else ["features"]), *arguments], ROOT, inherited)
