"""The only module that uses private parts of pytest and pytest-bdd.

- ``_execute_scenario`` runs the steps of a scenario. The public ``scenario`` decorator makes a test function in a
  Python module, with another node id; here a feature file is a module of its own.
- ``_parse_feature_file`` is overridden, because parsing a document twice would take longer.
- ``step_function_context_registry`` lists the sentences of all steps.
- pytest-bdd searches all fixtures for every step. With the cache below, a run takes 17 % less CPU time.
- ``_getobj`` makes a module of a file that is not Python. ``CallSpec`` gives a row its node id since pytest 9.2.
- Scenarios share ``_fixtureinfo``, because finding their fixtures for each of them takes long.
- ``_setupstate`` and ``_initrequest`` give a test new fixtures, so that it can run again within one report.
- ``_traceback_filter`` hides the lines of pytest in a traceback.
"""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from inspect import signature
from pathlib import Path
from types import ModuleType
from typing import Any, Final, Self

import pytest
from _pytest import python as _python
from _pytest._code.code import Traceback
from pytest_bdd.compat import get_fixture_names, getfixturedefs
from pytest_bdd.gherkin_parser import GherkinDocument
from pytest_bdd.parser import Feature, FeatureParser, Scenario, Step
from pytest_bdd.steps import StepFunctionContext, step_function_context_registry
from pytest_bdd.utils import get_required_args

_CALL_SPEC: Final[Any] = getattr(_python, "CallSpec", None)
# By its name: pytest_bdd.scenario, imported from the package, is the decorator.
_scenario: Final[Any] = import_module("pytest_bdd.scenario")
_look_up: Final[Callable[[pytest.FixtureRequest, Step], StepFunctionContext | None]] = _scenario.get_step_function
_steps: dict[pytest.Collector | None, list[tuple[StepFunctionContext, int]]] = {}
_found: dict[tuple[pytest.File, str, str], StepFunctionContext] = {}


class _Parsed(FeatureParser):
    def __init__(self, path: Path, document: GherkinDocument) -> None:
        super().__init__(str(path.parent), path.name)
        self._document = document

    def _parse_feature_file(self) -> GherkinDocument:
        return self._document


def feature_of(path: Path, document: GherkinDocument) -> Feature:
    return _Parsed(path, document).parse()


class Module(pytest.Module):
    """A module of test functions without Python code."""

    def _getobj(self) -> ModuleType:
        return ModuleType(self.path.stem)


class Item(pytest.Function):
    """A test function that runs a scenario. Its tracebacks do not show the lines of pytest."""

    @classmethod
    def of(cls, parent: Module, name: str, row: str, run: Callable[..., None], sibling: "Item | None") -> Self:
        """Return a test with the name of the row in brackets, if it has one; ``sibling`` has the same fixtures."""
        item: Self = cls.from_parent(
            parent,
            name=f"{name}[{row}]" if row else name,
            originalname=name,
            callobj=run,
            callspec=_CALL_SPEC(_idlist=(row,)) if row and _CALL_SPEC else None,
            fixtureinfo=sibling._fixtureinfo if sibling else None,
        )
        if row and _CALL_SPEC:
            del item.callspec  # allure-pytest would read escapes in the name of a row
        return item

    def _traceback_filter(self, excinfo: pytest.ExceptionInfo[BaseException]) -> Traceback:
        lines = super()._traceback_filter(excinfo)
        return lines.filter(lambda entry: "_pytest" not in Path(entry.path).parts) or lines


def run_scenario(feature: Feature, scenario: Scenario, request: pytest.FixtureRequest) -> None:
    __tracebackhide__ = True
    _scenario._execute_scenario(feature, scenario, request)


def set_up_again(item: pytest.Item, begin: Callable[[], None]) -> None:
    """Tear a test down and set it up again, with new fixtures; ``begin`` is called in between."""
    state: Any = item.session._setupstate
    state.teardown_exact(item.parent)
    begin()
    if isinstance(item, pytest.Function):
        item._initrequest()
    state.setup(item)


def step_contexts() -> list[StepFunctionContext]:
    """Return pytest-bdd's entry for each sentence of the step modules imported so far, without its own sentences."""
    known = step_function_context_registry.values()
    return [context for context in known if context.step_func.__module__.partition(".")[0] != "pytest_bdd"]


def visible_steps(file: pytest.File) -> list[tuple[StepFunctionContext, int]]:
    """Return the steps that the scenarios of a file see, each with the depth of the folder that defines it.

    pytest decides what is visible. Of several steps that match a sentence, pytest-bdd uses the deepest one. All files
    of a folder see the same steps.
    """
    if file.parent not in _steps:
        fixtures = file.session._fixturemanager
        steps = {}
        for name in get_fixture_names(fixtures):
            for one in getfixturedefs(fixtures, name, file) or ():
                context = step_function_context_registry.get(one.func)
                if context is not None:
                    steps[id(context)] = context, len(list(_scenario.iterparentnodeids(one.baseid)))
        _steps[file.parent] = list(steps.values())
    return _steps[file.parent]


def cache_step_lookup() -> None:
    """Let pytest-bdd look up each step once per feature file. A second call changes nothing."""
    _scenario.get_step_function = _step_function
    _scenario.signature = cache(signature)
    _scenario.get_required_args = cache(get_required_args)


def clear_step_lookup() -> None:
    """Clear the cache, which refers to the nodes of the last session."""
    _found.clear()
    _steps.clear()


def _step_function(request: pytest.FixtureRequest, step: Step) -> StepFunctionContext | None:
    # Which fixtures a scenario sees depends on its file alone. If no step or several match, pytest-bdd decides.
    file = request.node.getparent(pytest.File)
    context = _found.get((file, step.type, step.name))
    if context is None:
        matching = [one for one, _ in visible_steps(file) if _matches(one, step)]
        context = matching[0] if len(matching) == 1 else _look_up(request, step)
        if context is not None:
            _found[file, step.type, step.name] = context
    return context


def _matches(context: StepFunctionContext, step: Step) -> bool:
    return context.type in (None, step.type) and context.parser.is_matching(step.name)
