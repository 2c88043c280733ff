"""Sales by alias: what they response, what they take from the wallet, and what a gift pays of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from pytest_bdd import given, then, when

from harness.apis.walletapi.client import Balances, Cashback, Transaction, Wallet, WalletApi
from harness.client.calls import Call
from harness.client.references import fresh_reference
from harness.gherkin.sentences import sentence

GIVE_OR_TAKE = timedelta(seconds=2)
OUR_CLOCK = timedelta(seconds=60)


@dataclass(frozen=True)
class Sale:
    """A sale that was made: what was sent, what came, what the wallet held before, and the platform's clock then."""

    wallet: Wallet
    call: Call
    transaction: Transaction
    before: Balances
    clock: datetime | None


def made(
    walletapi: WalletApi, wallet: Wallet, amount: Decimal, *, gifts: bool = False, cashback: Cashback | None = None
) -> Sale:
    """Make a sale, having read what the wallet holds."""
    return sold(walletapi, wallet, walletapi.sale_call(wallet, amount, gifts=gifts, cashback=cashback))


def sold(walletapi: WalletApi, wallet: Wallet, call: Call) -> Sale:
    """Make this sale, having read what the wallet holds, and by that response what the platform's clock says."""
    before = walletapi.balances(wallet)
    clock_before = walletapi.recorder.scenario.clock
    return Sale(wallet, call, walletapi.sell(call), before, clock_before)


@given(sentence("a sale of {amount:Money}"), target_fixture="sale")
@when(sentence("a sale of {amount:Money} is made"), target_fixture="sale")
def a_sale(walletapi, wallet, amount):
    return made(walletapi, wallet, amount)


@given(sentence("another sale of {amount:Money}"), target_fixture="second_sale")
@when(sentence("another sale of {amount:Money} is made"), target_fixture="second_sale")
def another_sale(walletapi, wallet, amount):
    return made(walletapi, wallet, amount)


@when(sentence("a sale of {amount:Money} that may use gifts is made"), target_fixture="sale")
def a_sale_with_gifts(walletapi, wallet, amount):
    return made(walletapi, wallet, amount, gifts=True)


@given(sentence("a sale of {amount:Money} with a cashback of {value:Money}"), target_fixture="sale")
@when(sentence("a sale of {amount:Money} with a cashback of {value:Money} is made"), target_fixture="sale")
def a_sale_with_cashback(walletapi, wallet, amount, value):
    return made(walletapi, wallet, amount, cashback=Cashback("Amount", value))


@when(sentence("a sale of {amount:Money} with a cashback of {value:Money} percent is made"), target_fixture="sale")
def a_sale_with_percentage(walletapi, wallet, amount, value):
    return made(walletapi, wallet, amount, cashback=Cashback("Percentage", value))


@when(
    sentence("a sale of {amount:Money} that may use gifts is made with a cashback of {value:Money}"),
    target_fixture="sale",
)
def a_sale_with_gifts_and_cashback(walletapi, wallet, amount, value):
    return made(walletapi, wallet, amount, gifts=True, cashback=Cashback("Amount", value))


@when(
    sentence("a sale of {amount:Money} that may use gifts is made with a cashback of {value:Money} percent"),
    target_fixture="sale",
)
def a_sale_with_gifts_and_percentage(walletapi, wallet, amount, value):
    return made(walletapi, wallet, amount, gifts=True, cashback=Cashback("Percentage", value))


@when(
    sentence(
        "a sale of {amount:Money} is made that names a cashback of {value:Money} by {kind:Word} and does not apply it"
    ),
    target_fixture="sale",
)
def a_sale_with_idle_cashback(walletapi, wallet, amount, value, kind):
    call = walletapi.sale_call(wallet, amount).having({"CashbackType": kind, "CashbackValue": value})
    return sold(walletapi, wallet, call)


@when(sentence('a sale of {amount:Money} described as "{text:Text}" is made'), target_fixture="sale")
def a_sale_described_as(walletapi, wallet, amount, text):
    reference = f"{text} {fresh_reference('sale')}"
    call = walletapi.sale_call(wallet, amount, reference=reference).having({"Description": text})
    return sold(walletapi, wallet, call)


@then("the response is a whole transaction")
def a_whole_transaction(sale):
    assert sale.transaction.transaction_id


@then("the amount, the description and the reference come back as they were sent")
def they_come_back(sale):
    value, sent = sale.transaction.value, sale.call.body
    assert sale.transaction.amount("Amount") == sent["Amount"]
    assert value["Description"] == sent["Description"]
    assert value["ExternalReference"] == sent["ExternalReference"]


@then("it is a Purchase")
def it_is_a_purchase(sale):
    assert sale.transaction.value["TransactionType"] == "Purchase"


@then("each has an id and a code of its own")
def each_has_its_own(sale, second_sale):
    first, second = sale.transaction, second_sale.transaction
    assert first.transaction_id != second.transaction_id
    assert first.unique_code != second.unique_code


@then("the sale names the wallet behind the alias")
def it_names_the_wallet(sale):
    assert str(sale.transaction.value["WalletId"]).lower() == sale.wallet.wallet_id.lower()


@then("the sale was created between the platform's answers before and after it")
def created_in_between(walletapi, sale):
    walletapi.balances(sale.wallet)
    before, after = sale.clock, walletapi.recorder.scenario.clock
    if before is None or after is None:
        started = sale.transaction.exchange.started
        before, after = started - OUR_CLOCK, datetime.now(UTC) + OUR_CLOCK
    created = sale.transaction.created_at
    assert before - GIVE_OR_TAKE <= created <= after + GIVE_OR_TAKE, f"{created} is not between {before} and {after}"


@then("it was never updated")
def never_updated(sale):
    assert sale.transaction.value["UpdatedAt"] is None


@then("it names no other wallet and no other transaction")
def it_names_nothing_else(sale):
    for member in ("SourceWalletId", "DestinationWalletId", "MainTransactionId"):
        assert sale.transaction.value[member] is None, f"{member} is {sale.transaction.value[member]!r}"


@then("the balance after it is what was there, less the amount, with gift and cashback, and reads back the same")
def the_balance_after_it(walletapi, sale):
    of = sale.transaction.amount
    gift = of("GiftAmount") or Decimal(0)
    due = sale.before.wallet - of("Amount") + gift + of("CashbackAmount")
    assert of("BalanceAfterTransaction") == due
    assert walletapi.balances(sale.wallet).wallet == due


@then(sentence("the balance falls by {amount:Money}"))
def the_balance_falls(walletapi, sale, amount):
    assert sale.before.wallet - walletapi.balances(sale.wallet).wallet == amount


@then(sentence("the balance rises by {amount:Money}"))
def the_balance_rises(walletapi, sale, amount):
    assert walletapi.balances(sale.wallet).wallet - sale.before.wallet == amount


@then("the balance is untouched")
def the_balance_is_untouched(walletapi, sale):
    assert walletapi.balances(sale.wallet).wallet == sale.before.wallet


@then(sentence("{amount:Money} is answered as cashback"))
def answered_as_cashback(sale, amount):
    assert sale.transaction.amount("CashbackAmount") == amount


@then("no cashback is answered")
def no_cashback(sale):
    assert sale.transaction.amount("CashbackAmount") == 0
