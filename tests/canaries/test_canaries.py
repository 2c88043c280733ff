"""No byte that a run writes contains a secret, in whichever encoding a platform shows it, whatever goes wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from harness.evidence.allure_html import ALLURE
from sandbox.launcher import running_sandbox
from tests.canaries.runs import DOCTOR, Kind, Written, run
from tests.canaries.search import found, parts
from tests.harness.encodings import ENCODINGS

_FILES = ("alfred/wallets", "alfred/races", "alfred/walks", "alfred/hostile_input", "walletapi/balance")
_MANY = (
    *("pytest", *(f"features/{name}.feature" for name in _FILES)),
    *("-k", "wallets.feature or different or Whatever or deep or balance.feature"),
)
_FEW = ("pytest", "features/alfred/wallets.feature", "-k", "back")
_UNMASKED = "without masking"
RUNS: Mapping[str, Kind] = {
    _UNMASKED: Kind((*_MANY, "-p", "tests.canaries.unmasked"), "step", report=True),
    "every failure": Kind(_MANY, "step", report=True),
    "bug in a hook": Kind(_FEW, "hook", {"a bug in a hook": "INTERNALERROR"}),
    "bug at the end": Kind(_FEW, "end", {"a bug at the end": "RuntimeError: a bug of the suite"}),
    "crash": Kind(
        (*_FEW, "-n", "1", "--max-worker-restart=0"),
        "crash",
        {"a worker that crashes": "(?i)crashed|node down|not properly terminated|status 3"},
    ),
    "wrong target": Kind((*_FEW, "--target=wrong.toml"), "", {"a wrong target file": "alfred.shop_key begins or ends"}),
    "doctor": Kind((DOCTOR,), "", {"the doctor": r"^(?:ok|fix|note) "}),
}
KINDS = {
    "a violation": r"[A-Z]-\d+ is broken",
    "a finding of a schema": r"at: +\$",
    "a walk": "walk-seed=",
    "a race": "races.feature",
    "hostile input": "hostile_input.feature",
    "the environment": "not a response of the platform",
    "a broken connection": "broke the connection",
    "a bug of the suite": "RuntimeError: a bug of the suite",
    "a log": "a log: ",
    "a warning": "a warning: ",
}
PLACES = ("terminal", "debug.log", "junit.xml", "summary.md", "verdict.json", "Allure results", "report.html")


def test_run_writes_no_secret_and_without_masking_the_search_finds_secrets(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with running_sandbox() as sandbox, ThreadPoolExecutor(2) as pool:
        jobs = {
            name: pool.submit(run, tmp_path / re.sub(r"\W", "_", name), sandbox.tables, kind)
            for name, kind in RUNS.items()
        }
        ran = {name: job.result() for name, job in jobs.items()}
    exact = {name: {place: found(text, one.secrets) for place, text in one.texts.items()} for name, one in ran.items()}
    with capsys.disabled():
        _print_table(ran, exact)
    assert _missing(ran) == []
    masked = {name: one for name, one in ran.items() if name != _UNMASKED}
    assert {
        name: hits for name in masked if (hits := {at: each for at, each in exact[name].items() if any(each.values())})
    } == {}
    left = {
        (name, at): sorted(parts(text, one.secrets)) for name, one in masked.items() for at, text in one.texts.items()
    }
    assert {at: each for at, each in left.items() if each} == {}
    assert all(not parts(one.arguments, one.secrets) for one in ran.values())
    plain = ran[_UNMASKED]
    assert found(b"\n".join(plain.texts.values()), plain.secrets[:5]) == dict.fromkeys(ENCODINGS, 5)
    expected = [place for place in PLACES if place != "report.html" or ALLURE.is_file()]
    assert [place for place in expected if not all(exact[_UNMASKED].get(place, {"": 0}).values())] == []


def _missing(ran: Mapping[str, Written]) -> list[tuple[str, str]]:
    """Return the kinds of failure that a run should have shown and has not."""
    shown = {name: dict(kind.shows or KINDS) for name, kind in RUNS.items()}
    return [
        (name, what)
        for name, kinds in shown.items()
        for what, pattern in kinds.items()
        if not re.search(pattern, ran[name].texts["terminal"].decode("utf-8", "replace"), re.MULTILINE)
    ]


def _print_table(ran: Mapping[str, Written], exact: Mapping[str, Mapping[str, Mapping[str, int]]]) -> None:
    print("\n\nSecrets found without masking / with it, by encoding and place")
    print(f"{'':28}" + "".join(f"{place:>16}" for place in PLACES))
    for encoding in ENCODINGS:
        cells = []
        for place in PLACES:
            masked = sum(each.get(place, {}).get(encoding, 0) for name, each in exact.items() if name != _UNMASKED)
            cells.append(f"{exact[_UNMASKED].get(place, {}).get(encoding, 0)} / {masked}")
        print(f"{encoding:28}" + "".join(f"{cell:>16}" for cell in cells))
    print("\n".join(f"{name}: {len(one.secrets)} secrets, {one.seconds:.0f} s" for name, one in ran.items()))
