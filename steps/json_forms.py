"""Calls whose body is written in another way, and is the same JSON object."""

from collections.abc import Callable

from pytest_bdd import then, when

from harness.client.calls import Call, Outcome
from harness.client.json_forms import JSON_FORMS
from harness.gherkin.sentences import sentence
from steps.subjects import Subject


@when(sentence("the call is sent with {form:Form}", Form=JSON_FORMS), target_fixture="outcome")
def the_call_is_sent_in_a_form(subject: Subject, form: Callable[[Call], Call]) -> Outcome:
    return subject.client.attempt(form(subject.fresh()))


@then("it succeeds")
def it_succeeds(subject: Subject, outcome: Outcome) -> None:
    if outcome.rejected:
        raise subject.client.wrong_rejection(outcome)
