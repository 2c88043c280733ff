"""No value of a platform crashes the suite: it breaks a clause, or it is tolerated."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.harness.runs import run_pytest


@pytest.mark.parametrize("seed", ["1", "2"])
def test_each_scenario_with_an_odd_value_passes_or_breaks_a_clause(seed: str, tmp_path: Path) -> None:
    faults, summary, junit = tmp_path / "faults.txt", tmp_path / "summary.md", tmp_path / "junit.xml"
    arguments = ("-p", "tests.harness.odd_values", "-p", "no:cacheprovider", f"--summary={summary}")
    ran = run_pytest("features", *arguments, f"--junitxml={junit}", ODD_VALUES=seed, ODD_VALUES_FILE=str(faults))
    assert not faults.exists(), faults.read_text()[:10_000]
    assert ran.status == 1
    assert "Traceback" not in ran.output
    assert ran.output.replace("\n", "").isprintable()
    assert summary.read_text(encoding="utf-8").replace("\n", "").replace("\t", "").isprintable()
    assert len(list(ET.parse(junit).iter("failure"))) > 100  # noqa: S314 - written by pytest
