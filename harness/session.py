"""The pytest plugin that knows the target: its option, the embedded sandbox, the preflight, and the fixtures on top."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from harness.apis.alfred.admin import Admin
from harness.apis.alfred.client import Alfred
from harness.apis.walletapi.client import WalletApi
from harness.client.client import Judgement
from harness.contract.contract import Contract, load_contract
from harness.evidence.plugin import describe_run, record
from harness.failures import EnvironmentFault, UsageError
from harness.hostile.odd_input import ODD_TEXTS
from harness.target.target import Target, build_target, read_target
from harness.verdict.summary import commit
from harness.wire.channel import GATEWAY, Channel, Reset, place
from harness.wire.exchange import Request
from harness.wire.redaction import REDACTION
from harness.wire.transports import is_loopback

ENVIRONMENT: Final = 75
FEATURES: Final = Path(__file__).resolve().parent.parent / "features"

CONTRACT: Final = pytest.StashKey[Contract]()
TARGET: Final = pytest.StashKey[Target]()
JUDGEMENT: Final = pytest.StashKey[Judgement]()
_TABLES: Final = pytest.StashKey[dict[str, Any]]()
_SANDBOX: Final = pytest.StashKey[Any]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The target, and nothing else: all that differs between platforms stands in its file."""
    group = parser.getgroup("wallet contract suite")
    group.addoption(
        "--target",
        metavar="NAME",
        help="the platform under test: targets/NAME.toml, or the path of a target file (default: the embedded sandbox)",
    )


def judges_features(config: pytest.Config) -> bool:
    """Whether the arguments select a feature, so that a platform is needed at all."""
    for argument in config.args:
        path = (config.invocation_params.dir / argument.partition("::")[0]).resolve()
        if path.suffix == ".feature" or path == FEATURES or FEATURES in path.parents or path in FEATURES.parents:
            return True
        if path.is_dir() and next(path.rglob("*.feature"), None):
            return True
    return False


def is_worker(config: pytest.Config) -> bool:
    """Whether this is a process of pytest-xdist that runs scenarios for a controller."""
    return hasattr(config, "workerinput")


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Read the target, or start the sandbox: it comes up while the features are read."""
    if config.option.help or not judges_features(config):
        return
    try:
        name = config.getoption("target")
        if config.option.collectonly and name is None:
            return  # nobody is called, nothing is judged
        config.stash[CONTRACT] = load_contract()
        if name is not None:
            config.stash[TARGET] = read_target(name)
        elif is_worker(config):
            config.stash[TARGET] = build_target("sandbox", config.workerinput["sandbox"])  # type: ignore[attr-defined]
        elif not config.option.collectonly:
            from sandbox.launcher import SandboxProcess

            config.stash[_SANDBOX] = SandboxProcess.start()
    except UsageError as error:
        raise pytest.UsageError(str(error)) from None


def pytest_sessionstart(session: pytest.Session) -> None:
    """Make sure that the platform is there, before any scenario runs."""
    config = session.config
    if _SANDBOX in config.stash:
        running = config.stash[_SANDBOX].wait_ready()
        config.stash[_TABLES] = dict(running.tables)
        config.stash[TARGET] = build_target("sandbox", running.tables)
    target = config.stash.get(TARGET, None)
    if target is None:
        return
    judge(config, target)
    if config.getoption("allure_report_dir", None) and not is_worker(config):
        describe_run({"Target": target.name, "Address": target.address, "Commit": commit()})
    if not is_worker(config) and _SANDBOX not in config.stash and not config.option.collectonly:
        fault = preflight(target)
        if fault:
            pytest.exit(f"environment: {fault}", returncode=ENVIRONMENT)


def judge(config: pytest.Config, target: Target) -> None:
    """Judge this target from now on: its keys are masked, and nothing is noted of it yet."""
    for secret in target.secrets:
        REDACTION.learn_key(secret.value)
    for name in _secret_headers(target):
        REDACTION.learn_header(name)
    config.stash[TARGET] = target
    config.stash[JUDGEMENT] = Judgement(config.stash[CONTRACT], target.secrets, ODD_TEXTS)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of pytest-xdist where the controller's sandbox is."""
    if _TABLES in node.config.stash:
        node.workerinput["sandbox"] = node.config.stash[_TABLES]


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the sandbox, whatever happened."""
    sandbox = config.stash.get(_SANDBOX, None)
    if sandbox is not None:
        sandbox.end()
        del config.stash[_SANDBOX]


def preflight(target: Target) -> str:
    """Why the platform can't be judged at all, in one line; empty where each of its APIs answers something."""
    import httpx

    for url in target.base_urls:
        channel = open_channel(target)
        try:
            exchange = channel.send(Request("preflight", "GET", url))
        except Reset:
            continue  # it is there, and hangs up on a path that no document names
        except (httpx.InvalidURL, UnicodeError) as error:
            raise pytest.UsageError(f"{url} is no address that can be called: {error}") from None
        except EnvironmentFault as fault:
            return f"the platform is not there: {fault}; is its address in the target file right, and is it up?"
        finally:
            channel.close()
        if exchange.response and exchange.response.status in GATEWAY:
            return f"the platform is not there: {place(url)} answered {exchange.response.status} (a gateway's response)"
    return ""


def open_channel(target: Target) -> Channel:
    """A channel to a target."""
    return Channel(target.limits.timeout, trust_env=may_use_proxy(target))


def may_use_proxy(target: Target) -> bool:
    """Whether a proxy of the environment may stand before the target: never before loopback addresses alone."""
    return not all(map(is_loopback, target.base_urls))


def _secret_headers(target: Target) -> Iterator[str]:
    if target.alfred:
        yield from (target.alfred.key_header, target.alfred.token_header)
    if target.walletapi:
        yield from ("apikeypublic", "apiclientpublic")


@pytest.fixture(scope="session")
def target(pytestconfig: pytest.Config) -> Target:
    """The platform under test."""
    return pytestconfig.stash[TARGET]


@pytest.fixture(scope="session")
def judgement(pytestconfig: pytest.Config) -> Judgement:
    """What is being judged, and what was noted on the way."""
    return pytestconfig.stash[JUDGEMENT]


@pytest.fixture(scope="session")
def channel(target: Target) -> Iterator[Channel]:
    """The connections to the target."""
    opened = open_channel(target)
    opened.listeners.append(record)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def alfred_client(target: Target, channel: Channel, judgement: Judgement) -> Alfred | None:
    """Alfred on this target; None where its file leaves it out."""
    if target.alfred is None:
        return None
    client = Alfred(target.alfred, channel, judgement)
    # Before the evidence is written: tokens must be known by then, to be masked.
    channel.listeners.insert(0, client.learn_tokens)
    return client


@pytest.fixture(scope="session")
def walletapi_client(target: Target, channel: Channel, judgement: Judgement) -> WalletApi | None:
    """The WalletAPI on this target; None where its file leaves it out."""
    return WalletApi(target.walletapi, channel, judgement) if target.walletapi else None


@pytest.fixture
def alfred(alfred_client: Alfred | None) -> Alfred:
    """Alfred, for a step; skips the scenario where the target has none."""
    if alfred_client is None:
        pytest.skip("not judged: the target has no [alfred]")
    return alfred_client


@pytest.fixture
def walletapi(walletapi_client: WalletApi | None) -> WalletApi:
    """The WalletAPI, for a step; skips the scenario where the target has none, or no wallet for us."""
    if walletapi_client is None:
        pytest.skip("not judged: the target has no [walletapi]")
    if not walletapi_client.target.owner_id and not walletapi_client.target.aliases:
        pytest.skip("not judged: set owner_id or aliases")
    return walletapi_client


@pytest.fixture(scope="session")
def admin(target: Target) -> Iterator[Admin | None]:
    """The Admin UI; None where the target names none."""
    if target.admin is None:
        yield None
        return
    opened = Admin(target.admin, target.limits.timeout)
    yield opened
    opened.close()
