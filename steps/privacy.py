"""What no response may reveal: each call is sent in a way that a careless platform would say too much about."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial

from pytest_bdd import then, when

from harness.client.calls import Call, made_up
from harness.contract.contract import documented
from harness.gherkin.sentences import sentence
from harness.hostile.hostile_run import run_hostile_calls
from harness.hostile.odd_input import null_byte
from harness.hostile.rejected_input import not_json
from steps.subjects import Subject

Way = Callable[[Call], Iterator[Call]]

TO_BE_ESCAPED = '"<&/\\>'


def as_documented(call: Call) -> Iterator[Call]:
    """Twice: the second call may name something that exists by then."""
    yield from (call, call)


def with_unknown_credentials(call: Call) -> Iterator[Call]:
    """Make up each credential, also with characters that a response would have to escape."""
    for name, value in call.credentials:
        scheme, blank, secret = value.rpartition(" ")
        for unknown in (made_up(secret), made_up(secret) + TO_BE_ESCAPED):
            others = tuple(header for header in call.credentials if header[0] != name)
            yield call.carrying((*others, (name, f"{scheme}{blank}{unknown}")))


def for_an_unknown_id(call: Call, more: str = "") -> Iterator[Call]:
    """Make up the id that the call names something by, in its path, its query or its body."""
    name = documented().operations[call.operation].names
    if name in call.path:
        yield call.to(**{name: made_up(call.path[name]) + more})
    elif name in call.query:
        yield replace(call, query={name: made_up(call.query[name]) + more}, proper=False)
    else:
        yield call.having({name: made_up(call.body[name]) + more})


WAYS: Mapping[str, Way] = {
    "as documented": as_documented,
    "with an unknown credential": with_unknown_credentials,
    "for an unknown id": for_an_unknown_id,
    "for an unknown id with a quote": partial(for_an_unknown_id, more="'"),
}


@when(sentence("the call is sent {way:Way}", Way=WAYS))
def the_call_is_sent(subject: Subject, way: Way) -> None:
    for number, call in enumerate(way(subject.fresh())):
        # A 5xx to a call with a flaw, or to a second one, breaks X-1, and reveals nothing by itself.
        is_plain = way is as_documented and number == 0
        subject.client.attempt(call, "" if is_plain else "X-1")


@when("the call is sent with bodies that break a parser or a database")
def the_call_is_sent_broken(subject: Subject) -> None:
    for bodies in (not_json, null_byte):
        run_hostile_calls(subject.client, bodies(subject.fresh), subject.plain)


@then("no response has revealed a credential or internals")
def no_response_reveals(subject: Subject) -> None:
    for violation in subject.client.recorder.scenario.violations:
        raise violation
