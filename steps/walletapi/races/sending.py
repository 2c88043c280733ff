"""Calls of the WalletAPI at the same time. A wallet is raced several times: each is a round."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, Decimal

import pytest
from pytest_bdd import when

from harness.apis.walletapi.client import Balances, Cashback, Wallet, WalletApi
from harness.apis.walletapi.flaws import HEADERS, clause_of
from harness.budget.depth import Depth
from harness.client.calls import Call, Outcome
from harness.client.unique import fresh_reference
from harness.gherkin.sentences import sentence
from harness.races.lanes import Lanes

MINOR = Decimal("0.01")
ROUNDS = 3
STAKE = Decimal("30.00")
TEN, FIVE, ONE = Decimal("10.00"), Decimal("5.00"), Decimal("1.00")
LATER = Decimal("50.00")
WRONG_CREDENTIALS = (
    "without apikeypublic",
    "without apiclientpublic",
    "with both unknown",
    "with an unknown apikeypublic",
)
WITH = {
    "": (None, False),
    ", with a cashback of 0.01 each": (Cashback("Amount", MINOR), False),
    ", every other of which may use gifts": (None, True),
}
"""A cashback, and whether every other sale may use gifts."""


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


class Racer:
    """Sends calls on one wallet at the same time."""

    def __init__(self, walletapi: WalletApi, lanes: Lanes, wallet: Wallet, rounds: int) -> None:
        self.walletapi = walletapi
        self._rounds = rounds
        self.wallet = wallet
        self._lanes = lanes

    def run(self, prepare: Callable[[], Sequence[Call]]) -> list[Round]:
        """Prepare calls and send them, once per round."""
        return [self._race(prepare()) for _ in range(self._rounds)]

    def _race(self, calls: Sequence[Call]) -> Round:
        before = self.walletapi.balances(self.wallet)
        warm = self.walletapi.balances_call(self.wallet.alias)
        outcomes = self._lanes.race(self.walletapi.client, calls, warm=warm)
        after = self.walletapi.balances(self.wallet)
        assert after.wallet >= 0, f"the balance is below zero: {after.wallet}"
        self.walletapi.deposit(self.wallet, LATER)
        later = self.walletapi.balances(self.wallet)
        return Round(calls, outcomes, before, after, Balances(later.wallet - LATER, later.gifts))


@pytest.fixture
def racer(walletapi: WalletApi, lanes: Lanes, wallet: Wallet, depth: Depth) -> Racer:
    return Racer(walletapi, lanes, wallet, ROUNDS * depth.choose(1, 3, 10))


def sales_of_a_third(
    racer: Racer, times: int, *, gifts: bool, cashback: Cashback | None = None, alternate: bool = False
) -> list[Call]:
    """Make sales of a third of what there is, to the minor unit. ``alternate``: every other one may use gifts."""
    balances = racer.walletapi.balances(racer.wallet)
    third = ((balances.wallet + (balances.gifts if gifts else 0)) / 3).quantize(MINOR, ROUND_DOWN)
    return [
        racer.walletapi.sale_call(racer.wallet, third, gifts=gifts or (alternate and turn % 2 == 1), cashback=cashback)
        for turn in range(times)
    ]


@when(
    sentence(
        "the merchant makes {times:Count} sales of a third of the balance at the same time{cashback:With}", With=WITH
    ),
    target_fixture="rounds",
)
def thirds_are_sold(racer: Racer, times: int, cashback: tuple[Cashback | None, bool]) -> list[Round]:
    given, alternate = cashback

    def prepare() -> Sequence[Call]:
        racer.walletapi.deposit(racer.wallet, STAKE)
        return sales_of_a_third(racer, times, gifts=False, cashback=given, alternate=alternate)

    return racer.run(prepare)


@when(
    sentence(
        "the merchant makes {times:Count} sales of a third of the balance and a gift of {gift:Money} at the same time"
    ),
    target_fixture="rounds",
)
def thirds_are_sold_with_gift(racer: Racer, gift_wallet: Wallet, gift: Decimal, times: int) -> list[Round]:
    def prepare() -> Sequence[Call]:
        racer.walletapi.deposit(racer.wallet, STAKE)
        racer.walletapi.give(gift_wallet, gift)
        return sales_of_a_third(racer, times, gifts=True)

    return racer.run(prepare)


@when(sentence("the merchant makes {times:Count} sales of 5.00 at the same time"), target_fixture="rounds")
def sales_are_made(racer: Racer, times: int) -> list[Round]:
    def prepare() -> Sequence[Call]:
        racer.walletapi.deposit(racer.wallet, FIVE * times)
        return [racer.walletapi.sale_call(racer.wallet, FIVE) for _ in range(times)]

    return racer.run(prepare)


@when(
    "the merchant makes 4 deposits of 10.00 and 4 sales of 5.00, two with a cashback of 1.00, at the same time",
    target_fixture="rounds",
)
def deposits_and_sales_are_made(racer: Racer) -> list[Round]:
    def prepare() -> Sequence[Call]:
        racer.walletapi.deposit(racer.wallet, STAKE)
        deposits = [racer.walletapi.deposit_call(racer.wallet, TEN) for _ in range(4)]
        cashbacks = (None, None, Cashback("Amount", ONE), Cashback("Amount", ONE))
        sales = [racer.walletapi.sale_call(racer.wallet, FIVE, cashback=cashback) for cashback in cashbacks]
        return [call for pair in zip(deposits, sales, strict=True) for call in pair]

    return racer.run(prepare)


@when(sentence("the merchant gives {times:Count} gifts of 1.00 at the same time"), target_fixture="rounds")
def gifts_are_given(racer: Racer, gift_wallet: Wallet, times: int) -> list[Round]:
    return racer.run(lambda: [racer.walletapi.gift_call(gift_wallet, ONE) for _ in range(times)])


@when(sentence("the merchant undoes a sale of 10.00 {times:Count} times at the same time"), target_fixture="rounds")
@when(sentence("the merchant undoes {count:Count} sales of 10.00 at the same time"), target_fixture="rounds")
def sales_are_undone(racer: Racer, count: int = 1, times: int = 1) -> list[Round]:
    return racer.run(lambda: undoings(racer, [make_sale(racer) for _ in range(count)] * times))


@when("the merchant makes 4 sales of 5.00 and undoes 4 sales of 10.00 at the same time", target_fixture="rounds")
def sales_are_made_and_undone(racer: Racer) -> list[Round]:
    def prepare() -> Sequence[Call]:
        undone = undoings(racer, [make_sale(racer) for _ in range(4)])
        racer.walletapi.deposit(racer.wallet, FIVE * 4)
        sales = [racer.walletapi.sale_call(racer.wallet, FIVE) for _ in range(4)]
        return [call for pair in zip(sales, undone, strict=True) for call in pair]

    return racer.run(prepare)


@when(
    "the merchant makes 4 sales of 5.00, and tries 4 with wrong credentials, at the same time", target_fixture="rounds"
)
def sales_with_wrong_credentials(racer: Racer) -> list[Round]:
    def prepare() -> Sequence[Call]:
        racer.walletapi.deposit(racer.wallet, FIVE * len(WRONG_CREDENTIALS))
        calls = []
        for flaw in WRONG_CREDENTIALS:
            calls.append(racer.walletapi.sale_call(racer.wallet, FIVE))
            wrong = HEADERS[flaw](racer.walletapi.sale_call(racer.wallet, FIVE))
            calls.append(replace(wrong, refusal=clause_of(flaw)))
        return calls

    return racer.run(prepare)


def make_sale(racer: Racer) -> str:
    """Deposit 10.00, make a sale of 10.00, and return its reference."""
    reference = fresh_reference("sale")
    racer.walletapi.deposit(racer.wallet, TEN)
    racer.walletapi.sell(racer.walletapi.sale_call(racer.wallet, TEN, reference=reference))
    return reference


def undoings(racer: Racer, references: Sequence[str]) -> list[Call]:
    """Undo each sale, by a cancel and by a refund in turn."""
    operations = ("cancelPurchase", "refundPurchase")
    return [racer.walletapi.undo_call(operations[turn % 2], reference) for turn, reference in enumerate(references)]
