"""Races: how simultaneously the calls are sent, on which connections, and how failed calls are reported."""

import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.apis.alfred.users import user_of
from harness.failures import ContractViolation, EnvironmentFault
from harness.races.lanes import Lanes
from harness.wire.faults import NoResponse
from proof.target_file import toml
from sandbox.launcher import RunningSandbox, tables
from sandbox.settings import Settings
from tests.harness.loopback import Platform, Received, Reply, reply
from tests.harness.runs import ROOT, run_pytest

# Seconds between the first and the last of eight calls; 0.0015 was seen on a busy machine.
SPREAD = 0.005
WALLET = {"walletAccountId": "ACC-1"}
PURCHASE = {"id": "PUR-1"}


@pytest.fixture
def lanes() -> Iterator[Lanes]:
    opened = Lanes(2.0)
    yield opened
    opened.close()


def answering(received: Received) -> Reply:
    """Respond to the calls of these tests."""
    return reply(WALLET if received.method == "GET" else PURCHASE)


def race(clients: Any, lanes: Lanes, count: int = 8) -> list[Any]:
    """Create this many purchases at the same time."""
    user = user_of("user", {"walletId": "W-1", "accessToken": "token-0123456789"})
    calls = [clients.alfred.purchases.creation_call(number + 1, user) for number in range(count)]
    return lanes.race(clients.alfred.client, calls, warm=clients.alfred.users.wallet_call(user))


def test_lanes_that_wait_for_a_response_can_be_closed(clients: Any) -> None:
    lanes = Lanes(20.0)
    before = clients(lambda request: reply(WALLET) if request.method == "GET" else Reply(then="stall"))

    def racing() -> None:
        with pytest.raises(EnvironmentFault):
            race(before, lanes)

    thread = threading.Thread(target=racing)
    thread.start()
    while sum(request.method == "POST" for request in before.platform.received) < 8:
        time.sleep(0.01)
    began = time.monotonic()
    lanes.close()
    thread.join()
    assert time.monotonic() - began < 2


def test_eight_calls_are_sent_at_once_on_open_connections(clients: Any, lanes: Lanes) -> None:
    before = clients(answering)
    for _ in range(8):
        outcomes = race(before, lanes)
        assert [outcome.call.body["amount"] for outcome in outcomes] == list(range(1, 9))
        assert all(outcome.accepted for outcome in outcomes)
    assert min(lanes.spreads) < SPREAD, lanes.spreads
    assert before.platform.connections == 8, "each lane keeps its connection"
    assert sum(request.method == "GET" for request in before.platform.received) == 8, "and opens it once"


def test_no_call_is_sent_before_all_are_ready(lanes: Lanes, clients: Any) -> None:
    arrived: list[float] = []
    gate = threading.Barrier(8)

    def together(received: Received) -> Reply:
        if received.method == "POST":
            arrived.append(time.perf_counter())
            gate.wait(2)  # nobody is answered before all have come: calls one after another would never be
        return answering(received)

    race(clients(together), lanes)
    assert len(arrived) == 8


def test_calls_of_a_race_are_recorded(clients: Any, lanes: Lanes) -> None:
    before = clients(answering)
    with before.recorder.diverted() as exchanges:
        race(before, lanes, count=3)
    assert [exchange.request.operation for exchange in exchanges] == ["createPurchase"] * 3
    request = next(each for each in before.platform.received if each.method == "POST")
    assert request.headers["accept-encoding"] == "identity"
    assert request.headers["api-key"] == "shop-key-4711"


def test_a_response_of_the_wrong_form_breaks_the_clause_of_the_operation(clients: Any, lanes: Lanes) -> None:
    before = clients(lambda received: reply(WALLET if received.method == "GET" else {}), clauses=("P-2",))
    with pytest.raises(ContractViolation) as caught:
        race(before, lanes)
    assert caught.value.clause == "P-1"


def test_500_to_a_valid_call_in_a_race_breaks_the_clause_of_its_operation(clients: Any, lanes: Lanes) -> None:
    before = clients(lambda received: reply(WALLET if received.method == "GET" else {}, 500), clauses=("S-7",))
    with pytest.raises(ContractViolation) as caught:
        race(before, lanes)
    assert caught.value.clause == "P-1"


def test_refused_key_in_a_race_is_reported_at_the_same_place_in_each_run(clients: Any, lanes: Lanes) -> None:
    turn = iter(range(99))
    before = clients(lambda got: reply({}, 403) if got.method == "POST" and next(turn) in (2, 13) else answering(got))
    first, second = ([refused.place for refused, _ in before.recorder.scenario.doubts] for _ in two_runs(before, lanes))
    assert first == second
    assert len(first) == 1


def two_runs(before: Any, lanes: Lanes) -> Iterator[None]:
    """Run the race in two runs of a scenario."""
    for _ in range(2):
        before.recorder.begin(())
        race(before, lanes)
        yield


def test_call_rejected_with_429_in_a_race_is_sent_again(clients: Any, lanes: Lanes) -> None:
    busy = iter([True])

    def limiting(received: Received) -> Reply:
        if received.method == "POST" and next(busy, False):
            return reply(b"", 429, retry_after="0")
        return answering(received)

    before = clients(limiting)
    assert all(outcome.accepted for outcome in race(before, lanes))
    assert sum(request.method == "POST" for request in before.platform.received) == 9


@pytest.mark.parametrize("is_announced", [True, False])
def test_race_uses_new_connections_if_the_platform_closes_each_one(
    clients: Any, lanes: Lanes, is_announced: bool
) -> None:
    closing: dict[str, Any] = {"connection": "close"} if is_announced else {}

    def hanging_up(received: Received) -> Reply:
        return reply(WALLET if received.method == "GET" else PURCHASE, then="hang up", **closing)

    before = clients(hanging_up)
    before.alfred.client.channel._keeps_open = None
    try:
        before.alfred.purchases.create(1)
        for _ in range(3):
            assert all(outcome.accepted for outcome in race(before, lanes))
    finally:
        before.alfred.client.channel._keeps_open = None


def test_a_broken_connection_in_a_race_is_an_environment_fault(clients: Any, lanes: Lanes) -> None:
    def breaking(received: Received) -> Reply:
        return reply(WALLET) if received.method == "GET" else Reply(then="reset")

    before = clients(breaking)
    with pytest.raises(NoResponse, match=r"broke the connection.*POST createPurchase"):
        race(before, lanes)


def test_timeout_in_a_race_is_an_environment_fault(clients: Any) -> None:
    lanes = Lanes(0.2)
    before = clients(lambda received: reply(WALLET) if received.method == "GET" else Reply(then="stall"))
    try:
        with pytest.raises(NoResponse, match=r"gave no response in 0\.2 s"):
            race(before, lanes)
    finally:
        lanes.close()


def test_unreachable_platform_is_reported_at_once(clients: Any, lanes: Lanes) -> None:
    before = clients(answering)
    before.platform.close()
    began = time.monotonic()
    with pytest.raises(NoResponse, match="can't be reached"):
        race(before, lanes)
    assert time.monotonic() - began < 1
    assert issubclass(NoResponse, EnvironmentFault)


def test_failed_connection_of_one_lane_cancels_the_race_at_once(clients: Any, lanes: Lanes) -> None:
    before = clients(answering)
    race(before, lanes)
    broken = lanes._lanes[3]
    broken._connections._response = rejected  # type: ignore[method-assign]
    posted = len(before.platform.received)
    began = time.monotonic()
    with pytest.raises(NoResponse):
        race(before, lanes)
    assert time.monotonic() - began < 1
    assert len(before.platform.received) == posted, "nobody starts without the others"


def rejected(*_arguments: Any, **_options: Any) -> Any:
    import httpcore

    raise httpcore.ConnectError("rejected")


def test_closed_lanes_leave_no_thread(clients: Any) -> None:
    before = threading.active_count()
    lanes = Lanes(2.0)
    served = clients(answering)
    race(served, lanes)
    lanes.close()
    ours = [thread.name for thread in threading.enumerate() if thread.name.startswith("lane")]
    assert ours == []
    assert threading.active_count() <= before + served.platform.connections + 1


def test_more_calls_than_lanes_are_rejected(clients: Any, lanes: Lanes) -> None:
    with pytest.raises(ValueError, match="10 calls need as many lanes, and there are 9"):
        race(clients(answering), lanes, count=10)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl to make a certificate")
def test_race_works_over_tls(
    clients: Any, channel: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, platform: Callable[..., Platform]
) -> None:
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"]
    made += ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(made, check=True, capture_output=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    served = platform(answering)
    port = behind_tls(served, certificate, key)
    before = clients(answering)
    lanes = Lanes(2.0)
    client = before.alfred.client
    monkeypatch.setattr(client, "base_url", f"https://localhost:{port}")
    try:
        for _ in range(8):
            assert all(outcome.accepted for outcome in race(before, lanes))
    finally:
        lanes.close()
    assert min(lanes.spreads) < SPREAD, lanes.spreads
    assert served.connections < 8 * 8, "the lanes keep their connections"


def behind_tls(served: Platform, certificate: Path, key: Path) -> int:
    """Return a port that forwards TLS connections to the platform."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    address = served.url.removeprefix("http://").split(":")

    def serve(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as front:
            back = socket.create_connection((address[0], int(address[1])))
            with back:
                while sent := front.recv(65536):
                    back.sendall(sent)
                    front.sendall(back.recv(65536))

    def accept() -> None:
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=serve, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return int(listener.getsockname()[1])


# A sandbox without its locking

# Those of which a sandbox that has lost its locking, and nothing else, makes something wrong.
RACED = """
features/alfred/races.feature::Eight confirmations of one purchase at the same time charge it once
features/alfred/races.feature::Two sessions on a purchase, confirmed at the same time, charge it once
features/alfred/races.feature::Eight confirmations of one payment at the same time credit it once
features/alfred/races.feature::Of eight purchases of <price> on a balance of 20.00, one takes its part and the others \
what is left[15.00]
features/alfred/races.feature::Eight first authentications with one reference at the same time reach one wallet
features/walletapi/races.feature::Of eight sales of a third of the balance, three succeed<with>[empty]
features/walletapi/races.feature::The balances after sales at the same time are those of one sale after another
features/walletapi/races.feature::A gift and the balance together pay three of eight sales of a third, and neither \
pays twice
features/walletapi/races.feature::Of eight cancels and refunds of one sale at the same time, one gives the money back
""".strip().splitlines()
UNLOCKED = """
import asyncio, contextlib, logging, sys
from sandbox.application import Parts
from sandbox.books import Books
from sandbox.ledger.database import Database
from sandbox.server import serve
from sandbox.settings import Settings

class Unlocked(Books):
    def turn(self):
        return contextlib.nullcontext()

    @contextlib.asynccontextmanager
    async def writing(self):
        await asyncio.sleep(0.003)
        async with super().writing():
            yield

parts = Parts(books=Unlocked)
logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL + 1)
announce = lambda url: print(url, flush=True)
serve(Settings(), Database(), "127.0.0.1", 0, announce, parts=parts, until_stdin_closes=True)
"""


@pytest.fixture
def unlocked(tmp_path: Path) -> Iterator[Path]:
    """The target file of a sandbox without its locking, and three milliseconds between read and write."""
    with subprocess.Popen(
        [sys.executable, "-c", UNLOCKED], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout
        target = tmp_path / "unlocked.toml"
        target.write_text(toml(tables(Settings(), child.stdout.readline().strip())))
        yield target
        assert child.stdin
        child.stdin.close()


def test_a_sandbox_without_locking_fails_every_race(unlocked: Path) -> None:
    ran = run_pytest(*RACED, f"--target={unlocked}", "-rf", "--no-header")
    survived = {name for name in RACED if f"FAILED {name}" not in ran.output}
    assert survived == set(), ran.output[-3000:]


def test_the_sandbox_passes_every_race(sandbox: RunningSandbox, tmp_path: Path) -> None:
    target = tmp_path / "locked.toml"
    target.write_text(toml(sandbox.tables))
    ran = run_pytest("features/alfred/races.feature", "features/walletapi/races.feature", f"--target={target}")
    assert ran.status == 0, ran.output[-3000:]
