"""The pytest plugin that knows the target: its option, the embedded sandbox, the first look, and the fixtures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from harness.apis.alfred.admin import Admin
from harness.apis.alfred.client import Alfred
from harness.apis.walletapi.client import WalletApi
from harness.client.record import Recorder, Run
from harness.contract.contract import Contract, load_contract
from harness.evidence import plugin as evidence
from harness.failures import EnvironmentFault, UsageError
from harness.hostile.odd_input import ODD_TEXTS
from harness.run_state import ENVIRONMENT, RECORDER, TARGET, is_worker
from harness.suite_commit import commit
from harness.target.target import Target
from harness.wire.channel import GATEWAY, Channel
from harness.wire.exchange import CUT_OFF, Request
from harness.wire.messages import NoResponse
from harness.wire.redaction import REDACTION
from harness.wire.transports import is_loopback
from sandbox.errors import StartError
from sandbox.launcher import SandboxProcess

FEATURES: Final = Path(__file__).resolve().parent.parent / "features"

_CONTRACT: Final = pytest.StashKey[Contract]()
_TABLES: Final = pytest.StashKey[dict[str, Any]]()
_SANDBOX: Final = pytest.StashKey[SandboxProcess]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the target. Everything else that differs between platforms is in its file."""
    group = parser.getgroup("wallet contract suite")
    group.addoption(
        "--target",
        metavar="NAME",
        help="the platform under test: targets/NAME.toml, or the path of a target file (default: the embedded sandbox)",
    )


def judges_features(config: pytest.Config) -> bool:
    """Return whether the arguments select a feature, so that a platform is needed."""
    for argument in config.args:
        path = (config.invocation_params.dir / argument.partition("::")[0]).resolve()
        if path.suffix == ".feature" or path == FEATURES or FEATURES in path.parents or path in FEATURES.parents:
            return True
        if path.is_dir() and next(path.rglob("*.feature"), None):
            return True
    return False


def pytest_report_header(config: pytest.Config) -> str | None:
    """Print the seed of the random walks."""
    return f"walks: --walk-seed={config.option.walk_seed}" if judges_features(config) else None


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Read the target, or start the sandbox, which comes up while the features are read."""
    if config.option.help or not judges_features(config):
        return
    name = config.getoption("target")
    if config.option.collectonly and name is None:
        return  # nothing is called, and nothing is judged
    from harness.target.reading import build_target, read_target  # imports pydantic, which is slow

    try:
        config.stash[_CONTRACT] = load_contract()
        if name is not None:
            config.stash[TARGET] = read_target(name, config.stash[_CONTRACT].locatable)
        elif is_worker(config):
            config.stash[TARGET] = build_target("sandbox", config.workerinput["sandbox"])  # type: ignore[attr-defined]
        elif not config.option.collectonly:
            config.stash[_SANDBOX] = SandboxProcess.start()
    except UsageError as error:
        raise pytest.UsageError(str(error)) from None


def pytest_sessionstart(session: pytest.Session) -> None:
    """Check that the platform is there, before any scenario runs."""
    config = session.config
    if _SANDBOX in config.stash:
        try:
            running = config.stash[_SANDBOX].wait_ready()
        except StartError as error:
            pytest.exit(f"environment: {error}", returncode=ENVIRONMENT)
        config.stash[_TABLES] = dict(running.tables)
        from harness.target.reading import build_target

        config.stash[TARGET] = build_target("sandbox", running.tables)
    target = config.stash.get(TARGET, None)
    if target is None:
        return
    use_target(config, target)
    if config.getoption("allure_report_dir", None) and not is_worker(config):
        evidence.describe_run({"Target": target.name, "Address": target.address, "Commit": commit()})
    if not is_worker(config) and _SANDBOX not in config.stash and not config.option.collectonly:
        fault = first_look(target)
        if fault:
            pytest.exit(f"environment: {fault}", returncode=ENVIRONMENT)


def use_target(config: pytest.Config, target: Target) -> None:
    """Judge this target from now on: mask its keys, and start a new recorder."""
    for secret in target.secrets:
        REDACTION.learn_key(secret.value)
    for name in _secret_headers(target):
        REDACTION.learn_header(name)
    config.stash[TARGET] = target
    config.stash[RECORDER] = Recorder(Run.of(config.stash[_CONTRACT], target.secrets, ODD_TEXTS))
    config.stash[RECORDER].evidence += evidence.listeners()


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


def first_look(target: Target) -> str:
    """Return in one line why the platform can't be judged at all; empty if each of its APIs responds somehow."""
    for url in target.base_urls:
        channel = open_channel(target)
        try:
            exchange = channel.send(Request("first look", "GET", url))
        except NoResponse as fault:
            if fault.kind == CUT_OFF:
                continue  # it is there, and closes the connection on a path that is not documented
            return f"the platform is not there: {fault}; is its address in the target file right, and is it up?"
        except (httpx.InvalidURL, UnicodeError) as error:
            raise pytest.UsageError(f"{url} is not an address that can be called: {error}") from None
        except EnvironmentFault as fault:
            return f"the platform is not there: {fault}; is its address in the target file right, and is it up?"
        finally:
            channel.close()
        response = exchange.response
        if response and response.status in GATEWAY:
            origin = exchange.request.origin
            return f"the platform is not there: {origin} responded with {response.status}, as a gateway does"
    return ""


def open_channel(target: Target, recorder: Recorder | None = None) -> Channel:
    """Open a channel to a target."""
    return Channel(target.limits.timeout, recorder.exchange if recorder else None, trust_env=may_use_proxy(target))


def may_use_proxy(target: Target) -> bool:
    """Return whether HTTP(S)_PROXY is used: not if all addresses are loopback."""
    return not all(map(is_loopback, target.base_urls))


def _secret_headers(target: Target) -> Iterator[str]:
    if target.alfred:
        yield from (target.alfred.key_header, target.alfred.token_header)
    if target.walletapi:
        yield from ("apikeypublic", "apiclientpublic")


@pytest.fixture(scope="session")
def target(pytestconfig: pytest.Config) -> Target:
    """Return the platform under test."""
    return pytestconfig.stash[TARGET]


@pytest.fixture(scope="session")
def recorder(pytestconfig: pytest.Config) -> Recorder:
    """Return the recorder of the run."""
    return pytestconfig.stash[RECORDER]


@pytest.fixture(scope="session")
def channel(target: Target, recorder: Recorder) -> Iterator[Channel]:
    """Open the connections to the target."""
    opened = open_channel(target, recorder)
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
