"""Sales, deposits and what undoes a sale, at the same moment. A wallet is raced again and again: a round each time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import TYPE_CHECKING

from pytest_bdd import then, when

from harness.apis.walletapi.client import Balances, Cashback, Wallet, WalletApi
from harness.client.calls import Call, Outcome
from harness.client.references import fresh_reference
from harness.gherkin.sentences import sentence
from harness.verdict.plugin import judges

if TYPE_CHECKING:
    from harness.races.lanes import Lanes  # httpcore is slow to import, and only a race needs it

MINOR = Decimal("0.01")
STAKE = Decimal("30.00")
TEN, FIVE, ONE = Decimal("10.00"), Decimal("5.00"), Decimal("1.00")
LATER = Decimal("50.00")


@dataclass(frozen=True)
class Round:
    """Calls at the same moment on one wallet: what it held before and after, and once more money came in, less that."""

    calls: Sequence[Call]
    outcomes: Sequence[Outcome]
    before: Balances
    after: Balances
    later: Balances

    @property
    def accepted(self) -> list[Outcome]:
        """The calls that were accepted."""
        return [outcome for outcome in self.outcomes if outcome.accepted]


Prepare = Callable[[], Sequence[Call]]


def rounds_of(walletapi: WalletApi, lanes: Lanes, wallet: Wallet, rounds: int, prepare: Prepare) -> list[Round]:
    """Prepare and race calls so many times."""
    return [raced(walletapi, lanes, wallet, prepare()) for _ in range(rounds)]


def raced(walletapi: WalletApi, lanes: Lanes, wallet: Wallet, calls: Sequence[Call]) -> Round:
    """Send the calls at one moment, and read what the wallet holds around them."""
    before = walletapi.balances(wallet)
    outcomes = lanes.race(walletapi.client, calls, warm=walletapi.balances_call(wallet.alias))
    after = walletapi.balances(wallet)
    assert after.wallet >= 0, f"the balance is below zero: {after.wallet}"
    walletapi.deposit(wallet, LATER)
    later = walletapi.balances(wallet)
    return Round(calls, outcomes, before, after, Balances(later.wallet - LATER, later.gifts))


def thirds(walletapi: WalletApi, wallet: Wallet, times: int, *, gifts: bool) -> list[Call]:
    """Sales of a third of what the wallet holds, to the minor unit, each with a reference of its own."""
    held = walletapi.balances(wallet)
    third = ((held.wallet + (held.gifts if gifts else 0)) / 3).quantize(MINOR, ROUND_DOWN)
    return [walletapi.sale_call(wallet, third, gifts=gifts) for _ in range(times)]


# What races


@when(
    sentence("a third of what it holds is sold {times:Count} times at the same moment, in {rounds:Count} rounds"),
    target_fixture="rounds",
)
def thirds_are_sold(walletapi, lanes, wallet, times, rounds):
    def prepare() -> Sequence[Call]:
        walletapi.deposit(wallet, STAKE)
        return thirds(walletapi, wallet, times, gifts=False)

    return rounds_of(walletapi, lanes, wallet, rounds, prepare)


@when(
    sentence(
        "a third of what it holds with a gift of {gift:Money} is sold {times:Count} times at the same moment, "
        "in {rounds:Count} rounds"
    ),
    target_fixture="rounds",
)
def thirds_are_sold_with_a_gift(walletapi, lanes, wallet, gift, times, rounds):
    def prepare() -> Sequence[Call]:
        walletapi.deposit(wallet, STAKE)
        walletapi.give(wallet, gift)
        return thirds(walletapi, wallet, times, gifts=True)

    return rounds_of(walletapi, lanes, wallet, rounds, prepare)


@when(
    sentence("{times:Count} sales of 5.00 are made at the same moment, in {rounds:Count} rounds"),
    target_fixture="rounds",
)
def sales_are_made(walletapi, lanes, wallet, times, rounds):
    def prepare() -> Sequence[Call]:
        walletapi.deposit(wallet, FIVE * times)
        return [walletapi.sale_call(wallet, FIVE) for _ in range(times)]

    return rounds_of(walletapi, lanes, wallet, rounds, prepare)


@when(
    sentence("deposits, sales and cashbacks arrive at the same moment, in {rounds:Count} rounds"),
    target_fixture="rounds",
)
def deposits_and_sales_arrive(walletapi, lanes, wallet, rounds):
    def prepare() -> Sequence[Call]:
        walletapi.deposit(wallet, STAKE)
        deposits = [walletapi.deposit_call(wallet, TEN) for _ in range(4)]
        plain = [walletapi.sale_call(wallet, FIVE) for _ in range(2)]
        rewarded = [walletapi.sale_call(wallet, FIVE, cashback=Cashback("Amount", ONE)) for _ in range(2)]
        return [call for pair in zip(deposits, plain + rewarded, strict=True) for call in pair]

    return rounds_of(walletapi, lanes, wallet, rounds, prepare)


@when(
    sentence("{times:Count} gifts of 1.00 are given at the same moment, in {rounds:Count} rounds"),
    target_fixture="rounds",
)
def gifts_are_given(walletapi, lanes, wallet, times, rounds):
    def prepare() -> Sequence[Call]:
        return [walletapi.gift_call(wallet, ONE) for _ in range(times)]

    return rounds_of(walletapi, lanes, wallet, rounds, prepare)


@when(
    sentence("a sale of 10.00 is undone {times:Count} times at the same moment, in {rounds:Count} rounds"),
    target_fixture="rounds",
)
def one_sale_is_undone(walletapi, lanes, wallet, times, rounds):
    def prepare() -> Sequence[Call]:
        return undoings(walletapi, [sold(walletapi, wallet)] * times)

    return rounds_of(walletapi, lanes, wallet, rounds, prepare)


@when(
    sentence("{count:Count} sales of 10.00 are undone at the same moment, in {rounds:Count} rounds"),
    target_fixture="rounds",
)
def sales_are_undone(walletapi, lanes, wallet, count, rounds):
    def prepare() -> Sequence[Call]:
        return undoings(walletapi, [sold(walletapi, wallet) for _ in range(count)])

    return rounds_of(walletapi, lanes, wallet, rounds, prepare)


def sold(walletapi: WalletApi, wallet: Wallet) -> str:
    """Make a sale of 10.00 that the wallet is given the money for; answers its reference."""
    reference = fresh_reference("sale")
    walletapi.deposit(wallet, TEN)
    walletapi.sell(walletapi.sale_call(wallet, TEN, reference=reference))
    return reference


def undoings(walletapi: WalletApi, references: Sequence[str]) -> list[Call]:
    """Undo each sale, by a cancel and by a refund in turn."""
    operations = ("cancelPurchase", "refundPurchase")
    return [walletapi.undo_call(operations[turn % 2], reference) for turn, reference in enumerate(references)]


# What came of it


@then(sentence("{count:Count} of each round are accepted"))
def so_many_are_accepted(walletapi, rounds, count):
    for each in rounds:
        walletapi.recorder.note(f"{len(each.accepted)} of {len(each.outcomes)} were accepted")
    assert [len(each.accepted) for each in rounds] == [count] * len(rounds)


@then("every one is accepted")
def every_one_is_accepted(rounds):
    for outcome in (outcome for each in rounds for outcome in each.outcomes):
        assert outcome.accepted, f"{outcome.call.operation} was rejected: {outcome.summary}"


@then("the wallet is left with what the accepted ones did not take, and is not below zero")
def left_with_the_rest(rounds):
    for each in rounds:
        taken = sum(outcome.call.body["Amount"] for outcome in each.accepted)
        gifts = sum(gift_of(outcome) for outcome in each.accepted)
        due = Balances(each.before.wallet - taken + gifts, each.before.gifts - gifts)
        assert each.after == due
        assert each.later == due, f"of {LATER} that came in later, not all is there"


def gift_of(outcome: Outcome) -> Decimal:
    """What a gift paid of an accepted sale."""
    return Decimal(outcome.payload["GiftAmount"] or 0)


@then("the gifts paid and the balances after them fit an order of the accepted ones")
@judges("T-7")
def they_fit_an_order(rounds):
    for each in rounds:
        amount, uses_gifts = each.calls[0].body["Amount"], each.calls[0].body["UseGiftBalances"]
        wallet, gifts = each.before.wallet, each.before.gifts if uses_gifts else Decimal(0)
        due: Counter[tuple[Decimal, Decimal]] = Counter()
        for _ in each.accepted:
            part = min(amount, gifts)
            wallet, gifts = wallet - amount + part, gifts - part
            due[part, wallet] += 1
        came = Counter((gift_of(sale), Decimal(sale.payload["BalanceAfterTransaction"])) for sale in each.accepted)
        assert came == due


@then("each has an id and a code that no other has")
def ids_of_their_own(rounds):
    values = [outcome.payload for each in rounds for outcome in each.outcomes]
    for member in ("Id", "UniqueCode"):
        assert len({str(value[member]).lower() for value in values}) == len(values), f"{member} is not unique"


@then(sentence("each round leaves the wallet with {amount:Money} more than before"))
def each_round_leaves_more(rounds, amount):
    assert [(each.after.wallet - each.before.wallet, each.later.wallet - each.before.wallet) for each in rounds] == [
        (amount, amount)
    ] * len(rounds)


@then("each round leaves the wallet with what they make together")
def each_round_adds_up(rounds):
    due = [sum(map(made, each.calls)) for each in rounds]
    assert [each.after.wallet - each.before.wallet for each in rounds] == due
    assert [each.later.wallet - each.before.wallet for each in rounds] == due


def made(call: Call) -> Decimal:
    """What a deposit or a sale without gifts adds to the balance."""
    if call.operation == "depositByAlias":
        return call.body["Amount"]
    return call.body.get("CashbackValue", Decimal(0)) - call.body["Amount"]


@then(sentence("each round leaves its gifts at {amount:Money} more than before"))
def each_round_leaves_more_gifts(rounds, amount):
    assert [each.after.gifts - each.before.gifts for each in rounds] == [amount] * len(rounds)
