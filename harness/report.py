"""``python -m harness.report``: makes the HTML report from the results of a run."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from harness.evidence.allure_html import HISTORY, OLDEST_NODE, REPORT, RESULTS, Unavailable, displayed, make_report


def main(arguments: list[str] | None = None) -> int:
    """Make the report. Status 0 even if this machine can't make it: the results are kept. Status 4 without results."""
    parser = argparse.ArgumentParser(prog="python -m harness.report", description=__doc__)
    parser.add_argument("--results", type=Path, default=RESULTS, help="the folder that pytest --alluredir wrote")
    parser.add_argument("--output", type=Path, default=REPORT, help="the HTML file to write")
    parser.add_argument("--history", type=Path, default=HISTORY, help="the file that remembers earlier runs")
    options = parser.parse_args(arguments)
    if not any(options.results.glob("*-result.json")):
        print(f"report: no results in {displayed(options.results)}; run the suite first (make run)", file=sys.stderr)
        return 4
    try:
        make_report(options.results, options.output, options.history)
    except Unavailable as why:
        print(
            f"report: no HTML was made, because {why}. The results are kept in {displayed(options.results)}:"
            f" make report makes the HTML once Node.js {OLDEST_NODE} or later and npm are installed"
        )
        return 0
    print(f"report: {displayed(options.output)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
