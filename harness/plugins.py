"""How the suite's plugins are loaded: by name, and nothing besides, since a start pays for whatever is installed."""

from __future__ import annotations

import gc
import os
import shlex
from collections.abc import Iterable, Iterator
from typing import Final

import pytest

_WORKERS: Final = ("-n", "--numprocesses", "--maxprocesses", "--dist", "--tx")


def load(pluginmanager: pytest.PytestPluginManager, names: Iterable[str]) -> None:
    """Import and register plugins, and pytest-xdist where workers are asked for.

    Under ``pytest_plugins`` each name would be looked up among all that is installed, 4 ms a name. Garbage is not
    collected until the run begins (harness/collection.py): nearly nothing that is made before then is any.
    """
    gc.disable()
    for name in names:
        pluginmanager.import_plugin(name)
    if "PYTEST_XDIST_WORKER" in os.environ or any(word.startswith(_WORKERS) for word in _arguments(pluginmanager)):
        pluginmanager.import_plugin("xdist.plugin")


def _arguments(pluginmanager: pytest.PytestPluginManager) -> Iterator[str]:
    config = pluginmanager.get_plugin("pytestconfig")
    if isinstance(config, pytest.Config):
        yield from map(str, config.invocation_params.args)
    yield from shlex.split(os.environ.get("PYTEST_ADDOPTS", ""))
