"""A row of the table: what is injected and when, and how the suite must classify it (docs/verdict.md)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tests.environment.injection.conditions import once, operation, since
from tests.environment.injection.proxy import Proxy
from tests.environment.injection.wire import Condition, Fault, Rule, rule
from tests.environment.stage import Stage, Tools
from tests.harness.runs import Ran

START: Final = "from the start"
MIDWAY: Final = "in mid-run"
ONCE: Final = "once"

# In both, the calls that a fault begins with are in the last scenario, and none of them is part of the control.
ALFRED: Final = tuple(f"features/alfred/{name}.feature" for name in ("wallets", "buying_with_cash", "funding_a_wallet"))
WALLETAPI: Final = ("features/walletapi/balance.feature",)

_ACCUSING: Final = r"BROKEN|the platform breaks|is broken:"
_HEADLINE: Final = re.compile(r"\b(HOLDS|HOLDING|BROKEN|INTERRUPTED|SUITE FAULT|USAGE|NOT JUDGED|ENVIRONMENT)\b")
_HEAD_LINES: Final = 5
NEVER: Final = r"Traceback|SUITE FAULT|bug in the suite|internal error|INTERNALERROR"


@dataclass(frozen=True)
class Expected:
    """The exit status (one of these), and what the first lines of the verdict must contain; ``never``: no line may."""

    name: str
    statuses: tuple[int, ...]
    words: tuple[str, ...] = ()
    never: str = NEVER

    def naming(self, *words: str) -> Expected:
        """Expect these words too: regular expressions."""
        return Expected(self.name, self.statuses, (*self.words, *words), self.never)

    def problems(self, ran: Ran) -> list[str]:
        """Return the differences from the expectation."""
        first = "\n".join(head(ran))
        found = [] if ran.status in self.statuses else [f"status {ran.status} instead of {self.statuses}"]
        found += [f"the first lines lack /{word}/" for word in self.words if not re.search(word, first, re.IGNORECASE)]
        found += [f"says {accused[0]!r}" for accused in [re.search(self.never, ran.output)] if accused]
        return found


HOLDS: Final = Expected("holds", (0,), (r"\bhold",), f"{NEVER}|{_ACCUSING}|unsteady")
ENVIRONMENT: Final = Expected("environment", (75,), ("environment",), f"{NEVER}|{_ACCUSING}")
# One scenario in seven is more than one in fifty: the first line says so, and the status is 75.
UNSTEADY: Final = Expected("environment (unsteady)", (75,), ("unsteady",), f"{NEVER}|{_ACCUSING}")
# A connection that was refused may be tried again at once (docs/architecture.md), or the whole scenario is.
HOLDS_OR_UNSTEADY: Final = Expected("holds or unsteady", (0, 75), ("hold|unsteady",), f"{NEVER}|{_ACCUSING}")
USAGE: Final = Expected("usage", (4,), (), f"{NEVER}|BROKEN")
BROKEN: Final = Expected("broken", (1,), ("BROKEN",))


def head(ran: Ran) -> list[str]:
    """Return the headline of the verdict and the lines after it; the last lines of a run that ended earlier."""
    lines = [line for line in ran.lines if "warnings summary" not in line]
    start = next((number for number, line in enumerate(lines) if _HEADLINE.search(line)), None)
    return lines[-_HEAD_LINES:] if start is None else lines[start : start + _HEAD_LINES]


Rules = Callable[[Tools], tuple[Rule, ...]]


@dataclass(frozen=True)
class Row:
    """One run of the suite with a fault."""

    injected: str
    when: str
    expected: Expected
    rules: Rules = lambda _tools: ()
    scenarios: tuple[str, ...] = ALFRED
    with_tls: bool = False
    platform: Callable[[Stage], Any] = Stage.shared_platform
    before: Callable[[Proxy], Any] = lambda _proxy: None
    url: Callable[[Proxy], str] = lambda proxy: proxy.url
    environment: Callable[[Proxy], Mapping[str, str]] = lambda _proxy: {}
    change: Callable[[dict[str, Any]], Any] = field(default=lambda _tables: None)

    @property
    def id(self) -> str:
        """The name of the row."""
        return f"{self.injected}, {self.when}"

    def run(self, stage: Stage) -> Ran:
        """Run the suite."""
        with self.platform(stage) as platform:
            tools = Tools(platform, stage.certificates)
            tls = tools.certificate.context if self.with_tls else None
            with Proxy(platform.base_url, self.rules(tools), tls) as proxy:
                self.before(proxy)
                tables = stage.tables(platform, self.url(proxy), self.scenarios)
                self.change(tables)
                trusted = {"SSL_CERT_FILE": str(stage.certificates.ca_file)} if self.with_tls else {}
                return stage.run(tables, self.scenarios, {**trusted, **self.environment(proxy)})


@dataclass(frozen=True)
class Point:
    """The call with which a fault begins in mid-run. It is in the last scenario, and not part of the control."""

    operation: str
    number: int

    def once(self) -> tuple[Condition, ...]:
        """Return the conditions that only this call fulfils."""
        return operation(self.operation), once(self.number)

    def since(self) -> tuple[Condition, ...]:
        """Return the conditions that this call and all after it fulfil."""
        return (since(*self.once()),)


POINTS: Final = {ALFRED: Point("createPayment", 2), WALLETAPI: Point("depositByAlias", 8)}


def three(
    injected: str,
    fault: Fault,
    start: Expected | None,
    midway: Expected | None,
    once_only: Expected | None,
    *,
    scenarios: tuple[str, ...] = ALFRED,
    of: Callable[[], tuple[Condition, ...]] = tuple,
) -> list[Row]:
    """Return the rows of a fault that calls meet: all of them, all from some point on, and one. None: no row.

    ``of`` returns the conditions that all these calls fulfil.
    """
    point = POINTS[scenarios]
    whens = (
        (START, start, of),
        (MIDWAY, midway, lambda: (*point.since(), *of())),
        (ONCE, once_only, lambda: (*of(), *point.once())),
    )

    def rules(conditions: Callable[[], tuple[Condition, ...]]) -> Rules:
        return lambda _tools: (rule(fault, *conditions()),)

    return [
        Row(injected, when, expected, rules(conditions), scenarios)
        for when, expected, conditions in whens
        if expected is not None
    ]
