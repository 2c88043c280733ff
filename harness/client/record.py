"""What is fixed for a run, and the record of the scenario that is running."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Generic, Protocol, Self, TypeVar

from harness.client.call_lines import call_lines
from harness.client.calls import Outcome
from harness.client.spending import Spending
from harness.contract.contract import Contract
from harness.contract.leaks import SentTexts
from harness.failures import ContractViolation, EnvironmentFault, Finding, Place
from harness.not_judged import NotJudged
from harness.target.values import KINDS, Secret
from harness.wire.curl import curl_line
from harness.wire.exchange import Exchange
from harness.wire.faults import CallFault
from harness.wire.redaction import REDACTION

Owner = TypeVar("Owner")


class Evidence(Protocol):
    """Receives what happens in a scenario, to show it to people."""

    def exchange(self, exchange: Exchange) -> None:
        """Show a request and its response."""

    def note(self, text: str) -> None:
        """Show a line of text."""

    def script(self, name: str, text: str) -> None:
        """Show the script that repeats the scenario."""

    def begin_again(self, text: str) -> None:
        """Mark everything so far as an earlier run of the scenario, which ended with a fault."""


@dataclass(frozen=True)
class Run:
    """``keys`` are the target's keys; ``variables`` gives the environment variable of a key."""

    contract: Contract
    keys: tuple[str, ...]
    variables: Mapping[str, str]
    sent_texts: SentTexts

    @classmethod
    def of(cls, contract: Contract, secrets: Iterable[Secret] = (), texts: Iterable[str] = ()) -> Self:
        """``texts`` are the odd texts that a run may send (contract.md X-2)."""
        known = tuple(secrets)
        return cls(
            contract,
            tuple(secret.value for secret in known),
            {secret.value: secret.variable for secret in known if secret.variable},
            SentTexts(contract.clauses["X-2"].patterns, texts),
        )


@dataclass
class ScenarioRecord:
    """One scenario: the clauses that it judges, the violations found in passing, and its exchanges.

    ``place`` is the step that is running. ``operations`` has each phase and operation, in the order of their first
    calls. ``last`` is the exchange that was checked last. ``calls`` counts the calls by operation. ``over`` is the
    fault because of which no more calls are sent. ``raced``: calls were sent at the same moment.
    ``of_others``: what is wrong was left by another scenario.
    ``aside`` has the identities of exchanges that were only diverted: they are no part of the story.
    ``credentials`` were sent by the calls so far. ``repeated``: the scenario runs again after a fault.
    ``doubts`` are calls of races that got a 401 or 403, each with the function that sends it again. It is either how
    the platform rejects a call that lost, or the doing of something in front of the platform.
    """

    clauses: tuple[str, ...] = ()
    violations: list[ContractViolation] = field(default_factory=list)
    place: Place = field(default_factory=Place)
    operations: dict[tuple[str, str], None] = field(default_factory=dict)
    last: Exchange | None = None
    exchanges: list[Exchange] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    apis: set[str] = field(default_factory=set)
    over: EnvironmentFault | None = None
    raced: bool = False
    of_others: bool = False
    aside: set[int] = field(default_factory=set)
    credentials: dict[str, None] = field(default_factory=dict)
    repeated: bool = False
    doubts: list[tuple[CallFault, Callable[[], Outcome]]] = field(default_factory=list)
    title: str = ""

    @property
    def story(self) -> list[Exchange]:
        """Its exchanges, without those that were only diverted."""
        return [one for one in self.exchanges if id(one) not in self.aside]

    @property
    def clause(self) -> str:
        """The first clause of the scenario; empty outside a scenario."""
        return self.clauses[0] if self.clauses else ""

    @property
    def clock(self) -> datetime | None:
        """The platform's clock in its last response, in whole seconds; None without a Date header."""
        return self.last.response.date if self.last and self.last.response else None


class Recorder:
    """The listener of the channel. It keeps one record per scenario, and passes exchanges on to the evidence."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.scenario = ScenarioRecord()
        self.evidence: list[Evidence] = []
        self.spending = Spending({})
        self.allowed = frozenset(KINDS)
        self.learn_secrets: Callable[[Exchange], None] = lambda _exchange: None
        self.check_platform: Callable[[CallFault], None] = lambda _fault: None
        """Is called before a scenario goes on after a fault. EnvironmentFault if the platform does not respond."""
        self.statuses: defaultdict[str, Counter[int]] = defaultdict(Counter)
        """How often the valid calls of an operation got which status code."""
        self._diverted: list[Exchange] | None = None

    def check_allowed(self, kind: str) -> None:
        """Skip the scenario if the target does not allow this kind of calls (harness/target/values.py, KINDS)."""
        if kind not in self.allowed:
            NotJudged.NOT_ALLOWED.skip(kind=kind)

    def begin(self, clauses: tuple[str, ...], *, title: str = "", repeated: bool = False) -> None:
        """Start the record of the next scenario, or of another run of the same one."""
        self.scenario = ScenarioRecord(clauses, title=title, repeated=repeated)

    def exchange(self, exchange: Exchange) -> None:
        """Record an exchange. Its secrets are learned first, so that the evidence can mask them."""
        self.learn_secrets(exchange)
        REDACTION.learn_sent(exchange.request)  # a made-up key may be echoed too
        self.scenario.exchanges.append(exchange)
        self.scenario.operations[self.scenario.place.phase, exchange.request.operation] = None
        if self._diverted is not None:
            self._diverted.append(exchange)
            self.scenario.aside.add(id(exchange))
            return
        self.scenario.aside.discard(id(exchange))
        for evidence in self.evidence:
            evidence.exchange(exchange)

    def note(self, text: str) -> None:
        for evidence in self.evidence:
            evidence.note(text)

    @contextmanager
    def diverted(self) -> Iterator[list[Exchange]]:
        """Collect exchanges in the list that is returned, instead of recording them as evidence."""
        before, self._diverted = self._diverted, []
        try:
            yield self._diverted
        finally:
            self._diverted = before

    def violation(
        self,
        clause: str,
        findings: tuple[Finding, ...],
        exchange: Exchange | None = None,
        *,
        documented: bool = False,
    ) -> ContractViolation:
        """Return the violation of a clause, with the exchange that shows it (default: the last one)."""
        exchange = exchange or self.scenario.last
        known = self.run.contract.clauses.get(clause)
        return ContractViolation(
            clause,
            known.text if known else "not a clause of contract.md",
            findings,
            calls=call_lines(self.scenario.story, exchange) if exchange else (),
            curl=curl_line(exchange.request, self.run.variables) if exchange else "",
            documented=documented,
            place=replace(self.scenario.place, operation=exchange.request.operation if exchange else ""),
            exchange=exchange,
        )

    def add_violation(self, clause: str, findings: tuple[Finding, ...], exchange: Exchange) -> None:
        """Remember a violation that does not stop the scenario, one per clause."""
        if all(known.clause != clause for known in self.scenario.violations):
            self.scenario.violations.append(self.violation(clause, findings, exchange))


@dataclass(frozen=True)
class LastBalance:
    """What a scenario read last, in major units."""

    amount: Decimal
    title: str


class LastBalances(Generic[Owner]):
    """The balances that were read in each scenario after its last call that can move money.

    They must stay as they are: each scenario has users and wallets of its own (contract.md S-8, M-1).
    """

    def __init__(self, moving: Iterable[str]) -> None:
        """``moving`` are the operations that can change a balance."""
        self._moving = frozenset(moving)
        self._record = ScenarioRecord()
        self._read: dict[Owner, tuple[Decimal, int]] = {}  # with the number of exchanges before it
        self._final: dict[Owner, LastBalance | None] = {}  # None: more than one scenario had the owner

    def note(self, record: ScenarioRecord, owner: Owner, amount: Decimal) -> None:
        """Remember a balance that the running scenario has read."""
        if record is not self._record:
            self._close()
            self._record = record
        self._read[owner] = amount, len(record.exchanges)

    def known(self) -> dict[Owner, LastBalance]:
        """Return the balances that nothing may have changed since, in the order of the scenarios."""
        self._close()
        return {owner: last for owner, last in self._final.items() if last}

    def _close(self) -> None:
        exchanges = self._record.exchanges
        moves = [place for place, one in enumerate(exchanges, start=1) if one.request.operation in self._moving]
        is_sure = all(one.response for one in exchanges)  # a lost call may still be carried out
        for owner, (amount, place) in self._read.items():
            is_last = is_sure and owner not in self._final and place >= max(moves, default=0)
            self._final[owner] = LastBalance(amount, self._record.title) if is_last else None
        self._read.clear()
