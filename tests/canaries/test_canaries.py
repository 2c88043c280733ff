"""No byte that a run writes contains a secret, in whichever encoding a platform shows it, whatever goes wrong."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from sandbox.launcher import running_sandbox
from tests.canaries.platform import EchoingPlatform
from tests.canaries.search import found, parts, written
from tests.harness.encodings import ENCODINGS, USER
from tests.harness.runs import ROOT, copy_suite, toml

PASSWORD = "canary-Pa55_w0rd+4711/of=admin"
VERBOSE = (
    "-vv",
    "--showlocals",
    "--tb=long",
    "-olog_cli=true",
    "--log-level=DEBUG",
    "--log-file=debug.log",
    "-Wdefault",
)
_NAMES = ("alfred/wallets", "alfred/split", "alfred/races", "alfred/walks", "alfred/hostile_input")
MANY = tuple(f"features/{name}.feature" for name in (*_NAMES, "walletapi/balance", "walletapi/privacy"))
FEW = ("features/alfred/wallets.feature",)
RUNS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "violations, faults, a bug in a step": ("step", (*MANY, "-k", "not twice")),
    "a bug in a hook": ("hook", FEW),
    "a bug at the end": ("end", FEW),
    "a worker that crashes": ("crash", (*FEW, "-n", "1", "--max-worker-restart=0")),
    "a wrong target file": ("", (*FEW, "--target=wrong.toml")),
}
PLACES = ("terminal", "debug.log", "junit.xml", "summary.md", "Allure results", "report.html")


@dataclass
class Searched:
    """What one kind of run wrote, and what of the secrets was found in it."""

    texts: dict[str, bytes] = field(default_factory=dict)
    exact: dict[str, dict[str, int]] = field(default_factory=dict)
    arguments: set[bytes] = field(default_factory=set)

    def add(self, texts: Mapping[str, bytes]) -> None:
        """Add what another run wrote."""
        for place, text in texts.items():
            self.texts[place] = self.texts.get(place, b"") + text


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Searched, Searched, list[str]]]:
    """Run everything without masking and with it, and search what was written."""
    with running_sandbox() as sandbox:
        tables = sandbox.tables
        keys = [tables["alfred"]["shop_key"], tables["alfred"]["platform_key"]]
        keys += [tables["walletapi"]["key"], tables["walletapi"]["client"], PASSWORD]
        platform = EchoingPlatform(sandbox.base_url, keys)
        try:
            both = [_runs(tmp_path_factory.mktemp(name), tables, platform, name) for name in ("without", "with")]
            for one in both:
                one.exact = {place: found(text, platform.secrets) for place, text in one.texts.items()}
            yield both[0], both[1], platform.secrets
        finally:
            platform.close()


def _runs(folder: Path, tables: dict[str, dict[str, object]], platform: EchoingPlatform, name: str) -> Searched:
    copy_suite(folder)
    _link_report(folder)
    tables = json.loads(json.dumps(tables).replace(str(tables["alfred"]["base_url"]), platform.url))
    tables["admin"] |= {"user": USER, "password": PASSWORD}
    (folder / "canaries.toml").write_text(toml(tables))
    tables["alfred"] |= {"base_url": f"http://{USER}:{PASSWORD}@127.0.0.1:1", "shop_key": f"{PASSWORD}\n"}
    (folder / "wrong.toml").write_text(toml(tables | {"unknown": PASSWORD}))
    secrets = folder.parent / f"{name}-secrets.json"
    secrets.write_text(json.dumps(platform.secrets[:5]))
    searched = Searched()
    unmasked = ("-p", "tests.canaries.unmasked") if name == "without" else ()
    for bug, arguments in RUNS.values():
        target = () if any(one.startswith("--target") for one in arguments) else ("--target=canaries.toml",)
        command = (sys.executable, "-m", "harness.run", *arguments, *target, *VERBOSE, "-p", "tests.canaries.noisy")
        searched.add(
            _written(folder, (*command, *unmasked), {"SUITE_BUG": bug, "SUITE_CANARIES": str(secrets)}, searched)
        )
    return searched


def _written(
    folder: Path, command: tuple[str, ...], variables: Mapping[str, str], searched: Searched
) -> dict[str, bytes]:
    environment = {
        **os.environ,
        "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}",
        "PYTHONDONTWRITEBYTECODE": "1",
        **variables,
    }
    # Without a browser, which takes seconds.
    environment["PATH"] = str(folder / "bin")
    with (folder.parent / f"{folder.name}-output").open("wb") as output:
        run = subprocess.Popen(command, cwd=folder, env=environment, stdout=output, stderr=subprocess.STDOUT)
        while run.poll() is None:
            searched.arguments |= _arguments()
            time.sleep(0.5)
    texts = written(folder / "reports", Path(output.name).read_bytes())
    for name in ("debug.log", ".pytest_cache"):
        if (folder / name).exists():
            texts |= written(folder / name, b"") if (folder / name).is_dir() else {name: (folder / name).read_bytes()}
    texts["terminal"] = Path(output.name).read_bytes()
    for path in (folder / "reports").glob("2*"):
        shutil.rmtree(path)
    return texts


def _arguments() -> set[bytes]:
    """Return the arguments of all processes of this machine."""
    lines = set()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            lines.add(path.read_bytes())
        except OSError:
            continue
    return lines


def _link_report(folder: Path) -> None:
    (folder / "bin").mkdir()
    for name in ("node", "npm"):
        if path := shutil.which(name):
            (folder / "bin" / name).symlink_to(path)
    (folder / "reports").mkdir()
    for path in (ROOT / "reports").glob("*a*"):
        if path.name in ("allurerc.mjs", "package.json", "package-lock.json"):
            shutil.copy(path, folder / "reports")
    if (ROOT / "reports" / "node_modules").is_dir():
        (folder / "reports" / "node_modules").symlink_to(ROOT / "reports" / "node_modules")


def test_nothing_that_is_written_contains_a_secret(searched: tuple[Searched, Searched, list[str]]) -> None:
    _, masked, secrets = searched
    left = {place: sorted(parts(text, secrets)) for place, text in masked.texts.items()}
    assert {place: each for place, each in left.items() if each} == {}
    assert {place: each for place, each in masked.exact.items() if any(each.values())} == {}


def test_no_argument_of_a_process_contains_a_secret(searched: tuple[Searched, Searched, list[str]]) -> None:
    assert searched[1].arguments
    assert parts(b"\n".join(searched[0].arguments | searched[1].arguments), searched[2]) == set()


def test_the_same_search_finds_each_secret_in_each_encoding_if_nothing_is_masked(
    searched: tuple[Searched, Searched, list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    unmasked, masked, secrets = searched
    places = [place for place in PLACES if place in unmasked.exact]
    with capsys.disabled():
        print(f"\n\nSecrets found without masking / with it, of {len(secrets)}, by encoding and place")
        print(f"{'':28}" + "".join(f"{place:>16}" for place in places))
        for encoding in ENCODINGS:
            cells = (f"{unmasked.exact[at][encoding]} / {masked.exact[at][encoding]}" for at in places)
            print(f"{encoding:28}" + "".join(f"{cell:>16}" for cell in cells))
    anywhere = b"\n".join(unmasked.texts.values())
    assert found(anywhere, secrets[:5]) == dict.fromkeys(ENCODINGS, 5)
    assert [
        place for place in ("terminal", "junit.xml", "Allure results") if not all(unmasked.exact[place].values())
    ] == []
