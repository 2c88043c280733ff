"""Calls whose JSON object has its members in another order: it is the same object."""

from pytest_bdd import then, when

from harness.client.calls import Outcome
from steps.subjects import Subject


@when("the call is sent with its members in the reverse order", target_fixture="outcome")
def the_call_is_sent_in_the_reverse_order(subject: Subject) -> Outcome:
    return subject.client.attempt(subject.fresh().in_reverse_order())


@then("it succeeds")
def it_succeeds(subject: Subject, outcome: Outcome) -> None:
    if outcome.rejected:
        raise subject.client.wrong_rejection(outcome)
