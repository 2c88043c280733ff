"""Users of Alfred: who is authenticated, whose wallet holds what."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pytest_bdd import given, then, when

from harness.apis.alfred.client import Alfred
from harness.apis.alfred.users import User
from harness.client.references import fresh_reference
from harness.gherkin.sentences import sentence
from harness.verdict.plugin import judges


@pytest.fixture
def people() -> list[User]:
    """Everybody concerned in a scenario, whose balances a rejection must leave as they were."""
    return []


@pytest.fixture
def balance_shown(alfred: Alfred) -> None:
    """Skip a scenario that needs a balance where the target does not say where it stands."""
    if not alfred.shows_balance:
        pytest.skip("not judged: set [alfred.locate]")


def newcomer(alfred: Alfred, people: list[User], balance: Decimal = Decimal(0)) -> User:
    """A user of this scenario's own, with this much balance."""
    user = alfred.users.authenticate(fresh_reference("user"))
    people.append(user)
    alfred.funding.fund(user, balance)
    return user


@given("a user", target_fixture="user")
def a_user(alfred, people):
    return newcomer(alfred, people)


@given("another user", target_fixture="other")
def another_user(alfred, people):
    return newcomer(alfred, people)


@given(sentence("a user with a balance of {amount:Money}"), target_fixture="user")
def a_user_with_a_balance(alfred, people, amount):
    return newcomer(alfred, people, amount)


@given(sentence("another user with a balance of {amount:Money}"), target_fixture="other")
def another_user_with_a_balance(alfred, people, amount):
    return newcomer(alfred, people, amount)


@when("the platform authenticates a user", target_fixture="user")
def the_platform_authenticates_a_user(alfred, people):
    # Where the purchase took a user's token, that user is the one who goes on.
    return alfred.users.authenticate(people[0].external_reference) if people else newcomer(alfred, people)


@when("the platform authenticates the same user again", target_fixture="user_again")
def the_platform_authenticates_the_user_again(alfred, user):
    return alfred.users.authenticate(user.external_reference)


@when(sentence("the platform authenticates a user whose reference {differs}"), target_fixture="other")
def the_platform_authenticates_a_near_namesake(alfred, user, differs):
    reference = user.external_reference
    variants = {
        "is one character longer": reference + "0",
        "is one character shorter": reference[:-1],
        "differs in its last character": reference[:-1] + ("a" if reference[-1] != "a" else "b"),
        "differs in case": reference.swapcase(),
    }
    return alfred.users.authenticate(variants[differs])


@then("the response names a wallet that the access token opens")
def the_token_opens_the_wallet(alfred, user):
    assert alfred.users.account(user)


@then("the same wallet is reached")
def the_same_wallet_is_reached(user, user_again):
    assert user_again.wallet_id == user.wallet_id


@then("another wallet is reached")
def another_wallet_is_reached(user, other):
    assert other.wallet_id != user.wallet_id


@then(sentence("the balance found there is {amount:Money}"))
def the_balance_found_there_is(alfred, user_again, balance_shown, amount):
    assert alfred.balance(user_again) == amount


@then(sentence("the user's balance is {amount:Money}"))
@judges("F-3")
def the_balance_is(alfred, user, balance_shown, amount):
    assert alfred.balance(user) == amount


@then(sentence("the user's balance is {one:Money} or {another:Money}"))
def the_balance_is_either(alfred, user, balance_shown, one, another):
    assert alfred.balance(user) in (one, another)


@then(sentence("the other user's balance is {amount:Money}"))
def the_other_balance_is(alfred, other, balance_shown, amount):
    assert alfred.balance(other) == amount
