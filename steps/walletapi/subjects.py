"""The calls of the WalletAPI that hostile input and privacy are about."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial

from pytest_bdd import given, then, when

from harness.apis.walletapi.client import Wallet, WalletApi
from harness.client.calls import Call, Outcome
from harness.client.unique import fresh_alias, fresh_reference
from harness.gherkin.sentences import sentence
from harness.hostile.rejected_input import Fresh
from harness.not_judged import NotJudged
from steps.subjects import Money, Subject
from steps.walletapi.plain_sales import clause_of_plain_sales

NewSubject = Callable[[WalletApi, Wallet], Subject]

NOTHING = Decimal(0)
TEXTS = {text: text for text in ("Description", "ExternalReference", "ExpirationDate")}
CENTS = Decimal("0.10")
FIVE = Decimal("5.00")


def subject_of(
    walletapi: WalletApi,
    wallet: Wallet,
    fresh: Fresh,
    clause: str,
    *,
    moves: Decimal = NOTHING,
    moves_gifts: Decimal = NOTHING,
    echo_clause: str = "X-1",
    repeatable: bool = True,
) -> Subject:
    """Return a call that adds ``moves`` to the balance and ``moves_gifts`` to the gifts, as ``clause`` requires."""

    def money() -> Money:
        balances = walletapi.balances(wallet)
        return balances.wallet, balances.gifts

    plain, clause_of_plain_calls = walletapi.balances_call(wallet.alias), partial(clause_of_plain_sales, walletapi)
    moved = moves, moves_gifts
    return Subject(walletapi.client, plain, fresh, money, moved, clause, clause_of_plain_calls, echo_clause, repeatable)


def sale(walletapi: WalletApi, wallet: Wallet) -> Subject:
    walletapi.deposit(wallet, FIVE)
    fresh = partial(walletapi.sale_call, wallet, CENTS)
    return subject_of(walletapi, wallet, fresh, "T-7", moves=-CENTS, echo_clause="T-2", repeatable=False)


def deposit(walletapi: WalletApi, wallet: Wallet) -> Subject:
    fresh = partial(walletapi.deposit_call, wallet, CENTS)
    return subject_of(walletapi, wallet, fresh, "M-1", moves=CENTS, repeatable=False)


def gift(walletapi: WalletApi, wallet: Wallet) -> Subject:
    fresh = partial(walletapi.gift_call, wallet, CENTS)
    return subject_of(walletapi, wallet, fresh, "M-1", moves_gifts=CENTS, repeatable=False)


def new_wallet(walletapi: WalletApi, wallet: Wallet) -> Subject:
    if not walletapi.target.owner_id:
        NotJudged.NO_OWNER.skip()
    return subject_of(walletapi, wallet, lambda: walletapi.wallet_call(fresh_alias()), "M-1")


def balances(walletapi: WalletApi, wallet: Wallet) -> Subject:
    return subject_of(walletapi, wallet, lambda: walletapi.balances_call(wallet.alias), "M-1")


def undoing(operation: str) -> NewSubject:
    def subject(walletapi: WalletApi, wallet: Wallet) -> Subject:
        walletapi.deposit(wallet, FIVE)

        def fresh() -> Call:
            reference = fresh_reference("sale")
            walletapi.sell(walletapi.sale_call(wallet, CENTS, reference=reference))
            return walletapi.undo_call(operation, reference)

        return subject_of(walletapi, wallet, fresh, "R-2", moves=CENTS)

    return subject


ACTIONS: Mapping[str, NewSubject] = {
    "a new wallet": new_wallet,
    "a deposit": deposit,
    "a gift": gift,
    "a sale": sale,
    "a cancellation": undoing("cancelPurchase"),
    "a refund": undoing("refundPurchase"),
    "the balances": balances,
}


@given(sentence("the merchant's call for {action:Action}", Action=ACTIONS), target_fixture="subject")
def the_merchants_call(walletapi: WalletApi, wallet: Wallet, action: NewSubject) -> Subject:
    return action(walletapi, wallet)


@when(sentence("the call is sent without its {text:Text}", Text=TEXTS), target_fixture="outcome")
def the_call_is_sent_without(subject: Subject, text: str) -> Outcome:
    return subject.client.attempt(subject.fresh().lacking(text))


@then("it is rejected, or the response has every member")
def the_response_has_every_member(outcome: Outcome) -> None:
    """The client has compared a success with the schema. A text that was not sent may be null."""
    assert outcome.rejected or outcome.payload
