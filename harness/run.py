"""A whole run for people and pipelines: ``python -m harness.run``, which leaves verdict and report in reports/.

The exit status is pytest's (README, Reading the result); whatever else is given goes to pytest.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Final

from harness import report

ROOT: Final = Path(__file__).resolve().parent.parent
REPORTS: Final = ROOT / "reports"
_INTERRUPTED: Final = 130


def main(arguments: list[str] | None = None) -> int:
    """Run pytest with all evidence on, then make the HTML; answers pytest's exit status."""
    given = sys.argv[1:] if arguments is None else arguments
    results = fresh(report.RESULTS)
    status = judged([*given, f"--alluredir={results}", f"--junitxml={REPORTS / 'junit.xml'}", *_summary(given)])
    if any(results.glob("*-result.json")):
        report.main([])
    if (REPORTS / "summary.md").is_file():
        print("summary: reports/summary.md", flush=True)
    return status


def fresh(directory: Path) -> Path:
    """An empty directory for results: a new one, since files made where many were just deleted are slow to make."""
    for old in REPORTS.glob(f"{directory.name}*"):
        shutil.rmtree(old, ignore_errors=True)
    for name in ("junit.xml", "summary.md", "report.html"):
        (REPORTS / name).unlink(missing_ok=True)
    directory.mkdir(parents=True, exist_ok=True)
    return directory


def judged(arguments: list[str]) -> int:
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
