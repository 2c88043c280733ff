"""X-1 is judged as documented in contract.md, also if the connection is closed or times out."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from harness.apis.walletapi.client import Wallet, WalletApi
from harness.client.calls import Outcome
from harness.client.record import Recorder, Run
from harness.contract.contract import load_contract
from harness.failures import ContractViolation, EnvironmentFault
from harness.hostile.hostile_run import Trial, changed_echo, run_hostile_calls
from harness.hostile.rejected_input import REJECTED_INPUT, Hostile
from harness.target.target import WalletApiTarget
from harness.target.values import Secret
from harness.wire.channel import Channel
from harness.wire.exchange import Exchange, Request
from harness.wire.faults import CallFault

CONTRACT = load_contract()
WALLET = Wallet("30bac1c0-ad6b-4c50-a52e-1b34f9b487a7", "1234567890")
ONE = Decimal("1.00")


def walletapi_at(base_url: str) -> WalletApi:
    target = WalletApiTarget(base_url, Secret("key-of-the-test"), Secret("client-of-the-test"), "TRY", "owner")
    return WalletApi(target, Channel(0.5), Recorder(Run.of(CONTRACT, ())))


BALANCES = {
    "Id": WALLET.wallet_id,
    "Name": "a",
    "Alias": WALLET.alias,
    "WalletBalance": 1,
    "GiftBalances": [],
    "TotalGiftBalance": 0,
    "BlockedBalance": 0,
    "TotalBalance": 1,
    "AvailableBalance": 1,
}
ENVELOPE = {"Value": None, "Errors": ["no"], "IsSuccess": False, "IsFailure": True}


def response(status: str, body: object, media: str = "application/json", *, more: str = "") -> bytes:
    payload = body if isinstance(body, bytes) else json.dumps(body).encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: {media}\r\nContent-Length: {len(payload)}\r\n{more}\r\n"
    return head.encode() + payload


PLAIN = response("200 OK", {"Value": BALANCES, "IsSuccess": True, "IsFailure": False})
REFUSAL = response("400 Bad Request", ENVELOPE)

React = Callable[[socket.socket, bytes], None]


class Platform:
    """Responds to a GET, and handles other calls with ``react``. With ``dies``, no GET gets a response after that."""

    def __init__(self, react: React, *, dies: bool = False) -> None:
        self._react, self._dies = react, dies
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._over.set()
        with suppress(OSError):
            socket.create_connection(self._listener.getsockname()).close()
        self._thread.join(2)
        self._listener.close()

    def _serve(self) -> None:
        up = True
        while not self._over.is_set():
            connection, _ = self._listener.accept()
            with connection, suppress(OSError):
                connection.settimeout(2)
                head = b""
                while b"\r\n\r\n" not in head and not self._over.is_set():
                    head += connection.recv(1)
                if head.startswith(b"GET"):
                    connection.sendall(PLAIN.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1) if up else b"")
                elif head:
                    up = not self._dies
                    self._react(connection, head)


@contextmanager
def platform(react: React, *, dies: bool = False) -> Iterator[Platform]:
    opened = Platform(react, dies=dies)
    try:
        yield opened
    finally:
        opened.close()


def responds_with(raw: bytes, *, reading: bool = True) -> React:
    """Respond with these bytes, with or without reading the body, and close the connection."""

    def react(connection: socket.socket, head: bytes) -> None:
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        while reading and length > 0:
            length -= len(connection.recv(min(length, 65536)))
        connection.sendall(raw.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1))

    return react


def closes_connection(connection: socket.socket, head: bytes) -> None:
    """Close the connection without a response; unread bytes make that a reset."""


def never_responds(connection: socket.socket, head: bytes) -> None:
    """Send nothing until the client times out."""
    with suppress(OSError):
        while connection.recv(65536):
            pass


def run_hostile_input(react: React, flaw: str, *, dies: bool = False):
    """Send input with this flaw and return the trials. Raise a fault as the violation that it is if it is repeated."""
    with platform(react, dies=dies) as opened:
        walletapi = walletapi_at(opened.url)
        walletapi.recorder.begin(("X-1",))
        hostiles = tuple(REJECTED_INPUT[flaw](lambda: walletapi.deposit_call(WALLET, ONE)))[:1]
        try:
            return run_hostile_calls(walletapi.client, hostiles, walletapi.balances_call(WALLET.alias))
        except CallFault as fault:
            if fault.hostile and fault.accuse:
                raise fault.accuse() from None
            raise
        finally:
            walletapi.client.channel.close()


@pytest.mark.parametrize("flaw", ["not JSON", "10,000 levels", "5 MB"])
@pytest.mark.parametrize(
    "rejection",
    [
        REFUSAL,
        response("200 OK", ENVELOPE),
        response("400 Bad Request", b""),
        response("422 No", {"detail": []}, "application/problem+json"),
    ],
)
def test_a_4xx_counts_as_a_rejection(rejection, flaw):
    (trial,) = run_hostile_input(responds_with(rejection), flaw)
    assert trial.outcome.rejected


@pytest.mark.parametrize("flaw", ["10,000 levels", "5 MB"])
@pytest.mark.parametrize("reading", [True, False])
def test_drastic_input_may_be_rejected_in_any_form(flaw, reading):
    page = response("413 Payload Too Large", b"<h1>413</h1>", "text/html")
    (trial,) = run_hostile_input(responds_with(page, reading=reading), flaw)
    assert trial.outcome.rejected


@pytest.mark.parametrize("flaw", ["10,000 levels", "5 MB"])
def test_a_closed_connection_counts_as_a_rejection_of_drastic_input(flaw):
    (trial,) = run_hostile_input(closes_connection, flaw)
    assert trial.outcome.rejected


def test_html_page_counts_as_a_rejection_of_drastic_input_only():
    with pytest.raises(ContractViolation, match="X-1"):
        run_hostile_input(responds_with(response("400 Bad Request", b"<h1>400</h1>", "text/html")), "not JSON")


@pytest.mark.parametrize("flaw", ["10,000 levels", "5 MB"])
def test_unreachable_platform_after_a_closed_connection_breaks_x1(flaw):
    with pytest.raises(ContractViolation, match="after a connection was closed"):
        run_hostile_input(closes_connection, flaw, dies=True)


@pytest.mark.parametrize("react", [closes_connection, never_responds])
def test_no_response_to_hostile_input_breaks_x1(react):
    with pytest.raises(ContractViolation, match="X-1 is broken"):
        run_hostile_input(react, "not JSON")


@pytest.mark.parametrize("flaw", ["10,000 levels", "5 MB"])
def test_timeout_breaks_x1_for_drastic_input_too(flaw):
    with pytest.raises(ContractViolation, match="gave no response"):
        run_hostile_input(never_responds, flaw)


@pytest.mark.parametrize("flaw", ["not JSON", "5 MB"])
@pytest.mark.parametrize("status", ["500 Internal Server Error", "502 Bad Gateway", "503 Service Unavailable"])
@pytest.mark.parametrize("body", [b"<h1>sorry</h1>", json.dumps(ENVELOPE).encode(), b""])
def test_a_5xx_breaks_x1_even_if_a_gateway_sends_it(status, flaw, body):
    with pytest.raises(ContractViolation, match="X-1 is broken") as raised:
        run_hostile_input(responds_with(response(status, body)), flaw)
    assert raised.value.clause == "X-1"


def test_unreachable_platform_after_a_rejection_is_an_environment_fault():
    with pytest.raises(EnvironmentFault):
        run_hostile_input(responds_with(REFUSAL), "not JSON", dies=True)


def test_a_2xx_in_any_form_counts_as_accepted():
    (trial,) = run_hostile_input(
        responds_with(response("200 OK", {"Value": {}, "IsSuccess": True, "IsFailure": False})), "not JSON"
    )
    assert trial.outcome.accepted


def test_a_changed_echo_is_reported():
    walletapi = walletapi_at("http://127.0.0.1:9")
    hostile = Hostile(walletapi.sale_call(WALLET, ONE), "x", rejection_due=False, echo={"Description": " e\u0301 "})
    exchange = Exchange(Request("purchaseByAlias", "POST", "http://127.0.0.1:9"), None, datetime.now(UTC), 0)
    for shown, wrong in ((" e\u0301 ", False), ("é", True), (None, True)):
        outcome = Outcome(hostile.call, exchange, accepted=True, payload={"Description": shown})
        assert bool(changed_echo(walletapi.client, [Trial(hostile, outcome)])) is wrong
    assert changed_echo(walletapi.client, [Trial(hostile, Outcome(hostile.call, exchange, accepted=False))]) is None


@pytest.mark.parametrize(
    ("changed", "clause"),
    [(["\0"], "X-1"), ([" a "], "T-2"), (["\0", "<b>"], "T-2"), (["a\u202eb"], "X-1"), (["x" * 999], "T-2")],
)
def test_changed_echo_of_ordinary_text_breaks_the_response_clause_and_of_other_text_x1(changed, clause):
    walletapi = walletapi_at("http://127.0.0.1:9")
    exchange = Exchange(Request("purchaseByAlias", "POST", "http://127.0.0.1:9"), None, datetime.now(UTC), 0)
    trials = []
    for text in changed:
        hostile = Hostile(walletapi.sale_call(WALLET, ONE), "x", rejection_due=False, echo={"Description": text})
        trials.append(Trial(hostile, Outcome(hostile.call, exchange, accepted=True, payload={"Description": "other"})))
    violation = changed_echo(walletapi.client, trials, "T-2")
    assert violation is not None
    assert violation.clause == clause
