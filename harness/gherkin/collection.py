"""A pytest plugin that collects feature files as modules, so that a new feature file needs no Python.

What is wrong with the features is reported before anything runs, all at once, with exit status 4.
"""

import gc
import os
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Final

import pytest
from pytest_bdd.parser import Feature, ScenarioTemplate, render_string

from harness.failures import UsageError
from harness.gherkin import pytest_internals
from harness.gherkin.bound import bound_features
from harness.gherkin.checks import features_of_one_name, problems
from harness.gherkin.files import SUFFIX, Problem, Row, Scenario, read
from harness.gherkin.sentences import Definition
from harness.gherkin.tags import APIS, known_tags, ledger, smoke
from harness.run_folder import displayed
from harness.run_state import is_worker

_BOUND: Final = pytest.StashKey[set[Path]]()
_FILES: Final = pytest.StashKey[list["FeatureFile"]]()


class ScenarioItem(pytest_internals.Item):
    """One scenario, or one row of an outline; its node id is ``path.feature::scenario's name[row]``."""

    scenario: Scenario
    row: Row

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, self.scenario.template.line_number - 1, self.name


class FeatureFile(pytest_internals.Module):
    """A feature file, collected as a module of test functions."""

    problems: tuple[Problem, ...] = ()

    def collect(self) -> Iterator[pytest.Item]:
        """Return a test per scenario, and per row of an outline; none if the file has problems."""
        file = read(self.path)
        if not is_worker(self.config):
            known = [Definition.of(*step) for step in pytest_internals.visible_steps(self)]
            is_of_suite = (self.config.rootpath / "features") in self.path.parents
            self.problems = problems(file, known, known_tags(), ledger() if is_of_suite else None)
        if file.feature is None or self.problems:
            return
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
    """Return the clauses in the tags of a scenario, those of its Rule first. For any other test, those in its marks."""
    return _clauses_of(_tags_of(item))


def _tags_of(item: pytest.Item) -> Sequence[str]:
    if isinstance(item, ScenarioItem):
        return (*item.scenario.tags, *item.row.tags)
    return [mark.name for mark in item.iter_markers()]


def _clauses_of(tags: Sequence[str]) -> tuple[str, ...]:
    return tuple(tag for tag in dict.fromkeys(tags) if tag in ledger())


def _apis_of(tags: Sequence[str]) -> tuple[str, ...]:
    return tuple(api for api in APIS if api in tags)


def title_of(template: ScenarioTemplate, row: Row) -> str:
    """Return the scenario's name with the values of its row; at the end, if the name has no placeholder."""
    rendered = str(render_string(template.name, row.values))
    return f"{rendered} [{row.name}]" if row.name and rendered == template.name else rendered


@dataclass(frozen=True)
class Listed:
    """A scenario of the suite, whether or not it was selected; ``title`` has the values of its row."""

    clauses: tuple[str, ...] = ()
    apis: tuple[str, ...] = ()
    title: str = ""
    feature: str = ""


def listed(item: pytest.Item) -> Listed:
    """Return the entry of a test for the reports, even if the test is not in a feature file."""
    if isinstance(item, ScenarioItem):
        return _listed(item.scenario, item.row)
    return Listed(clauses_of(item), _apis_of(_tags_of(item)))


def _listed(scenario: Scenario, row: Row) -> Listed:
    template, tags = scenario.template, (*scenario.tags, *row.tags)
    return Listed(_clauses_of(tags), _apis_of(tags), title_of(template, row), template.feature.name)


def listed_scenarios(config: pytest.Config) -> Mapping[str, Listed]:
    """Return every scenario under features/, by node id, whatever the run selects."""
    return listed_below(config.rootpath, frozenset(config.stash.get(_BOUND, ())))


@cache
def listed_below(root: Path, bound: frozenset[Path] = frozenset()) -> Mapping[str, Listed]:
    listed: dict[str, Listed] = {}
    for path in _below(root / "features"):
        if _is_feature(path) and path.resolve() not in bound:
            place = path.relative_to(root).as_posix()
            for scenario in read(path).scenarios():
                for row in scenario.rows:
                    name = f"{scenario.template.name}[{row.name}]" if row.name else scenario.template.name
                    listed[f"{place}::{name}"] = _listed(scenario, row)
    return listed


def selected_features(config: pytest.Config) -> list[Path]:
    """Return the feature files that the arguments of a run name or contain, in their order."""
    directory = config.invocation_params.dir
    selected = [Path(os.path.normpath(directory / argument.partition("::")[0])) for argument in config.args]
    found = [path for start in selected for path in (_below(start) if start.is_dir() else (start,))]
    if _BOUND not in config.stash:
        patterns = config.getini("python_files")
        modules = [path for path in found if path.suffix == ".py" and any(map(path.match, patterns)) and path.is_file()]
        config.stash[_BOUND] = bound_features(modules)
    bound = config.stash[_BOUND]
    return [path for path in dict.fromkeys(found) if _is_feature(path) and path.resolve() not in bound]


def _below(directory: Path) -> Iterator[Path]:
    seen = set()
    for place, names, files in os.walk(directory, followlinks=True):
        if os.path.realpath(place) in seen:  # a link to a folder above it
            names.clear()
            continue
        seen.add(os.path.realpath(place))
        names[:] = sorted(name for name in names if not _is_foreign(Path(place, name)))
        yield from (Path(place, name) for name in sorted(files))


def _is_foreign(directory: Path) -> bool:
    return directory.name in (".git", "node_modules") or (directory / "pyvenv.cfg").exists()


def _is_feature(path: Path) -> bool:
    return path.suffix.lower() == SUFFIX


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Ignore a link to a folder above it, which pytest would follow 40 times."""
    is_loop = collection_path.is_symlink() and collection_path.resolve() in collection_path.absolute().parents
    return True if is_loop else None


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> FeatureFile | None:
    if not _is_feature(file_path) or file_path.resolve() in parent.config.stash.get(_BOUND, ()):
        return None
    file = FeatureFile.from_parent(parent, path=file_path)
    parent.session.stash.setdefault(_FILES, []).append(file)
    return file


@pytest.hookimpl(tryfirst=True, optionalhook=True)
def pytest_xdist_setupnodes(config: pytest.Config) -> None:
    """Collect the features in the controller of pytest-xdist, which rejects them before workers start."""
    session = config.pluginmanager.get_plugin("session")
    if session and selected_features(config):
        session.perform_collect()
        session.testsfailed = 0  # the workers report what can't be collected
        _reject_problems(session)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """Reject features with mistakes before anything runs."""
    try:
        return (yield)
    finally:
        if not is_worker(session.config):
            _reject_problems(session)


def _reject_problems(session: pytest.Session) -> None:
    files = session.stash.get(_FILES, [])
    found = {problem for file in files for problem in file.problems}
    found |= set(features_of_one_name(read(path) for path in dict.fromkeys(file.path for file in files)))
    collected = {file.path.resolve() for file in files}
    for path in selected_features(session.config):
        if not path.exists() and not path.is_symlink():
            return  # pytest reports a file that does not exist
        if path.resolve() not in collected and not _is_ignored(path, session.config):
            reason = "pytest skips its folder; move it" if path.exists() else "its link is broken; remove it"
            found.add(Problem(displayed(path), 1, f"the file is not collected: {reason}"))
    if found:
        raise pytest.UsageError("\n".join(["the features can't run as they are", *map(str, sorted(found))]))


def _is_ignored(path: Path, config: pytest.Config) -> bool:
    excluded = (*(config.option.ignore or ()), *(config.option.ignore_glob or ()))
    patterns = [str(config.invocation_params.dir / each).rstrip("/") for each in excluded]
    return any(fnmatch(str(place), pattern) for place in (path, *path.parents) for pattern in patterns)


def pytest_configure(config: pytest.Config) -> None:
    try:
        tags = known_tags()
    except UsageError as error:
        raise pytest.UsageError(str(error)) from error
    for name, text in tags.items():
        config.addinivalue_line("markers", f"{name}: {text}")
    pytest_internals.cache_step_lookup()


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Spare the garbage collector what was imported and collected: it lasts for the whole run."""
    gc.freeze()


def pytest_unconfigure() -> None:
    """Clear the caches that refer to nodes of the session."""
    pytest_internals.clear_step_lookup()
