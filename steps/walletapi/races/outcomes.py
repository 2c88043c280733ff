"""The outcome of calls at the same time on one wallet."""

from collections import Counter
from decimal import Decimal

from pytest_bdd import then

from harness.apis.walletapi.client import Balances, WalletApi
from harness.causes.words import comparison
from harness.client.calls import Outcome
from harness.failures import WrongOutcome
from harness.gherkin.sentences import sentence
from harness.verdict.plugin import judges
from steps.races import check_accepted, check_wrong_ones
from steps.walletapi.races.sending import LATER, Round


@then(sentence("{count:Count} calls of each round are accepted"))
@then(sentence("{count:Count} call of each round is accepted"))
def so_many_are_accepted(walletapi: WalletApi, rounds: list[Round], count: int) -> None:
    for each in rounds:
        walletapi.recorder.note(f"{len(each.accepted)} of {len(each.outcomes)} were accepted")
    assert [len(each.accepted) for each in rounds] == [count] * len(rounds)


@then("every call is accepted")
def every_call_is_accepted(walletapi: WalletApi, rounds: list[Round]) -> None:
    check_accepted(walletapi.client, (outcome for each in rounds for outcome in each.outcomes))


@then("the sales with wrong credentials fail, and the others are accepted")
def the_wrong_ones_fail(walletapi: WalletApi, rounds: list[Round]) -> None:
    check_wrong_ones(walletapi.client, (outcome for each in rounds for outcome in each.outcomes))


@then("the balance and the gifts match the accepted sales")
def the_balances_match_the_sales(rounds: list[Round]) -> None:
    for each in rounds:
        paid = sum(sale.call.body["Amount"] - sale.call.body.get("CashbackValue", 0) for sale in each.accepted)
        gifts = sum((gift_of(sale) for sale in each.accepted), Decimal(0))
        expected = Balances(each.before.wallet - paid + gifts, each.before.gifts - gifts)
        if each.after.wallet < expected.wallet and each.after.gifts == expected.gifts:
            text = comparison("==", each.after.wallet, expected.wallet)  # nothing was spent twice
            raise WrongOutcome(text, "", None, (each.after.wallet, (expected.wallet,)), clause="M-1")
        assert each.after == expected
        assert each.later == expected, f"{LATER} came in later, and not all of it is there"


def gift_of(sale: Outcome) -> Decimal:
    """Return what gifts paid of an accepted sale."""
    return Decimal(sale.payload["GiftAmount"] or 0)


def check_not_spent_twice(each: Round) -> None:
    """WrongOutcome of M-2 if gifts paid more than there was."""
    paid = sum((gift_of(sale) for sale in each.accepted), Decimal(0))
    if paid > each.before.gifts:
        raise WrongOutcome(f"gifts paid {paid}, and there were only {each.before.gifts}", "", None, clause="M-2")


@then("the responses match one sale after another")
@judges("T-7")
def they_match_a_sequence(rounds: list[Round]) -> None:
    for each in rounds:
        check_not_spent_twice(each)
        amount, uses_gifts = each.calls[0].body["Amount"], each.calls[0].body["UseGiftBalances"]
        balance, gifts = each.before.wallet, each.before.gifts if uses_gifts else Decimal(0)
        expected: Counter[tuple[Decimal, Decimal]] = Counter()
        for _ in each.accepted:
            gift = min(amount, gifts)
            balance, gifts = balance - amount + gift, gifts - gift
            expected[gift, balance] += 1
        found = Counter((gift_of(sale), Decimal(sale.payload["BalanceAfterTransaction"])) for sale in each.accepted)
        assert found == expected


@then("all sales have different ids and codes")
def all_sales_have_different_ids(rounds: list[Round]) -> None:
    values = [outcome.payload for each in rounds for outcome in each.outcomes]
    for member in ("Id", "UniqueCode"):
        assert len({str(value[member]).lower() for value in values}) == len(values), f"{member} is not unique"


@then(sentence("each round increases the balance by {amount:Money}"))
@then(sentence("each round changes the balance by {amount:Money}"))
def each_round_increases_the_balance(rounds: list[Round], amount: Decimal) -> None:
    assert [each.after.wallet - each.before.wallet for each in rounds] == [amount] * len(rounds)
    assert [each.later.wallet - each.before.wallet for each in rounds] == [amount] * len(rounds)


@then(sentence("each round increases the gifts by {amount:Money}"))
def each_round_increases_the_gifts(rounds: list[Round], amount: Decimal) -> None:
    assert [each.after.gifts - each.before.gifts for each in rounds] == [amount] * len(rounds)
