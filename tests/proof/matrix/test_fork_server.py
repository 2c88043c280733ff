"""Sandboxes of the fork server: they respond, report errors and stop like others, and end with their parent."""

import os
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from proof.matrix.fork_server import ForkServer
from sandbox.errors import StartError
from sandbox.launcher import SandboxProcess

ROOT = Path(__file__).resolve().parents[3]
FORK_SERVER = ForkServer()
PARENT = """
import os, signal
from proof.matrix.fork_server import ForkServer
from sandbox.launcher import SandboxProcess

if __name__ == "__main__":
    print(SandboxProcess.start([], ForkServer().spawn).wait_ready().base_url, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def responds(url: str) -> bool:
    try:
        return httpx.get(f"{url}/admin", trust_env=False).is_success
    except httpx.ConnectError:
        return False


def test_a_sandbox_of_the_fork_server_responds_until_it_is_stopped() -> None:
    child = SandboxProcess.start(["--defect", "purchase-ids-race"], FORK_SERVER.spawn)
    url = child.wait_ready().base_url
    assert responds(url)
    child.end()
    assert not responds(url)


def test_each_sandbox_has_its_own_keys_and_address() -> None:
    first, second = (SandboxProcess.start([], FORK_SERVER.spawn) for _ in range(2))
    one, other = first.wait_ready(), second.wait_ready()
    assert one.base_url != other.base_url
    assert one.tables["alfred"]["shop_key"] != other.tables["alfred"]["shop_key"]
    for child in (first, second):
        child.end()


def test_start_error_contains_the_reason() -> None:
    child = SandboxProcess.start(["--defect", "no-such-defect"], FORK_SERVER.spawn)
    with pytest.raises(StartError, match="no-such-defect"):
        child.wait_ready()
    child.end()


def test_sandbox_ends_with_its_parent_process(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT, encoding="utf-8")
    command = [sys.executable, str(script)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    parent = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    url = parent.stdout.strip()
    assert url.startswith("http://127.0.0.1:"), parent.stderr
    deadline = time.monotonic() + 10
    while responds(url) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not responds(url)
