"""Hostile input: what is sent to each call that takes a body, and what may come of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pytest_bdd import given, then, when

from harness.gherkin.sentences import sentence
from harness.hostile.hostile_run import Trial, accepted_wrongly, changed_texts, endure
from harness.hostile.ill_typed import ill_typed
from harness.hostile.odd_input import EITHER
from harness.hostile.rejected_input import REFUSED, Fresh, Hostile
from steps.subjects import ALFRED, WALLETAPI, Holdings, Subject


@dataclass(frozen=True)
class Ordeal:
    """What a subject's call went through: each trial, and what those concerned held before."""

    subject: Subject
    before: Holdings
    trials: Sequence[Trial]


def put_through(subject: Subject, hostiles: Iterator[Hostile]) -> Ordeal:
    """Make the calls ready, read what is held, then send them: making them ready may move money itself."""
    ready = tuple(hostiles)
    before = subject.holdings()
    if not before:
        subject.client.recorder.note("balances were not compared: set [alfred.locate]")
    trials = endure(subject.client, ready, subject.plain, service_confirmed=bool(before))
    return Ordeal(subject, before, trials)


def due(ordeal: Ordeal) -> tuple[Holdings, Holdings]:
    """The least and the most that may be held, for what was taken: both are the same but where it is unsettled."""
    taken = [trial.hostile.moves for trial in ordeal.trials if trial.outcome.accepted]
    sure, open_ = taken.count(True), taken.count(None)
    ends = [
        sorted((held + sure * moved, held + (sure + open_) * moved))
        for held, moved in zip(ordeal.before, ordeal.subject.moves, strict=True)
    ]
    return tuple(low for low, _ in ends), tuple(high for _, high in ends)


@given(sentence("the user's call for {action}"), target_fixture="subject")
def the_users_call(alfred, user, action):
    return ALFRED[action](alfred, user)


@given(sentence("the wallet's call for {action}"), target_fixture="subject")
def the_wallets_call(walletapi, wallet, action):
    return WALLETAPI[action](walletapi, wallet)


@when(sentence("it is sent with {flaws}"), target_fixture="ordeal")
def it_is_sent_with(subject, flaws):
    return put_through(subject, each_of(REFUSED, flaws, subject.fresh))


@when(sentence("it is sent, if oddly, with {oddities}"), target_fixture="ordeal")
def it_is_sent_oddly(subject, oddities):
    return put_through(subject, each_of(EITHER, oddities, subject.fresh))


def each_of(kinds: Mapping[str, Callable[[Fresh], Iterator[Hostile]]], named: str, fresh: Fresh) -> Iterator[Hostile]:
    """The hostile calls of every kind that a row names, after one another."""
    for name in named.split(", "):
        yield from kinds[name](fresh)


@when("its members are sent with every other type", target_fixture="ordeal")
def it_is_sent_with_ill_typed_members(subject):
    return put_through(subject, ill_typed(subject.fresh, subject.client.contract))


@then("the platform rejects it")
@then("the platform rejects what is no amount")
def the_platform_rejects(ordeal):
    for trial in ordeal.trials:
        if trial.hostile.rejection_due and trial.outcome.accepted:
            raise accepted_wrongly(ordeal.subject.client, trial)


@then("money has moved only for what it took")
@then("nobody holds more or less than before")
def money_has_moved_only_for_what_was_taken(ordeal):
    least, most = due(ordeal)
    after = ordeal.subject.holdings() if ordeal.before else ()
    for low, held, high in zip(least, after, most, strict=True):
        expected = f"{low}" if low == high else f"between {low} and {high}"
        assert low <= held <= high, f"{held} is held after it, where {expected} is due"


@then("what it shows of it is as it was sent")
def it_shows_what_was_sent(ordeal):
    for trial in ordeal.trials:
        violation = changed_texts(ordeal.subject.client, trial)
        if violation:
            raise violation


@then("the call goes through when it is sent as documented")
def the_call_goes_through(ordeal):
    subject: Subject = ordeal.subject
    outcome = subject.client.attempt(subject.again(ordeal.trials[-1].hostile.call))
    if outcome.rejected:
        raise subject.client.wrong_rejection(outcome, "X-1")
