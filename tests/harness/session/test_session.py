"""A run as a user starts it: usage errors and unreachable platforms are reported in one line; no process remains."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from proof.target_file import toml
from tests.harness.loopback import Platform, Received, Reply, reply
from tests.harness.runs import ROOT, Ran, copy_suite, pytest_command, run_pytest, scratch, tables_at

FEATURE = """
@alfred
Feature: Small
  @A-1
  Rule: One
    Scenario Outline: Row <row>
      Given the platform is asked
      Then it holds
      Examples:
        | row |
"""


def feature(rows: int, text: str = FEATURE) -> str:
    return text + "".join(f"        | {row} |\n" for row in range(rows))


def replaced(file: str, old: str, new: str) -> Callable[[Path], None]:
    def change(directory: Path) -> None:
        path = directory / file
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new, 1))

    return change


Case = tuple[Callable[[Path], None], tuple[str, ...], list[str]]
KEY = 'shop_key = "shop-key-4711"'
WRONG: Mapping[str, Case] = {
    "an unknown target, two workers": (lambda _: None, ("--target=nowhere", "-n", "2"), ["no target 'nowhere'"]),
    "an unset variable": (
        replaced("small.toml", KEY, 'shop_key = "${UNSET_KEY}"'),
        (),
        ["alfred.shop_key", "UNSET_KEY"],
    ),
    "a malformed file": (
        replaced("small.toml", KEY, "shop_key ="),
        (),
        ["small.toml, line 7: shop_key is not valid TOML"],
    ),
    "no scheme": (replaced("small.toml", "http://", ""), (), ["small.toml, line 2: alfred.base_url", "scheme"]),
    "an address that can't be called": (
        replaced("small.toml", "http://127", "http://a..b"),
        (),
        ["a..b", "not an address"],
    ),
    "an undefined sentence": (
        replaced("small.feature", "it holds", "it sings"),
        (),
        ["small.feature:7", '"Then it sings"'],
    ),
    "an unknown tag, two workers": (
        replaced("small.feature", "@A-1", "@A-99"),
        ("-n", "2"),
        ["small.feature:3: @A-99"],
    ),
    "an unknown flag": (lambda _: None, ("--targett=small.toml",), ["unrecognized arguments: --targett=small.toml"]),
}


@pytest.fixture(scope="module")
def listening() -> Iterator[Platform]:
    served = Platform([reply({"walletAccountId": "A"})])
    yield served
    served.close()


@pytest.fixture(scope="module")
def runs(listening: Platform, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[Ran]]]:
    """Start every run that fails before its first scenario, two at a time."""
    started: dict[str, Future[Ran]] = {}
    with ThreadPoolExecutor(2) as pool:
        for name, (change, arguments, _) in WRONG.items():
            directory = tmp_path_factory.mktemp("suite")
            suite = scratch(directory, feature(2), listening.url)
            change(directory)
            started[name] = pool.submit(suite, *arguments)
        started["a broken schema"] = pool.submit(run_with_broken_schema, tmp_path_factory.mktemp("copy"), listening.url)
        yield started


def run_with_broken_schema(directory: Path, url: str) -> Ran:
    copy_suite(directory)
    replaced("schemas/alfred/getWallet.response.schema.json", '"type"', '"typ')(directory)
    (directory / "small.toml").write_text(toml(tables_at(url)))
    return run_pytest("features/alfred/wallets.feature", "--target=small.toml", cwd=directory)


@pytest.mark.parametrize("name", [*WRONG, "a broken schema"])
def test_usage_error_is_reported_in_one_line_before_anything_is_sent(
    runs: dict[str, Future[Ran]], listening: Platform, name: str
) -> None:
    ran = runs[name].result()
    words = WRONG[name][2] if name in WRONG else ["schemas/alfred/getWallet.response.schema.json", "line"]
    assert [word for word in words if word not in ran.output] == []
    assert ran.status == pytest.ExitCode.USAGE_ERROR
    assert len(ran.lines) <= 5
    assert "Traceback" not in ran.output
    assert listening.connections == 0


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["one process", "two workers"])
def test_unreachable_platform_is_reported_in_one_line_before_any_scenario(
    platform: Any, tmp_path: Path, workers: tuple[str, ...]
) -> None:
    gone = platform()
    gone.close()
    ran = scratch(tmp_path, feature(2), gone.url)(*workers)
    assert ran.status == 75
    assert ran.output.count("the platform can't be reached: ") == 1
    assert "outcomes.Exit" not in ran.output
    assert [line for line in ran.lines if "the platform can't be reached" in line and gone.url in line]
    assert len(ran.lines) <= 6
    assert not [word for word in ("Traceback", "passed", "failed") if word in ran.output]


def test_platform_that_stops_during_a_run_is_an_environment_fault_and_ends_the_run(
    platform: Any, tmp_path: Path
) -> None:
    def stops(request: Received) -> Reply:
        if len(served.received) > 10:
            served.close()
        return reply({"walletAccountId": "A"})

    served = platform(stops)
    began = time.monotonic()
    ran = scratch(tmp_path, feature(250), served.url)()
    assert ran.status == 75
    assert "ENVIRONMENT: " in ran.output
    assert "Traceback" not in ran.output
    assert time.monotonic() - began < 60


WAITING = """
@alfred
Feature: Small
  @S-4
  Rule: One
    Scenario: One
      Given the Admin UI is open
      Then there is time to interrupt it
"""


@pytest.fixture
def short_path() -> Iterator[str]:
    """A temporary folder with a short name: Chromium's sockets in it must not be longer than 107 characters."""
    with tempfile.TemporaryDirectory(prefix="s", ignore_cleanup_errors=True) as folder:
        yield folder


def alive(mark: str) -> list[str]:
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_text().replace("\0", " ")[:100])
        except OSError:
            continue  # it has ended, or belongs to another user
    return found


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_interrupted_run_leaves_no_process(tmp_path: Path, short_path: str, sent: signal.Signals) -> None:
    scratch(tmp_path, WAITING, "http://127.0.0.1:9")
    mark = f"SUITE_MARK_{uuid4().hex}"
    run = subprocess.Popen(
        pytest_command("-s", "small.feature"),
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}", mark: "1", "TMPDIR": short_path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    with run:
        assert run.stdout
        assert any("READY" in line for line in run.stdout), "the scenario was not reached"
        assert len(alive(mark)) >= 2
        os.killpg(run.pid, sent) if sent == signal.SIGINT else run.send_signal(sent)
        run.communicate(timeout=60)
    until = time.monotonic() + 5
    while alive(mark) and time.monotonic() < until:
        time.sleep(0.05)
    assert alive(mark) == []
    assert run.returncode == (-sent if sent == signal.SIGKILL else pytest.ExitCode.INTERRUPTED)
