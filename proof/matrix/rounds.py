"""One round: the collected scenarios once more, in a forked process, against another platform.

The process is told an address and keys, as by a target file. Which defect is on stands nowhere that a step could look.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
import threading
import traceback
from collections.abc import Mapping, Sequence
from typing import IO, Any

import pytest

from harness.apis.alfred.admin import Admin
from harness.failures import EnvironmentFault
from harness.platform_plugin import use_target
from harness.target.reading import build_target
from harness.verdict.plugin import RESULTS
from harness.verdict.summary import Result
from proof.matrix.browsers import lend
from proof.matrix.matrix import Outcome

_PR_SET_PDEATHSIG = 1
_WORST = ("error", "usage", "broken", "environment", "skipped", "passed")
_REASON = 1500  # characters of what a scenario said


def fork_round(items: Sequence[pytest.Item], tables: Mapping[str, Any], browser: Admin | None, told: IO[str]) -> int:
    """Start a round on the platform of these target tables; it writes a line a scenario. Answers its process id."""
    process = os.fork()
    if process:
        return process
    status = 1
    try:
        _stay_a_child()
        _meet(items, tables, browser, told)
        status = 0
    except BaseException:  # noqa: BLE001 - nothing may escape into the parent's own run
        _tell(told, {"crash": traceback.format_exc()})
    finally:
        os._exit(status)


def _stay_a_child() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends us
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _meet(items: Sequence[pytest.Item], tables: Mapping[str, Any], browser: Admin | None, told: IO[str]) -> None:
    config = items[0].config
    use_target(config, build_target("sandbox", tables))
    if browser is not None:
        lend(browser)
    for item, following in zip(items, (*items[1:], None), strict=True):
        _tell(told, {"begun": item.nodeid})
        results = run_item(item, following)
        _tell(told, _outcome(item.nodeid, results))


def run_item(item: pytest.Item, following: pytest.Item | None) -> list[Result]:
    """Run one scenario as pytest does; its results as the verdict has them."""
    results = item.config.stash[RESULTS]
    before = len(results)
    item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
    return results[before:]


def outcome_of(name: str, results: Sequence[Result]) -> Outcome:
    """One outcome of a scenario's results: its own, and perhaps its tearing down's."""
    if not results:
        return Outcome(name, "error", reason="it gave no result")
    worst = min(results, key=lambda result: _WORST.index(result.kind))
    broken = {clause: said for result in results for clause, said in result.broken.items()}
    return Outcome(name, worst.kind, tuple(broken), "\n".join(broken.values()) or worst.reason)


def _outcome(name: str, results: Sequence[Result]) -> dict[str, Any]:
    outcome = outcome_of(name, results)
    return {
        "scenario": name,
        "kind": outcome.kind,
        "broken": outcome.broken,
        "reason": outcome.reason[:_REASON] if outcome.kind != "passed" else "",
    }


def _tell(told: IO[str], line: Mapping[str, Any]) -> None:
    told.write(json.dumps(line) + "\n")
    told.flush()


def read_told(lines: str) -> tuple[list[Outcome], str, str]:
    """What a round told: its outcomes, the scenario that it did not end, and the crash that ended it, else empty."""
    outcomes: list[Outcome] = []
    begun, crash = "", ""
    for text in lines.splitlines():
        try:
            line = json.loads(text)
        except ValueError:
            continue  # its process was ended while it wrote
        if "begun" in line:
            begun = line["begun"]
        elif "crash" in line:
            crash = line["crash"]
        else:
            outcomes.append(Outcome(line["scenario"], line["kind"], tuple(line["broken"]), line["reason"]))
            begun = ""
    return outcomes, begun, crash


def check_forkable() -> None:
    """EnvironmentFault if the process can't be copied safely: a thread would be missing in the copy."""
    others = [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]
    if others:
        raise EnvironmentFault(f"rounds can't be forked: the green round left threads behind ({', '.join(others)})")
