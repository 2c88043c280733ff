"""Sales by alias, and what they take from the wallet."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from pytest_bdd import given, then, when

from harness.apis.walletapi.client import Balances, Cashback, Transaction, Wallet, WalletApi
from harness.apis.walletapi.walks.judged_calls import sale_of
from harness.client.calls import Call, Outcome
from harness.client.unique import unique_hex
from harness.gherkin.sentences import sentence
from steps.walletapi.plain_sales import plain_sales_first

TOLERANCE = timedelta(seconds=2)
OUR_CLOCK = timedelta(seconds=60)
FORMS = {"1e1": Decimal("1E+1"), "10.0": Decimal("10.0"), "10": Decimal(10)}
GIFTS = {"": False, " that may use gifts": True}


@dataclass(frozen=True)
class Sale:
    """A sale and its outcome, with the balances and the platform's clock before it."""

    wallet: Wallet
    outcome: Outcome
    before: Balances
    clock: datetime | None

    @property
    def transaction(self) -> Transaction:
        return Transaction(self.outcome)


class Seller:
    """Makes sales from a wallet, and reads its balances before each."""

    def __init__(self, walletapi: WalletApi, wallet: Wallet) -> None:
        self._walletapi = walletapi
        self._wallet = wallet
        self._refusal = ""

    def balances(self) -> Balances:
        return self._walletapi.balances(self._wallet)

    def call(self, amount: Decimal, *, gifts: bool = False, cashback: Cashback | None = None) -> Call:
        return self._walletapi.sale_call(self._wallet, amount, gifts=gifts, cashback=cashback)

    def sell(self, call: Call) -> Sale:
        """Make a valid sale. If it is rejected, the clause of its cashback or its gifts is broken, or else T-1.

        After a sale that had to fail, that sale's clause is broken: it has changed something.
        """
        asked = sale_of(0, call.body, None)
        with plain_sales_first(self._walletapi):
            before, clock = self.balances(), self._walletapi.recorder.scenario.clock
            clause = self._refusal or asked.clause or ("G-1" if asked.gifts and before.gifts else "")
            return Sale(self._wallet, self._walletapi.client.succeed(call, clause), before, clock)

    def attempt(self, call: Call, *, must_fail: bool) -> Sale:
        refusal = self._walletapi.recorder.scenario.clause if must_fail else ""
        self._refusal = refusal or self._refusal
        before, clock = self.balances(), self._walletapi.recorder.scenario.clock
        return Sale(self._wallet, self._walletapi.attempt(replace(call, refusal=refusal)), before, clock)


@pytest.fixture
def seller(walletapi: WalletApi, wallet: Wallet) -> Seller:
    return Seller(walletapi, wallet)


@given(sentence("the merchant has made a sale of {amount:Money}"), target_fixture="sale")
@when(sentence("the merchant makes a sale of {amount:Money}{gifts:Gifts}", Gifts=GIFTS), target_fixture="sale")
@given(sentence("the merchant has made another sale of {amount:Money}"), target_fixture="second_sale")
@when(sentence("the merchant makes another sale of {amount:Money}"), target_fixture="second_sale")
def the_merchant_sells(seller: Seller, amount: Decimal, *, gifts: bool = False) -> Sale:
    return seller.sell(seller.call(amount, gifts=gifts))


@when(
    sentence("the merchant makes a sale of {amount:Money} that may use gifts, without reading the balances"),
    target_fixture="sale",
)
def the_merchant_sells_without_reading(walletapi: WalletApi, wallet: Wallet, amount: Decimal) -> Sale:
    """Make a sale. The balances before it are calculated from those after it."""
    clock = walletapi.recorder.scenario.clock
    outcome = walletapi.client.succeed(walletapi.sale_call(wallet, amount, gifts=True))
    paid, left = Transaction(outcome).amount("GiftAmount") or Decimal(0), walletapi.balances(wallet)
    return Sale(wallet, outcome, Balances(left.wallet + amount - paid, left.gifts + paid), clock)


@given(sentence("the merchant has made a sale of {amount:Money} from the other wallet"), target_fixture="others_sale")
def the_merchant_sells_from_the_other_wallet(walletapi: WalletApi, other_wallet: Wallet, amount: Decimal) -> Sale:
    other = Seller(walletapi, other_wallet)
    return other.sell(other.call(amount))


@then("the other wallet has paid only its own sale")
def the_other_wallet_has_paid_its_sale(walletapi: WalletApi, others_sale: Sale) -> None:
    left = others_sale.before.wallet - others_sale.outcome.call.body["Amount"]
    assert walletapi.balances(others_sale.wallet).wallet == left


@given(
    sentence("the merchant has made a sale of {amount:Money} with a cashback of {value:Money}"), target_fixture="sale"
)
@when(
    sentence(
        "the merchant makes a sale of {amount:Money}{gifts:Gifts} with a cashback of {value:Money}{unit:Unit}",
        Gifts=GIFTS,
        Unit={"": "Amount", " percent": "Percentage"},
    ),
    target_fixture="sale",
)
def the_merchant_sells_with_cashback(
    seller: Seller, amount: Decimal, value: Decimal, unit: str = "Amount", *, gifts: bool = False
) -> Sale:
    return seller.sell(seller.call(amount, gifts=gifts, cashback=Cashback(unit, value)))


@when(sentence("the merchant tries a sale of {amount:Money} with a cashback of {value:Money}"), target_fixture="sale")
def the_merchant_tries_a_cashback(seller: Seller, amount: Decimal, value: Decimal) -> Sale:
    return seller.attempt(seller.call(amount, cashback=Cashback("Amount", value)), must_fail=False)


@when(
    sentence(
        "the merchant makes a sale of {amount:Money} that names a cashback of {value:Money} by {kind:Kind} "
        "and does not apply it",
        Kind={"Amount": "Amount", "Percentage": "Percentage"},
    ),
    target_fixture="sale",
)
def the_merchant_sells_with_unapplied_cashback(seller: Seller, amount: Decimal, value: Decimal, kind: str) -> Sale:
    return seller.sell(seller.call(amount).having({"CashbackType": kind, "CashbackValue": value}))


@when(
    sentence(
        "the merchant tries a sale of {amount:Money} that names a cashback of {value:Money}, "
        "with a CashbackApply that is {unset:Unset}",
        Unset={"absent": Call.lacking, "null": lambda call, member: call.having({member: None})},
    ),
    target_fixture="sale",
)
def the_merchant_tries_an_unset_switch(
    seller: Seller, amount: Decimal, value: Decimal, unset: Callable[[Call, str], Call]
) -> Sale:
    call = seller.call(amount, cashback=Cashback("Amount", value))
    return seller.attempt(unset(call, "CashbackApply"), must_fail=False)


@when(sentence('the merchant makes a sale of {amount:Money} described as "{text:Text}"'), target_fixture="sale")
def the_merchant_sells_with_a_description(seller: Seller, amount: Decimal, text: str) -> Sale:
    texts = {"Description": text, "ExternalReference": f"{text} {unique_hex(16)}"}
    return seller.sell(seller.call(amount).having(texts))


@when(
    sentence("the merchant tries another sale of {amount:Money} with the same reference"), target_fixture="second_sale"
)
def the_merchant_tries_the_same_reference(seller: Seller, sale: Sale, amount: Decimal) -> Sale:
    reference = sale.outcome.call.body["ExternalReference"]
    return seller.attempt(seller.call(amount).having({"ExternalReference": reference}), must_fail=False)


@when(
    sentence("the merchant tries a sale of {amount:Money}, with its Amount written as {form:Form}", Form=FORMS),
    target_fixture="sale",
)
def the_merchant_tries_a_form(seller: Seller, amount: Decimal, form: Decimal) -> Sale:
    return seller.attempt(seller.call(amount).having({"Amount": form}), must_fail=False)


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
        second_sale.outcome.check_accepted()
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
