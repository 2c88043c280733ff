"""Calls that should be rejected, and must not change any balance."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ParamSpec

import pytest
from pytest_bdd import then, when

from harness.apis.alfred.client import Alfred
from harness.apis.alfred.flaws.credentials import CredentialFlaw
from harness.apis.alfred.users import User
from harness.client.calls import Call, Outcome
from harness.client.flaws import Flaw
from harness.gherkin.sentences import sentence
from steps.alfred.balances import check_balance

P = ParamSpec("P")

ATTEMPTS = 2  # a second attempt must not succeed because of the first


@dataclass(frozen=True)
class Attempt:
    """A call that should be rejected, made twice, and the balances of the scenario's users before it.

    ``valid`` is the same call without its flaw.
    """

    valid: Call
    outcomes: Sequence[Outcome]
    before: Mapping[User, Decimal]


def tries(text: str, **choices: Mapping[str, Any]) -> Callable[[Callable[P, Attempt]], Callable[P, Attempt]]:
    """Return the decorator of a When whose call should be rejected. The step returns the attempt."""
    return when(sentence(text, **choices), target_fixture="attempt")


Send = Callable[[Call, Flaw], Attempt]


@pytest.fixture
def send(alfred: Alfred, users: list[User]) -> Send:
    """Return the function that reads the balances, and then makes a call with a flaw twice."""
    due = alfred.recorder.scenario.clause

    def read_and_send(valid: Call, flaw: Flaw) -> Attempt:
        before = {user: alfred.balance(user) for user in users} if alfred.shows_balance else {}
        wrong = flaw(valid)
        return Attempt(valid, [alfred.attempt(wrong, due) for _ in range(ATTEMPTS)], before)

    return read_and_send


def keyed(alfred: Alfred, flaw: CredentialFlaw, user: User) -> Flaw:
    """Return the flaw of a credential as that of a call."""
    return lambda call: flaw(alfred.credentials, call, user)


@then("it is rejected")
def it_is_rejected(attempt: Attempt) -> None:
    for outcome in attempt.outcomes:
        outcome.check_rejected()


@then("the same call without the flaw succeeds")
def the_same_call_succeeds(alfred: Alfred, attempt: Attempt) -> None:
    """Otherwise the platform may have rejected the call for another reason than its flaw."""
    alfred.client.perform(attempt.valid)


@then("every balance is as it was")
def every_balance_is_as_it_was(alfred: Alfred, attempt: Attempt) -> None:
    if not attempt.before:
        alfred.recorder.note("balances were not compared: set [alfred.locate]")
    # What a confirmation moves although it is rejected breaks the sum (S-8): the rejection itself was right.
    clause = "S-8" if attempt.valid.operation == "confirmPurchase" else ""
    for user, before in attempt.before.items():
        check_balance(alfred, user, before, clause=clause)
