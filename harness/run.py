"""``python -m harness.run``: a whole run, which leaves the verdict and the reports in reports/.

The exit status is pytest's (docs/results.md). All other arguments are options of pytest.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Final

from harness import report
from harness.evidence.allure_html import RESULTS

ROOT: Final = Path(__file__).resolve().parent.parent
REPORTS: Final = ROOT / "reports"
_INTERRUPTED: Final = 130


def main(arguments: list[str] | None = None) -> int:
    """Run pytest with Allure, JUnit and summary, make the HTML, and return the exit status of pytest."""
    given = sys.argv[1:] if arguments is None else arguments
    results = fresh(RESULTS)
    status = run_pytest([*given, f"--alluredir={results}", f"--junitxml={REPORTS / 'junit.xml'}", *_summary(given)])
    if any(results.glob("*-result.json")):
        report.main([])
    if (REPORTS / "summary.md").is_file():
        print("summary: reports/summary.md", flush=True)
    return status


def fresh(directory: Path) -> Path:
    """Return a new directory for the results, and delete what an earlier run left."""
    for old in REPORTS.glob(f"{directory.name}*"):
        shutil.rmtree(old, ignore_errors=True)
    for name in ("junit.xml", "summary.md", "report.html"):
        (REPORTS / name).unlink(missing_ok=True)
    directory.mkdir(parents=True, exist_ok=True)
    return directory


def run_pytest(arguments: list[str]) -> int:
    """Run pytest over the features and return its exit status. pytest handles Ctrl-C, and ends the sandbox."""
    names = [
        argument
        for argument in arguments
        if not argument.startswith("-") and Path(argument.partition("::")[0]).exists()
    ]
    command = [sys.executable, "-m", "pytest", *([] if names else ["features"]), *arguments]
    process = subprocess.Popen(command, cwd=ROOT)  # noqa: S603 - pytest, with what the person asked for
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.wait()
        return _INTERRUPTED
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait()


def _summary(given: list[str]) -> list[str]:
    return (
        [] if any(argument.startswith("--summary") for argument in given) else [f"--summary={REPORTS / 'summary.md'}"]
    )


if __name__ == "__main__":
    sys.exit(main())
