"""The failure that README.md shows is the output of a run."""

import re
from functools import partial
from pathlib import Path

from proof.target_file import toml
from sandbox.launcher import SandboxProcess, spawned
from tests.harness.runs import ROOT, run_pytest

_SHOWN = re.compile(r"```text\n(.*?)```", re.DOTALL)
_CHANGES = re.compile(r"\d+ ms|\b[0-9a-f]{32}\b|127\.0\.0\.1:\d+/\S+")


def stable(line: str) -> str:
    """Return a line without what differs from run to run, up to the place at which the page cuts it."""
    return _CHANGES.sub("_", line.partition(" ...")[0])


def test_the_failure_is_the_output_of_a_run(tmp_path: Path) -> None:
    (shown,) = _SHOWN.findall((ROOT / "README.md").read_text("utf-8"))
    process = SandboxProcess.start(["--defect", "charged-a-minor-unit-less"], partial(spawned, module="proof.sandbox"))
    try:
        tables = process.wait_ready().tables
        key = tables["alfred"]["shop_key"]
        tables["alfred"]["shop_key"] = "${SANDBOX_SHOP_KEY}"
        (tmp_path / "local.toml").write_text(toml(tables))
        ran = run_pytest(
            "features/alfred/split.feature", f"--target={tmp_path}/local.toml", COLUMNS="80", SANDBOX_SHOP_KEY=key
        )
    finally:
        process.end()
    said = [stable(line) for line in ran.lines]
    lines = [stable(line) for line in shown.splitlines() if line.strip() != "..."]
    assert [line for line in lines if not any(each.startswith(line) for each in said)] == [], ran.output
