"""The pytest plugin of the platform under test: target file or sandbox, first look, and the fixtures of the clients."""

import json
from collections.abc import Callable, Generator, Iterator, Mapping
from typing import Any, Final

import pytest

from harness.apis.alfred.admin import Admin
from harness.apis.alfred.client import Alfred
from harness.apis.walletapi.client import WalletApi
from harness.budget.limits import apply_limits, shared_folder
from harness.budget.plan import begin_plan, rehearsal_tables
from harness.client.record import Recorder, Run
from harness.contract.contract import Contract, load_contract
from harness.diagnosis.opening import new_diagnosis, open_diagnosis
from harness.diagnosis.plugin import DIAGNOSIS, admit
from harness.evidence import plugin as evidence
from harness.evidence.masked_logs import mask_logs
from harness.failures import EnvironmentFault, UsageError
from harness.gherkin.collection import selected_features
from harness.hostile.odd_input import ODD_TEXTS
from harness.installed.suite_commit import commit
from harness.not_judged import NotJudged
from harness.processes.exit_status import Status
from harness.run_state import CLAUSES, RECORDER, TARGET, is_worker
from harness.target.checks import Known
from harness.target.reading import build_target, read_target
from harness.target.target import Target
from harness.verdict import run_plugin
from harness.wire.channel import Channel, Patience
from harness.wire.redaction import REDACTION
from sandbox.errors import StartError
from sandbox.launcher import SandboxProcess

_CONTRACT: Final = pytest.StashKey[Contract]()
_TABLES: Final = pytest.StashKey[Mapping[str, Any]]()
_SANDBOX: Final = pytest.StashKey[SandboxProcess]()
_PATIENCE: Final = pytest.StashKey[Patience]()


def pytest_report_header(config: pytest.Config) -> str | None:
    return f"walks: --walk-seed={config.option.walk_seed}" if selected_features(config) else None


def pytest_configure(config: pytest.Config) -> None:
    """Prepare the platform if features are selected. Other tests prepare it by using one of the fixtures."""
    if selected_features(config):
        _in_one_line(_find_platform, config)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """Check that the platform responds, after the features were checked and before any scenario runs."""
    result = yield
    stash = session.config.stash
    if _CONTRACT in stash and RECORDER not in stash:
        try:
            _in_one_line(_open_platform, session.config)
        except (pytest.UsageError, pytest.exit.Exception):
            if RECORDER in stash:
                del stash[RECORDER]  # nothing was judged
            raise
    return result


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(config: pytest.Config) -> None:
    """Check that the platform responds, before workers of pytest-xdist start."""
    if _CONTRACT in config.stash:
        _in_one_line(_open_platform, config)


def _in_one_line(step: Callable[[pytest.Config], None], config: pytest.Config) -> None:
    try:
        step(config)
    except UsageError as error:
        raise pytest.UsageError(REDACTION.mask(str(error))) from None
    except EnvironmentFault as fault:
        why = REDACTION.mask(str(fault))
        if run_plugin.note_environment(config, why):
            raise pytest.UsageError(why) from None  # of this, pytest prints nothing beside the verdict
        pytest.exit(f"environment: {why}", returncode=Status.ENVIRONMENT)


def _find_platform(config: pytest.Config) -> None:
    """Read the target, or start the sandbox, which becomes ready while the features are read."""
    config.stash[_CONTRACT] = contract = load_contract()
    shared = getattr(config, "workerinput", {}).get("sandbox")
    if config.option.target is not None:
        config.stash[TARGET] = read_target(config.option.target, Known(contract.locatable, contract.clauses))
    elif shared:
        config.stash[TARGET] = build_target("sandbox", shared)
    if TARGET not in config.stash or config.option.plan:
        config.stash[_SANDBOX] = SandboxProcess.start()


def _open_platform(config: pytest.Config) -> None:
    """Use the target if it responds. UsageError or EnvironmentFault if it does not."""
    run_plugin.begin(config)
    planned = config.stash.get(TARGET, None)
    if _SANDBOX in config.stash:
        try:
            config.stash[_TABLES] = config.stash[_SANDBOX].wait_ready().tables
        except StartError as error:
            raise EnvironmentFault(str(error)) from error
        tables = rehearsal_tables(config.stash[_TABLES], planned) if config.option.plan else config.stash[_TABLES]
        config.stash[TARGET] = build_target("sandbox", tables)
    target = config.stash[TARGET]
    shared = getattr(config, "workerinput", {})
    use_target(config, target, embedded=_SANDBOX in config.stash or "sandbox" in shared)
    if config.option.plan:
        begin_plan(config, planned)
    if "diagnosis" in shared:
        config.stash[DIAGNOSIS].restore(shared["diagnosis"])
        return
    evidence.describe_run(config, {"Target": target.name, "Address": target.address, "Commit": commit()})
    if not config.option.collectonly:
        open_diagnosis(config.stash[DIAGNOSIS], target, judge_anyway=config.option.judge_anyway)


def use_target(config: pytest.Config, target: Target, *, embedded: bool = True) -> None:
    """Judge this target from now on: mask its keys, and start a new recorder and a new diagnosis.

    ``embedded``: the run has started the platform itself.
    """
    mask_logs()
    mask_target(config.stash[_CONTRACT], target)
    config.stash[TARGET] = target
    config.stash[RECORDER] = Recorder(Run.of(config.stash[_CONTRACT], target.secrets, ODD_TEXTS))
    config.stash[RECORDER].evidence += evidence.listeners(config)
    config.stash[RECORDER].begin(config.stash.get(CLAUSES, ()))
    folder = shared_folder(config) if is_worker(config) or config.pluginmanager.hasplugin("dsession") else None
    workers = getattr(config, "workerinput", {}).get("workercount", 1)
    config.stash[_PATIENCE] = patience = Patience()
    patience.seconds /= workers
    config.stash[DIAGNOSIS] = new_diagnosis(
        target, config.stash[RECORDER], embedded=embedded, folder=folder, patience=patience
    )
    apply_limits(config)


def mask_target(contract: Contract, target: Target) -> None:
    for secret in target.secrets:
        REDACTION.learn(secret.value, str(secret))
    clauses = (clause.text for clause in contract.clauses.values())
    schemas = json.dumps(dict(contract.schemas))
    names = (*(secret.variable for secret in target.secrets), *target.public_ids)
    REDACTION.leave(" ".join((*contract.operations, *clauses, schemas, target.address, *names)))
    for name in target.secret_headers:
        REDACTION.learn_header(name)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of pytest-xdist the address of the controller's sandbox, and what the controls have made."""
    if _TABLES in node.config.stash:
        node.workerinput["sandbox"] = node.config.stash[_TABLES]
    if DIAGNOSIS in node.config.stash:
        node.workerinput["diagnosis"] = node.config.stash[DIAGNOSIS].state


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which secrets are masked only where they are expected."""
    if REDACTION.warning:
        terminalreporter.write_line(f"secrets: {REDACTION.warning}")


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the sandbox, whatever happened."""
    sandbox = config.stash.get(_SANDBOX, None)
    if sandbox is not None:
        sandbox.end()
        del config.stash[_SANDBOX]


@pytest.fixture(scope="session")
def target(pytestconfig: pytest.Config) -> Target:
    """Return the platform under test. UsageError or EnvironmentFault if there is none."""
    if RECORDER not in pytestconfig.stash:
        _find_platform(pytestconfig)
        _open_platform(pytestconfig)
    return pytestconfig.stash[TARGET]


@pytest.fixture(scope="session")
def recorder(pytestconfig: pytest.Config, target: Target) -> Recorder:  # noqa: ARG001 - creates it
    return pytestconfig.stash[RECORDER]


@pytest.fixture(scope="session")
def channel(pytestconfig: pytest.Config, target: Target, recorder: Recorder) -> Iterator[Channel]:
    opened = Channel(target.limits.timeout, recorder.exchange, patience=pytestconfig.stash[_PATIENCE])
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def alfred_client(target: Target, channel: Channel, recorder: Recorder) -> Alfred | None:
    """Return Alfred on this target; None if its file leaves Alfred out."""
    return Alfred(target.alfred, channel, recorder) if target.alfred else None


@pytest.fixture(scope="session")
def walletapi_client(
    pytestconfig: pytest.Config, target: Target, channel: Channel, recorder: Recorder
) -> WalletApi | None:
    """Return the WalletAPI on this target; None if its file leaves it out."""
    if target.walletapi is None:
        return None
    opened = WalletApi(target.walletapi, channel, recorder)
    control = pytestconfig.stash[DIAGNOSIS].controls.get("walletapi")
    opened.client.key_failure = control.client.key_failure if control else ""
    return opened


@pytest.fixture
def alfred(pytestconfig: pytest.Config, alfred_client: Alfred | None) -> Alfred:
    """Return Alfred; skip the scenario if the target has none, or if Alfred was given up."""
    if alfred_client is None:
        NotJudged.NO_ALFRED.skip()
    admit(pytestconfig, "alfred")
    return alfred_client


@pytest.fixture
def walletapi(pytestconfig: pytest.Config, walletapi_client: WalletApi | None) -> WalletApi:
    """Return the WalletAPI; skip the scenario if the target has none, has no wallet for us, or was given up."""
    if walletapi_client is None:
        NotJudged.NO_WALLETAPI.skip()
    if not walletapi_client.target.has_wallets:
        NotJudged.NO_WALLETS.skip()
    admit(pytestconfig, "walletapi")
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
