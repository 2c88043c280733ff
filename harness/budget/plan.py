"""The pytest plugin of ``--plan``: predicts what a run would do to its target, without any call to the target.

The selected scenarios run on the embedded sandbox, as they would on the target: with its limits, locators and wallets.
"""

from collections import Counter, defaultdict
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_UP, Decimal
from typing import Any, Final

import pytest

from harness.apis.walletapi.client import WalletApi
from harness.budget.limits import KINDS
from harness.client.record import Recorder, Run
from harness.client.spending import Spending
from harness.contract.contract import documented
from harness.run_state import RECORDER, TARGET
from harness.target.reading import build_target
from harness.target.target import Target
from harness.wire.channel import Channel
from harness.wire.manner import MANNER

PLANNED: Final = pytest.StashKey[Target]()
_PLAN: Final = pytest.StashKey["Plan"]()
_MARGIN: Final = Decimal("1.1")
_WIDE_MARGIN: Final = Decimal(2)
"""How many calls depends on chance in a walk, and on the time between two calls in a race and with hostile input."""
_MINOR: Final = Decimal("0.01")
_NOT_JUDGED: Final = Counter[str]()


@dataclass
class Plan:
    """The calls and the money of the scenarios so far. ``wide`` is the part that may be larger in another run."""

    calls: int = 0
    wide_calls: int = 0
    moved: defaultdict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    wide_moved: defaultdict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    def wait(self, calls: int) -> None:
        """Count calls instead of delaying them."""
        self.calls += calls

    @property
    def most_calls(self) -> int:
        bound = (self.calls - self.wide_calls) * _MARGIN + self.wide_calls * _WIDE_MARGIN
        return int(bound.to_integral_value(ROUND_UP))

    @property
    def most_moved(self) -> dict[str, Decimal]:
        """What a run moves at most, by currency."""
        most = {name: each * _MARGIN + self.wide_moved[name] for name, each in sorted(self.moved.items())}
        return {name: each.quantize(_MINOR, ROUND_UP) for name, each in most.items()}


def rehearsal_tables(tables: Mapping[str, Any], planned: Target | None) -> Mapping[str, Any]:
    """Return the tables of the sandbox with those settings of the planned target that determine its calls."""
    if planned is None:
        return tables
    changed = {name: table for name, table in tables.items() if getattr(planned, name, None) is not None}
    changed["limits"] = {"allow": list(planned.limits.allow)}
    if planned.alfred and not planned.alfred.shows_balance:
        changed["alfred"] = {name: value for name, value in tables["alfred"].items() if name != "locate"}
    if planned.walletapi and not planned.walletapi.owner_id:
        changed["walletapi"] = {
            **tables["walletapi"],
            "owner_id": "",
            "aliases": _aliases(tables, len(planned.walletapi.aliases)),
        }
    return changed


def _aliases(tables: Mapping[str, Any], count: int) -> list[str]:
    """Open wallets in the sandbox and return their aliases."""
    target = build_target("sandbox", tables).walletapi
    assert target is not None  # noqa: S101 - the sandbox has both APIs
    channel = Channel(10.0)
    api = WalletApi(target, channel, Recorder(Run.of(documented())))
    aliases = [api.open_wallet().alias for _ in range(count)]
    channel.close()
    return aliases


def begin_plan(config: pytest.Config, planned: Target | None) -> None:
    """Count calls and money from now on; ``planned`` is None if that is the embedded sandbox itself."""
    config.stash[_PLAN] = plan = Plan()
    config.stash[PLANNED] = target = planned or config.stash[TARGET]
    MANNER.pace = plan
    spending = Spending({name: api.currency for name, api in target.apis.items()}, target.limits.spend)
    spending.moved = plan.moved
    config.stash[RECORDER].spending = spending


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Count separately the scenarios that may do more in another run."""
    plan = item.config.stash.get(_PLAN, None)
    before, moved = (plan.calls, dict(plan.moved)) if plan else (0, {})
    result = yield
    if plan and any(item.get_closest_marker(tag) for tag in KINDS):
        plan.wide_calls += plan.calls - before
        for name, amount in plan.moved.items():
            plan.wide_moved[name] += amount - moved.get(name, 0)
    return result


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Collect why scenarios would not be judged."""
    if report.skipped and isinstance(report.longrepr, tuple):
        _NOT_JUDGED[report.longrepr[2].removeprefix("Skipped: ").removeprefix("not judged: ")] += 1


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if _PLAN in config.stash:
        terminalreporter.section("plan")
        for line in _lines(config.stash[_PLAN], config.stash[PLANNED], terminalreporter):
            terminalreporter.write_line(line)
        terminalreporter.write_line("plan only: nothing was judged")
        config.option.verbose = -2  # pytest's last line, "996 passed", would read like a result


def _lines(plan: Plan, target: Target, reporter: pytest.TerminalReporter) -> Iterator[str]:
    yield f"target {target.name} ({target.address}): nothing was sent to it; the scenarios ran on the embedded sandbox"
    skipped = sum(_NOT_JUDGED.values())
    selected = sum(len(reporter.stats.get(one, ())) for one in ("passed", "failed", "error")) + skipped
    yield f"scenarios: {selected} selected, {selected - skipped} would be judged"
    yield from (f"  {count} not judged: {reason}" for reason, count in _NOT_JUDGED.most_common())
    if target.left_out:
        yield f"left out: {', '.join(target.left_out)} (a clause in left_out is judged if the target can show it)"
    rate = target.limits.calls_per_second
    seconds = f", which take {plan.most_calls / rate:.0f} s or more" if rate else ""
    yield f"calls: at most {plan.most_calls}{seconds}"
    limits = {name.upper(): limit for name, limit in target.limits.spend.items()}
    for currency, amount in plan.most_moved.items():
        limit = limits.get(currency)
        enough = "enough" if limit and limit >= amount else "too low: scenarios beyond it are not judged"
        yield f"moves: at most {amount} {currency} ({f'[limits] spend = {limit} is {enough}' if limit else 'no limit'})"
    seed = reporter.config.option.walk_seed
    if "walks" in target.limits.allow:
        yield f"walks choose calls and amounts at random: their figures are for a run with --walk-seed={seed}"
    yield "a scenario that runs again after a fault of the environment adds its calls and its money"


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """End with 0: nothing was judged."""
    if _PLAN in session.config.stash and session.exitstatus == pytest.ExitCode.TESTS_FAILED:
        session.exitstatus = pytest.ExitCode.OK
