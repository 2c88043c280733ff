"""The output of --plan, compared with the run itself."""

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from proof.target_file import toml
from tests.conftest import Row
from tests.harness.runs import ROOT, run_pytest, tables_at

TITLE = "a plan and its run: what a run did of what its plan said at most"
COUNTER = """
import json

import httpcore

from harness.run_state import RECORDER

calls = 0
handle = httpcore.ConnectionPool.handle_request


def counted(pool, request):
    global calls
    calls += 1
    return handle(pool, request)


httpcore.ConnectionPool.handle_request = counted


def pytest_sessionfinish(session):
    moved = {name: str(amount) for name, amount in session.config.stash[RECORDER].spending.moved.items()}
    with open("counted.json", "w") as file:
        json.dump({"calls": calls, "moved": moved}, file)
"""
SELECTIONS = {
    "plain calls": (
        "features/alfred/split.feature",
        "features/walletapi/around_the_sale.feature",
        "-k=covers or Depositing or Giving",
    ),
    "races, walks and hostile input": (
        "features/walletapi/races.feature",
        "features/walletapi/walks.feature",
        "features/walletapi/hostile_input.feature",
        "--walks=3",
        "-k=(Eight and balance) or Whatever or (NaN and deposit)",
    ),
}


def planned(output: str) -> tuple[int, dict[str, Decimal]]:
    calls = re.search(r"calls: at most (\d+)", output)
    assert calls
    return int(calls[1]), {name: Decimal(amount) for amount, name in re.findall(r"at most ([\d.]+) ([A-Z]{3})", output)}


@pytest.mark.parametrize("name", SELECTIONS)
def test_plan_is_a_close_upper_bound_of_the_run(name: str, sandbox: Any, tmp_path: Path, row: Row) -> None:
    (tmp_path / "small.toml").write_text(toml(sandbox.tables))
    (tmp_path / "counter.py").write_text(COUNTER)
    files = [str(ROOT / one) if one.startswith("features") else one for one in SELECTIONS[name]]
    arguments = [*files, f"--rootdir={ROOT}", "-c", f"{ROOT}/pyproject.toml", f"--target={tmp_path}/small.toml"]
    arguments.append("--walk-seed=7")  # a plan is a bound for the walks of its seed
    plan = run_pytest(*arguments, "--plan", cwd=tmp_path, fresh=True)
    run = run_pytest(*arguments, "-p", "counter", cwd=tmp_path)
    assert plan.status == run.status == 0, plan.output + run.output
    found = json.loads((tmp_path / "counted.json").read_text())
    calls, money = planned(plan.output)
    shown = ", ".join(f"{found['moved'][each]} of {most} {each}" for each, most in money.items())
    row(
        "a plan and its run: what a run did of what its plan said at most",
        name,
        f"{found['calls']} of {calls} calls, {shown}",
    )
    assert found["calls"] <= calls <= 3 * found["calls"]
    for currency, moved in found["moved"].items():
        assert Decimal(moved) <= money[currency] <= 3 * Decimal(moved)


def test_plan_works_without_a_platform_and_lists_clauses_that_are_not_judged(tmp_path: Path) -> None:
    tables = tables_at("http://127.0.0.1:9")
    tables["walletapi"] |= {"owner_id": "", "aliases": ["1", "2"]}
    tables["limits"] = {"allow": ["races"], "calls_per_second": 10, "timeout": 1}
    text = 'left_out = ["S-4"]\n' + toml(tables) + '\nspend = { BDT = "1", TRY = "100000" }\n'
    (tmp_path / "small.toml").write_text(text)
    files = [
        f"features/{name}.feature"
        for name in ("alfred/funding_a_wallet", "walletapi/around_the_sale", "walletapi/walks")
    ]
    ran = run_pytest(*files, "--plan", "-n", "2", f"--target={tmp_path}/small.toml", fresh=True)
    assert ran.status == 0
    assert ran.lines[-1] == "plan only: nothing was judged"
    assert "target small (http://127.0.0.1:9): nothing was sent to it" in ran.output
    assert "not judged: the target does not allow walks" in ran.output
    assert "not judged: set [alfred.locate]" in ran.output
    assert "left out: S-4" in ran.output
    assert re.search(r"calls: at most \d+, which take \d+ s or more", ran.output)
    assert re.search(r"at most [\d.]+ BDT \(\[limits\] spend = 1 is too low", ran.output)
    assert re.search(r"at most [\d.]+ TRY \(\[limits\] spend = 100000 is enough", ran.output)
