"""Names the pytest plugins: those of the suite, and every module of steps/."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent

# Step modules import each other. This lets pytest show the values of their assertions in any order of imports.
pytest.register_assert_rewrite("steps")

pytest_plugins = [
    "harness.gherkin.collection",
    "harness.evidence.plugin",
    "harness.session",
    "harness.verdict.plugin",
    "harness.walks.walker",
    *(
        ".".join(module.relative_to(ROOT).with_suffix("").parts)
        for module in sorted((ROOT / "steps").rglob("[!_]*.py"))
    ),
]
