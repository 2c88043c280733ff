"""The pytest plugin of the evidence, on top of allure-pytest. Without ``--alluredir`` it records nothing."""

from collections.abc import Generator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import allure
import allure_commons
import pytest

from harness.evidence.labels import labels_of
from harness.gherkin.collection import ScenarioItem
from harness.run_state import UNWRITTEN, cannot_be_written, is_worker

if TYPE_CHECKING:  # slow to import
    from harness.evidence.listener import ScenarioListener

_SELECTIONS: Final = ("epics", "features", "stories", "severities", "ids", "labels")
_USE_LABELS: Final = ("allure_report_dir", *(f"allure_{name}" for name in _SELECTIONS))
_LISTENER: Final = pytest.StashKey["ScenarioListener"]()


def listeners(config: pytest.Config) -> list["ScenarioListener"]:
    """Return the listeners that show exchanges and notes of a scenario; none without ``--alluredir``."""
    return [config.stash[_LISTENER]] if _LISTENER in config.stash else []


def describe_run(config: pytest.Config, about: Mapping[str, str]) -> None:
    """Show on the report's front page what was tested: target, address, commit."""
    if _LISTENER in config.stash:
        lines = (name.replace(" ", "\\ ") + f" = {value}" for name, value in about.items())
        hook = allure_commons.plugin_manager.hook
        hook.report_attached_data(body="\n".join(lines), file_name="environment.properties")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Let allure-pytest, which is configured next, use a listener and a writer of ours."""
    config.stash.setdefault(UNWRITTEN, [])
    directory = config.getoption("allure_report_dir", None)
    if not directory:
        return
    from allure_pytest import plugin  # type: ignore[import-untyped]

    from harness.evidence.listener import WithoutFixtures
    from harness.evidence.results import ResultsWriter

    plugin.AllureListener, plugin.AllureFileLogger = WithoutFixtures, ResultsWriter


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Add steps, exchanges and labels to the results of allure-pytest."""
    config = session.config
    if recording := config.pluginmanager.get_plugin("allure_listener"):
        from harness.evidence.listener import ScenarioListener

        config.option.clean_alluredir = False  # workers of pytest-xdist must not clean the directory again
        config.stash[_LISTENER] = listener = ScenarioListener(recording.allure_logger)
        config.pluginmanager.register(listener)
        allure_commons.plugin_manager.register(listener)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Add the labels that the report shows, so that allure-pytest can select scenarios by them."""
    option = item.config.option
    if not isinstance(item, ScenarioItem) or not any(getattr(option, name, None) for name in _USE_LABELS):
        return
    asked = set().union(option.allure_epics, option.allure_features, option.allure_stories, *option.allure_labels)
    for name, value in labels_of(item):
        item.add_marker(_label(name, value))
        # The options split their value at commas, and a label may contain some.
        if "," in value and {(name, part) for part in value.split(",")} <= asked:
            option.allure_labels.append([(name, value)])


@cache
def _label(name: str, value: str) -> pytest.MarkDecorator:
    mark: pytest.MarkDecorator = allure.label(name, value)
    return mark


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None, object, object]:
    """Report that results could not be written. A worker of pytest-xdist passes this to its controller."""
    result = yield
    _report_unwritten(session.config)
    if is_worker(session.config):
        session.config.workeroutput["unwritten"] = session.config.stash[UNWRITTEN]  # type: ignore[attr-defined]
    return result


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    known = node.config.stash[UNWRITTEN]
    known += [line for line in getattr(node, "workeroutput", {}).get("unwritten", ()) if line not in known]


def _report_unwritten(config: pytest.Config) -> None:
    if _LISTENER not in config.stash:
        return
    from harness.evidence.results import ResultsWriter

    for writer in allure_commons.plugin_manager.get_plugins():
        if isinstance(writer, ResultsWriter) and writer.error:
            config.stash[UNWRITTEN].append(cannot_be_written("--alluredir", writer.error))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the listener from Allure's plugins, which outlive the session."""
    for listener in listeners(config):
        allure_commons.plugin_manager.unregister(listener)
