"""What a sale takes from the balance of its wallet, and the balance that it shows."""

from decimal import Decimal

from pytest_bdd import then

from harness.apis.walletapi.client import WalletApi
from harness.gherkin.sentences import sentence
from steps.walletapi.plain_sales import plain_sales_first
from steps.walletapi.sales import Sale


@then("the sale shows the balance before it, minus what the balance paid, plus the cashback")
def the_balance_adds_up(walletapi: WalletApi, sale: Sale) -> None:
    amount, cashback = sale.transaction.amount("Amount"), sale.transaction.amount("CashbackAmount")
    assert amount is not None
    assert cashback is not None
    paid_by_balance = amount - (sale.transaction.amount("GiftAmount") or 0)
    with plain_sales_first(walletapi):
        assert sale.transaction.amount("BalanceAfterTransaction") == sale.before.wallet - paid_by_balance + cashback


@then("the balance read back agrees")
def the_balance_read_back_agrees(walletapi: WalletApi, sale: Sale) -> None:
    with plain_sales_first(walletapi):
        assert walletapi.balances(sale.wallet).wallet == sale.transaction.amount("BalanceAfterTransaction")


@then(sentence("the balance falls by {amount:Money}"))
def the_balance_falls(walletapi: WalletApi, sale: Sale, amount: Decimal) -> None:
    with plain_sales_first(walletapi):
        assert sale.before.wallet - walletapi.balances(sale.wallet).wallet == amount


@then(sentence("the balance rises by {amount:Money}"))
def the_balance_rises(walletapi: WalletApi, sale: Sale, amount: Decimal) -> None:
    with plain_sales_first(walletapi):
        assert walletapi.balances(sale.wallet).wallet - sale.before.wallet == amount


@then(sentence("the balance is {amount:Money}"))
def the_balance_is(walletapi: WalletApi, sale: Sale, amount: Decimal) -> None:
    with plain_sales_first(walletapi):
        assert walletapi.balances(sale.wallet).wallet == amount


@then("the balance is unchanged")
def the_balance_is_unchanged(walletapi: WalletApi, sale: Sale) -> None:
    with plain_sales_first(walletapi):
        assert walletapi.balances(sale.wallet).wallet == sale.before.wallet


@then(sentence("the cashback is {amount:Money}"))
def the_cashback_is(sale: Sale, amount: Decimal) -> None:
    assert sale.transaction.amount("CashbackAmount") == amount
