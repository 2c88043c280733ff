"""Schemathesis finds nothing in the sandbox, and finds the defect of a broken one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from harness.contract.contract import documented

CONFIGURATION = Path(__file__).with_name("schemathesis.toml")
SCHEMATHESIS = str(Path(sys.executable).with_name("schemathesis"))


@pytest.fixture
def schemathesis(description, platform, tmp_path):
    """Run Schemathesis with flags."""
    sound = platform
    configuration = tmp_path / "schemathesis.toml"

    def run(*flags, platform=sound, seconds=None):
        limit = f"max-time = {seconds}\n" if seconds else ""  # without it, a run ends by its number of examples
        configuration.write_text(limit + CONFIGURATION.read_text(encoding="utf-8"), encoding="utf-8")
        command = [SCHEMATHESIS, "--config-file", configuration, "--no-color", "run", description]
        return subprocess.run(
            [*command, "--url", platform.base_url, *flags],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
            env={**os.environ, **variables(platform)},
        )

    return run


def variables(platform):
    """Return what schemathesis.toml refers to."""
    return {
        "SHOP_KEY": platform.alfred["shop_key"],
        "PLATFORM_KEY": platform.alfred["platform_key"],
        "PLATFORM_ID": platform.alfred["platform_id"],
        "WALLETAPI_KEY": platform.walletapi["key"],
        "WALLETAPI_CLIENT": platform.walletapi["client"],
        "ALIAS": platform.alias,
        "WALLET_ID": platform.user["walletId"],
        "ACCESS_TOKEN": platform.user["accessToken"],
    }


def test_schemathesis_finds_nothing_in_the_sandbox(schemathesis):
    found = schemathesis("--max-examples", "1000", seconds=6)
    assert found.returncode == 0, found.stdout
    assert f"Tested: {len(documented().operations)}" in found.stdout


@pytest.mark.parametrize(
    ("operation", "check"),
    [("getWallet", "ignored_auth"), ("createPurchase", "unsupported_method"), ("refundPurchase", "unsupported_method")],
)
def test_single_schemathesis_check_passes(schemathesis, operation, check):
    found = schemathesis("--include-operation-id", operation, "--checks", check, "--max-examples", "3", "--seed", "2")
    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize(
    ("defect", "operation", "problem"),
    [
        ("ill-typed-amount-is-a-fault", "createPurchase", "Server error"),
        ("unknown-things-answer-a-fault", "openPurchaseSession", "Server error"),
        ("failures-say-both", "balancesByAlias", "Response violates schema"),
    ],
)
def test_schemathesis_finds_the_defect_of_a_broken_sandbox(schemathesis, started, defect, operation, problem):
    with started(defect) as broken:
        found = schemathesis("--include-operation-id", operation, "--max-examples", "20", platform=broken)
    assert found.returncode == 1, found.stdout
    assert problem in found.stdout
