"""Whether the installed packages are of the versions that pyproject.toml asks for, and pytest-bdd is loaded."""

from __future__ import annotations

import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

import pytest
from packaging.requirements import Requirement

_PROJECT: Final = Path(__file__).resolve().parents[1] / "pyproject.toml"
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


def load_pytest_bdd(pluginmanager: pytest.PytestPluginManager) -> None:
    """Load pytest-bdd if pytest was told to load no installed plugin."""
    if all(getattr(plugin, "__name__", "") != _PYTEST_BDD for plugin in pluginmanager.get_plugins()):
        pluginmanager.import_plugin(_PYTEST_BDD)
