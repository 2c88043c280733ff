"""Logins and creations at the same moment: what must be one, and what must be as many as there were calls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pytest_bdd import then, when

from harness.apis.alfred.client import Alfred
from harness.apis.alfred.purchases import Purchase
from harness.apis.alfred.users import User, user_of
from harness.client.references import fresh_reference
from harness.gherkin.sentences import sentence
from steps.alfred.races import raced

if TYPE_CHECKING:
    from harness.races.lanes import Lanes  # httpcore is slow to import, and only a race needs it


@when(
    sentence("{count:Count} first logins of one reference arrive at the same moment, for {rounds:Count} references"),
    target_fixture="logins",
)
def first_logins_of_one(alfred, lanes, user, count, rounds):
    references = [fresh_reference("user") for _ in range(rounds)]
    return [_logged_in(alfred, lanes, user, [reference] * count) for reference in references]


@when(
    sentence("first logins of {count:Count} references arrive at the same moment, {rounds:Count} times"),
    target_fixture="logins",
)
def first_logins_of_many(alfred, lanes, user, count, rounds):
    return [_logged_in(alfred, lanes, user, [fresh_reference("user") for _ in range(count)]) for _ in range(rounds)]


def _logged_in(alfred: Alfred, lanes: Lanes, user: User, references: Sequence[str]) -> list[User]:
    outcomes = raced(lanes, alfred, user, [alfred.users.authentication_call(reference) for reference in references])
    for outcome in outcomes:
        if outcome.rejected:
            raise alfred.client.wrong_rejection(outcome)
    return [user_of(name, outcome.payload) for name, outcome in zip(references, outcomes, strict=True)]


@then("each reference has reached one wallet, and reaches it still")
def each_reference_reached_one(alfred, logins):
    for users in logins:
        wallets = {user.wallet_id for user in users}
        assert wallets == {alfred.users.authenticate(users[0].external_reference).wallet_id}


@then("each reference has reached a wallet with an account of its own")
def each_reference_reached_its_own(alfred, logins):
    users = [user for users in logins for user in users]
    assert len({user.wallet_id for user in users}) == len(users)
    assert len({alfred.users.account(user) for user in users}) == len(users)


@when(
    sentence("the shop creates {count:Count} purchases of {amount:Money} at the same moment, {rounds:Count} times"),
    target_fixture="purchases",
)
def purchases_are_created(alfred, lanes, user, count, amount, rounds):
    outcomes = [
        outcome
        for _ in range(rounds)
        for outcome in raced(lanes, alfred, user, [alfred.purchases.creation_call(amount, user)] * count)
    ]
    for outcome in outcomes:
        if outcome.rejected:
            raise alfred.client.wrong_rejection(outcome)
    return [Purchase(outcome.payload["id"], amount) for outcome in outcomes]
