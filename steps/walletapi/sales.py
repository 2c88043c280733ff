"""Sales by alias, and what they take from the wallet."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

import pytest
from pytest_bdd import given, then, when

from harness.apis.walletapi.client import Balances, Cashback, Transaction, Wallet, WalletApi
from harness.apis.walletapi.walks.judged_calls import sale_of
from harness.client.calls import Call, Outcome
from harness.client.unique import unique_hex
from harness.gherkin.sentences import sentence
from steps.walletapi.plain_sales import plain_sales_first

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

    def sell_or_usual(self, call: Call, what: str) -> Sale:
        """Make a sale that the platform may reject because of ``what``, and then a usual one."""
        sale = self.attempt(call, must_fail=False)
        if sale.outcome.accepted:
            return sale
        self._walletapi.recorder.note(f"{what} is rejected, which contract.md allows")
        return self.sell(self.call(call.body["Amount"]))

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
@when(
    sentence("the merchant makes another sale of {amount:Money}{gifts:Gifts}", Gifts=GIFTS),
    target_fixture="second_sale",
)
def the_merchant_sells(seller: Seller, amount: Decimal, *, gifts: bool = False) -> Sale:
    return seller.sell(seller.call(amount, gifts=gifts))


@when(sentence("the merchant makes {count:Count} more sales of {amount:Money}"))
def the_merchant_makes_more_sales(seller: Seller, count: int, amount: Decimal) -> None:
    for _ in range(count):
        seller.sell(seller.call(amount))


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
    """Make a sale. If the text is an odd one, the platform may reject it, and then the texts are usual ones."""
    call = seller.call(amount).having({"Description": text, "ExternalReference": f"{text} {unique_hex(16)}"})
    if text.replace(" ", "").isalnum() and text.isascii():
        return seller.sell(call)
    return seller.sell_or_usual(call, f"the text {text!r}")


@when(sentence("the merchant makes a sale of {amount:Money}, with its alias escaped in JSON"), target_fixture="sale")
def the_merchant_sells_in_escapes(seller: Seller, amount: Decimal) -> Sale:
    return seller.sell(seller.call(amount).escaping("Alias"))


@when(sentence("the merchant tries a sale of {amount:Money} with an empty description"), target_fixture="sale")
def the_merchant_tries_an_empty_description(seller: Seller, amount: Decimal) -> Sale:
    return seller.attempt(seller.call(amount).having({"Description": ""}), must_fail=False)


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
