"""What a sale returns, and what it takes from the balance of its wallet."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from pytest_bdd import then

from harness.apis.walletapi.client import WalletApi
from harness.failures import WrongOutcome
from harness.gherkin.sentences import sentence
from steps.walletapi.plain_sales import plain_sales_first
from steps.walletapi.sales import Sale

TOLERANCE = timedelta(seconds=2)
OUR_CLOCK = timedelta(seconds=60)


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


@then("the sale has taken its amount, or it was rejected and has taken nothing")
def the_sale_has_taken_its_amount_or_nothing(walletapi: WalletApi, sale: Sale) -> None:
    sold = sale.outcome.call.body["Amount"] if sale.outcome.accepted else Decimal(0)
    if sale.outcome.accepted:
        assert sale.transaction.amount("Amount") == sold
    with plain_sales_first(walletapi):
        assert sale.before.wallet - walletapi.balances(sale.wallet).wallet == sold


@then("the second sale has taken no money, or has an id and a code of its own")
def the_second_sale_is_its_own(walletapi: WalletApi, sale: Sale, second_sale: Sale) -> None:
    # A repeated reference may be rejected (contract.md), or get the response of the first sale again.
    if walletapi.balances(sale.wallet) != second_sale.before:
        if second_sale.outcome.rejected:
            raise WrongOutcome("the rejected sale changed the balances", "", second_sale.outcome.exchange, clause="M-1")
        the_sales_have_different_ids(sale, second_sale)


@then("the response is a complete transaction")
def the_response_is_complete(sale: Sale) -> None:
    assert sale.transaction.transaction_id


@then("the sale's amount, description and reference are as they were sent")
def the_texts_are_as_they_were_sent(sale: Sale) -> None:
    value, sent = sale.transaction.value, sale.outcome.call.body
    assert sale.transaction.amount("Amount") == sent["Amount"]
    assert value["Description"] == sent["Description"]
    assert value["ExternalReference"] == sent["ExternalReference"]


@then("the sale's type is Purchase")
def the_type_is_purchase(sale: Sale) -> None:
    assert sale.transaction.value["TransactionType"] == "Purchase"


@then("the two sales have different ids and codes")
def the_sales_have_different_ids(sale: Sale, second_sale: Sale) -> None:
    first, second = sale.transaction, second_sale.transaction
    assert first.transaction_id != second.transaction_id
    assert first.unique_code != second.unique_code


@then("the sale names the wallet behind the alias")
def the_sale_names_the_wallet(sale: Sale) -> None:
    assert str(sale.transaction.value["WalletId"]).lower() == sale.wallet.wallet_id.lower()


@then("the sale was created between the platform's responses before and after it")
def the_sale_was_created_in_between(walletapi: WalletApi, sale: Sale) -> None:
    walletapi.balances(sale.wallet)
    before, after = sale.clock, walletapi.recorder.scenario.clock
    if before is None or after is None:
        before, after = sale.transaction.outcome.exchange.started - OUR_CLOCK, datetime.now(UTC) + OUR_CLOCK
    created = sale.transaction.created_at
    assert before - TOLERANCE <= created <= after + TOLERANCE, f"{created} is not between {before} and {after}"


@then("the sale was never updated")
def the_sale_was_never_updated(sale: Sale) -> None:
    assert sale.transaction.value["UpdatedAt"] is None


@then("the sale names no other wallet and no other transaction")
def the_sale_names_nothing_else(sale: Sale) -> None:
    for member in ("SourceWalletId", "DestinationWalletId", "MainTransactionId"):
        assert sale.transaction.value[member] is None, f"{member} is {sale.transaction.value[member]!r}"


@then("the sale's description is empty, or the sale was rejected")
def the_description_is_empty(sale: Sale) -> None:
    if sale.outcome.accepted:
        assert sale.transaction.value["Description"] == ""
