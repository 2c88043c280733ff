"""Fixtures of the harness tests: platforms on loopback, clients that call them, and the sandbox."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from harness.apis.alfred.client import Alfred
from harness.apis.walletapi.client import WalletApi
from harness.client.record import Recorder, Run
from harness.contract.contract import Contract, load_contract
from harness.failures import ContractViolation
from harness.target.reading import build_target
from harness.target.target import Target
from harness.wire.channel import Channel
from harness.wire.faults import CallFault
from sandbox.launcher import RunningSandbox, running_sandbox
from tests.harness.loopback import Platform, Script, reply
from tests.harness.runs import tables_at


@dataclass(frozen=True)
class Clients:
    """Both clients of one platform, and the recorder that they use."""

    platform: Platform
    target: Target
    recorder: Recorder
    alfred: Alfred
    walletapi: WalletApi

    def broken(self, act: Callable[[], Any]) -> ContractViolation:
        """Return the violation that an action raises. A fault counts as one that is the same in each run."""
        with pytest.raises((ContractViolation, CallFault)) as caught:
            act()
        found = caught.value.accuse() if isinstance(caught.value, CallFault) and caught.value.accuse else caught.value
        assert isinstance(found, ContractViolation)
        return found


@pytest.fixture
def platform() -> Iterator[Callable[..., Platform]]:
    """Return the function that starts a platform. The platform sends the given replies in turn."""
    started: list[Platform] = []

    def start(*script: Script) -> Platform:
        started.append(Platform(list(script) or [reply({})]))
        return started[-1]

    yield start
    for one in started:
        one.close()


@pytest.fixture
def channel() -> Iterator[Channel]:
    opened = Channel(2.0)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def shared_channel() -> Iterator[Channel]:
    """A channel for tests of other things: opening a channel takes longer than a whole test."""
    opened = Channel(2.0)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def contract() -> Contract:
    return load_contract()


@pytest.fixture(scope="session")
def sandbox() -> Iterator[RunningSandbox]:
    with running_sandbox() as running:
        yield running


@pytest.fixture
def clients(
    platform: Callable[..., Platform], shared_channel: Channel, contract: Contract
) -> Iterator[Callable[..., Clients]]:
    """Return the function that starts a platform with these replies, and both clients."""

    def before(*script: Script, clauses: tuple[str, ...] = (), **alfred: Any) -> Clients:
        served = platform(*script)
        target = build_target("small", tables_at(served.url, **alfred))
        assert target.alfred
        assert target.walletapi
        recorder = Recorder(Run.of(contract, target.secrets))
        recorder.begin(clauses)
        shared_channel.publish = recorder.exchange
        clients = (
            Alfred(target.alfred, shared_channel, recorder),
            WalletApi(target.walletapi, shared_channel, recorder),
        )
        return Clients(served, target, recorder, *clients)

    yield before
    shared_channel.publish = lambda _exchange: None
