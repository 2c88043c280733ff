"""Feature files as pytest modules: a pytest plugin, by which a new .feature file needs no Python.

What is wrong with the features of a run is told before anything else happens, all at once, with exit status 4.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import pytest
from _pytest._code.code import Traceback
from _pytest.python import CallSpec
from pytest_bdd.parser import Feature
from pytest_bdd.scenario import _execute_scenario

from harness.failures import UsageError
from harness.gherkin import step_lookup
from harness.gherkin.checks import problems
from harness.gherkin.files import GherkinFile, Problem, Row, Scenario, read
from harness.gherkin.memory import MEMORY, digest
from harness.gherkin.sentences import definitions
from harness.gherkin.tags import known_tags, ledger, smoke

SUFFIX: Final = ".feature"
_FEATURES_ALONE: Final = pytest.StashKey[bool]()


class ScenarioItem(pytest.Function):
    """One scenario, or one row of an outline; its node id is ``path.feature::scenario's name[row]``."""

    scenario: Scenario
    row: Row

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the scenario stands, for a reader of the output."""
        return self.path, self.scenario.template.line_number - 1, self.name

    def _traceback_filter(self, excinfo: pytest.ExceptionInfo[BaseException]) -> Traceback:
        """Show the suite's own lines only, where there are any."""
        shown = super()._traceback_filter(excinfo)
        return shown.filter(lambda entry: "_pytest" not in Path(entry.path).parts) or shown


class FeatureFile(pytest.Module):
    """A .feature file, collected as a module of test functions."""

    def _getobj(self) -> ModuleType:
        return ModuleType(self.path.stem)

    def collect(self) -> Iterator[pytest.Item]:
        """A test for every scenario, and for every row of an outline."""
        file = read(self.path)
        if file.feature is None:
            raise self.CollectError("\n".join(map(str, file.problems)))
        shared: Any = None
        for scenario in file.scenarios():
            for row in scenario.rows:
                item = self._item(file.feature, scenario, row, shared)
                # Every scenario asks for the same fixtures, so that pytest need work out only once which they are.
                shared = item._fixtureinfo
                yield item

    def _item(self, feature: Feature, scenario: Scenario, row: Row, fixtureinfo: Any) -> ScenarioItem:
        name = scenario.template.name

        def act(request: pytest.FixtureRequest) -> None:
            __tracebackhide__ = True
            _execute_scenario(feature, scenario.template.render(row.values), request)

        item: ScenarioItem = ScenarioItem.from_parent(
            self,
            name=f"{name}[{row.name}]" if row.name else name,
            originalname=name,
            callobj=act,
            callspec=CallSpec(_idlist=(row.name,)) if row.name else None,
            fixtureinfo=fixtureinfo,
        )
        item.scenario, item.row = scenario, row
        for tag in (*scenario.tags, *row.tags):
            item.add_marker(tag)
        if item.nodeid in smoke():
            item.add_marker("smoke")
        return item


def clauses_of(item: pytest.Item) -> tuple[str, ...]:
    """The clauses that a scenario is tagged with, its Rule's first; none for anything but a scenario."""
    if not isinstance(item, ScenarioItem):
        return ()
    return tuple(tag for tag in dict.fromkeys((*item.scenario.tags, *item.row.tags)) if tag in ledger())


def feature_files(paths: Iterable[Path]) -> tuple[GherkinFile, ...]:
    """The feature files among these paths and below them, in their order."""
    found = [path for start in paths for path in (_below(start) if start.is_dir() else (start,))]
    return tuple(read(path) for path in dict.fromkeys(found) if path.suffix == SUFFIX)


def _below(directory: Path) -> Iterator[Path]:
    for place, names, files in os.walk(directory):
        names[:] = sorted(name for name in names if not name.startswith(".") and name != "node_modules")
        yield from (Path(place, name) for name in sorted(files))


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> FeatureFile | None:
    """Collect .feature files, wherever they are met."""
    return FeatureFile.from_parent(parent, path=file_path) if file_path.suffix == SUFFIX else None


def pytest_configure(config: pytest.Config) -> None:
    """Register the tags as markers."""
    for name, text in _told(known_tags).items():
        config.addinivalue_line("markers", f"{name}: {text}")
    step_lookup.install()
    if hasattr(config, "cache"):
        MEMORY.open(config.cache.mkdir("features"))


@pytest.hookimpl(tryfirst=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Let go of the session's nodes, but spare a run of features pytest's last search for garbage that warns."""
    step_lookup.forget()
    if config.stash.get(_FEATURES_ALONE, default=False):
        gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Reject features that would not do what they say; a worker of xdist leaves that to the controller."""
    if hasattr(session.config, "workerinput"):
        return
    started_in = session.config.invocation_params.dir
    selected = [started_in / argument.partition("::")[0] for argument in session.config.args]
    files = feature_files(path.resolve() for path in selected)
    found = _problems(files) if files else ()
    MEMORY.close()
    if found:
        raise pytest.UsageError("\n".join(["the features can't run as they stand", *map(str, found)]))


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop() -> None:
    """Let garbage be collected again, which conftest.py puts off while plugins and features are read."""
    gc.enable()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Remember whether any test but a scenario was in the run."""
    session.config.stash[_FEATURES_ALONE] = all(isinstance(item, ScenarioItem) for item in session.items)


def _problems(files: tuple[GherkinFile, ...]) -> tuple[Problem, ...]:
    known, tags = definitions(), known_tags()
    judges = [(path, path.stat().st_mtime_ns) for path in Path(__file__).parent.glob("*.py")]
    sound = digest("sound", *((file.path, file.lines) for file in files), *known, *tags, *judges)
    if MEMORY.recall(sound):
        return ()
    found = problems(files, known, tags)
    if not found:
        MEMORY.keep(sound, value=True)
    return found


def _told(read_tags: Any) -> Any:
    try:
        return read_tags()
    except UsageError as error:
        raise pytest.UsageError(str(error)) from error
