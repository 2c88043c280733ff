"""The pytest plugin of a target's limits: allowed kinds of calls, money that a run may move, calls per second."""

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import pytest

from harness.client.spending import Spending
from harness.processes.shared_file import SharedFile
from harness.run_state import RECORDER, TARGET
from harness.wire.manner import MANNER, Manner, Pace

KINDS: Final = {"race": "races", "walk": "walks", "hostile": "hostile"}
"""What a target must allow for a scenario with a tag."""
_FOLDER: Final = pytest.StashKey[Path]()


def shared_folder(config: pytest.Config) -> Path:
    """Return the folder with the files that all processes of a run share."""
    given = getattr(config, "workerinput", {}).get("limits")
    if given:
        return Path(given)
    if _FOLDER not in config.stash:
        config.stash[_FOLDER] = Path(tempfile.mkdtemp(prefix="wallet-contract-suite-"))
    return config.stash[_FOLDER]


def apply_limits(config: pytest.Config) -> None:
    target, recorder = config.stash[TARGET], config.stash[RECORDER]
    rate, spend = target.limits.calls_per_second, target.limits.spend
    pace = Pace(rate, SharedFile(shared_folder(config) / "pace.json")) if rate else None
    manner = Manner(target.request_id_header, target.authority, pace)
    MANNER.__dict__.update(manner.__dict__)
    shared = SharedFile(shared_folder(config) / "spend.json") if spend else None
    recorder.spending = Spending({name: api.currency for name, api in target.apis.items()}, spend, shared)
    recorder.allowed = frozenset(target.limits.allow)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Share the folder with a worker of pytest-xdist. Its target may be opened only there."""
    node.workerinput["limits"] = str(shared_folder(node.config))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a scenario that needs what the target does not allow, before its first call."""
    if RECORDER not in item.config.stash:
        return
    for tag, kind in KINDS.items():
        if item.get_closest_marker(tag):
            item.config.stash[RECORDER].check_allowed(kind)


def pytest_unconfigure(config: pytest.Config) -> None:
    if _FOLDER in config.stash:
        with suppress(OSError):
            shutil.rmtree(config.stash[_FOLDER])
        del config.stash[_FOLDER]
