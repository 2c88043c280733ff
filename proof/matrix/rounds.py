"""One round: run the collected scenarios again, in a forked process, on another platform.

The process knows an address and keys, as from a target file. No step can see which defect the platform has.
"""

import ctypes
import json
import os
import signal
import sys
import threading
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import IO, Any

import pytest

from harness.apis.alfred.browser import Browser
from harness.failures import EnvironmentFault
from harness.session.platform import use_target
from harness.target.reading import build_target
from harness.verdict.decision.results import Result
from harness.verdict.plugin import RESULTS
from proof.matrix.browsers import lend
from proof.matrix.matrix import Outcome, read_outcome

_PR_SET_PDEATHSIG = 1
_WORST = ("error", "usage", "broken", "environment", "skipped", "passed")
_REASON = 1500  # characters of a reason that are kept


def fork_round(
    items: Sequence[pytest.Item],
    tables: Mapping[str, Any],
    browser: Browser | None,
    output: IO[str],
    *,
    until_caught: bool = False,
) -> int:
    """Start a round on the platform of these target tables; return its process id. It writes one line per scenario.

    With ``until_caught`` it ends with the first scenario that finds a clause broken.
    """
    process = os.fork()
    if process:
        return process
    status = 1
    try:
        _prepare_child()
        _run_items(items, tables, browser, output, until_caught=until_caught)
        status = 0
    except BaseException:  # noqa: BLE001 - nothing may reach the code that the parent runs
        _write_line(output, {"crash": traceback.format_exc()})
    finally:
        os._exit(status)


def _prepare_child() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends this process
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _run_items(
    items: Sequence[pytest.Item],
    tables: Mapping[str, Any],
    browser: Browser | None,
    output: IO[str],
    *,
    until_caught: bool,
) -> None:
    config = items[0].config
    use_target(config, build_target("sandbox", tables))
    if browser is not None:
        lend(browser)
    for item, following in zip(items, (*items[1:], None), strict=True):
        _write_line(output, {"begun": item.nodeid})
        results = run_item(item, following)
        outcome = outcome_of(item.nodeid, results)
        _write_line(output, _as_line(outcome))
        if until_caught and outcome.catches:
            return


def run_item(item: pytest.Item, following: pytest.Item | None) -> list[Result]:
    """Run one scenario as pytest does, and return its results."""
    results = item.config.stash[RESULTS]
    before = len(results)
    item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
    return results[before:]


def outcome_of(name: str, results: Sequence[Result]) -> Outcome:
    """Return the outcome of a scenario from its results: that of the call, and that of the teardown if it failed."""
    if not results:
        return Outcome(name, "error", reason="it has no result")
    worst = min(results, key=lambda result: _WORST.index(result.kind))
    broken = {clause: reason for result in results for clause, reason in result.broken.items()}
    return Outcome(
        name,
        worst.kind,
        tuple(broken),
        "\n".join(broken.values()) or worst.reason,
        tuple(replace(one, documented="", received="") for result in results for one in result.violations),
        tuple(dict.fromkeys(operation for result in results for operation in result.operations)),
        max(result.calls for result in results),
    )


def _as_line(outcome: Outcome) -> dict[str, Any]:
    if outcome.kind == "passed":
        return asdict(Outcome(outcome.scenario, outcome.kind, outcome.broken))
    return asdict(replace(outcome, reason=outcome.reason[:_REASON]))


def _write_line(output: IO[str], line: Mapping[str, Any]) -> None:
    output.write(json.dumps(line) + "\n")
    output.flush()


def read_outcomes(lines: str) -> tuple[list[Outcome], str, str]:
    """Read the output of a round: its outcomes, the scenario that did not end, and the traceback of a crash."""
    outcomes: list[Outcome] = []
    unfinished, crash = "", ""
    for text in lines.splitlines():
        try:
            line = json.loads(text)
        except ValueError:
            continue  # the process was killed while it wrote
        if "begun" in line:
            unfinished = line["begun"]
        elif "crash" in line:
            crash = line["crash"]
        else:
            outcomes.append(read_outcome(line))
            unfinished = ""
    return outcomes, unfinished, crash


def check_forkable() -> None:
    """Raise EnvironmentFault if the process has other threads: they would be missing in a forked process."""
    others = [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]
    if others:
        raise EnvironmentFault(f"rounds can't be forked: the green round left threads behind ({', '.join(others)})")
