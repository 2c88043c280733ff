"""The ledger is sound after any sequence of postings."""

import sqlite3
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, Inexact, InvalidOperation

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from sandbox.ledger.database import Database
from sandbox.ledger.money import MOST, to_major, to_minor
from sandbox.ledger.postings import Ledger, LedgerError, Movement
from sandbox.ledger.records import Records

AT = datetime(2025, 1, 1, tzinfo=UTC)
HELD = ("anna", "bela", "cem")
ACCOUNTS = (*HELD, "outside")
amounts = st.integers(-5_000, 5_000).map(to_major)


def ledger_of(database: Database) -> Ledger:
    ledger = Ledger(database)
    for name in ACCOUNTS:
        ledger.open_account(name, held=name != "outside")
    return ledger


class Books(RuleBasedStateMachine):
    """A simple model that adds up by hand, compared with the ledger."""

    def __init__(self) -> None:
        super().__init__()
        self.database = Database()
        self.ledger = ledger_of(self.database)
        self.model: dict[str, list[Decimal]] = defaultdict(list)

    def teardown(self) -> None:
        self.database.close()

    def _totals(self, movements: list[Movement]) -> dict[str, Decimal]:
        totals = {name: sum(self.model[name], Decimal()) for name in ACCOUNTS}
        for movement in movements:
            totals[movement.account] += movement.amount
        return totals

    @rule(parts=st.lists(st.tuples(st.sampled_from(ACCOUNTS), amounts), max_size=4), closing=st.sampled_from(ACCOUNTS))
    def post(self, parts: list[tuple[str, Decimal]], closing: str) -> None:
        """Post random movements; the last one makes them balance."""
        movements = [Movement(account, amount) for account, amount in parts]
        movements.append(Movement(closing, -sum((each.amount for each in movements), Decimal("0.00"))))
        touched = {each.account for each in movements if each.amount}
        if any(name != "outside" and total < 0 for name, total in self._totals(movements).items() if name in touched):
            with pytest.raises(LedgerError, match="overdrawn"):
                self.ledger.post("walk", "r", movements, AT)
            return
        self.ledger.post("walk", "r", movements, AT)
        for each in movements:
            if each.amount:
                self.model[each.account].append(each.amount)

    @rule(account=st.sampled_from(ACCOUNTS), amount=amounts.filter(bool))
    def unbalanced(self, account: str, amount: Decimal) -> None:
        with pytest.raises(LedgerError, match="add up to zero"):
            self.ledger.post("walk", "r", [Movement(account, amount)], AT)

    @rule(amount=amounts.filter(bool))
    def into_the_void(self, amount: Decimal) -> None:
        with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
            self.ledger.post("walk", "r", [Movement("outside", -amount), Movement("nobody", amount)], AT)

    @rule(amount=st.integers(1, 5_000).map(to_major))
    def fails_halfway(self, amount: Decimal) -> None:
        """A posting is rolled back if a later step of its transaction fails."""
        with pytest.raises(LedgerError, match="add up to zero"):
            self._post_and_fail(amount)

    def _post_and_fail(self, amount: Decimal) -> None:
        with self.ledger.transaction():
            self.ledger.post("walk", "r", [Movement("outside", -amount), Movement("anna", amount)], AT)
            self.ledger.post("walk", "r", [Movement("anna", amount)], AT)

    @invariant()
    def entries_are_as_they_were(self) -> None:
        for name in ACCOUNTS:
            assert [entry.amount for entry in self.ledger.entries(name)] == self.model[name]

    @invariant()
    def balances_are_sums(self) -> None:
        for name in ACCOUNTS:
            assert self.ledger.balance(name) == sum(self.model[name], Decimal())

    @invariant()
    def books_are_sound(self) -> None:
        invariants = self.ledger.invariants()
        assert invariants["sound"]
        assert invariants["total"] == 0
        assert invariants["entries"] == sum(map(len, self.model.values()))
        assert not self.database.in_transaction


TestBooks = Books.TestCase
TestBooks.settings = settings(
    max_examples=40, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck), database=None
)


@pytest.mark.parametrize("table", ["entries", "postings", "accounts"])
@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET rowid = rowid"])
def test_booked_rows_cannot_be_changed(table, change):
    database = Database()
    ledger_of(database).post("x", "r", [Movement("outside", Decimal(-1)), Movement("anna", Decimal(1))], AT)
    statement = change.format(table).replace(
        "SET rowid = rowid", "SET name = name" if table == "accounts" else "SET number = number"
    )
    with pytest.raises(sqlite3.IntegrityError, match="never changed"), database.transaction():
        database.write(statement)
    database.close()


def test_nothing_is_written_outside_a_transaction():
    database = Database()
    ledger_of(database)
    with pytest.raises(RuntimeError):
        database.write("INSERT INTO accounts VALUES ('x', 1)")
    database.close()


def test_an_overdrawn_account_is_reported(monkeypatch):
    database = Database()
    ledger = ledger_of(database)
    monkeypatch.setattr(ledger, "check_not_overdrawn", lambda _account: None)
    ledger.post("x", "r", [Movement("outside", Decimal(1)), Movement("anna", Decimal(-1))], AT)
    assert ledger.invariants()["overdrawnAccounts"] == 1
    assert not ledger.invariants()["sound"]
    database.close()


@pytest.mark.parametrize("text", ["0.01", "1", "1.000", "1E+2", "984.00", str(MOST)])
def test_amounts_are_converted_exactly_both_ways(text):
    assert to_major(to_minor(Decimal(text))) == Decimal(text)


@pytest.mark.parametrize("text", ["0.001", "1E-400", "1E+400", "0.1000000000000000055"])
def test_a_part_of_a_minor_unit_is_rejected(text):
    with pytest.raises((Inexact, InvalidOperation)):
        to_minor(Decimal(text))


def test_ledger_file_is_persistent_and_open_in_one_process_only(tmp_path):
    path = str(tmp_path / "books.sqlite")
    database = Database(path)
    ledger_of(database).post(
        "x", "r", [Movement("outside", Decimal(-1)), Movement("anna", Decimal("1.10") - Decimal("0.10"))], AT
    )
    with pytest.raises(Exception, match="another process has it open"):
        Database(path)
    database.close()
    again = Database(path)
    assert ledger_of(again).balance("anna") == 1
    again.close()


def test_a_file_of_another_program_is_left_unchanged(tmp_path):
    path = tmp_path / "theirs.sqlite"
    with sqlite3.connect(path) as theirs:
        theirs.execute("CREATE TABLE recipes (name)")
    theirs.close()
    with pytest.raises(Exception, match="something other"):
        Database(str(path))


def test_a_record_with_a_type_that_no_column_can_contain_is_an_error():
    @dataclass(frozen=True)
    class Basket:
        id: str
        items: list[str]

    database = Database()
    with pytest.raises(TypeError, match=r"Basket\.items: no column can contain"):
        Records(database, {Basket: ()})
    database.close()
