"""The pytest plugin that adds --target. It loads the plugin of the platform if tests run."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the target. Everything else that differs between platforms is in its file."""
    group = parser.getgroup("wallet contract suite")
    group.addoption(
        "--target",
        metavar="NAME",
        help="the platform under test: targets/NAME.toml, or the path of a target file (default: the embedded sandbox)",
    )
    group.addoption(
        "--judge-anyway",
        action="store_true",
        help="the target file is right: judge a platform that refuses valid calls before the first scenario",
    )


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Load the fixtures of the platform, unless nothing is called."""
    only_lists = config.option.collectonly and config.option.target is None
    if not config.option.help and not only_lists:
        config.pluginmanager.import_plugin("harness.limits")
        config.pluginmanager.import_plugin("harness.platform_plugin")
