"""The pytest plugin of the platform under test: target file or sandbox, first look, and the fixtures of the clients."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pytest

from harness.apis.alfred.admin import Admin
from harness.apis.alfred.client import Alfred
from harness.apis.walletapi.client import WalletApi
from harness.client.record import Recorder, Run
from harness.contract.contract import Contract, load_contract
from harness.evidence import plugin as evidence
from harness.failures import UsageError
from harness.hostile.odd_input import ODD_TEXTS
from harness.run_state import ENVIRONMENT, RECORDER, TARGET, is_worker
from harness.suite_commit import commit
from harness.target.reading import build_target, read_target
from harness.target.target import Target
from harness.wire.channel import Channel
from harness.wire.opening import first_look
from harness.wire.redaction import REDACTION
from sandbox.errors import StartError
from sandbox.launcher import SandboxProcess

_CONTRACT: Final = pytest.StashKey[Contract]()
_TABLES: Final = pytest.StashKey[dict[str, Any]]()
_SANDBOX: Final = pytest.StashKey[SandboxProcess]()


def pytest_configure(config: pytest.Config) -> None:
    """Read the target, or start the sandbox, which comes up while the features are read."""
    name = config.option.target
    try:
        config.stash[_CONTRACT] = load_contract()
        if name is not None:
            config.stash[TARGET] = read_target(name, config.stash[_CONTRACT].locatable)
        elif is_worker(config):
            config.stash[TARGET] = build_target("sandbox", config.workerinput["sandbox"])  # type: ignore[attr-defined]
        else:
            config.stash[_SANDBOX] = SandboxProcess.start()
    except UsageError as error:
        raise pytest.UsageError(str(error)) from None


def pytest_sessionstart(session: pytest.Session) -> None:
    """Check that the platform is there, before any scenario runs."""
    config = session.config
    if _SANDBOX in config.stash:
        _wait_for_sandbox(config)
    target = config.stash[TARGET]
    use_target(config, target)
    if is_worker(config):
        return
    evidence.describe_run(config, {"Target": target.name, "Address": target.address, "Commit": commit()})
    if _SANDBOX not in config.stash and not config.option.collectonly:
        _require_platform(target)


def _wait_for_sandbox(config: pytest.Config) -> None:
    try:
        running = config.stash[_SANDBOX].wait_ready()
    except StartError as error:
        pytest.exit(f"environment: {error}", returncode=ENVIRONMENT)
    config.stash[_TABLES] = dict(running.tables)
    config.stash[TARGET] = build_target("sandbox", running.tables)


def _require_platform(target: Target) -> None:
    try:
        fault = first_look(target)
    except UsageError as error:
        raise pytest.UsageError(str(error)) from None
    if fault:
        pytest.exit(f"environment: {fault}", returncode=ENVIRONMENT)


def use_target(config: pytest.Config, target: Target) -> None:
    """Judge this target from now on: mask its keys, and start a new recorder."""
    for secret in target.secrets:
        REDACTION.learn_key(secret.value)
    for name in target.secret_headers:
        REDACTION.learn_header(name)
    config.stash[TARGET] = target
    config.stash[RECORDER] = Recorder(Run.of(config.stash[_CONTRACT], target.secrets, ODD_TEXTS))
    config.stash[RECORDER].evidence += evidence.listeners(config)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of pytest-xdist the address of the controller's sandbox."""
    if _TABLES in node.config.stash:
        node.workerinput["sandbox"] = node.config.stash[_TABLES]


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the sandbox, whatever happened."""
    sandbox = config.stash.get(_SANDBOX, None)
    if sandbox is not None:
        sandbox.end()
        del config.stash[_SANDBOX]


@pytest.fixture(scope="session")
def target(pytestconfig: pytest.Config) -> Target:
    return pytestconfig.stash[TARGET]


@pytest.fixture(scope="session")
def recorder(pytestconfig: pytest.Config) -> Recorder:
    return pytestconfig.stash[RECORDER]


@pytest.fixture(scope="session")
def channel(target: Target, recorder: Recorder) -> Iterator[Channel]:
    opened = Channel(target.limits.timeout, recorder.exchange)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def alfred_client(target: Target, channel: Channel, recorder: Recorder) -> Alfred | None:
    """Return Alfred on this target; None if its file leaves Alfred out."""
    return Alfred(target.alfred, channel, recorder) if target.alfred else None


@pytest.fixture(scope="session")
def walletapi_client(target: Target, channel: Channel, recorder: Recorder) -> WalletApi | None:
    """Return the WalletAPI on this target; None if its file leaves it out."""
    return WalletApi(target.walletapi, channel, recorder) if target.walletapi else None


@pytest.fixture
def alfred(alfred_client: Alfred | None) -> Alfred:
    """Return Alfred; skip the scenario if the target has none."""
    if alfred_client is None:
        pytest.skip("not judged: the target has no [alfred]")
    return alfred_client


@pytest.fixture
def walletapi(walletapi_client: WalletApi | None) -> WalletApi:
    """Return the WalletAPI; skip the scenario if the target has none, or no wallet for us."""
    if walletapi_client is None:
        pytest.skip("not judged: the target has no [walletapi]")
    if not walletapi_client.target.owner_id and not walletapi_client.target.aliases:
        pytest.skip("not judged: set owner_id or aliases")
    return walletapi_client


@pytest.fixture(scope="session")
def admin(target: Target) -> Iterator[Admin | None]:
    """Open the Admin UI; None if the target has none."""
    if target.admin is None:
        yield None
        return
    opened = Admin(target.admin, target.limits.timeout)
    yield opened
    opened.close()
