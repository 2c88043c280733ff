"""The balances that a scenario read last: which of them must not change any more."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from harness.budget.depth import Depth
from harness.client.record import LastBalance, LastBalances, Recorder, Run, ScenarioRecord
from harness.contract.contract import load_contract
from harness.wire.exchange import Exchange, Request, Response
from steps.last_balances import check_last_balances

TEN = Decimal("10.00")


@pytest.fixture
def balances():
    return LastBalances[str](("confirm",))


def record(title="a scenario"):
    return ScenarioRecord(("S-8",), title=title)


def call(record, operation, *, lost=False):
    response = None if lost else Response(200, "OK", (), b"")
    request = Request(operation, "POST", "http://127.0.0.1/")
    record.exchanges.append(Exchange(request, response, datetime.now(UTC), 0.0))


def test_balance_that_is_read_after_the_last_move_is_known(balances):
    one = record("the first")
    call(one, "confirm")
    call(one, "read")
    balances.note(one, "A", TEN)
    call(one, "read")
    assert balances.known() == {"A": LastBalance(TEN, "the first")}


def test_balance_that_is_read_before_the_last_move_is_not_known(balances):
    one = record()
    call(one, "read")
    balances.note(one, "A", TEN)
    call(one, "confirm")
    assert balances.known() == {}


def test_the_last_reading_counts(balances):
    one = record()
    balances.note(one, "A", TEN)
    call(one, "confirm")
    call(one, "read")
    balances.note(one, "A", 2 * TEN)
    assert balances.known()["A"].amount == 2 * TEN


def test_a_lost_call_may_still_be_carried_out(balances):
    one = record()
    call(one, "confirm", lost=True)
    call(one, "read")
    balances.note(one, "A", TEN)
    assert balances.known() == {}


def test_each_scenario_has_its_own_moves(balances):
    one, other = record("one"), record("other")
    balances.note(one, "A", TEN)
    call(other, "confirm")
    call(other, "read")
    balances.note(other, "B", TEN)
    assert set(balances.known()) == {"A", "B"}


def test_an_owner_that_two_scenarios_have_is_not_known(balances):
    for each in (record(), record(), record()):
        balances.note(each, "A", TEN)
    assert balances.known() == {}


@pytest.mark.parametrize("depth", Depth)
def test_nothing_is_read_again_if_nothing_is_known(balances, depth):
    def read(owner):
        return pytest.fail(f"{owner} is read")

    check_last_balances(Recorder(Run.of(load_contract())), balances, read, depth)
