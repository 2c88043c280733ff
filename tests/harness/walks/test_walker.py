"""Walks are shortened, reported and repeated by their seed. A call may have no response."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from harness.apis.alfred.client import Alfred
from harness.apis.alfred.walks.walk import AlfredWalk
from harness.apis.walletapi.client import WalletApi
from harness.apis.walletapi.walks.sale_checks import Known
from harness.apis.walletapi.walks.walk import WalletApiWalk
from harness.client.record import Recorder, Run
from harness.contract.contract import Contract
from harness.failures import ContractViolation, EnvironmentFault
from harness.target.reading import build_target
from harness.walks.possibilities import CallOutcome, UnexpectedResponse
from harness.walks.walker import Walk, Walker, outcome_of
from harness.wire.channel import Channel
from harness.wire.exchange import CUT_OFF, TIMED_OUT, Exchange, Fault, Request
from harness.wire.faults import NoResponse
from sandbox.launcher import RunningSandbox
from tests.harness.runs import run_pytest


class Counting(RuleBasedStateMachine):
    """Adds up the random numbers. A sum above a limit is unexpected."""

    limit = 25

    def __init__(self, walk: Walk) -> None:
        super().__init__()
        self.walk = walk
        self.sum = 0

    @rule(number=st.integers(0, 9))
    def add(self, number: int) -> None:
        with self.walk.step():
            self.sum += number
            self.walk.log(f"add {number}")
            if self.sum > self.limit:
                raise UnexpectedResponse("M-1", f"at most {self.limit}", str(self.sum))


class Counted(Counting):
    """The same without a limit."""

    limit = 10**6


class Unreachable(Counting):
    """A platform that is gone."""

    @rule()
    def ask(self) -> None:
        with self.walk.step():
            self.walk.log("ask")
            raise EnvironmentFault("the platform can't be reached")


class Faulty(Counting):
    """A bug of the suite's own."""

    @rule()
    def ask(self) -> None:
        with self.walk.step():
            raise KeyError("no such thing")


@pytest.fixture
def walker(contract: Contract, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Walker]:
    monkeypatch.setattr("harness.walks.walker.PATIENCE", 60.0)  # the shortest walk, also on a busy machine

    def make(count: int = 20, seed: int = 1) -> Walker:
        return Walker(Recorder(Run.of(contract, ())), count, seed)

    return make


def violation(walker: Walker, machine: Callable[[Walk], Any]) -> ContractViolation:
    with pytest.raises(ContractViolation) as caught:
        walker.run(machine)
    return caught.value


def test_a_walk_that_fails_is_shortened_and_reported(walker: Callable[..., Walker]) -> None:
    caught = violation(walker(), Counting)
    model, way = caught.findings
    assert caught.clause == "M-1"
    assert (model.documented, model.received) == ("at most 25", "26")
    steps = [line.split(". ")[1] for line in way.received.splitlines() if ". " in line]
    assert sorted(steps) == ["add 8", "add 9", "add 9"]
    assert way.received.splitlines()[-1].strip() == "repeat with --walk-seed=1 --walks=20"


def test_same_seed_gives_the_same_walks(walker: Callable[..., Walker]) -> None:
    ways: dict[int, list[list[str]]] = {}
    for seed in (1, 1, 2):
        one = walker(seed=seed)
        one.run(Counted)
        ways.setdefault(seed, []).append([line for walk in one._walks for line in walk.lines])
    assert ways[1][0] == ways[1][1]
    assert ways[1][0] != ways[2][0]


class Choosing(RuleBasedStateMachine):
    """Takes one of twelve actions per step, all as cheap."""

    actions = tuple("abcdefghijkl")

    def __init__(self, walk: Walk) -> None:
        super().__init__()
        self.walk = walk

    @rule(number=st.integers(0, 59))
    def act(self, number: int) -> None:
        with self.walk.step((number,)):
            self.walk.log(self.walk.pick_action(self.actions))


def pairs_of_actions(walker: Walker) -> set[tuple[str, str]]:
    return {pair for walk in walker._walks for pair in pairwise(walk.lines)}


def test_guided_walks_prefer_pairs_of_actions_that_were_rarely_chosen(
    walker: Callable[..., Walker], monkeypatch: pytest.MonkeyPatch
) -> None:
    guided, unguided = walker(), walker()
    guided.run(Choosing)
    monkeypatch.setattr("harness.walks.walker.Counter.update", lambda *_: None)
    unguided.run(Choosing)
    assert len(pairs_of_actions(guided)) > 1.1 * len(pairs_of_actions(unguided))


class Forbidding(Choosing):
    """The action c directly after the action a is unexpected."""

    @rule(number=st.integers(0, 59))
    def act(self, number: int) -> None:
        with self.walk.step((number,)):
            self.walk.log(self.walk.pick_action(self.actions))
            if self.walk.lines[-2:] == ["a", "c"]:
                raise UnexpectedResponse("M-1", "no c after a", "one")


def test_a_guided_walk_that_fails_is_shortened(walker: Callable[..., Walker]) -> None:
    one = walker(count=200)
    violation(one, Forbidding)
    assert one._failure
    lines = one._failure[0].lines
    # Without the first call, the same numbers may choose another second call: one call too many may be left.
    assert (len(lines) <= 3, lines[-2:]) == (True, ["a", "c"])


def test_the_requested_number_of_walks_is_made(walker: Callable[..., Walker]) -> None:
    one = walker(count=7)
    one.run(Counted)
    assert 7 <= len(one._walks) <= 8


def test_unreachable_platform_ends_the_walks_at_once(walker: Callable[..., Walker]) -> None:
    one = walker(count=50)
    with pytest.raises(EnvironmentFault, match="can't be reached"):
        one.run(Unreachable)
    assert sum("ask" in walk.lines for walk in one._walks) == 1


def test_unreachable_platform_at_the_start_of_a_later_walk_is_an_environment_fault(
    walker: Callable[..., Walker],
) -> None:
    begun: list[Walk] = []

    def begin(walk: Walk) -> Counted:
        begun.append(walk)
        if len(begun) == 4:
            raise EnvironmentFault("the platform can't be reached")
        return Counted(walk)

    with pytest.raises(EnvironmentFault, match="can't be reached"):
        walker(count=50).run(begin)


def test_a_bug_of_the_suite_is_not_reported_as_a_violation(walker: Callable[..., Walker]) -> None:
    with pytest.raises(KeyError, match="no such thing"):
        walker().run(Faulty)


def test_shortening_a_walk_ends_after_a_limited_time(
    walker: Callable[..., Walker], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harness.walks.walker.PATIENCE", 0.0)
    one = walker()
    assert violation(one, Counting).clause == "M-1"
    failed = [walk for walk in one._walks if walk.lines]
    assert len(failed) < 20


def test_failed_walk_prints_nothing_and_leaves_no_file(
    walker: Callable[..., Walker], capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    violation(walker(), Counting)
    assert capfd.readouterr() == ("", "")
    assert list(tmp_path.iterdir()) == []


class Shown:
    """Evidence that keeps what it is given."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.exchanges: list[Exchange] = []

    def note(self, text: str) -> None:
        self.notes.append(text)

    def exchange(self, exchange: Exchange) -> None:
        self.exchanges.append(exchange)

    def script(self, name: str, text: str) -> None:
        """Nothing: the plugin of the scripts is not loaded."""

    def begin_again(self, text: str) -> None:
        """Nothing: a walk is not repeated."""


def test_evidence_contains_only_the_reported_walk(walker: Callable[..., Walker]) -> None:
    one, shown = walker(), Shown()
    one.recorder.evidence.append(shown)
    violation(one, Counting)
    assert sorted(line.split(". ")[1] for line in shown.notes[:-1]) == ["add 8", "add 9", "add 9"]
    assert shown.exchanges == []


def no_response(text: str, kind: str = TIMED_OUT, method: str = "POST") -> NoResponse:
    request = Request("createPurchase", method, "http://127.0.0.1/")
    return NoResponse(Exchange(request, None, datetime.now(UTC), 0.0, Fault(kind, text)))


def interrupted() -> None:
    raise no_response("gave no response in 10 s")


def test_a_call_without_a_response_may_or_may_not_have_been_processed(walker: Callable[..., Walker]) -> None:
    walk = Walk(walker(), 0)
    assert walk.attempt(interrupted) is None
    assert outcome_of(None) is CallOutcome.NO_RESPONSE


def test_a_platform_that_stops_responding_is_an_environment_fault(walker: Callable[..., Walker]) -> None:
    walk = Walk(walker(), 0)
    for _ in range(3):
        walk.attempt(interrupted)
    with pytest.raises(NoResponse):
        walk.attempt(interrupted)


def test_a_read_that_fails_twice_is_an_environment_fault(walker: Callable[..., Walker]) -> None:
    def broke() -> None:
        raise no_response("broke the connection", CUT_OFF, "GET")

    with pytest.raises(NoResponse):
        Walk(walker(), 0).attempt(broke)


# Walks over the sandbox; some responses get lost


class Lossy(Channel):
    """A channel that loses some responses to a POST after it was processed, or the call before it is."""

    every, turn = 9, 0

    def send(self, request: Any) -> Any:
        self.turn += request.method == "POST"
        lost = request.method == "POST" and self.turn % self.every == 0
        if lost and self.turn % (2 * self.every):
            raise no_response("the call was lost")
        exchange = super().send(request)
        if lost:
            raise no_response("the response was lost")
        return exchange


@pytest.fixture
def apis(sandbox: RunningSandbox, contract: Contract) -> Iterator[Callable[[type[Channel]], Any]]:
    opened: list[Channel] = []
    target = build_target("sandbox", sandbox.tables)
    alfred, walletapi = target.alfred, target.walletapi
    assert alfred
    assert walletapi

    def before(kind: type[Channel]) -> tuple[Channel, Recorder, Alfred, WalletApi]:
        channel = kind(5.0)
        opened.append(channel)
        recorder = Recorder(Run.of(contract, target.secrets))
        return channel, recorder, Alfred(alfred, channel, recorder), WalletApi(walletapi, channel, recorder)

    yield before
    for channel in opened:
        channel.close()


@pytest.mark.parametrize("kind", [Channel, Lossy])
def test_sandbox_agrees_with_the_model_of_alfred(
    apis: Any, kind: type[Channel], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harness.walks.walker._MOST_LOST", 100)
    _, recorder, alfred, _ = apis(kind)
    Walker(recorder, 12, 3).run(lambda walk: AlfredWalk(alfred, walk))


@pytest.mark.parametrize("kind", [Channel, Lossy])
def test_sandbox_agrees_with_the_model_of_the_walletapi(
    apis: Any, kind: type[Channel], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harness.walks.walker._MOST_LOST", 100)
    _, recorder, _, walletapi = apis(kind)
    opener = apis(Channel)[3]
    known = Known()
    wallets = [opener.open_wallet(), opener.open_wallet()]
    opener.deposit(wallets[0], Decimal(5))
    Walker(recorder, 20, 4).run(lambda walk: WalletApiWalk(walletapi, walk, wallets, known))


def test_a_walk_that_breaks_a_clause_is_reported_with_its_calls(apis: Any) -> None:
    _, recorder, alfred, _ = apis(Channel)

    class Generous(AlfredWalk):
        """As if every second confirmation charged once more: the balance is read a little too low."""

        def confirm_again(self) -> None:
            super().confirm_again()
            self.model.read_balance(0, Decimal("1.23"))

    caught = violation(Walker(recorder, 10, 5), lambda walk: Generous(alfred, walk))
    assert "user A is authenticated" in str(caught)
    assert "--walk-seed=5" in str(caught)


@pytest.mark.parametrize(
    ("argument", "said"),
    [
        ("--walks=0", "--walks must be 1 or more"),
        ("--walks=few", "invalid int value: 'few'"),
        ("--walk-seed=x", "invalid int value: 'x'"),
    ],
)
def test_a_wrong_option_is_reported(argument: str, said: str) -> None:
    ran = run_pytest("features/alfred/walks.feature", "--collect-only", argument)
    assert ran.status == 4
    assert said in ran.output
    assert "Traceback" not in ran.output
