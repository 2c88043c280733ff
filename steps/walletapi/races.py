"""Calls of the WalletAPI at the same time. A wallet is raced several times: each is a round."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

import pytest
from pytest_bdd import when

from harness.apis.walletapi.client import Balances, Cashback, Wallet, WalletApi
from harness.client.calls import Call, Outcome
from harness.client.references import fresh_reference
from harness.gherkin.sentences import sentence
from harness.races.lanes import Lanes

MINOR = Decimal("0.01")
STAKE = Decimal("30.00")
TEN, FIVE, ONE = Decimal("10.00"), Decimal("5.00"), Decimal("1.00")
LATER = Decimal("50.00")


@dataclass(frozen=True)
class Round:
    """Calls at the same time on one wallet, and its balances before and after them.

    ``later`` are the balances after one more deposit, without that deposit: a balance below zero may be shown as zero.
    """

    calls: Sequence[Call]
    outcomes: Sequence[Outcome]
    before: Balances
    after: Balances
    later: Balances

    @property
    def accepted(self) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if outcome.accepted]


RunRounds = Callable[[int, Callable[[], Sequence[Call]]], list[Round]]


@pytest.fixture
def run_rounds(walletapi: WalletApi, lanes: Lanes, wallet: Wallet) -> RunRounds:
    """Return the function that prepares calls and sends them at the same time, this many times."""

    def race(calls: Sequence[Call]) -> Round:
        before = walletapi.balances(wallet)
        outcomes = lanes.race(walletapi.client, calls, warm=walletapi.balances_call(wallet.alias))
        after = walletapi.balances(wallet)
        assert after.wallet >= 0, f"the balance is below zero: {after.wallet}"
        walletapi.deposit(wallet, LATER)
        later = walletapi.balances(wallet)
        return Round(calls, outcomes, before, after, Balances(later.wallet - LATER, later.gifts))

    return lambda rounds, prepare: [race(prepare()) for _ in range(rounds)]


def sales_of_a_third(walletapi: WalletApi, wallet: Wallet, times: int, *, gifts: bool) -> list[Call]:
    """Make sales of a third of what there is, to the minor unit."""
    balances = walletapi.balances(wallet)
    third = ((balances.wallet + (balances.gifts if gifts else 0)) / 3).quantize(MINOR, ROUND_DOWN)
    return [walletapi.sale_call(wallet, third, gifts=gifts) for _ in range(times)]


@when(
    sentence(
        "the merchant makes {times:Count} sales of a third of the balance at the same time, in {rounds:Count} rounds"
    ),
    target_fixture="rounds",
)
def thirds_are_sold(
    walletapi: WalletApi, run_rounds: RunRounds, wallet: Wallet, times: int, rounds: int
) -> list[Round]:
    def prepare() -> Sequence[Call]:
        walletapi.deposit(wallet, STAKE)
        return sales_of_a_third(walletapi, wallet, times, gifts=False)

    return run_rounds(rounds, prepare)


@when(
    sentence(
        "the merchant makes {times:Count} sales of a third of the balance and a gift of {gift:Money} at the same time, "
        "in {rounds:Count} rounds"
    ),
    target_fixture="rounds",
)
def thirds_are_sold_with_a_gift(
    walletapi: WalletApi, run_rounds: RunRounds, gift_wallet: Wallet, gift: Decimal, times: int, rounds: int
) -> list[Round]:
    def prepare() -> Sequence[Call]:
        walletapi.deposit(gift_wallet, STAKE)
        walletapi.give(gift_wallet, gift)
        return sales_of_a_third(walletapi, gift_wallet, times, gifts=True)

    return run_rounds(rounds, prepare)


@when(
    sentence("the merchant makes {times:Count} sales of 5.00 at the same time, in {rounds:Count} rounds"),
    target_fixture="rounds",
)
def sales_are_made(walletapi: WalletApi, run_rounds: RunRounds, wallet: Wallet, times: int, rounds: int) -> list[Round]:
    def prepare() -> Sequence[Call]:
        walletapi.deposit(wallet, FIVE * times)
        return [walletapi.sale_call(wallet, FIVE) for _ in range(times)]

    return run_rounds(rounds, prepare)


@when(
    sentence(
        "the merchant makes 4 deposits of 10.00 and 4 sales of 5.00, two with a cashback of 1.00, at the same time, "
        "in {rounds:Count} rounds"
    ),
    target_fixture="rounds",
)
def deposits_and_sales_are_made(
    walletapi: WalletApi, run_rounds: RunRounds, wallet: Wallet, rounds: int
) -> list[Round]:
    def prepare() -> Sequence[Call]:
        walletapi.deposit(wallet, STAKE)
        deposits = [walletapi.deposit_call(wallet, TEN) for _ in range(4)]
        cashbacks = (None, None, Cashback("Amount", ONE), Cashback("Amount", ONE))
        sales = [walletapi.sale_call(wallet, FIVE, cashback=cashback) for cashback in cashbacks]
        return [call for pair in zip(deposits, sales, strict=True) for call in pair]

    return run_rounds(rounds, prepare)


@when(
    sentence("the merchant gives {times:Count} gifts of 1.00 at the same time, in {rounds:Count} rounds"),
    target_fixture="rounds",
)
def gifts_are_given(
    walletapi: WalletApi, run_rounds: RunRounds, gift_wallet: Wallet, times: int, rounds: int
) -> list[Round]:
    return run_rounds(rounds, lambda: [walletapi.gift_call(gift_wallet, ONE) for _ in range(times)])


@when(
    sentence(
        "the merchant undoes a sale of 10.00 by {times:Count} cancels and refunds at the same time, "
        "in {rounds:Count} rounds"
    ),
    target_fixture="rounds",
)
def one_sale_is_undone(
    walletapi: WalletApi, run_rounds: RunRounds, wallet: Wallet, times: int, rounds: int
) -> list[Round]:
    return run_rounds(rounds, lambda: undoings(walletapi, [make_sale(walletapi, wallet)] * times))


@when(
    sentence("the merchant undoes {count:Count} sales of 10.00 at the same time, in {rounds:Count} rounds"),
    target_fixture="rounds",
)
def sales_are_undone(
    walletapi: WalletApi, run_rounds: RunRounds, wallet: Wallet, count: int, rounds: int
) -> list[Round]:
    return run_rounds(rounds, lambda: undoings(walletapi, [make_sale(walletapi, wallet) for _ in range(count)]))


def make_sale(walletapi: WalletApi, wallet: Wallet) -> str:
    """Deposit 10.00, make a sale of 10.00, and return its reference."""
    reference = fresh_reference("sale")
    walletapi.deposit(wallet, TEN)
    walletapi.sell(walletapi.sale_call(wallet, TEN, reference=reference))
    return reference


def undoings(walletapi: WalletApi, references: Sequence[str]) -> list[Call]:
    """Undo each sale, by a cancel and by a refund in turn."""
    operations = ("cancelPurchase", "refundPurchase")
    return [walletapi.undo_call(operations[turn % 2], reference) for turn, reference in enumerate(references)]
