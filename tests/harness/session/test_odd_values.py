"""No value of a platform crashes the suite: it breaks a clause, or it is tolerated."""

from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as ET

import pytest

from harness.apis.walletapi.client import WalletApi
from harness.client.record import Recorder, Run
from harness.contract.contract import Contract
from harness.target.reading import build_target
from harness.wire.channel import Channel
from proof.target_file import toml
from sandbox.launcher import RunningSandbox
from tests.harness.runs import run_pytest

# All scenarios of all features would take minutes.
ONE_IN: Final = "5"
FEATURES: Final = {
    "alfred": ("authentication", "funding", "split", "wallets", "purchases"),
    "walletapi": ("sale", "gifts", "cashback", "undoing", "around_the_sale", "balance"),
}


@pytest.fixture
def aliases(sandbox: RunningSandbox, shared_channel: Channel, contract: Contract, tmp_path: Path) -> str:
    """Return the path of a target file with aliases instead of an owner, and without Alfred."""
    target = build_target("sandbox", sandbox.tables)
    assert target.walletapi
    api = WalletApi(target.walletapi, shared_channel, Recorder(Run.of(contract, target.secrets)))
    own = {**sandbox.tables["walletapi"], "owner_id": "", "aliases": [api.open_wallet().alias for _ in range(4)]}
    path = tmp_path / "aliases.toml"
    path.write_text(toml({"walletapi": own}))
    return str(path)


@pytest.mark.parametrize("api", FEATURES)
def test_each_scenario_with_an_odd_value_passes_or_breaks_a_clause(api: str, tmp_path: Path) -> None:
    check_run(api, tmp_path)


def test_each_scenario_on_aliases_with_an_odd_value_passes_or_breaks_a_clause(aliases: str, tmp_path: Path) -> None:
    check_run("walletapi", tmp_path, f"--target={aliases}")


def check_run(api: str, tmp_path: Path, *more: str) -> None:
    """Run features with odd values. Every outcome must be a pass or a violation, and every report must be valid."""
    faults, summary, junit = tmp_path / "faults.txt", tmp_path / "summary.md", tmp_path / "junit.xml"
    arguments = ("-p", "tests.harness.odd_values", "-p", "no:cacheprovider", f"--summary={summary}", *more)
    seed: dict[str, Any] = {"ODD_VALUES": "1", "ODD_VALUES_OF": ONE_IN}
    paths = [f"features/{api}/{name}.feature" for name in FEATURES[api]]
    ran = run_pytest(*paths, *arguments, f"--junitxml={junit}", **seed, ODD_VALUES_FILE=str(faults))
    assert not faults.exists(), faults.read_text()[:10_000]
    assert ran.status == 1
    assert "Traceback" not in ran.output
    assert ran.output.replace("\n", "").isprintable()
    assert summary.read_text(encoding="utf-8").replace("\n", "").replace("\t", "").isprintable()
    assert len(list(ET.parse(junit).iter("failure"))) > 7  # noqa: S314 - written by pytest
