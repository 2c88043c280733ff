"""A pytest plugin that collects feature files as modules, so that a new feature file needs no Python.

What is wrong with the features is reported before anything runs, all at once, with exit status 4.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import pytest
from pytest_bdd.parser import Feature

from harness.failures import UsageError
from harness.gherkin import pytest_internals
from harness.gherkin.bound import bound_features
from harness.gherkin.checks import problems
from harness.gherkin.files import SUFFIX, Row, Scenario, read
from harness.gherkin.sentences import definitions
from harness.gherkin.tags import known_tags, ledger, smoke

_BOUND: Final = pytest.StashKey[set[Path]]()


class ScenarioItem(pytest_internals.Item):
    """One scenario, or one row of an outline; its node id is ``path.feature::scenario's name[row]``."""

    scenario: Scenario
    row: Row

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return file, line and name of the scenario."""
        return self.path, self.scenario.template.line_number - 1, self.name


class FeatureFile(pytest_internals.Module):
    """A feature file, collected as a module of test functions."""

    def collect(self) -> Iterator[pytest.Item]:
        """Return a test per scenario, and per row of an outline."""
        file = read(self.path)
        if file.feature is None:
            raise self.CollectError("\n".join(map(str, file.problems)))
        item = None
        for scenario in file.scenarios():
            for row in scenario.rows:
                item = self._item(file.feature, scenario, row, item)
                yield item

    def _item(self, feature: Feature, scenario: Scenario, row: Row, sibling: ScenarioItem | None) -> ScenarioItem:
        def run(request: pytest.FixtureRequest) -> None:
            __tracebackhide__ = True
            pytest_internals.run_scenario(feature, scenario.template.render(row.values), request)

        item = ScenarioItem.of(self, scenario.template.name, row.name, run, sibling)
        item.scenario, item.row = scenario, row
        for tag in (*scenario.tags, *row.tags):
            item.add_marker(tag)
        if item.nodeid in smoke():
            item.add_marker("smoke")
        return item


def clauses_of(item: pytest.Item) -> tuple[str, ...]:
    """Return the clauses that a scenario is tagged with, its Rule's first; of any other test, those of its marks."""
    if isinstance(item, ScenarioItem):
        tags: Iterable[str] = (*item.scenario.tags, *item.row.tags)
    else:
        tags = [mark.name for mark in item.iter_markers()]
    return tuple(tag for tag in dict.fromkeys(tags) if tag in ledger())


def selected_features(config: pytest.Config) -> list[Path]:
    """Return the feature files that the arguments of a run name or contain, in their order."""
    directory = config.invocation_params.dir
    selected = [(directory / argument.partition("::")[0]).resolve() for argument in config.args]
    found = [path for start in selected for path in (_below(start) if start.is_dir() else (start,))]
    if _BOUND not in config.stash:
        patterns = config.getini("python_files")
        modules = [path for path in found if path.suffix == ".py" and any(map(path.match, patterns)) and path.is_file()]
        config.stash[_BOUND] = bound_features(modules)
    return [path for path in dict.fromkeys(found) if path.suffix == SUFFIX and path not in config.stash[_BOUND]]


def _below(directory: Path) -> Iterator[Path]:
    for place, names, files in os.walk(directory):
        names[:] = sorted(name for name in names if not name.startswith(".") and name != "node_modules")
        yield from (Path(place, name) for name in sorted(files))


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> FeatureFile | None:
    """Collect feature files in any folder."""
    if file_path.suffix != SUFFIX or file_path.resolve() in parent.config.stash.get(_BOUND, ()):
        return None
    return FeatureFile.from_parent(parent, path=file_path)


def pytest_configure(config: pytest.Config) -> None:
    """Register the tags as markers."""
    try:
        tags = known_tags()
    except UsageError as error:
        raise pytest.UsageError(str(error)) from error
    for name, text in tags.items():
        config.addinivalue_line("markers", f"{name}: {text}")
    pytest_internals.cache_step_lookup()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Exclude what a run of features alone has left from pytest's last garbage collections.

    They look for unclosed resources, five times. That costs a fifth of the time of a run.
    """
    items: list[pytest.Item] = getattr(session, "items", [])
    if items and all(isinstance(item, ScenarioItem) for item in items):
        gc.freeze()


def pytest_unconfigure() -> None:
    """Forget the nodes of the session."""
    pytest_internals.clear_step_lookup()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Reject features that would not do what they say. With pytest-xdist, the controller does this."""
    if hasattr(session.config, "workerinput"):
        return
    files = [read(path) for path in selected_features(session.config)]
    found = problems(files, definitions(), known_tags()) if files else ()
    if found:
        raise pytest.UsageError("\n".join(["the features can't run as they are", *map(str, found)]))
