"""Spares pytest-bdd what it does anew for every step: looking its function up among all fixtures, and its signature."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from inspect import Signature, signature
from typing import Any, Final

import pytest
from pytest_bdd.compat import get_fixture_names
from pytest_bdd.parser import Step
from pytest_bdd.steps import StepFunctionContext, step_function_context_registry
from pytest_bdd.utils import get_required_args

# By its name: pytest_bdd.scenario, imported from the package, is the decorator.
bdd: Final[Any] = import_module("pytest_bdd.scenario")
_look_up: Final[Callable[[pytest.FixtureRequest, Step], StepFunctionContext | None]] = bdd.get_step_function
_seen: dict[pytest.File, list[StepFunctionContext]] = {}
_found: dict[tuple[pytest.File, str, str], StepFunctionContext] = {}


def install() -> None:
    """Put the caches in place; a second time changes nothing."""
    bdd.get_step_function = found_step_function
    bdd.signature = cache(_signature)
    bdd.get_required_args = cache(get_required_args)


def forget() -> None:
    """Drop what was found, with the nodes of a session that is over."""
    _found.clear()
    _seen.clear()


def found_step_function(request: pytest.FixtureRequest, step: Step) -> StepFunctionContext | None:
    """The step's function, looked up once a file: which fixtures a scenario sees depends on its file alone.

    pytest lets a fixture be seen by a node and all below it; steps are defined in modules, never in one scenario.
    Where more than one step matches, or none, pytest-bdd decides.
    """
    file = request.node.getparent(pytest.File)
    context = _found.get((file, step.type, step.name))
    if context is None:
        matching = [one for one in _steps_seen_by(file, request) if _is_meant(one, step)]
        context = matching[0] if len(matching) == 1 else _look_up(request, step)
        if context is not None:
            _found[file, step.type, step.name] = context
    return context


def _steps_seen_by(file: pytest.File, request: pytest.FixtureRequest) -> list[StepFunctionContext]:
    if file not in _seen:
        fixtures = request._fixturemanager
        defined = (fixtures.getfixturedefs(name, file) or () for name in get_fixture_names(fixtures))
        found = (step_function_context_registry.get(one.func) for same_name in defined for one in same_name)
        _seen[file] = [context for context in found if context is not None]
    return _seen[file]


def _is_meant(context: StepFunctionContext, step: Step) -> bool:
    return context.type in (None, step.type) and context.parser.is_matching(step.name)


def _signature(function: Any) -> Signature:
    return signature(function)
