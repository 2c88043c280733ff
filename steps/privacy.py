"""What no response may reveal: each call is sent in a way that a careless platform would say too much about."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial

from pytest_bdd import then, when

from harness.client.calls import Call
from harness.client.similar_texts import made_up
from harness.contract.contract import Operation, documented
from harness.gherkin.sentences import sentence
from harness.hostile.hostile_run import run_hostile_calls
from harness.hostile.odd_input import null_byte
from harness.hostile.rejected_input import not_json
from steps.subjects import Subject

Sent = Callable[[Call], Iterator[Call]]
Due = Callable[[Operation], str]
"""Returns the clause by which a call that is sent in a way must be rejected."""

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


def without_an_id(call: Call) -> Iterator[Call]:
    """Leave out the id that the call names something by, or leave it empty. In a path, it would be another address."""
    name = documented().operations[call.operation].names
    if name in call.query:
        # A web server may reject such an address itself: any 4xx is a rejection.
        for query in ({}, {name: ""}):
            yield replace(call, query=query, proper=False, hostile="an address without its id", drastic=True)
    elif name not in call.path:
        yield call.lacking(name)
        yield call.having({name: ""})


def with_a_null_character(call: Call) -> Iterator[Call]:
    """A web server may reject such an address itself: any 4xx is a rejection."""
    for each in for_an_unknown_id(call, more="\0"):
        yield replace(each, hostile="a null character in an id", drastic=True)


def without_server_error(_operation: Operation) -> str:
    """A 5xx to a second call, or to hostile input, breaks X-1, and reveals nothing by itself."""
    return "X-1"


WAYS: Mapping[str, tuple[Sent, Due]] = {
    "as documented": (as_documented, without_server_error),
    "with an unknown credential": (
        with_unknown_credentials,
        lambda operation: operation.credential_clause or "X-1",
    ),
    "for an unknown id": (for_an_unknown_id, lambda operation: operation.unknown_clause),
    "without an id": (without_an_id, without_server_error),
    "for an unknown id with a quote": (partial(for_an_unknown_id, more="'"), without_server_error),
    "for an unknown id with a null character": (with_a_null_character, without_server_error),
}


@when(sentence("the call is sent {way:Way}", Way=WAYS))
def the_call_is_sent(subject: Subject, way: tuple[Sent, Due]) -> None:
    sent, due = way
    for number, call in enumerate(sent(subject.fresh())):
        is_plain = sent is as_documented and number == 0
        clause = due(documented().operations[call.operation])
        subject.client.attempt(call, "" if is_plain else clause)


@when("the call is sent with bodies that break a parser or a database")
def the_call_is_sent_broken(subject: Subject) -> None:
    for bodies in (not_json, null_byte):
        run_hostile_calls(subject.client, bodies(subject.fresh), subject.plain)


@then("no response has revealed a credential or internals")
def no_response_reveals(subject: Subject) -> None:
    for violation in subject.client.recorder.scenario.violations:
        raise violation
