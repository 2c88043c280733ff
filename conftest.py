"""Names the pytest plugins: those of the suite, and every module of steps/."""

from __future__ import annotations

from typing import Final

import pytest

from harness.gherkin.sentences import step_modules

HARNESS: Final = ("gherkin.collection", "evidence.plugin", "session", "verdict.plugin", "walks.walker")

# Lets pytest show the values of assertions in steps, also in a module that another module imports first.
pytest.register_assert_rewrite("steps")

pytest_plugins = [*(f"harness.{name}" for name in HARNESS), *step_modules()]
