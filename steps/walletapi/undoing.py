"""Undoing a sale: cancelled or refunded, once."""

from __future__ import annotations

from dataclasses import dataclass

from pytest_bdd import given, then, when

from harness.apis.walletapi.client import Balances, Transaction, WalletApi
from harness.client.calls import Outcome
from harness.gherkin.sentences import sentence
from steps.walletapi.sales import Sale

OPERATIONS = {"cancelled": "cancelPurchase", "refunded": "refundPurchase"}
KINDS = {"cancelled": "Cancel", "refunded": "Refund"}


@dataclass(frozen=True)
class Undoing:
    """What undid a sale, and what the wallet held before that."""

    sale: Sale
    transaction: Transaction
    before: Balances


def undone(walletapi: WalletApi, sale: Sale, how: str) -> Undoing:
    """Cancel or refund a sale, having read what the wallet holds."""
    before = walletapi.balances(sale.wallet)
    return Undoing(sale, walletapi.undo(OPERATIONS[how], reference_of(sale)), before)


def reference_of(sale: Sale) -> str:
    """The reference under which a sale is undone."""
    return str(sale.call.body["ExternalReference"])


@given(sentence("the sale is {how:Word}"), target_fixture="undoing")
@when(sentence("the sale is {how:Word}"), target_fixture="undoing")
def the_sale_is_undone(walletapi, sale, how):
    return undone(walletapi, sale, how)


@given(sentence("the other sale is {how:Word}"), target_fixture="undoing")
@when(sentence("the other sale is {how:Word}"), target_fixture="undoing")
def the_other_sale_is_undone(walletapi, second_sale, how):
    return undone(walletapi, second_sale, how)


@when(sentence("the same sale is {how:Word} once more"), target_fixture="second_undoing")
def the_sale_is_undone_again(walletapi, sale, how) -> tuple[Outcome, Balances]:
    before = walletapi.balances(sale.wallet)
    return walletapi.attempt(walletapi.undo_call(OPERATIONS[how], reference_of(sale))), before


@then(sentence("the response is a transaction of its own, by which the sale is {how:Word}"))
def a_transaction_of_its_own(undoing, how):
    sale, transaction = undoing.sale.transaction, undoing.transaction
    assert transaction.value["TransactionType"] == KINDS[how]
    assert str(transaction.value["MainTransactionId"]).lower() == sale.transaction_id
    assert transaction.value["ExternalReference"] == reference_of(undoing.sale)
    assert transaction.amount("CashbackAmount") == 0
    assert transaction.transaction_id != sale.transaction_id
    assert transaction.unique_code != sale.unique_code


@then(sentence("the wallet has {amount:Money} back"))
def the_wallet_has_it_back(walletapi, undoing, amount):
    after = walletapi.balances(undoing.sale.wallet)
    assert after.wallet - undoing.before.wallet == amount
    assert after.gifts == undoing.before.gifts


@then("the balance after it reads back the same")
def the_balance_after_undoing(walletapi, undoing):
    assert undoing.transaction.amount("BalanceAfterTransaction") == walletapi.balances(undoing.sale.wallet).wallet


@then("that fails and changes nothing")
def that_fails(walletapi, sale, second_undoing):
    outcome, before = second_undoing
    assert outcome.rejected, f"the platform accepted it: {outcome.summary}"
    assert walletapi.balances(sale.wallet) == before
