"""Whether the installed packages are of the versions that pyproject.toml asks for, and pytest-bdd is loaded."""

import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

import pytest
from packaging.requirements import Requirement

_PROJECT: Final = Path(__file__).resolve().parents[2] / "pyproject.toml"
_PYTEST_BDD: Final = "pytest_bdd.plugin"


def check_installed() -> None:
    """Check the packages that pyproject.toml names with a range. UsageError in one line if one is out of it."""
    for text in tomllib.loads(_PROJECT.read_text("utf-8"))["project"]["dependencies"]:
        requirement = Requirement(text)
        if not requirement.specifier:
            continue
        try:
            found = version(requirement.name)
        except PackageNotFoundError:
            found = "not installed"
        if found == "not installed" or found not in requirement.specifier:
            raise pytest.UsageError(
                f"this suite needs {requirement}, found: {found}; python -m pip install -r requirements/run.txt"
            )


def check_nothing_is_off(pluginmanager: pytest.PytestPluginManager, plugins: Iterable[str]) -> None:
    """Raise UsageError if Python ignores assertions or a plugin of the suite is disabled."""
    if sys.flags.optimize:
        raise pytest.UsageError("Python runs without assertions, so nothing would be judged: no -O, no PYTHONOPTIMIZE")
    for name in plugins:
        if pluginmanager.is_blocked(name):
            raise pytest.UsageError(f"-p no:{name} switches a part of the suite off, and nothing would be judged")


def load_pytest_bdd(pluginmanager: pytest.PytestPluginManager) -> None:
    """Load pytest-bdd if pytest was told to load no installed plugin."""
    if all(getattr(plugin, "__name__", "") != _PYTEST_BDD for plugin in pluginmanager.get_plugins()):
        pluginmanager.import_plugin(_PYTEST_BDD)
