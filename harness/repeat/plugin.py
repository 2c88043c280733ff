"""The pytest plugin that makes a script for each scenario that has broken a clause."""

import hashlib
import re
import shlex
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest

from harness.apis.alfred.admin import Admin
from harness.causes.judged import STEP, RunningStep, exchanges_in
from harness.client.record import ScenarioRecord
from harness.failures import ContractViolation
from harness.gherkin.collection import ScenarioItem, title_of
from harness.repeat.calls.story import story_of
from harness.repeat.conditions.comparisons import Comparison
from harness.repeat.script import RefusedError, Told, script_of
from harness.repeat.unscripted import cannot_repeat
from harness.run_folder import LATEST
from harness.run_state import RECORDER, TARGET, is_worker
from harness.wire.redaction import REDACTION

SCRIPTS: Final = pytest.StashKey[dict[str, str]]()
"""The scripts of the run by the name of their file."""
FOLDER: Final = "repeat"
_LONGEST: Final = 90  # characters of a name
_RACE: Final = "the calls must arrive at the same moment, which a script with curl can't ensure"
_OTHERS: Final = "another scenario has left this balance, and time or other calls have changed it: run them all again"
_PAGE: Final = "the Admin page is read in a browser"


def pytest_configure(config: pytest.Config) -> None:
    config.stash[SCRIPTS] = {}


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Make the script before the failure is reported, so that its text names the script."""
    error = call.excinfo.value if call.excinfo else None
    made = None
    if isinstance(error, ContractViolation) and error.exchange is not None and isinstance(item, ScenarioItem):
        name = name_of(item.nodeid, title_of(item.scenario.template, item.row))
        REDACTION.leave(name)
        made = name, _script(item, error)
        error.name_script(f"{FOLDER}/{name}")
        for evidence in item.config.stash[RECORDER].evidence:
            evidence.script(*made)
    report = yield
    if made:
        report.__dict__["repeat"] = made
    return report


def name_of(nodeid: str, title: str) -> str:
    """Return the name of a scenario's script: its feature and its title, and a checksum if that is not everything."""
    stem = "-".join(Path(nodeid.partition("::")[0]).with_suffix("").parts[1:])
    slug = re.sub(r"[^a-z0-9]+", "-", f"{stem}-{title}".lower()).strip("-")
    if len(slug) > _LONGEST or re.search(r"[^A-Za-z0-9 ]", title):
        slug = f"{slug[:_LONGEST]}-{hashlib.sha256(nodeid.encode()).hexdigest()[:6]}"
    return f"{slug}.sh"


def _script(item: ScenarioItem, violation: ContractViolation) -> str:
    config = item.config
    recorder, step, target = config.stash[RECORDER], config.stash[STEP], config.stash[TARGET]
    told = _told(item)
    if why := _why_not(recorder.scenario, violation, step):
        return cannot_repeat(violation, told, why)
    scenario = recorder.scenario
    compared = None
    if step.compared and _is_of_step(violation) and not violation.findings[0].outcome:
        compared = Comparison(*step.compared)
    if found := violation.findings[0].compared:
        compared = Comparison("in", *found)
    held = exchanges_in(step.arguments) if _is_of_step(violation) else []
    own = recorder.scenario.story[step.calls :] if _is_of_step(violation) else []
    story = story_of(scenario.exchanges, scenario.aside, violation.exchange, [*held, *own])
    try:
        return script_of(violation, told, story, compared, target, recorder.run.contract)
    except RefusedError as error:
        return cannot_repeat(violation, told, str(error))


def _told(item: ScenarioItem) -> Told:
    option, target = item.config.option, item.config.stash[TARGET]
    words = [item.nodeid, *([f"--target={option.target}"] if option.target else [])]
    if "walks" in item.nodeid:
        words.append(f"--walk-seed={option.walk_seed}")
    steps = item.scenario.template.render(item.row.values).steps
    command = f"python -m harness.run {shlex.join(words)}"
    return Told(
        f"{title_of(item.scenario.template, item.row)} (target {target.name})",
        tuple(f"{step.keyword} {step.name}" for step in steps),
        command,
    )


def _why_not(scenario: ScenarioRecord, violation: ContractViolation, step: RunningStep) -> str:
    if scenario.raced:
        return _RACE
    if scenario.of_others:
        return _OTHERS
    looks_at_page = _is_of_step(violation) and any(isinstance(one, Admin) for one in step.arguments)
    is_page = violation.exchange.request.operation not in scenario.calls
    return _PAGE if looks_at_page or is_page else ""


def _is_of_step(violation: ContractViolation) -> bool:
    """Return whether the assertion of a step has found the violation."""
    return not isinstance(violation.__cause__, ContractViolation) and isinstance(violation.__cause__, AssertionError)


class _Collector:
    """Collects the scripts, including those of workers."""

    def __init__(self, scripts: dict[str, str]) -> None:
        self._scripts = scripts

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if made := getattr(report, "repeat", None):
            name, text = made
            REDACTION.leave(name)
            self._scripts[name] = text


def pytest_sessionstart(session: pytest.Session) -> None:
    """Collect the scripts. With pytest-xdist, only the controller does this."""
    if not is_worker(session.config):
        session.config.pluginmanager.register(_Collector(session.config.stash[SCRIPTS]), "repeat-collector")


def write_scripts(folder: Path, scripts: dict[str, str]) -> None:
    """Write the scripts into the folder of a run. OSError if that is not possible."""
    link = folder.parent / FOLDER
    if not scripts:
        if link.is_symlink() and not link.exists():
            link.unlink(missing_ok=True)  # it led to the scripts of an earlier run
        return
    place = folder / FOLDER
    place.mkdir(exist_ok=True)
    for name, text in scripts.items():
        file = place / name
        file.write_text(text, "utf-8", "replace")
        file.chmod(0o755)
    if (folder.parent / LATEST).is_symlink() and not link.is_symlink():
        with suppress(OSError):
            link.symlink_to(Path(LATEST) / FOLDER)
