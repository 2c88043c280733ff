"""The WalletAPI's rules, without HTTP: docs/contract.md T, C, G, E, R and M."""

from decimal import Decimal
from itertools import count

import pytest

from sandbox.http.rejections import Rejection
from sandbox.http.responses import Call
from sandbox.ledger.timestamps import as_written

KEY, CLIENT = "sandbox-walletapi-key", "sandbox-walletapi-client"


def call(key, client):
    headers = {"apikeypublic": key, "apiclientpublic": client}
    return Call("walletapi", "purchaseByAlias", {name: value for name, value in headers.items() if value is not None})


class World:
    """Makes the calls of a shop. The bodies are valid unless members are given."""

    def __init__(self, rules, now, clock):
        self.rules, self.now, self.clock = rules, now, clock
        self._aliases = count(5550000000)

    def opening(self, **changes):
        plain = {
            "WalletOwnerId": self.rules.wallets.books.settings.owner_id,
            "Name": "Casey",
            "RegionId": 1,
            "CurrencyCode": "try",
        }
        return plain | {"Alias": str(next(self._aliases))} | changes

    def wallet(self, balance=0, **changes):
        wallet = self.now(self.rules.wallets.create_wallet(self.opening(**changes)))
        if balance:
            self.now(self.rules.wallets.deposit({"Alias": wallet.alias, "Amount": Decimal(balance)}))
        return wallet.alias

    def gift(self, alias, amount, **until):
        self.clock.advance(microseconds=1)
        body = {"Alias": alias, "Amount": Decimal(amount)}
        if until:
            at = self.clock.moment
            self.clock.advance(**until)
            body["ExpirationDate"] = as_written(self.clock.moment)
            self.clock.moment = at
        return self.now(self.rules.gifts.create_gift(body)).gift.id

    def sell(self, alias, amount, **changes):
        plain = {"Alias": alias, "Amount": Decimal(amount), "CashbackApply": False}
        return self.now(self.rules.sales.purchase_by_alias(plain | changes))

    def holds(self, alias):
        standing = self.now(self.rules.balances.balances(alias))
        return standing.balance, standing.gift_total

    def rejected(self, coroutine):
        with pytest.raises(Rejection) as rejection:
            self.now(coroutine)
        return rejection.value.name


@pytest.fixture
def world(walletapi, now, clock):
    return World(walletapi, now, clock)


@pytest.mark.parametrize(
    ("key", "client", "name"),
    [
        (None, CLIENT, "missing"),
        (KEY, None, "missing"),
        (None, None, "missing"),
        (CLIENT, KEY, "unknown"),
        ("made-up", CLIENT, "unknown"),
        (KEY, "made-up", "unknown"),
        (KEY + "é", CLIENT, "unknown"),
    ],
)
def test_both_key_headers_must_be_valid(walletapi, key, client, name):
    walletapi.credentials.admit(call(KEY, CLIENT))
    with pytest.raises(Rejection, match=name):
        walletapi.credentials.admit(call(key, client))


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"WalletOwnerId": "1"}, "not_a_guid"),
        ({"WalletOwnerId": "5a4db0c0-0000-4000-8000-000000000002"}, "unknown_owner"),
        ({"Alias": "555123456"}, "not_an_alias"),
        ({"Alias": "٥٥٥١٢٣٤٥٦٧"}, "not_an_alias"),
        ({"Alias": "5551234567\n"}, "not_an_alias"),
        ({"CurrencyCode": "usd"}, "wrong_currency"),
        ({"RegionId": Decimal("1.5")}, "not_whole"),
        ({"RegionId": None}, "missing_member"),
    ],
    ids=str,
)
def test_invalid_wallet_is_rejected(world, walletapi, changes, name):
    assert world.rejected(walletapi.wallets.create_wallet(world.opening(**changes))) == name


def test_an_alias_belongs_to_one_wallet(world, walletapi):
    alias = world.wallet()
    assert world.rejected(walletapi.wallets.create_wallet(world.opening(Alias=alias))) == "alias_taken"


@pytest.mark.parametrize(
    ("kind", "value", "apply", "cashback"),
    [
        ("Amount", 10, True, "10"),
        ("Amount", 10, False, "0"),
        ("Amount", -10, False, "0"),
        ("Odd", 10, False, "0"),
        ("Percentage", 10, True, "4.00"),
        ("Percentage", Decimal("0.03"), True, "0.01"),
        ("Amount", 0, True, "0"),
    ],
)
def test_cashback_is_added_to_the_balance(world, kind, value, apply, cashback):
    alias = world.wallet(100)
    sale = world.sell(alias, 40, CashbackApply=apply, CashbackType=kind, CashbackValue=value).transaction
    assert sale.cashback_amount == Decimal(cashback)
    assert sale.balance_after == 60 + Decimal(cashback)
    assert world.holds(alias) == (sale.balance_after, 0)


@pytest.mark.parametrize(
    ("gift", "paid", "balance", "left"),
    [(30, 30, 90, 0), (40, 40, 100, 0), ("40.01", 40, 100, "0.01"), (None, None, 60, 0)],
)
def test_gift_is_spent_before_the_balance(world, gift, paid, balance, left):
    alias = world.wallet(100)
    gift_id = world.gift(alias, gift) if gift else None
    outcome = world.sell(alias, 40, UseGiftBalances=True)
    assert outcome.transaction.gift_amount == paid
    assert outcome.transaction.gift_balance_id == gift_id
    assert len(outcome.gift_uses) == (1 if gift else 0)
    assert outcome.transaction.balance_after == balance
    assert world.holds(alias) == (balance, Decimal(left))


def test_gift_is_not_spent_unless_requested(world):
    alias = world.wallet(100)
    world.gift(alias, 30)
    assert world.sell(alias, 40).transaction.gift_amount is None
    assert world.holds(alias) == (60, 30)


def test_gift_that_expires_first_is_spent_first(world):
    alias = world.wallet()
    forever, late, soon = world.gift(alias, 10), world.gift(alias, 10, hours=2), world.gift(alias, 10, hours=1)
    uses = world.sell(alias, 25, UseGiftBalances=True).gift_uses
    assert [(use.gift_id, use.amount) for use in uses] == [(soon, 10), (late, 10), (forever, 5)]
    assert world.holds(alias) == (0, 5)


def test_expired_gift_pays_nothing(world, walletapi, clock):
    alias = world.wallet(10)
    world.gift(alias, 30, seconds=2)
    clock.advance(seconds=1, milliseconds=999)
    assert world.holds(alias) == (10, 30)
    clock.advance(milliseconds=1)
    assert world.holds(alias) == (10, 0)
    assert world.rejected(walletapi.sales.purchase_by_alias({"Alias": alias, "Amount": 20, "UseGiftBalances": True}))
    assert world.sell(alias, 10, UseGiftBalances=True).transaction.gift_amount is None


def test_another_wallets_gift_pays_nothing(world):
    alias, other = world.wallet(100), world.wallet()
    world.gift(other, 30)
    assert world.sell(alias, 40, UseGiftBalances=True).transaction.gift_amount is None
    assert world.holds(other) == (0, 30)


@pytest.mark.parametrize(
    "date", ["yesterday", "2020-01-01T00:00:00Z", "2030-13-01T00:00:00Z", "9999-12-31T23:59:59-14:00", 7]
)
def test_expiry_date_of_a_gift_must_be_in_the_future(world, walletapi, date):
    alias = world.wallet()
    body = {"Alias": alias, "Amount": 1, "ExpirationDate": date}
    assert world.rejected(walletapi.gifts.create_gift(body)) in {"not_a_moment", "already_past", "not_text"}


def test_balance_and_gifts_can_be_spent_completely_but_not_exceeded(world, walletapi):
    alias = world.wallet("70.00")
    world.gift(alias, 30)
    body = {"Alias": alias, "Amount": Decimal("100.01"), "UseGiftBalances": True}
    cashback = {"CashbackApply": True, "CashbackType": "Amount", "CashbackValue": 50}
    assert world.rejected(walletapi.sales.purchase_by_alias(body | cashback)) == "insufficient_balance"
    assert world.holds(alias) == (70, 30)
    world.sell(alias, 100, UseGiftBalances=True)
    assert world.holds(alias) == (0, 0)


@pytest.mark.parametrize(
    "changes",
    [
        {"Alias": "0000000000"},
        {"Alias": None},
        {"Alias": 5550000000},
        {"Amount": None},
        {"Amount": 0},
        {"Amount": -1},
        {"Amount": "10"},
        {"Amount": True},
        {"Amount": Decimal("1E+400")},
        {"Amount": Decimal("0E+999999")},
        {"UseGiftBalances": "true"},
        {"CashbackApply": 1},
        {"CashbackApply": True, "CashbackType": "Odd", "CashbackValue": 1},
        {"CashbackApply": True, "CashbackType": "Amount", "CashbackValue": -1},
        {"CashbackApply": True, "CashbackType": "Amount"},
        {"CashbackApply": True, "CashbackValue": 1},
        {
            "CashbackApply": True,
            "CashbackType": "Percentage",
            "CashbackValue": Decimal("999999999999.99"),
            "Amount": 101,
        },
        {"CashbackValue": "10"},
        {"CashbackType": 1},
        {"Description": 1},
    ],
    ids=str,
)
def test_rejected_sale_changes_nothing(world, walletapi, changes):
    alias = world.wallet(100)
    world.gift(alias, 30)
    assert world.rejected(walletapi.sales.purchase_by_alias({"Alias": alias, "Amount": 10} | changes))
    assert world.holds(alias) == (100, 30)


@pytest.mark.parametrize("kind", ["Cancel", "Refund"])
def test_a_sale_is_undone_once(world, walletapi, kind):
    alias = world.wallet(100)
    sale = world.sell(alias, 40, ExternalReference="r").transaction
    undone = world.now(
        walletapi.reversals.undo(kind, {"ExternalReference": "r", "RollbackFee": False, "RollbackCashback": False})
    ).transaction
    assert (undone.type, undone.main_transaction_id, undone.external_reference) == (kind, sale.id, "r")
    assert (undone.cashback_amount, undone.balance_after) == (0, 100)
    assert len({sale.id, undone.id, sale.unique_code, undone.unique_code}) == 4
    for again in ("Cancel", "Refund"):
        assert world.rejected(walletapi.reversals.undo(again, {"ExternalReference": "r"})) == "already_undone"
    assert world.holds(alias) == (100, 0)


@pytest.mark.parametrize(("rollback", "balance"), [(False, 105), (True, 100)])
def test_undo_restores_gifts_and_takes_cashback_back_only_on_request(world, walletapi, rollback, balance):
    alias = world.wallet(100)
    world.gift(alias, 30)
    cashback = {"CashbackApply": True, "CashbackType": "Amount", "CashbackValue": 5}
    world.sell(alias, 40, ExternalReference="r", UseGiftBalances=True, **cashback)
    undone = world.now(
        walletapi.reversals.undo("Refund", {"ExternalReference": "r", "RollbackCashback": rollback})
    ).transaction
    assert undone.balance_after == balance
    assert world.holds(alias) == (balance, 30)


def test_cashback_that_is_spent_cannot_be_taken_back(world, walletapi):
    alias = world.wallet(10)
    world.sell(alias, 1, ExternalReference="r", CashbackApply=True, CashbackType="Amount", CashbackValue=5)
    world.sell(alias, 14)
    body = {"ExternalReference": "r", "RollbackCashback": True}
    assert world.rejected(walletapi.reversals.undo("Cancel", body)) == "insufficient_balance"
    assert world.holds(alias) == (0, 0)


def test_undo_finds_its_sale_by_the_external_reference(world, walletapi):
    alias = world.wallet(100)
    assert world.rejected(walletapi.reversals.undo("Cancel", {"ExternalReference": "none"})) == "unknown_sale"
    assert world.rejected(walletapi.reversals.undo("Cancel", {})) == "missing_member"
    world.sell(alias, 1, ExternalReference="r")
    assert (
        world.rejected(walletapi.sales.purchase_by_alias({"Alias": alias, "Amount": 1, "ExternalReference": "r"}))
        == "reference_taken"
    )
    for _ in range(2):
        world.sell(alias, 1)
    assert world.holds(alias) == (97, 0)
