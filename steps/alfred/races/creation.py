"""Authentications and new purchases at the same time."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from pytest_bdd import then, when

from harness.apis.alfred.client import Alfred
from harness.apis.alfred.purchases import Purchase
from harness.apis.alfred.users import User, user_of
from harness.client.calls import Call, Outcome
from harness.client.unique import fresh_reference
from harness.gherkin.sentences import sentence
from steps.alfred.races.sending import SendTogether

ROUNDS = 4
STEP = Decimal("10.00")


def send_valid(alfred: Alfred, send_together: SendTogether, user: User, calls: Sequence[Call]) -> list[Outcome]:
    """Send calls that must succeed. A response that is not even a rejection breaks the clause of their operation."""
    operations = alfred.client.contract.operations
    outcomes = send_together(user, [replace(call, refusal=operations[call.operation].clause) for call in calls])
    for outcome in outcomes:
        if outcome.rejected:
            raise alfred.client.wrong_rejection(outcome)
    return outcomes


def authenticate(alfred: Alfred, send_together: SendTogether, user: User, references: Sequence[str]) -> list[User]:
    calls = [alfred.users.authentication_call(reference) for reference in references]
    outcomes = send_valid(alfred, send_together, user, calls)
    return [user_of(reference, outcome.payload) for reference, outcome in zip(references, outcomes, strict=True)]


@when(
    sentence("the platform authenticates a new user {times:Count} times at the same time"),
    target_fixture="authenticated",
)
@when(sentence("the platform authenticates {count:Count} new users at the same time"), target_fixture="authenticated")
def new_users_are_authenticated(
    alfred: Alfred, send_together: SendTogether, user: User, count: int = 1, times: int = 1
) -> list[list[User]]:
    references = [[fresh_reference("user") for _ in range(count)] * times for _ in range(ROUNDS)]
    return [authenticate(alfred, send_together, user, each) for each in references]


@then("each reference has reached one wallet, and still reaches it")
def each_reference_reaches_one_wallet(alfred: Alfred, authenticated: list[list[User]]) -> None:
    for users in authenticated:
        check_a_token(alfred, users)
        again = alfred.users.authenticate(users[0].external_reference)
        assert {user.wallet_id for user in users} == {again.wallet_id}


@when("they all authenticate again at the same time", target_fixture="again")
def they_authenticate_again(
    alfred: Alfred, send_together: SendTogether, authenticated: list[list[User]]
) -> list[list[User]]:
    return [
        authenticate(alfred, send_together, users[0], [user.external_reference for user in users])
        for users in authenticated
    ]


@then("each of them has reached the same wallet as before")
def each_has_reached_the_same_wallet(alfred: Alfred, authenticated: list[list[User]], again: list[list[User]]) -> None:
    for before, after in zip(authenticated, again, strict=True):
        assert [user.wallet_id for user in after] == [user.wallet_id for user in before]
        for user in after:
            alfred.users.account(user)


def check_a_token(alfred: Alfred, users: Sequence[User]) -> None:
    """Check that a token gives access. contract.md leaves open whether a token works after the next one is issued."""
    outcomes = (alfred.attempt(alfred.users.wallet_call(user)) for user in users)
    rejected = [outcome for outcome in outcomes if outcome.rejected]
    if len(rejected) == len(users):
        raise alfred.client.wrong_rejection(rejected[0])


@then("each reference has reached a different wallet with a different account")
def each_reference_reaches_its_own_wallet(alfred: Alfred, authenticated: list[list[User]]) -> None:
    users = [user for each in authenticated for user in each]
    wallets = {user.wallet_id for user in users}
    assert len(wallets) == len(users), f"{len(users)} references have only {len(wallets)} wallets"
    accounts = {alfred.users.account(user) for user in users}
    assert len(accounts) == len(users), f"{len(users)} wallets have only {len(accounts)} accounts"


@when("each wallet is read, all at the same time", target_fixture="accounts")
def wallets_are_read(
    alfred: Alfred, send_together: SendTogether, authenticated: list[list[User]]
) -> list[tuple[User, str]]:
    found = []
    for users in authenticated:
        outcomes = send_valid(alfred, send_together, users[0], [alfred.users.wallet_call(user) for user in users])
        found += [(user, outcome.payload["walletAccountId"]) for user, outcome in zip(users, outcomes, strict=True)]
    return found


@then("each wallet has returned its own account")
def each_wallet_has_returned_its_account(alfred: Alfred, accounts: list[tuple[User, str]]) -> None:
    for user, account in accounts:
        assert account == alfred.users.account(user)


@when(
    sentence("the shop creates {count:Count} purchases of {amount:Money} at the same time"), target_fixture="purchases"
)
def purchases_are_created(
    alfred: Alfred, send_together: SendTogether, user: User, count: int, amount: Decimal
) -> list[Purchase]:
    calls = [alfred.purchases.creation_call(amount, user)] * count
    outcomes = [outcome for _ in range(ROUNDS) for outcome in send_valid(alfred, send_together, user, calls)]
    return [Purchase(outcome.payload["id"], amount) for outcome in outcomes]


@when(
    sentence("the shop creates {count:Count} purchases of different amounts at the same time"),
    target_fixture="purchases",
)
def different_purchases_are_created(
    alfred: Alfred, send_together: SendTogether, user: User, count: int
) -> list[Purchase]:
    amounts = [STEP * number for number in range(1, count + 1)]
    calls = [alfred.purchases.creation_call(amount, user) for amount in amounts]
    outcomes = send_valid(alfred, send_together, user, calls)
    return [Purchase(outcome.payload["id"], amount) for outcome, amount in zip(outcomes, amounts, strict=True)]


@then("a session on each of them shows its own amount")
def each_session_shows_its_amount(alfred: Alfred, user: User, purchases: list[Purchase], balance_shown: None) -> None:
    """``Purchases.open_session`` compares the sum of the two parts with the amount (S-1)."""
    for purchase in purchases:
        alfred.purchases.open_session(purchase, user)
