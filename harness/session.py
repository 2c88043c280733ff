"""The pytest plugin with the option --target. It loads the plugin of the platform if the run needs a platform."""

from __future__ import annotations

import pytest

from harness.gherkin.collection import selected_features


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the target. Everything else that differs between platforms is in its file."""
    group = parser.getgroup("wallet contract suite")
    group.addoption(
        "--target",
        metavar="NAME",
        help="the platform under test: targets/NAME.toml, or the path of a target file (default: the embedded sandbox)",
    )


def pytest_report_header(config: pytest.Config) -> str | None:
    """Print the seed of the random walks."""
    return f"walks: --walk-seed={config.option.walk_seed}" if selected_features(config) else None


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Load the plugin of the platform, unless nothing is called and nothing is judged."""
    only_lists = config.option.collectonly and config.option.target is None
    if not config.option.help and not only_lists and selected_features(config):
        config.pluginmanager.import_plugin("harness.platform_plugin")
