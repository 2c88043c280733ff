"""Loads the pytest plugins: those of the suite, and every module of steps/."""

import pytest

from harness.installed.packages import check_installed, check_nothing_is_off, load_pytest_bdd

# Lets pytest show the values of assertions in steps, also in a module that another module imports first.
pytest.register_assert_rewrite("steps")

pytest_plugins = [
    "harness.session.ending",
    "harness.budget.depth",
    "harness.evidence.masked_output",
    "harness.gherkin.collection",
    "harness.diagnosis.plugin",
    "harness.evidence.plugin",
    "harness.repeat.plugin",
    "harness.session.target_option",
    "harness.verdict.plugin",
    "harness.verdict.run_plugin",
    "harness.walks.walker",
]


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Check what is installed, before the plugins of the suite import it."""
    check_installed()
    check_nothing_is_off(pluginmanager, (*pytest_plugins, "harness.session.platform", "python"))
    load_pytest_bdd(pluginmanager)


def pytest_configure(config: pytest.Config) -> None:
    """Load the steps. In ``pytest_plugins``, each name costs a search of all installed packages."""
    from harness.gherkin.sentences import step_modules

    check_nothing_is_off(config.pluginmanager, step_modules())
    for module in step_modules():
        config.pluginmanager.import_plugin(module)
