"""Users of Alfred and their balances, through the API and in the Admin UI."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from pytest_bdd import given, then, when

from harness.apis.alfred.admin import Admin
from harness.apis.alfred.client import Alfred
from harness.apis.alfred.users import User, user_of
from harness.client.unique import fresh_alias, fresh_reference
from harness.failures import WrongOutcome
from harness.gherkin.sentences import sentence
from harness.not_judged import NotJudged
from harness.verdict.plugin import judges
from steps.alfred.balances import check_balance
from steps.alfred.plain_balances import plain_balances_first

NOTHING = Decimal(0)
NewUser = Callable[[Decimal], User]
"""Creates a user with this balance."""

DIFFERENCES: dict[str, Callable[[str], str]] = {
    "is one character longer": lambda reference: reference + "0",
    "is one character shorter": lambda reference: reference[:-1],
    "differs in its last character": lambda reference: reference[:-1] + ("a" if reference[-1] != "a" else "b"),
    "differs in case": str.swapcase,
}


@pytest.fixture
def users() -> list[User]:
    """Return the users of the scenario, whose balances a rejection must not change."""
    return []


@pytest.fixture
def new_user(alfred: Alfred, users: list[User]) -> NewUser:
    def create(balance: Decimal) -> User:
        users.append(alfred.users.authenticate(fresh_reference("user")))
        alfred.funding.fund(users[-1], balance)
        return users[-1]

    return create


@pytest.fixture
def balance_shown(alfred: Alfred) -> None:
    """Skip a scenario that needs a balance if the target gives no location for it."""
    if not alfred.shows_balance:
        NotJudged.NO_LOCATORS.skip()


@given("a user", target_fixture="user")
@given(sentence("a user with a balance of {amount:Money}"), target_fixture="user")
@given("another user", target_fixture="other")
@given(sentence("another user with a balance of {amount:Money}"), target_fixture="other")
def a_user(new_user: NewUser, amount: Decimal = NOTHING) -> User:
    return new_user(amount)


@given("a user whose reference has only digits", target_fixture="user")
def a_user_with_a_number(alfred: Alfred, users: list[User]) -> User:
    users.append(alfred.users.authenticate(fresh_alias()))
    return users[-1]


@when("the platform authenticates a user", target_fixture="user")
def the_platform_authenticates_a_user(alfred: Alfred, users: list[User], new_user: NewUser) -> User:
    # If creating the purchase took a user's token, that user goes on.
    return alfred.users.authenticate(users[0].external_reference) if users else new_user(NOTHING)


@when("the platform authenticates the same user again", target_fixture="user_again")
def the_platform_authenticates_the_user_again(alfred: Alfred, user: User) -> User:
    return alfred.users.authenticate(user.external_reference)


@when("the platform authenticates the same user again, with the reference escaped in JSON", target_fixture="user_again")
def the_platform_authenticates_the_user_in_escapes(alfred: Alfred, user: User) -> User:
    call = alfred.users.authentication_call(user.external_reference).escaping("externalReferenceId")
    return user_of(user.external_reference, alfred.client.succeed(call, "A-2").payload)


@when(sentence("the platform authenticates the same user {times:Count} times"), target_fixture="users_again")
def the_platform_authenticates_the_user_often(alfred: Alfred, user: User, times: int) -> list[User]:
    return [alfred.users.authenticate(user.external_reference) for _ in range(times)]


@when(sentence("the platform authenticates {count:Count} new users"))
def the_platform_authenticates_new_users(alfred: Alfred, count: int) -> None:
    for _ in range(count):
        alfred.users.authenticate(fresh_reference("user"))


@given("the other user has come back, and has another token")
def the_other_user_has_come_back(alfred: Alfred, users: list[User], other: User) -> None:
    """``other`` keeps the earlier token. Balances are read with the new one."""
    users[users.index(other)] = alfred.users.authenticate(other.external_reference)


@then("the wallet is the same each time")
def the_wallet_is_the_same_each_time(user: User, users_again: list[User]) -> None:
    assert {again.wallet_id for again in users_again} == {user.wallet_id}


@when(
    sentence("the platform authenticates a user whose reference {differ:Difference}", Difference=DIFFERENCES),
    target_fixture="other",
)
def the_platform_authenticates_a_similar_user(alfred: Alfred, user: User, differ: Callable[[str], str]) -> User:
    return alfred.users.authenticate(differ(user.external_reference))


@then("the access token gives access to the wallet")
def the_token_gives_access(alfred: Alfred, user: User) -> None:
    assert alfred.users.account(user)


@then("the wallet is the same as before")
@judges("A-2")
def the_wallet_is_the_same(user: User, user_again: User) -> None:
    assert user_again.wallet_id == user.wallet_id


@then("the two users have different wallets")
def the_wallets_differ(user: User, other: User) -> None:
    assert other.wallet_id != user.wallet_id


@then(sentence("its balance is {amount:Money}"))
def its_balance_is(alfred: Alfred, user_again: User, balance_shown: None, amount: Decimal) -> None:
    check_balance(alfred, user_again, amount, clause="S-8")  # it is the same wallet


@then(sentence("the balance with the second token is {amount:Money}"))
def the_balance_with_the_second_token_is(
    alfred: Alfred, user_again: User, balance_shown: None, amount: Decimal
) -> None:
    check_balance(alfred, user_again, amount)


@then(sentence("the user's balance is {amount:Money}"))
@judges("F-3")
def the_balance_is(alfred: Alfred, user: User, balance_shown: None, amount: Decimal) -> None:
    check_balance(alfred, user, amount)


@then(sentence("the user's balance is {one:Money} or {another:Money}"))
@judges("S-8")
def the_balance_is_either(alfred: Alfred, user: User, balance_shown: None, one: Decimal, another: Decimal) -> None:
    check_balance(alfred, user, one, another)


@then(sentence("the user's balance, if the target shows it, is {amount:Money}"))
def the_balance_if_shown_is(alfred: Alfred, user: User, amount: Decimal) -> None:
    if not alfred.shows_balance:
        alfred.recorder.note("the balance was not compared: set [alfred.locate]")
        return
    # After a rejection, the balance was compared already. What is wrong now is a payment that is not credited.
    has_funded = any(each.request.operation == "confirmPayment" for each in alfred.recorder.scenario.story)
    check_balance(alfred, user, amount, clause="F-3" if has_funded else "")


@then(sentence("the other user's balance is {amount:Money}"))
def the_other_balance_is(alfred: Alfred, other: User, balance_shown: None, amount: Decimal) -> None:
    check_balance(alfred, other, amount)


@given(sentence("the Admin UI, if there is one, shows a balance of {amount:Money}"))
def the_admin_ui_shows_before(alfred: Alfred, admin: Admin | None, user: User, amount: Decimal) -> None:
    if admin is not None:
        check_shown(alfred, admin, user, amount)


@then(sentence("the Admin UI shows a balance of {amount:Money}"))
@judges("S-4")
def the_admin_ui_shows(alfred: Alfred, admin: Admin | None, user: User, amount: Decimal, balance_shown: None) -> None:
    if admin is None:
        NotJudged.NO_ADMIN.skip()
    check_shown(alfred, admin, user, amount)


@then(sentence("the Admin UI shows a balance of {amount:Money} for the other user"))
@judges("S-4")
def the_admin_ui_shows_the_others(
    alfred: Alfred, admin: Admin | None, other: User, amount: Decimal, balance_shown: None
) -> None:
    the_admin_ui_shows(alfred, admin, other, amount, balance_shown)


@then("the Admin UI, if there is one, shows the same balance")
def the_admin_ui_shows_the_same(alfred: Alfred, admin: Admin | None, user: User, balance_shown: None) -> None:
    if admin is None:
        alfred.recorder.note("the Admin UI was not compared: set [admin]")
    else:
        check_shown(alfred, admin, user, alfred.balance(user))


def check_shown(alfred: Alfred, admin: Admin, user: User, amount: Decimal) -> None:
    alfred.recorder.note(admin.how)
    shown = admin.balance(user.wallet_id)
    if shown != amount:
        text = f"{shown} instead of {amount} on the page {admin.address(user.wallet_id)}"
        with plain_balances_first(alfred):
            raise WrongOutcome(text, "", admin.visit(user.wallet_id))
