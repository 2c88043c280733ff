"""Calls whose body is written in another way, and is the same JSON object."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

import simplejson
from pytest_bdd import then, when

from harness.client.calls import Outcome
from harness.gherkin.sentences import sentence
from harness.wire.messages import encoded, in_escapes
from steps.subjects import Subject


def _reversed(value: Any) -> Any:
    return {name: _reversed(value[name]) for name in reversed(value)} if isinstance(value, dict) else value


def _escaped(value: Any) -> str:
    """Return the JSON of a value, with its texts in escapes."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{encoded(name).decode()}: {_escaped(one)}" for name, one in value.items()) + "}"
    return in_escapes(value) if isinstance(value, str) else encoded(value).decode()


JSON_FORMS: Final[Mapping[str, Callable[[Any], bytes]]] = {
    "its members in the reverse order": lambda body: encoded(_reversed(body)),
    "its texts in escapes of JSON": lambda body: _escaped(body).encode(),
    "line breaks and blanks between its members": lambda body: simplejson.dumps(
        body, use_decimal=True, indent="    "
    ).encode(),
}


@when(sentence("the call is sent with {form:Form}", Form=JSON_FORMS), target_fixture="outcome")
def the_call_is_sent_in_a_form(subject: Subject, form: Callable[[Any], bytes]) -> Outcome:
    call = subject.fresh()
    return subject.client.attempt(replace(call, raw=form(call.body)))


@then("it succeeds")
def it_succeeds(subject: Subject, outcome: Outcome) -> None:
    if outcome.rejected:
        raise subject.client.wrong_rejection(outcome)
