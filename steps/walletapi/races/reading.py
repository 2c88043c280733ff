"""The balances of two wallets, read at the same time."""

from pytest_bdd import then, when

from harness.apis.walletapi.client import Balances, Wallet, WalletApi
from harness.client.calls import Outcome
from harness.gherkin.sentences import sentence
from harness.races.lanes import Lanes
from steps.races import check_accepted
from steps.walletapi.plain_sales import plain_sales_first

ROUNDS = 3


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
