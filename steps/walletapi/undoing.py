"""Undoing a sale: cancelled or refunded, once."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from pytest_bdd import given, then, when

from harness.apis.walletapi.client import Balances, Transaction, WalletApi
from harness.client.calls import Call, Outcome
from harness.gherkin.sentences import sentence
from steps.walletapi.sales import Sale

OPERATIONS = {"cancelled": "cancelPurchase", "refunded": "refundPurchase"}
TYPES = {"cancelled": "Cancel", "refunded": "Refund"}


@dataclass(frozen=True)
class Undoing:
    """The outcome of undoing a sale, and the balances before it."""

    sale: Sale
    outcome: Outcome
    before: Balances

    @property
    def transaction(self) -> Transaction:
        return Transaction(self.outcome)


def undo(walletapi: WalletApi, sale: Sale, operation: str, send: Callable[[Call], Outcome]) -> Undoing:
    before = walletapi.balances(sale.wallet)
    return Undoing(sale, send(walletapi.undo_call(operation, reference_of(sale))), before)


def reference_of(sale: Sale) -> str:
    """Return the ExternalReference by which a sale is undone."""
    return str(sale.outcome.call.body["ExternalReference"])


@given(sentence("the sale is {operation:Undone}", Undone=OPERATIONS), target_fixture="undoing")
@when(sentence("the sale is {operation:Undone}", Undone=OPERATIONS), target_fixture="undoing")
def the_sale_is_undone(walletapi: WalletApi, sale: Sale, operation: str) -> Undoing:
    return undo(walletapi, sale, operation, walletapi.client.succeed)


@given(sentence("the other sale is {operation:Undone}", Undone=OPERATIONS), target_fixture="undoing")
@when(sentence("the other sale is {operation:Undone}", Undone=OPERATIONS), target_fixture="undoing")
def the_other_sale_is_undone(walletapi: WalletApi, second_sale: Sale, operation: str) -> Undoing:
    return undo(walletapi, second_sale, operation, walletapi.client.succeed)


@when(sentence("the same sale is {operation:Undone} again", Undone=OPERATIONS), target_fixture="undoing")
def the_sale_is_undone_again(walletapi: WalletApi, sale: Sale, operation: str) -> Undoing:
    return undo(walletapi, sale, operation, walletapi.attempt)


@then(sentence("the response is a separate transaction, by which the sale is {type_:Undone}", Undone=TYPES))
def the_response_is_a_separate_transaction(undoing: Undoing, type_: str) -> None:
    sale, transaction = undoing.sale.transaction, undoing.transaction
    assert transaction.value["TransactionType"] == type_
    assert str(transaction.value["MainTransactionId"]).lower() == sale.transaction_id
    assert transaction.value["ExternalReference"] == reference_of(undoing.sale)
    assert transaction.amount("CashbackAmount") == 0
    assert transaction.transaction_id != sale.transaction_id
    assert transaction.unique_code != sale.unique_code


@then(sentence("the wallet has got {amount:Money} back"))
def the_wallet_has_got_it_back(walletapi: WalletApi, undoing: Undoing, amount: Decimal) -> None:
    after = walletapi.balances(undoing.sale.wallet)
    assert after.wallet - undoing.before.wallet == amount
    assert after.gifts == undoing.before.gifts


@then("the response's balance is the one that is read back")
def the_balance_is_read_back(walletapi: WalletApi, undoing: Undoing) -> None:
    assert undoing.transaction.amount("BalanceAfterTransaction") == walletapi.balances(undoing.sale.wallet).wallet


@then("the second attempt fails and changes nothing")
def the_second_attempt_fails(walletapi: WalletApi, undoing: Undoing) -> None:
    assert undoing.outcome.rejected, f"the platform accepted it: {undoing.outcome.summary}"
    assert walletapi.balances(undoing.sale.wallet) == undoing.before
