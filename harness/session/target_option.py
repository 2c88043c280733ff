"""The pytest plugin that adds --target. It loads the plugin of the platform if tests run."""

import pytest

from harness.run_state import WITHOUT_VERDICT


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
    group.addoption(
        "--plan",
        action="store_true",
        help="print what would run, how many calls and how much money at most, without any call to the target",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Let one process make the plan, which judges nothing."""
    if config.option.plan:
        config.option.numprocesses = None
        config.stash[WITHOUT_VERDICT] = True


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Load the fixtures of the platform, unless nothing is called."""
    only_lists = config.option.collectonly and config.option.target is None
    if not config.option.help and not only_lists:
        config.pluginmanager.import_plugin("harness.budget.limits")
        if config.option.plan:
            config.pluginmanager.import_plugin("harness.budget.plan")
        config.pluginmanager.import_plugin("harness.session.platform")
