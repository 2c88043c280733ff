"""Spares pytest-bdd what it does anew for every step: looking its function up among all fixtures, and its signature."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from inspect import Signature, signature
from typing import Any, Final

import pytest
from pytest_bdd.parser import Step
from pytest_bdd.steps import StepFunctionContext
from pytest_bdd.utils import get_required_args

# By its name: pytest_bdd.scenario, imported from the package, is the decorator.
bdd: Final[Any] = import_module("pytest_bdd.scenario")
_look_up: Final[Callable[[pytest.FixtureRequest, Step], StepFunctionContext | None]] = bdd.get_step_function
_found: dict[tuple[pytest.Collector, str, str], StepFunctionContext] = {}


def install() -> None:
    """Put the caches in place; a second time changes nothing."""
    bdd.get_step_function = found_step_function
    bdd.signature = cache(_signature)
    bdd.get_required_args = cache(get_required_args)


def forget() -> None:
    """Drop what was found, with the nodes of a session that is over."""
    _found.clear()


def found_step_function(request: pytest.FixtureRequest, step: Step) -> StepFunctionContext | None:
    """The step's function, looked up once a file: which fixtures a scenario sees depends on its file alone.

    pytest lets a fixture be seen by a node and all below it; steps are defined in modules, never in one scenario.
    """
    file = request.node.getparent(pytest.File)
    context = _found.get((file, step.type, step.name))
    if context is None:
        context = _look_up(request, step)
        if context is not None:
            _found[file, step.type, step.name] = context
    return context


def _signature(function: Any) -> Signature:
    return signature(function)
