"""Runs of a copy of the suite on echoing platforms, and everything that they write."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from harness import report
from harness.evidence.allure_html import ALLURE
from proof.target_file import toml
from tests.canaries.platform import EchoingPlatform
from tests.canaries.search import written
from tests.harness.encodings import USER
from tests.harness.runs import ROOT, copy_suite

PASSWORD = "canary-Pa55_w0rd+4711/of=admin"
DOCTOR = "harness.doctor"
_VERBOSE = (
    *("-vv", "--showlocals", "--tb=long", "-olog_cli=true", "--log-level=DEBUG", "-Wdefault"),
    *("--log-file=reports/debug.log", "-ocache_dir=reports/cache", "-ptests.canaries.noisy", "-pno:randomly"),
)
Tables = dict[str, dict[str, object]]


@dataclass(frozen=True)
class Kind:
    """A kind of run: its arguments, the bug of noisy.py, and words that its terminal shows."""

    arguments: tuple[str, ...]
    bug: str = ""
    shows: Mapping[str, str] | None = None
    report: bool = False


@dataclass(frozen=True)
class Written:
    """What a run wrote, by place, the arguments of all processes meanwhile, and the secrets that it met."""

    texts: Mapping[str, bytes]
    arguments: bytes
    secrets: tuple[str, ...]
    seconds: float


def keys_of(tables: Tables) -> list[str]:
    """Return every secret of the target file."""
    alfred, walletapi = tables["alfred"], tables["walletapi"]
    return [*map(str, (alfred["shop_key"], alfred["platform_key"], walletapi["key"], walletapi["client"])), PASSWORD]


def run(folder: Path, tables: Tables, kind: Kind) -> Written:
    """Run the suite or the doctor on an echoing platform of its own."""
    began = time.monotonic()
    keys = keys_of(tables)
    copy_suite(folder)
    (folder / "reports").mkdir()
    platform = EchoingPlatform(str(tables["alfred"]["base_url"]), keys)
    try:
        _write_targets(folder, tables, platform.url)
        (folder.parent / f"{folder.name}-secrets.json").write_text(json.dumps(keys))
        output, arguments = _output(folder, kind)
    finally:
        platform.close()
    if kind.report and ALLURE.is_file():
        options = (
            "--results",
            folder / "reports" / "allure-results",
            "--history",
            folder / "reports" / "history.jsonl",
        )
        report.main([*map(str, options)])
    return Written(written(folder / "reports", output), arguments, tuple(platform.secrets), time.monotonic() - began)


def _write_targets(folder: Path, tables: Tables, url: str) -> None:
    tables = json.loads(json.dumps(tables).replace(str(tables["alfred"]["base_url"]), url))
    tables["admin"] |= {"user": USER, "password": PASSWORD}
    (folder / "canaries.toml").write_text(toml(tables))
    tables["alfred"] |= {"base_url": f"http://{USER}:{PASSWORD}@127.0.0.1:1", "shop_key": f"{PASSWORD}\n"}
    (folder / "wrong.toml").write_text(toml(tables | {"unknown": PASSWORD}))


def _output(folder: Path, kind: Kind) -> tuple[bytes, bytes]:
    target = () if any(one.startswith("--target") for one in kind.arguments) else ("--target=canaries.toml",)
    command = [sys.executable, "-m", *kind.arguments, *target]
    if kind.arguments[0] != DOCTOR:
        command += [*_VERBOSE, "--alluredir=reports/allure-results", "--run-folder=reports"]
    environment = {
        **os.environ,
        "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "SUITE_BUG": kind.bug,
        "SUITE_CANARIES": str(folder.parent / f"{folder.name}-secrets.json"),
    }
    arguments: set[bytes] = set()
    place = folder.parent / f"{folder.name}-output"
    with place.open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=output, stderr=subprocess.STDOUT)
        while process.poll() is None:
            arguments |= _arguments_of_processes()
            time.sleep(0.25)
    return place.read_bytes(), b"\n".join(arguments)


def _arguments_of_processes() -> set[bytes]:
    lines = set()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            lines.add(path.read_bytes())
        except OSError:
            continue
    return lines
