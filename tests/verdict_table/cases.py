"""Runs that could pass or fail wrongly: everything that could make a run report something that it did not observe."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from harness.processes.exit_status import Status
from tests.verdict_table.stage import SMALL, WALLETS, Case, Change, Stage

HOLDS, BROKEN, INTERRUPTED = Status.HOLDS, Status.BROKEN, Status.INTERRUPTED
SUITE_FAULT, USAGE, NOT_JUDGED, ENVIRONMENT = Status.SUITE_FAULT, Status.USAGE, Status.NOT_JUDGED, Status.ENVIRONMENT
_TITLE = "A new user's wallet has an account"
_STEPS = "      Given a user\n      When the user reads the wallet\n      Then the wallet has an account\n"
_WALLETS = "features/alfred/wallets.feature"


def feature(old: str, new: str, name: str = WALLETS) -> Change:
    """Replace a text in a feature."""
    return lambda stage: stage.replace(stage.feature(name), old, new)


def target(change: Callable[[dict[str, Any]], object]) -> Change:
    """Change the tables of the target file."""
    return lambda stage: (change(stage.tables), None)[1]


def bug(how: str) -> dict[str, str]:
    """Let the plugin of bugs do this."""
    return {"SUITE_BUG": how}


def issue(clause: str = "W-1", scenario: str = "", days: int = 30) -> Change:
    """Write a known issue."""

    def write(stage: Stage) -> None:
        expires = (datetime.now(UTC) + timedelta(days=days)).date()
        lines = ["[[issue]]", f'clause = "{clause}"', 'owner = "me"', 'ticket = "T-1"', f"expires = {expires}"]
        lines += ['because = "it is being fixed"', *([f'scenario = "{scenario}"'] if scenario else [])]
        (stage.folder / "known_issues.toml").write_text("\n".join(lines))

    return write


def _no_features(stage: Stage) -> None:
    for path in (stage.folder / "features").rglob("*.feature"):
        path.unlink()


def _emptied(stage: Stage) -> None:
    stage.feature().write_text("")


def _renamed(stage: Stage) -> None:
    stage.feature().rename(stage.feature().with_suffix(".txt"))


def _another_name(stage: Stage) -> None:
    stage.feature().rename(stage.feature().with_name("accounts.feature"))


def _earlier_run(stage: Stage) -> None:
    """Leave what an earlier run that held has written."""
    folder = stage.folder / "reports" / "20250101-000000-000000"
    folder.mkdir(parents=True)
    (folder / "verdict.json").write_text(json.dumps({"finished": True, "status": 0, "headline": "HOLDS: all"}))
    (folder / "summary.md").write_text("# HOLDS\n")
    (folder / "report.html").write_text("HOLDS")
    (folder / "allure-results").mkdir()
    (stage.folder / "reports" / "latest").symlink_to(folder.name)


def _plain_test(text: str) -> Change:
    def write(stage: Stage) -> None:
        (stage.folder / "features" / "test_plain.py").write_text(f"def test_plain():\n    {text}\n")

    return write


def _accepts_anything(stage: Stage) -> None:
    (stage.folder / "schemas" / "alfred" / "getWallet.response.schema.json").write_text("{}")


def _without_clause(stage: Stage) -> None:
    path = stage.folder / "schemas" / "clauses.toml"
    first, *others = path.read_text("utf-8").split("[[clause]]")
    path.write_text("[[clause]]".join([first, *(one for one in others if 'id = "W-2"' not in one)]), "utf-8")


def _with_clause(stage: Stage) -> None:
    path = stage.folder / "schemas" / "clauses.toml"
    more = '\n[[clause]]\nid = "W-99"\nlevel = "documented"\ntext = "More"\nsource = "nobody"\n'
    path.write_text(path.read_text("utf-8") + more, "utf-8")


def _package_is_missing(stage: Stage) -> None:
    (stage.folder / "httpx.py").write_text("raise ModuleNotFoundError('No module named httpx')\n")


def _reports_is_a_file(stage: Stage) -> None:
    shutil.rmtree(stage.folder / "reports", ignore_errors=True)
    (stage.folder / "reports").write_text("")


CASES = (
    Case("nothing is wrong", HOLDS, new_process=True),
    Case("nothing is wrong, two workers", HOLDS, arguments=("-n", "2")),
    Case("nothing is wrong, a gate", HOLDS, arguments=("--gate",)),
    # Features
    Case("no feature at all", NOT_JUDGED, _no_features),
    Case("a feature emptied", USAGE, _emptied),
    Case("a feature renamed to .txt", NOT_JUDGED, _renamed),
    Case("a feature with another name", HOLDS, _another_name),
    Case("a Rule without its tag", USAGE, feature("  @W-1\n", "")),
    Case("a tag of no clause", USAGE, feature("@W-1", "@W-99")),
    Case(
        "a Rule without scenarios",
        USAGE,
        feature(f"    Scenario: {_TITLE}\n{_STEPS}", ""),
    ),
    Case(
        "a scenario without a step",
        USAGE,
        feature("      Given a user\n      When the user reads the wallet\n      Then the wallet has an account\n", ""),
    ),
    Case(
        "two scenarios of one name",
        USAGE,
        feature(
            "Scenario: A user who comes back finds the same account",
            "Scenario: A wallet that is read twice has the same account",
        ),
    ),
    Case("empty Examples", USAGE, feature("        | 20.00   | 50.00  |\n", "", SMALL)),
    Case("a step that nobody wrote", USAGE, feature("Then the wallet has an account", "Then the wallet sings")),
    Case("a tag skip", USAGE, feature("    Scenario: A new", "    @skip\n    Scenario: A new")),
    Case("a tag xfail", USAGE, feature("    Scenario: A new", "    @xfail\n    Scenario: A new")),
    Case("a tag skip on a feature", USAGE, feature("@alfred", "@alfred @skip")),
    # Selections
    Case("-k, one scenario", HOLDS, arguments=("-k", "twice"), part=True),
    Case("-k, no scenario", NOT_JUDGED, arguments=("-k", "nothing_is_called_so")),
    Case("-m, one clause", HOLDS, arguments=("-m", "W-1"), part=True),
    Case("-m, no clause", USAGE, arguments=("-m", "W-98")),
    Case("--deselect", HOLDS, arguments=(f"--deselect={_WALLETS}",), part=True),
    Case("a path", HOLDS, arguments=(_WALLETS,), part=True),
    Case("a path that does not exist", USAGE, arguments=("features/nowhere.feature",)),
    Case("PYTEST_ADDOPTS that selects nothing", NOT_JUDGED, variables={"PYTEST_ADDOPTS": "-k nothing_is_called_so"}),
    Case("PYTEST_ADDOPTS that selects, a gate", USAGE, arguments=("--gate",), variables={"PYTEST_ADDOPTS": "-k twice"}),
    Case("-k, a gate", USAGE, arguments=("--gate", "-k", "twice")),
    Case("--deselect, a gate", USAGE, arguments=("--gate", f"--deselect={_WALLETS}")),
    Case("a path, a gate", USAGE, arguments=("--gate", _WALLETS)),
    Case("--setup-only", USAGE, arguments=("--setup-only",)),
    Case("-x on a broken platform", BROKEN, arguments=("-x",), variables=bug("clause")),
    Case("-x -n 2 on a broken platform", BROKEN, arguments=("-x", "-n", "2"), variables=bug("clause")),
    Case("--maxfail=2 on a broken platform", BROKEN, arguments=("--maxfail=2",), variables=bug("clause")),
    # Checking switched off
    *(
        Case(f"-p no:{name}", USAGE, arguments=("-p", f"no:{name}"))
        for name in (
            "harness.gherkin.collection",
            "harness.verdict.plugin",
            "harness.session.target_option",
            "harness.session.platform",
            "harness.evidence.masked_output",
            "harness.walks.walker",
            "harness.verdict.run_plugin",
            "harness.diagnosis.plugin",
            "harness.evidence.plugin",
            "harness.session.ending",
            "harness.budget.depth",
            "steps.alfred.users",
        )
    ),
    Case("python -O", USAGE, python=("-O",), new_process=True),
    Case("PYTHONOPTIMIZE=1", USAGE, variables={"PYTHONOPTIMIZE": "1"}, new_process=True),
    Case("a schema that accepts anything", USAGE, _accepts_anything, new_process=True),
    Case("a clause missing from the ledger", USAGE, _without_clause, new_process=True),
    Case("a clause that contract.md lacks", USAGE, _with_clause, new_process=True),
    Case("a plugin loses scenarios", SUITE_FAULT, variables=bug("collection")),
    Case("a plugin skips every scenario", NOT_JUDGED, variables=bug("skips")),
    Case("a plugin expects every scenario to fail", SUITE_FAULT, variables=bug("xfails")),
    # Processes that end
    Case("a worker is killed", SUITE_FAULT, arguments=("-n", "2"), variables=bug("worker")),
    Case("the embedded sandbox is killed", BROKEN, arguments=("--target=",), variables=bug("sandbox")),
    Case("pytest is killed", SUITE_FAULT, variables=bug("pytest"), finishes=False),
    Case("Ctrl-C", INTERRUPTED, variables=bug("interrupt")),
    Case("pytest.exit with status 0", SUITE_FAULT, variables=bug("exit")),
    # Places
    Case("a full disk", SUITE_FAULT, most_bytes=20_000, new_process=True),
    Case("a summary on a full disk", SUITE_FAULT, arguments=("--summary=/dev/full",)),
    Case("reports/ can't be written", SUITE_FAULT, _reports_is_a_file),
    Case("an earlier run that held, then a wrong option", USAGE, _earlier_run, arguments=("--no-such-option",)),
    Case("an earlier run that held, then a broken platform", BROKEN, _earlier_run, variables=bug("clause")),
    Case(
        "an earlier run that held, then pytest is killed",
        SUITE_FAULT,
        _earlier_run,
        variables=bug("pytest"),
        finishes=False,
    ),
    # Targets
    Case("neither API", USAGE, target(lambda tables: [tables.pop(name) for name in ("alfred", "walletapi")])),
    Case("one API, not left out", NOT_JUDGED, target(lambda tables: tables.pop("walletapi"))),
    Case(
        "one API, left out",
        HOLDS,
        target(lambda tables: (tables.pop("walletapi"), tables.update(left_out=["walletapi"]))),
    ),
    Case("no wallets", NOT_JUDGED, target(lambda tables: tables["walletapi"].pop("owner_id"))),
    Case("no locators", NOT_JUDGED, target(lambda tables: tables["alfred"].pop("locate"))),
    Case("no Admin UI", NOT_JUDGED, target(lambda tables: tables.pop("admin"))),
    Case("no Admin UI, left out", HOLDS, target(lambda tables: (tables.pop("admin"), tables.update(left_out=["S-4"])))),
    # Known issues
    Case("a known issue", HOLDS, issue("W-1"), (_WALLETS, "-m", "W-1"), bug("clause"), part=True),
    Case("a known issue that has expired", BROKEN, issue("W-1", days=-1)),
    Case("a known issue that is gone", BROKEN, issue("W-1")),
    Case("a known issue with a clause misspelt", USAGE, issue("W-77")),
    Case("a known issue with a scenario misspelt", USAGE, issue("W-1", "A new user's wallet has no account")),
    Case("a known issue of more than 180 days", USAGE, issue("W-1", days=200)),
    # Bugs of the suite
    Case("an exception in a module", SUITE_FAULT, variables=bug("import")),
    Case("an exception in the options", SUITE_FAULT, variables=bug("options")),
    Case("an exception in the configuration", SUITE_FAULT, variables=bug("configure")),
    Case("a package that is missing", SUITE_FAULT, _package_is_missing, new_process=True),
    Case("an exception in a step", SUITE_FAULT, variables=bug("step")),
    Case("an exception in a fixture", SUITE_FAULT, variables=bug("fixture")),
    Case("an exception after a scenario", SUITE_FAULT, variables=bug("teardown")),
    Case("an exception in a hook", SUITE_FAULT, variables=bug("hook")),
    Case("an exception at the end", SUITE_FAULT, variables=bug("end")),
    Case("an exception after the end", SUITE_FAULT, variables=bug("last")),
    Case("a plain test that fails", BROKEN, _plain_test("assert 1 == 2")),
    Case("a plain test with an exception", BROKEN, _plain_test("raise RuntimeError('a failure like any other')")),
    Case("a plain test that passes", HOLDS, _plain_test("pass")),
)
