"""Checks the options of a run: those that would disable checks are refused, and a gate allows no selection."""

import os
import shlex
from collections.abc import Collection, Generator, Sequence
from typing import Final

import pytest

from harness.failures import UsageError
from harness.gherkin.collection import clauses_of

_SELECT: Final = {
    "keyword": "-k",
    "markexpr": "-m",
    "lf": "--lf",
    "deselect": "--deselect",
    "stepwise": "--stepwise",
    "maxfail": "-x or --maxfail",
    "ignore": "--ignore",
    "ignore_glob": "--ignore-glob",
}
_SHOW: Final = ("help", "version", "collectonly", "markers", "showfixtures", "show_fixtures_per_test", "cacheshow")
_EXECUTE_NOTHING: Final = {"setuponly": "--setup-only", "setupplan": "--setup-plan"}


def only_shows(config: pytest.Config) -> bool:
    """Return whether the run only shows something of pytest, such as its options or the names of the tests."""
    return any(config.getoption(name, default=None) for name in _SHOW)


def refuse(config: pytest.Config) -> None:
    """Refuse options with which no scenario would be judged, and a selection under ``--gate``. UsageError."""
    for name, option in _EXECUTE_NOTHING.items():
        if config.getoption(name, default=False):
            raise pytest.UsageError(f"{option} runs no step, so nothing would be judged; leave it out")
    named = [option for name, option in _SELECT.items() if config.getoption(name, default=None)]
    if config.option.gate and named:
        given = os.environ.get("PYTEST_ADDOPTS", "")
        origin = f" (PYTEST_ADDOPTS is {shlex.quote(given)})" if given else ""
        raise pytest.UsageError(f"--gate judges everything, so it can't be used with {', '.join(named)}{origin}")


def check_gate(config: pytest.Config, suite: Collection[str], selected: Collection[str] | None) -> None:
    """UsageError if ``--gate`` is asked for, and the run has not selected every scenario under features/."""
    if not config.option.gate or selected is None:
        return
    missing = [name for name in suite if name not in selected]
    if missing or not suite:
        what = f"{len(missing)} of {len(suite)} are not selected: {missing[0]}" if missing else "there are none"
        raise UsageError(f"--gate judges every scenario under features/, and {what}; name no paths and no selection")


class NothingLost:
    """Reports an error if a plugin removes a scenario without deselecting it. The run would look like a selection."""

    def __init__(self) -> None:
        self._deselected: set[pytest.Item] = set()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> Generator[None, None, None]:
        """Compare the scenarios before and after all plugins have selected some."""
        before = [*items]
        yield
        kept = {*items, *self._deselected}
        lost = [item.nodeid for item in before if item not in kept and clauses_of(item)]
        if lost:
            raise RuntimeError(f"a plugin removed {len(lost)} scenarios without deselecting them: {lost[0]}")

    def pytest_deselected(self, items: Sequence[pytest.Item]) -> None:
        self._deselected.update(items)
