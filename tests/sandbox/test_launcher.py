"""The sandbox as a process: start, error messages, stop."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from sandbox.errors import StartError, UsageError
from sandbox.launcher import SandboxProcess, running_sandbox
from sandbox.settings import Settings, as_environment, read_settings

ROOT = Path(__file__).resolve().parents[2]


def sandbox(*arguments, **environment):
    """Run the sandbox until it ends by itself."""
    return subprocess.run(
        [sys.executable, "-m", "sandbox", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=10,
        check=False,
    )


def has_ended(pid, seconds=3.0):
    """Return whether a process that is not our child has ended."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        if "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text():
            return True
        time.sleep(0.02)
    return False


def port_in_use():
    listening = socket.create_server(("127.0.0.1", 0))
    return listening, str(listening.getsockname()[1])


def test_keys_are_new_each_time_and_not_in_the_repr(served):
    with running_sandbox() as other:
        assert other.base_url != served.base_url
        for api, key in [
            ("alfred", "shop_key"),
            ("alfred", "platform_key"),
            ("walletapi", "key"),
            ("walletapi", "client"),
        ]:
            assert other.tables[api][key] != served.tables[api][key]
            assert other.tables[api][key] not in repr(other)
        assert other.tables["admin"]["url"] == other.base_url + "/admin/wallets/{walletId}"
        assert httpx.get(other.base_url + "/_sandbox/health").status_code == 200
    assert other.process.poll() is not None


def test_sandbox_stops_if_an_exception_leaves_the_with_block():
    with pytest.raises(ZeroDivisionError), running_sandbox() as child:
        raise ZeroDivisionError
    assert child.process.poll() is not None


def test_a_sandbox_that_hangs_is_killed():
    starting = SandboxProcess.start()
    running = starting.wait_ready()
    os.kill(running.process.pid, signal.SIGSTOP)
    starting.process.wait = _impatient(running.process)
    starting.end()
    assert running.process.returncode == -signal.SIGKILL


def _impatient(process):
    wait = process.wait
    return lambda seconds=None: wait(0.1 if seconds else None)


def test_child_ends_if_its_parent_is_killed():
    program = (
        "import sys, time\nfrom sandbox.launcher import running_sandbox\n"
        "with running_sandbox() as s:\n    print(s.process.pid, flush=True)\n    time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    with parent:
        child = int(parent.stdout.readline())
        assert not has_ended(child, 0.1)
        parent.kill()
    assert has_ended(child)


def test_start_error_contains_the_message_of_the_child():
    with (
        pytest.raises(StartError, match=r"did not start: sandbox: the database /nowhere/books cannot be used"),
        running_sandbox(["--database", "/nowhere/books"]),
    ):
        pass


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_signal_stops_the_sandbox_without_a_traceback(stop):
    child = subprocess.Popen(
        [sys.executable, "-m", "sandbox", "--port", "0"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with child:
        assert child.stdout.readline().startswith("sandbox listening on http://127.0.0.1:")
        child.send_signal(stop)
        _, stderr = child.communicate(timeout=5)
    assert stderr == ""
    assert child.returncode == (0 if stop == signal.SIGINT else -signal.SIGTERM)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--port", "x"], "'x' is not a port"),
        (["--port", "65536"], "is not a port"),
        (["--port", "-1"], "is not a port"),
        (["--nothing"], "--nothing"),
        (["--database", "/nowhere/books"], "cannot be used"),
        (["--host", "no.such.host.invalid", "--port", "0"], "no such host"),
    ],
    ids=str,
)
def test_usage_error_is_reported_in_one_line(arguments, words):
    response = sandbox(*arguments)
    assert response.returncode == 4
    assert response.stdout == ""
    assert words in response.stderr
    last = response.stderr.strip().splitlines()[-1]
    assert last.startswith("sandbox: ")
    assert "Traceback" not in response.stderr


def test_a_port_in_use_is_reported():
    listening, port = port_in_use()
    with listening:
        response = sandbox("--port", port)
    assert (response.returncode, response.stderr.count("\n")) == (4, 1)
    assert f"cannot listen on 127.0.0.1:{port}: another process has this port" in response.stderr


def test_a_file_that_is_not_a_database_is_reported(tmp_path):
    (tmp_path / "notes.txt").write_text("milk, eggs\n" * 100)
    response = sandbox("--port", "0", "--database", str(tmp_path / "notes.txt"))
    assert (response.returncode, response.stderr.count("\n")) == (4, 1)


def test_a_database_in_use_is_reported(tmp_path):
    with running_sandbox(["--database", str(tmp_path / "books")]):
        response = sandbox("--port", "0", "--database", str(tmp_path / "books"))
    assert response.returncode == 4
    assert "another process has it open" in response.stderr


def test_database_is_kept_after_the_sandbox_stops(tmp_path):
    arguments = ["--database", str(tmp_path / "books")]
    wallets = []
    for _ in range(2):
        with running_sandbox(arguments) as child:
            keys = child.tables["alfred"]
            login = f"{child.base_url}/v2/alfred/platform/{keys['platform_id']}/walletauthentication"
            response = httpx.post(
                login, json={"externalReferenceId": "anna"}, headers={"API-KEY": keys["platform_key"]}
            )
            wallets.append(response.json()["walletId"])
    assert wallets[0] == wallets[1]


def test_connection_closed_by_the_client_is_released_without_output():
    child = SandboxProcess.start()
    try:
        base_url = child.wait_ready().base_url
        host, port = base_url.removeprefix("http://").split(":")
        for _ in range(3):
            with socket.create_connection((host, int(port))) as caller:
                caller.sendall(b"POST /v2/alfred/purchase HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
                time.sleep(0.02)
        assert httpx.get(base_url + "/_sandbox/invariants").json()["openConnections"] == 1
        child._stderr.seek(0)
        assert child._stderr.read() == ""
    finally:
        child.end()


def test_an_address_other_than_loopback_is_reported():
    child = SandboxProcess.start(["--host", "0.0.0.0"])  # noqa: S104 (this is what is tested)
    try:
        child.wait_ready()
        child._stderr.seek(0)
        assert "0.0.0.0 is not loopback" in child._stderr.read()
    finally:
        child.end()


@pytest.mark.parametrize(
    "environment",
    [
        {"SANDBOX_SHOP_KEY": ""},
        {"SANDBOX_SHOP_KEY": "two words"},
        {"SANDBOX_SHOP_KEY": "same", "SANDBOX_PLATFORM_KEY": "same"},
        {"SANDBOX_WALLETAPI_KEY": "same", "SANDBOX_WALLETAPI_CLIENT": "same"},
        {"SANDBOX_OWNER_ID": "1"},
    ],
    ids=str,
)
def test_a_wrong_setting_is_named(environment):
    with pytest.raises(UsageError, match=next(iter(environment))):
        read_settings(environment)
    assert sandbox("--port", "0", **environment).returncode == 4


def test_settings_pass_through_the_environment_unchanged():
    settings = Settings(shop_key="a", walletapi_currency="EUR")
    assert read_settings(as_environment(settings)) == settings
