"""``python -m harness.doctor --target=NAME``: checks everything that a run needs, one line each, before any scenario.

Each line says ``ok``, ``note`` or ``fix`` and what to do. The exit status is 4 if the target file needs a change, 75 if
the platform cannot be reached, and else 0.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from harness.apis.alfred.admin import Admin
from harness.client.control import Control, Look
from harness.client.record import Recorder, Run
from harness.contract.contract import Contract, documented
from harness.diagnosis.before_run import mistakes, silence
from harness.diagnosis.opening import new_diagnosis
from harness.failures import EnvironmentFault, UsageError
from harness.foreign_text import one_line
from harness.gherkin.collection import listed_below
from harness.not_judged import NotJudged
from harness.processes.exit_status import Status
from harness.run_folder import displayed
from harness.session.platform import mask_target
from harness.target.checks import Known
from harness.target.reading import read_target
from harness.target.target import Target
from harness.target.values import KINDS
from harness.verdict.decision.foreseen import read_issues
from harness.wire.manner import MANNER
from harness.wire.places import Place, places_of
from harness.wire.redaction import REDACTION, is_searchable

_SKEW: Final = timedelta(seconds=60)  # T-5 allows as much
_FEW_DAYS: Final = 21


@dataclass(frozen=True)
class Line:
    """What the doctor found out about one thing; ``status`` is the one that a run would end with because of it."""

    about: str
    text: str
    status: Status = Status.HOLDS
    is_note: bool = False

    def __str__(self) -> str:
        word = "fix" if self.status is not Status.HOLDS else "note" if self.is_note else "ok"
        return one_line(REDACTION.shown(f"{word:4}  {self.about}: {self.text}"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the lines and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m harness.doctor", description="Check what a run on a target needs.")
    parser.add_argument("--target", default="", metavar="NAME", help="targets/NAME.toml, or the path of a file")
    name = parser.parse_args(arguments).target
    statuses = set()
    for line in examined(name):
        print(line, flush=True)
        statuses.add(line.status)
    return next((int(one) for one in (Status.USAGE, Status.ENVIRONMENT) if one in statuses), 0)


def examined(name: str) -> Iterator[Line]:
    contract = documented()
    try:
        target = read_target(name, Known(contract.locatable, contract.clauses))
        yield from _known_issues(target, contract)
    except UsageError as error:
        yield from (Line("file", line, Status.USAGE) for line in str(error).splitlines())
        return
    mask_target(contract, target)
    MANNER.id_header, MANNER.authority = target.request_id_header, target.authority
    yield Line("file", f"{name} can be read, and its values have the right form")
    if target.walletapi and not target.walletapi.has_wallets:
        yield Line("walletapi", NotJudged.NO_WALLETS.value, Status.USAGE)
    yield from _variables(target)
    yield from _platform(target)
    yield from _limits(target)


def _known_issues(target: Target, contract: Contract) -> Iterator[Line]:
    """Read the known issues. UsageError if something is wrong with them."""
    if path := target.known_issues_file:
        titles = [name.rpartition("::")[2] for name in listed_below(Path(__file__).parents[1])]
        count = len(read_issues(path, contract.clauses, titles))
        yield Line("known issues", f"{displayed(path)} has {count}")


def _variables(target: Target) -> Iterator[Line]:
    names = [secret.variable for secret in target.secrets if secret.variable]
    if names:
        yield Line("variables", f"{', '.join(names)} are set")
    if len(names) < len(target.secrets):
        yield Line("variables", "a key is in the target file itself: put it into the environment", is_note=True)
    common = [str(secret) for secret in target.secrets if not is_searchable(secret.value)]
    if common:
        text = f"short or common, so masked only in headers and fields that contain keys: {', '.join(common)}"
        yield Line("secrets", text, is_note=True)


def _platform(target: Target) -> Iterator[Line]:
    reached: set[str] = set()
    for place in places_of({"alfred": target.alfred, "walletapi": target.walletapi, "admin": target.admin}):
        lines = list(_place(place, min(target.limits.timeout, 3.0)))
        yield from lines
        if all(line.status is Status.HOLDS for line in lines):
            reached |= set(place.names)
    recorder = Recorder(Run.of(documented(), target.secrets))
    diagnosis = new_diagnosis(target, recorder, embedded=False)
    for api, control in diagnosis.controls.items():
        if api in reached:
            yield from _control(control, target)
    for api in ("alfred", "walletapi"):
        if getattr(target, api) is None:
            named = api in target.left_out
            more = "left out" if named else f'its clauses are not judged; set it, or left_out = ["{api}"]'
            yield Line(api, f"the target has no [{api}]: {more}", is_note=not named)
    alfred = diagnosis.controls.get("alfred")
    yield from _admin(target, alfred.kept.get("wallet_id", "") if alfred else "", reached)


def _place(place: Place, timeout: float) -> Iterator[Line]:
    """Check name, connection and TLS of a place; the first that fails is the last line."""
    checks = (("name", place.resolve), ("connection", place.connect), ("TLS", place.secure))
    for about, check in checks:
        what = f"{about} ({', '.join(place.names)})"
        try:
            found = check(timeout)
        except EnvironmentFault as fault:
            yield Line(what, str(fault), Status.ENVIRONMENT)
            return
        yield Line(what, found.text, is_note=(found.days is not None and found.days < _FEW_DAYS) or found.is_weak)


def _control(control: Control, target: Target) -> Iterator[Line]:
    try:
        looks = control.first()
    except UsageError as error:
        yield Line(control.api, str(error), Status.USAGE)
        return
    finally:
        control.client.channel.close()
    wrong = mistakes(control, looks, target, judge_anyway=False)
    silent = "" if wrong else silence(control, looks)
    yield from (Line(control.api, line, Status.USAGE) for line in wrong)
    if silent:
        yield Line(control.api, silent, Status.ENVIRONMENT)
    accepted: dict[str, list[str]] = {}
    for look in looks:
        if look.accepted:
            accepted.setdefault(look.credential, []).append(look.call.operation)
    for credential, operations in accepted.items():
        by = ", ".join(dict.fromkeys(operations))
        yield Line("key", f"{credential.replace(' or ', ' and ')} is accepted by {by}")
    if not wrong and not silent:
        yield from _odd(looks)
    yield from _clock(control)
    if control.api == "alfred" and target.alfred and not wrong and not silent:
        yield _locators(target, looks)


def _odd(looks: Sequence[Look]) -> Iterator[Line]:
    for look in looks:
        problem = look.violation or look.fault
        if problem:
            text = f"{look.call.operation}: {str(problem).splitlines()[0]} (the scenarios judge it)"
            yield Line("response", text, is_note=True)


def _clock(control: Control) -> Iterator[Line]:
    clock = control.client.recorder.scenario.clock
    if clock is None:
        return
    skew = clock - datetime.now(UTC)
    ahead = "ahead of" if skew > timedelta() else "behind"
    if abs(skew) > _SKEW:
        seconds = timedelta(seconds=round(abs(skew).total_seconds()))
        text = f"{control.api} is {seconds} {ahead} this machine: set one of them right (T-5)"
        yield Line("clock", text, is_note=True)
    else:
        yield Line("clock", f"{control.api} and this machine differ by less than a minute")


def _locators(target: Target, looks: Sequence[Look]) -> Line:
    if not target.alfred or not target.alfred.shows_balance:
        text = "set [alfred.locate] balanceAmount and remainingAmount, or the clauses of the balance are not judged"
        return Line("locators", text, is_note=True)
    opened = any(look.accepted for look in looks if look.call.operation == "openPurchaseSession")
    found = ", ".join(sorted(target.alfred.locate))
    return Line("locators", f"{found} found" if opened else "not checked: no session was opened", is_note=not opened)


def _admin(target: Target, wallet_id: str, reached: set[str]) -> Iterator[Line]:
    if target.admin is None:
        named = "S-4" in target.left_out
        more = "left out" if named else 'S-4 is not judged; set it, or left_out = ["S-4"]'
        yield Line("admin", f"the target has no [admin]: {more}", is_note=not named)
        return
    needed = {"alfred": "Alfred", "admin": "the page"} if target.alfred else {}
    unreached = [words for name, words in needed.items() if name not in reached]
    if unreached or not wallet_id:
        first = f"{' and '.join(unreached)} could not be reached: fix that first"
        why = first if unreached else "that needs a user of Alfred, and there is none"
        yield Line("admin", f"not checked, because {why}", is_note=True)
        return
    page = Admin(target.admin, target.limits.timeout)
    try:
        wrong = page.mistake(wallet_id)
        yield Line("admin", wrong, Status.USAGE) if wrong else Line("admin", page.how)
    except EnvironmentFault as fault:
        yield Line("admin", str(fault), Status.ENVIRONMENT)
    finally:
        page.close()


def _limits(target: Target) -> Iterator[Line]:
    allow = [kind for kind in KINDS if kind in target.limits.allow]
    refused = [kind for kind in KINDS if kind not in allow]
    not_allowed = f"; not allowed, so not judged: {', '.join(refused)}" if refused else ""
    yield Line("allowed", f"{', '.join(allow) or 'single calls only'}{not_allowed}")
    needs = "--plan says how much it needs"
    spend = ", ".join(f"{amount} {currency}" for currency, amount in target.limits.spend.items())
    if spend:
        yield Line("spend", f"one run may move at most {spend}; {needs}")
    else:
        yield Line("spend", f"one run may move any amount: set [limits] spend; {needs}", is_note=True)
    rate = target.limits.calls_per_second
    yield Line("rate", f"at most {rate:g} calls in a second" if rate else "no limit on calls per second")


if __name__ == "__main__":
    sys.exit(main())
