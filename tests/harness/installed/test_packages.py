"""What is installed: versions outside the declared ranges are reported in one line, before they can fail elsewhere."""

import os
from pathlib import Path
from typing import Any

import pytest

from tests.harness.runs import ROOT, run_pytest

FEATURE = "features/alfred/wallets.feature"


@pytest.mark.parametrize(
    ("package", "found"), [("pytest", "8.3.5"), ("pytest", "9.3.0"), ("pytest-bdd", "8.1.0"), ("allure-pytest", "3.0")]
)
def test_unsupported_version_is_reported_in_one_line(tmp_path: Path, package: str, found: str) -> None:
    metadata = tmp_path / f"{package.replace('-', '_')}-{found}.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: {found}\n")
    ran = run_pytest(FEATURE, fresh=True, PYTHONPATH=f"{tmp_path}{os.pathsep}{ROOT}")
    assert ran.status == pytest.ExitCode.USAGE_ERROR
    (line,) = ran.lines
    assert f"needs {package}<" in line
    assert f"found: {found}" in line


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        (("--disable-plugin-autoload",), {}),
        ((), {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}),
        (("-p", "pytest_bdd", "-p", "xdist", "-n", "2"), {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}),
        (("-p", "allure_pytest", "--allure-epics=Alfred"), {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}),
    ],
)
def test_suite_runs_without_plugin_autoload(arguments: tuple[str, ...], environment: dict[str, Any]) -> None:
    ran = run_pytest(FEATURE, *arguments, fresh=True, **environment)
    assert ran.status == 0, ran.output
