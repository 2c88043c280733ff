"""``python -m harness.report``: makes the HTML report from the results of a run."""

import argparse
import sys
from contextlib import suppress
from pathlib import Path

from harness.evidence.allure_html import HISTORY, Unavailable, make_report
from harness.evidence.labels import label_causes
from harness.foreign_text import one_line
from harness.run_folder import REPORTS, RESULTS, displayed, latest
from harness.verdict.decision.verdict import Verdict, read_verdict


def main(arguments: list[str] | None = None) -> int:
    """Make the report. Status 0 even if this machine can't make it: the results are kept. Status 4 without results."""
    parser = argparse.ArgumentParser(prog="python -m harness.report", description=__doc__)
    parser.add_argument(
        "--results", type=Path, help="the folder that pytest --alluredir wrote; the latest run's if none"
    )
    parser.add_argument("--output", type=Path, help="the HTML file to write; report.html beside the results if none")
    parser.add_argument("--history", type=Path, default=HISTORY, help="the file that remembers earlier runs")
    options = parser.parse_args(arguments)
    results = (options.results or (latest(REPORTS) or REPORTS) / RESULTS).resolve()
    output = options.output or results.parent / "report.html"
    if not any(results.glob("*-result.json")):
        print(f"report: no results in {displayed(results)}; run the suite first (make run)", file=sys.stderr)
        return 4
    verdict = read_verdict(results.parent)
    if verdict:
        describe(results, verdict)
        with suppress(OSError):
            label_causes(
                results, {name: f"{one.clause} {one.text}" for one in verdict.causes for name in one.scenarios}
            )
    try:
        make_report(results, output, options.history)
    except Unavailable as why:
        print(f"report: no HTML was made ({why}). The results are kept in {displayed(results)}: {why.remedy}")
        return 0
    print(f"report: {displayed(output)}")
    return 0


def describe(results: Path, verdict: Verdict) -> None:
    """Put the verdict on the front page of the report."""
    place = results / "environment.properties"
    about = {"Verdict": verdict.headline, "Status": f"{verdict.status} {verdict.name}"}
    with suppress(OSError):
        kept = [line for line in _lines(place) if line.partition(" =")[0] not in about]
        place.write_text("\n".join([*kept, *(f"{name} = {one_line(text)}" for name, text in about.items())]), "utf-8")


def _lines(place: Path) -> list[str]:
    return place.read_text("utf-8").splitlines() if place.is_file() else []


if __name__ == "__main__":
    sys.exit(main())
