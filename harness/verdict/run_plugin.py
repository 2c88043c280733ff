"""The pytest plugin of a whole run: the folder that it writes into, its verdict, and its exit status."""

import sys
import traceback
from collections.abc import Generator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from harness.budget.depth import depth_of
from harness.contract.contract import documented
from harness.diagnosis.plugin import likely_reasons
from harness.failures import UsageError
from harness.foreign_text import one_line
from harness.gherkin.collection import clauses_of, listed, listed_scenarios, selected_features
from harness.installed.suite_commit import commit
from harness.processes.exit_status import Status
from harness.repeat.plugin import SCRIPTS, write_scripts
from harness.run_folder import new_folder
from harness.run_state import RECORDER, TARGET, UNWRITTEN, WITHOUT_VERDICT, cannot_be_written, is_worker
from harness.verdict import selection
from harness.verdict.decision.deciding import decide
from harness.verdict.decision.foreseen import read_issues
from harness.verdict.decision.likely import likely_causes
from harness.verdict.decision.results import Facts, Listed, Progress, Result
from harness.verdict.decision.states import outcomes
from harness.verdict.decision.verdict import About, Cause, Verdict, unfinished, without_run
from harness.verdict.early_end import EarlyEnd
from harness.verdict.output.by_cause import ByCause
from harness.verdict.output.step_summary import append_step_summary
from harness.verdict.output.summary import lines
from harness.verdict.output.writing import UnwrittenPlaces, check_places, write, write_line
from harness.verdict.plugin import RESULTS
from harness.wire.redaction import REDACTION

Ended = int | pytest.ExitCode | None
"""The status with which pytest ended; None if it was ended by an exception."""
_RUN: Final = pytest.StashKey[Progress]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("wallet contract suite")
    group.addoption("--summary", metavar="FILE", help="write the verdict, clause by clause, to this Markdown file")
    group.addoption("--gate", action="store_true", help="judge everything that the target does not leave out, or fail")
    group.addoption(
        "--reports",
        metavar="DIR",
        help="make the folder of this run in DIR (default: reports/; an empty DIR: write none)",
    )
    group.addoption("--run-folder", metavar="DIR", help="write into this folder, which is the run's already")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Listen to what ends the run early, refuse options that disable checks, and check the places for the files."""
    config.stash[UNWRITTEN] = []
    run = config.stash.setdefault(_RUN, Progress())
    if not is_worker(config):
        config.pluginmanager.register(EarlyEnd(run), "verdict-ending")
    selection.refuse(config)
    check_places(config)
    config.pluginmanager.register(UnwrittenPlaces(config))
    config.pluginmanager.register(ByCause(lambda: _causes(config), lambda name: _title(config, name)))
    config.pluginmanager.register(selection.NothingLost())


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> Generator[None, Ended, Ended]:
    """Return the status of the verdict, whatever happened."""
    if is_worker(config) or selection.only_shows(config):
        return (yield)
    run = config.stash.setdefault(_RUN, Progress())
    status: Ended = None
    try:
        status = yield
    except pytest.UsageError as error:
        run.end(Status.USAGE, "\n".join(map(str, error.args)))
        if not run.has_begun:
            return _refuse(config, run)
    except Exception as error:
        if not _is_judged(config):
            raise
        print(REDACTION.mask(traceback.format_exc()), file=sys.stderr)
        run.end(Status.SUITE_FAULT, f"{type(error).__name__}: {error}")
    return _conclude(config, run, status) if _is_judged(config) else status


def _refuse(config: pytest.Config, run: Progress) -> int:
    """Write the verdict only to the files that options name: a refused run gets no folder of its own."""
    verdict = without_run(Status.USAGE, run.why, _about(config, run))
    option = config.option
    folder = Path(option.run_folder) if option.run_folder else None
    unwritten = write(verdict, folder, option.summary, option.xmlpath, latest=True)
    is_said = "can't be written" in run.why
    for line in (*(() if is_said else unwritten), *append_step_summary(verdict), verdict.headline):
        print(line, file=sys.stderr, flush=True)
    return int(Status.USAGE)


def pytest_itemcollected(item: pytest.Item) -> None:
    if clauses_of(item) and not is_worker(item.config):
        item.config.stash[_RUN].collected[item.nodeid] = listed(item)


def pytest_collection_finish(session: pytest.Session) -> None:
    session.config.stash[_RUN].selected = {item.nodeid for item in session.items}


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_node_collection_finished(node: Any, ids: Sequence[str]) -> None:
    run: Progress = node.config.stash[_RUN]
    run.selected = (run.selected or set()) | set(ids)


def begin(config: pytest.Config) -> None:
    """Begin to write, before the platform is asked: from now on, a run that is killed did not finish.

    UsageError if the run can't be what ``--gate`` asks for, or the known issues are wrong.
    """
    run = config.stash[_RUN]
    if is_worker(config) or config.option.collectonly or run.has_begun:
        return
    target = config.stash.get(TARGET, None)
    suite = _suite(config, run)
    selection.check_gate(config, suite, run.selected)
    if target and (path := target.known_issues_file):
        titles = [name.rpartition("::")[2] for name in suite]
        run.issues = read_issues(path, documented().clauses, titles)
    run.has_begun = True
    if WITHOUT_VERDICT not in config.stash and config.option.reports != "":
        try:
            given = config.option.run_folder
            reports = Path(config.option.reports or config.rootpath / "reports")
            run.folder = Path(given) if given else run.locks.enter_context(new_folder(reports))[0]
            write(unfinished(_about(config, run)), run.folder, latest=True)
        except OSError as error:
            run.faults.append(cannot_be_written("the folder of the run", error))


def note_environment(config: pytest.Config, why: str) -> bool:
    """Note that the environment ends the run, and return whether a verdict will say so."""
    run = config.stash[_RUN]
    run.end(Status.ENVIRONMENT, why)
    return run.has_begun and WITHOUT_VERDICT not in config.stash


def _suite(config: pytest.Config, run: Progress) -> dict[str, Listed]:
    """Return every scenario under features/, and those that were collected elsewhere."""
    return {**run.collected, **listed_scenarios(config)}


def _title(config: pytest.Config, name: str) -> str:
    listed = config.stash[_RUN].collected.get(name)
    return (listed and listed.title) or name.rpartition("::")[2]


def _is_judged(config: pytest.Config) -> bool:
    """Return whether the run is about a platform: it may also be one of tests that name no clause."""
    if WITHOUT_VERDICT in config.stash or RESULTS not in config.stash:
        return False
    has_clauses = any(result.clauses or result.kind in ("usage", "environment") for result in config.stash[RESULTS])
    return RECORDER in config.stash or config.stash[_RUN].has_begun or has_clauses or bool(selected_features(config))


def _about(config: pytest.Config, run: Progress, *, ended: str = "") -> About:
    target = config.stash.get(TARGET, None)
    about = About(
        run=run.folder.name if run.folder else "",
        began=f"{run.began:%Y-%m-%d %H:%M:%S} UTC",
        ended=ended,
        depth=depth_of(config).value,
        commit=commit() if ended else "",
    )
    return replace(about, target=target.name, address=target.address, gate=target.gate) if target else about


def _conclude(config: pytest.Config, run: Progress, status: Ended) -> int:
    with suppress(UsageError):
        begin(config)
    if status == pytest.ExitCode.INTERNAL_ERROR:
        run.end(Status.SUITE_FAULT, "an exception in a hook")
    unwritten: list[str] = config.stash[UNWRITTEN]
    run.faults += unwritten
    try:
        scripts = config.stash.get(SCRIPTS, {})
        if run.folder and (scripts or run.ended != Status.USAGE):  # a refused run keeps the link of the run before it
            write_scripts(run.folder, scripts)
    except OSError as error:
        run.faults.append(cannot_be_written("a script that repeats a scenario", error))
    verdict = _decided(config, run, status)
    places = (run.folder, config.option.summary, config.option.xmlpath)
    if failed := write(verdict, *places):
        run.faults += failed
        verdict = _decided(config, run, status)
        write(verdict, *places)
    write_line(config, "")
    for line in (*append_step_summary(verdict), *lines(verdict)):
        write_line(config, one_line(line))
    run.locks.close()
    assert verdict.status is not None  # noqa: S101 - a decided verdict has one
    return verdict.status


def _causes(config: pytest.Config) -> tuple[Cause, ...]:
    if is_worker(config) or not _is_judged(config):
        return ()
    facts = _facts(config, config.stash[_RUN])
    return likely_causes(facts, outcomes(facts))


def _facts(config: pytest.Config, run: Progress) -> Facts:
    target = config.stash.get(TARGET, None)
    results: list[Result] = config.stash[RESULTS]
    return Facts(
        clauses=tuple(documented().clauses.values()),
        results=tuple(results),
        suite=_suite(config, run),
        selected=frozenset(run.selected) if run.selected is not None else None,
        whole=run.has_all(listed_scenarios(config)),
        gate=target.gate if target else "all",
        gating=config.option.gate,
        left_out=target.left_out if target else (),
        issues=run.issues,
        stopped=run.stopped,
        ended=run.ended,
        why=run.why,
        faults=tuple(dict.fromkeys(run.faults)),
    )


def _decided(config: pytest.Config, run: Progress, status: Ended) -> Verdict:
    unwritten: list[str] = config.stash[UNWRITTEN]
    facts = _facts(config, run)
    about = _about(config, run, ended=f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC")
    verdict = decide(facts, about, tuple(unwritten))
    known = pytest.ExitCode.TESTS_FAILED if any(result.broken for result in facts.results) else pytest.ExitCode.OK
    if verdict.status == Status.HOLDS and status not in (known, pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        fault = f"pytest ended with status {status}, but no test failed"
        return decide(replace(facts, faults=(*facts.faults, fault)), about, tuple(unwritten))
    if verdict.status != Status.HOLDS:
        verdict = replace(verdict, likely_reasons=tuple(likely_reasons(config)))
    return verdict
