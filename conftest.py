"""Loads the pytest plugins: those of the suite, and every module of steps/."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent
HARNESS = ("gherkin.collection", "evidence.plugin", "session", "verdict.plugin", "walks.walker")

# Lets pytest show the values of the assertions in steps.
pytest.register_assert_rewrite("steps")


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Load them before the options are read, because some of them add options.

    With ``pytest_plugins``, pytest searches all installed packages for each name: a quarter of the time of a start.
    """
    for name in HARNESS:
        pluginmanager.import_plugin(f"harness.{name}")
    for module in sorted((ROOT / "steps").rglob("[!_]*.py")):
        pluginmanager.import_plugin(".".join(module.relative_to(ROOT).with_suffix("").parts))
