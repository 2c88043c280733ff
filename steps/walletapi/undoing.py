"""Undoing a sale: cancelled or refunded, once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from pytest_bdd import given, then, when

from harness.apis.walletapi.client import Balances, Transaction, WalletApi
from harness.apis.walletapi.flaws import HEADERS
from harness.causes.words import comparison
from harness.client.calls import Call, Outcome
from harness.client.flaws import Flaw, missing, unknown
from harness.client.unique import fresh_reference
from harness.failures import WrongOutcome
from harness.gherkin.sentences import sentence
from harness.verdict.plugin import judges
from steps.walletapi.plain_sales import plain_sales_first
from steps.walletapi.sales import Sale, Seller

OPERATIONS = {"cancelled": "cancelPurchase", "refunded": "refundPurchase"}
TYPES = {"cancelled": "Cancel", "refunded": "Refund"}
ATTEMPTS = 3
DIFFERENCES: Mapping[str, Callable[[str], str]] = {
    "its last letter": lambda reference: reference[:-1] + ("0" if reference[-1] != "0" else "1"),
    "its first letter": lambda reference: "C" + reference[1:],
    "its length": lambda reference: reference + "0",
    "the case of its letters": str.swapcase,
    "its punctuation": lambda reference: reference.replace("-", "."),
    "an accent": lambda reference: reference.replace("a", "\u00e1", 1),
    "a blank at its end": lambda reference: f"{reference} ",
}


FLAWS: Mapping[str, Flaw] = {
    # contract.md allows a bare 4xx for a member of the wrong JSON type.
    "with a RollbackFee that is a text": lambda call: call.having({"RollbackFee": "no"}, bare=True),
    "with a RollbackCashback that is a number": lambda call: call.having({"RollbackCashback": 7}, bare=True),
    "by an unknown reference": unknown("ExternalReference"),
    "without its reference": missing("ExternalReference"),
    "with an unknown apikeypublic": HEADERS["with an unknown apikeypublic"],
    "without apiclientpublic": HEADERS["without apiclientpublic"],
}


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
    return str(sale.outcome.call.body["ExternalReference"])


@given(sentence("the sale is {operation:Undone}", Undone=OPERATIONS), target_fixture="undoing")
@when(sentence("the sale is {operation:Undone}", Undone=OPERATIONS), target_fixture="undoing")
def the_sale_is_undone(walletapi: WalletApi, sale: Sale, operation: str) -> Undoing:
    with plain_sales_first(walletapi):
        return undo(walletapi, sale, operation, walletapi.client.succeed)


@when(
    sentence("the merchant tries it for {amount:Money} instead, with the same reference, and cancels what was accepted")
)
def the_failed_sale_is_tried_for_less(walletapi: WalletApi, seller: Seller, sale: Sale, amount: Decimal) -> None:
    """contract.md leaves open whether a reference may be used again."""
    reference = sale.outcome.call.body["ExternalReference"]
    retried = seller.attempt(seller.call(amount).having({"ExternalReference": reference}), must_fail=False)
    if retried.outcome.accepted:
        found, expected = walletapi.balances(sale.wallet).wallet, retried.before.wallet - amount
        if found != expected:
            text = comparison("==", found, expected)
            raise WrongOutcome(text, "", retried.outcome.exchange, (found, (expected,)), clause="T-7")
        undo(walletapi, retried, "cancelPurchase", walletapi.client.succeed)


@when(
    sentence("the sale is cancelled {flaw:WrongUndoing}, and as documented if that is rejected", WrongUndoing=FLAWS),
    target_fixture="undoing",
)
def the_sale_is_cancelled_wrongly(walletapi: WalletApi, sale: Sale, flaw: Flaw) -> Undoing:
    before = walletapi.balances(sale.wallet)
    call = walletapi.undo_call("cancelPurchase", reference_of(sale))
    outcome = walletapi.attempt(flaw(call))
    with plain_sales_first(walletapi):
        return Undoing(sale, walletapi.client.succeed(call, "R-2") if outcome.rejected else outcome, before)


@when(sentence("the failed sale is {operation:Undone}, with any result", Undone=OPERATIONS))
def the_failed_sale_is_undone(walletapi: WalletApi, sale: Sale, operation: str) -> None:
    walletapi.attempt(walletapi.undo_call(operation, reference_of(sale)))


@given(
    sentence(
        "the merchant has made another sale of {amount:Money}, whose reference differs in {difference:Difference}",
        Difference=DIFFERENCES,
    ),
    target_fixture="second_sale",
)
def the_merchant_has_made_a_similar_sale(
    seller: Seller, sale: Sale, amount: Decimal, difference: Callable[[str], str]
) -> Sale:
    """Make a sale with a similar reference. If that is an odd text, the platform may reject it."""
    reference = difference(reference_of(sale))
    call = seller.call(amount).having({"ExternalReference": reference})
    if reference.isascii() and reference.strip() == reference:
        return seller.sell(call)
    return seller.sell_or_usual(call, f"the reference {reference!r}")


@given(
    sentence(
        "the merchant has made a sale of {amount:Money} with a reference of {length:Count} letters, "
        "if the platform takes it"
    ),
    target_fixture="sale",
)
def the_merchant_sells_with_a_long_reference(seller: Seller, amount: Decimal, length: int) -> Sale:
    reference = fresh_reference("sale").ljust(length, "0")
    call = seller.call(amount).having({"ExternalReference": reference})
    return seller.sell_or_usual(call, f"a reference of {length} letters")


@given(sentence("the other sale is {operation:Undone}", Undone=OPERATIONS), target_fixture="other_undoing")
@when(sentence("the other sale is {operation:Undone}", Undone=OPERATIONS), target_fixture="undoing")
def the_other_sale_is_undone(walletapi: WalletApi, second_sale: Sale, operation: str) -> Undoing:
    return undo(walletapi, second_sale, operation, walletapi.client.succeed)


@when(sentence("the merchant makes {count:Count} more sales of {amount:Money}, and cancels each"))
def more_sales_are_cancelled(walletapi: WalletApi, seller: Seller, count: int, amount: Decimal) -> None:
    for _ in range(count):
        undo(walletapi, seller.sell(seller.call(amount)), "cancelPurchase", walletapi.client.succeed)


@then("its id and code are not those of the other undone sale")
def the_ids_differ(undoing: Undoing, other_undoing: Undoing) -> None:
    assert undoing.transaction.transaction_id != other_undoing.transaction.transaction_id
    assert undoing.transaction.unique_code != other_undoing.transaction.unique_code


@when(sentence("the same sale is {operation:Undone} again", Undone=OPERATIONS), target_fixture="undoing")
def the_sale_is_undone_again(walletapi: WalletApi, sale: Sale, operation: str) -> Undoing:
    return undo_again(walletapi, sale, operation)


def undo_again(walletapi: WalletApi, sale: Sale, operation: str) -> Undoing:
    """Try several times to undo a sale that was undone, until it is accepted. Each attempt must fail (R-2)."""

    def attempt(call: Call) -> Outcome:
        return walletapi.attempt(call, "R-2")

    undoing = undo(walletapi, sale, operation, attempt)
    for _ in range(ATTEMPTS - 1):
        if undoing.outcome.rejected:
            undoing = replace(undo(walletapi, sale, operation, attempt), before=undoing.before)
    return undoing


@then(sentence("the response is a separate transaction, by which the sale is {type_:Undone}", Undone=TYPES))
def the_response_is_a_separate_transaction(undoing: Undoing, type_: str) -> None:
    sale, transaction = undoing.sale.transaction, undoing.transaction
    assert transaction.value["TransactionType"] == type_
    assert str(transaction.value["MainTransactionId"]).lower() == sale.transaction_id
    assert transaction.value["ExternalReference"] == reference_of(undoing.sale)
    assert transaction.amount("CashbackAmount") == 0
    assert transaction.transaction_id != sale.transaction_id
    assert transaction.unique_code != sale.unique_code


@then(sentence("{amount:Money} is returned to the wallet"))
@judges("R-2")
def the_wallet_has_got_it_back(walletapi: WalletApi, undoing: Undoing, amount: Decimal) -> None:
    after = walletapi.balances(undoing.sale.wallet)
    assert after.wallet - undoing.before.wallet == amount
    assert after.gifts == undoing.before.gifts


@then("the response's balance is the one that is read back")
def the_balance_is_read_back(walletapi: WalletApi, undoing: Undoing) -> None:
    assert undoing.transaction.amount("BalanceAfterTransaction") == walletapi.balances(undoing.sale.wallet).wallet


@then("the second attempt fails and changes nothing")
def the_second_attempt_fails(walletapi: WalletApi, undoing: Undoing) -> None:
    undoing.outcome.check_rejected()
    assert walletapi.balances(undoing.sale.wallet) == undoing.before
