"""Wallets that are opened, or whose balances are read, at the same time."""

from decimal import Decimal

from pytest_bdd import then, when

from harness.apis.walletapi.client import Balances, Wallet, WalletApi
from harness.client.calls import Outcome
from harness.client.unique import fresh_alias
from harness.gherkin.sentences import sentence
from harness.not_judged import NotJudged
from harness.races.lanes import Lanes
from steps.races import check_accepted
from steps.walletapi.plain_sales import plain_sales_first

ROUNDS = 3
TEN = Decimal("10.00")


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
