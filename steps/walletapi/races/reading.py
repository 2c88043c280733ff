"""Several wallets at the same time: opened, sold from, or their balances read."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from pytest_bdd import then, when

from harness.apis.walletapi.client import Balances, Wallet, WalletApi
from harness.client.calls import Call, Outcome
from harness.client.unique import fresh_alias
from harness.gherkin.sentences import sentence
from harness.not_judged import NotJudged
from harness.races.lanes import Lanes
from steps.races import check_accepted
from steps.walletapi.plain_sales import plain_sales_first
from steps.walletapi.races.sending import FIVE, Racer, Round, make_sale, undoings

ROUNDS = 3
TEN = Decimal("10.00")


def sale_of_ten(racer: Racer) -> Call:
    racer.walletapi.deposit(racer.wallet, TEN)
    return racer.walletapi.sale_call(racer.wallet, TEN)


BESIDE: Mapping[str, Callable[[Racer], Call]] = {
    "a deposit of 10.00": lambda racer: racer.walletapi.deposit_call(racer.wallet, TEN),
    "a sale of 10.00": sale_of_ten,
    "a cancel of a sale of 10.00": lambda racer: undoings(racer, [make_sale(racer)])[0],
}


@when(
    sentence("the merchant makes {call:Beside} while the balances are read {times:Count} times", Beside=BESIDE),
    target_fixture="rounds",
)
def a_call_is_made_beside_readings(racer: Racer, call: Callable[[Racer], Call], times: int) -> list[Round]:
    reading = racer.walletapi.balances_call(racer.wallet.alias)
    return racer.run(lambda: [reading, call(racer), *[reading] * (times - 1)])


@when(
    sentence(
        "the merchant tries {count:Count} sales of more than there is while the balances are read {times:Count} times"
    ),
    target_fixture="rounds",
)
def sales_are_tried_beside_readings(racer: Racer, count: int, times: int) -> list[Round]:
    reading = racer.walletapi.balances_call(racer.wallet.alias)

    def prepare() -> list[Call]:
        too_much = racer.walletapi.balances(racer.wallet).wallet + TEN
        return [racer.walletapi.sale_call(racer.wallet, too_much)] * count + [reading] * times

    return racer.run(prepare)


@then("no sale is accepted, and each reading shows what was there before")
def no_sale_is_accepted(walletapi: WalletApi, rounds: list[Round]) -> None:
    for each in rounds:
        sales = [outcome for outcome in each.outcomes if outcome.call.operation == "purchaseByAlias"]
        for outcome in sales:
            outcome.check_rejected()
        read = [outcome for outcome in each.outcomes if outcome not in sales]
        check_accepted(walletapi.client, read)
        with plain_sales_first(walletapi):
            assert {Balances.of(outcome.payload) for outcome in read} == {each.before}


@when(sentence("the balances of each wallet are read {times:Count} times, all at the same time"), target_fixture="read")
def the_balances_are_read(
    walletapi: WalletApi, lanes: Lanes, wallet: Wallet, other_wallet: Wallet, times: int
) -> list[Outcome]:
    calls = [walletapi.balances_call(each.alias) for each in (wallet, other_wallet)] * times
    return [outcome for _ in range(ROUNDS) for outcome in lanes.race(walletapi.client, calls, warm=calls[0])]


@then("each response shows the balances of its own wallet")
def each_response_shows_its_own_wallet(
    walletapi: WalletApi, wallet: Wallet, other_wallet: Wallet, read: list[Outcome]
) -> None:
    check_accepted(walletapi.client, read)
    expected = {each.alias: walletapi.balances(each) for each in (wallet, other_wallet)}
    with plain_sales_first(walletapi):
        for outcome in read:
            assert Balances.of(outcome.payload) == expected[outcome.call.query["alias"]]


@when(
    sentence(
        "the merchant makes {times:Count} sales of 5.00 that may use gifts from each wallet, all at the same time"
    ),
    target_fixture="sold",
)
def each_wallet_sells(
    walletapi: WalletApi, lanes: Lanes, wallet: Wallet, other_wallet: Wallet, times: int
) -> list[tuple[Wallet, Outcome]]:
    sellers, warm = [wallet, other_wallet] * times, walletapi.balances_call(wallet.alias)
    sold: list[tuple[Wallet, Outcome]] = []
    for _ in range(ROUNDS):
        calls = [walletapi.sale_call(each, FIVE, gifts=True) for each in sellers]
        sold += zip(sellers, lanes.race(walletapi.client, calls, warm=warm), strict=True)
    check_accepted(walletapi.client, (outcome for _, outcome in sold))
    return sold


@then("each sale names its own wallet")
def each_sale_names_its_own_wallet(sold: list[tuple[Wallet, Outcome]]) -> None:
    named = [str(outcome.payload["WalletId"]).lower() for _, outcome in sold]
    assert named == [wallet.wallet_id.lower() for wallet, _ in sold]


@when(
    sentence("the owner opens {count:Count} wallets at the same time, and deposits on each"), target_fixture="expected"
)
def wallets_are_opened(walletapi: WalletApi, lanes: Lanes, count: int) -> dict[Wallet, Decimal]:
    if not walletapi.target.owner_id:
        NotJudged.NO_OWNER.skip()
    expected: dict[Wallet, Decimal] = {}
    for _ in range(ROUNDS):
        aliases = [fresh_alias() for _ in range(count)]
        calls = [walletapi.wallet_call(alias) for alias in aliases]
        outcomes = lanes.race(walletapi.client, calls, warm=walletapi.wallet_call(fresh_alias()))
        check_accepted(walletapi.client, outcomes)
        opened = [Wallet(outcome.payload["Id"], alias) for alias, outcome in zip(aliases, outcomes, strict=True)]
        for number, wallet in enumerate(opened, start=1):
            walletapi.deposit(wallet, number * TEN)
            expected[wallet] = number * TEN
    return expected


@then("each wallet has its own deposit")
def each_wallet_has_its_own_deposit(walletapi: WalletApi, expected: dict[Wallet, Decimal]) -> None:
    with plain_sales_first(walletapi):
        assert [walletapi.balances(wallet).wallet for wallet in expected] == list(expected.values())
