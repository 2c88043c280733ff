"""A sandbox with one user and one wallet of the WalletAPI, and the API description in one file."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import httpx
import pytest

from harness.contract.bundle import bundle
from harness.contract.contract import SCHEMAS
from sandbox.launcher import RunningSandbox, SandboxProcess

ALIAS = "5550001234"


@dataclass(frozen=True)
class Platform:
    """A running sandbox. ``user`` is the response to a login."""

    base_url: str
    alfred: dict[str, Any]
    walletapi: dict[str, Any]
    user: dict[str, str]
    alias: str = ALIAS


@pytest.fixture(scope="session")
def description(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("api") / "api.json"
    path.write_text(json.dumps(bundle()), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def started() -> Callable[[str], AbstractContextManager[Platform]]:
    """Start a sandbox, with a defect if one is named."""
    return _started


@pytest.fixture(scope="session")
def platform() -> Iterator[Platform]:
    with _started() as platform:
        yield platform


@contextmanager
def _started(defect: str = "") -> Iterator[Platform]:
    module = ["proof.sandbox", "--defect", defect] if defect else ["sandbox"]

    def spawn(flags: Sequence[str], environment: Mapping[str, str], stderr: IO[str]) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", *module, *flags],
            cwd=SCHEMAS.parent,
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )

    child = SandboxProcess.start(spawn=spawn)
    try:
        yield _prepared(child.wait_ready())
    finally:
        child.end()


def _prepared(sandbox: RunningSandbox) -> Platform:
    alfred, walletapi = sandbox.tables["alfred"], sandbox.tables["walletapi"]
    with httpx.Client(base_url=sandbox.base_url) as http:
        login = f"/v2/alfred/platform/{alfred['platform_id']}/walletauthentication"
        key = {"API-KEY": alfred["platform_key"]}
        user = http.post(login, json={"externalReferenceId": "someone"}, headers=key).json()
        opening = {"WalletOwnerId": walletapi["owner_id"], "RegionId": 1, "CurrencyCode": "try", "Alias": ALIAS}
        pair = {"apikeypublic": walletapi["key"], "apiclientpublic": walletapi["client"]}
        http.post("/api/v1/wallet", json=opening, headers=pair).raise_for_status()
    return Platform(sandbox.base_url, alfred, walletapi, user)
