"""Hostile input to a call with a body, and what it may lead to."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pytest_bdd import then, when

from harness.client.calls import Outcome
from harness.failures import ContractViolation, Finding, UsageError
from harness.gherkin.sentences import sentence
from harness.hostile.hostile_run import CLAUSE, Trial, changed_echo, run_hostile_calls, wrong_acceptance
from harness.hostile.ill_typed import ill_typed
from harness.hostile.odd_input import ODD_INPUT
from harness.hostile.rejected_input import REJECTED_INPUT, Fresh, Hostile
from steps.subjects import Money, Subject

Kinds = Mapping[str, Callable[[Fresh], Iterator[Hostile]]]
KINDS: Mapping[str, Kinds] = {"": REJECTED_INPUT, ", and each is accepted or rejected": ODD_INPUT}


@dataclass(frozen=True)
class HostileRun:
    subject: Subject
    before: Money
    trials: Sequence[Trial]

    @property
    def expected(self) -> tuple[Money, Money]:
        """The least and the most money after the accepted calls. They differ if contract.md leaves a call open."""
        accepted = [trial.hostile.moves for trial in self.trials if trial.outcome.accepted]
        sure, unsettled = accepted.count(True), accepted.count(None)
        limits = [
            sorted((before + sure * moved, before + (sure + unsettled) * moved))
            for before, moved in zip(self.before, self.subject.moves, strict=True)
        ]
        return tuple(least for least, _ in limits), tuple(most for _, most in limits)


def send_all(subject: Subject, hostiles: Iterable[Hostile]) -> HostileRun:
    """Send the calls after one as it is documented. They are made first, because making one may move money itself."""
    calls = tuple(hostiles)
    subject.client.perform(subject.fresh())
    before = subject.money()
    if not before:
        subject.client.recorder.note("balances were not compared: set [alfred.locate]")
    return HostileRun(
        subject, before, run_hostile_calls(subject.client, calls, subject.plain, service_confirmed=bool(before))
    )


def listed(kinds: Kinds, datatable: list[list[str]], fresh: Fresh) -> Iterator[Hostile]:
    for (name,) in datatable:
        if name not in kinds:
            raise UsageError(f'"{name}" is not one of: {", ".join(kinds)}')
        yield from kinds[name](fresh)


@when(sentence("the call is sent with each of these bodies{kinds:Kinds}", Kinds=KINDS), target_fixture="hostile_run")
def the_call_is_sent_with_bodies(subject: Subject, kinds: Kinds, datatable: list[list[str]]) -> HostileRun:
    return send_all(subject, listed(kinds, datatable, subject.fresh))


@when("each member of the call is sent with every other type", target_fixture="hostile_run")
def the_call_is_sent_with_other_types(subject: Subject) -> HostileRun:
    return send_all(subject, ill_typed(subject.fresh, subject.client.contract))


@when("the call is sent once more, as documented", target_fixture="outcome")
def the_call_is_sent_as_documented(hostile_run: HostileRun) -> Outcome:
    subject = hostile_run.subject
    return subject.client.attempt(subject.as_documented(hostile_run.trials[-1].hostile.call))


@then("the platform accepts it")
def the_platform_accepts_it(subject: Subject, outcome: Outcome) -> None:
    if outcome.rejected:
        raise subject.client.wrong_rejection(outcome, subject.clause_of_plain_calls() or CLAUSE)


@then("the platform rejects all of them")
@then("the platform rejects every wrong amount")
def the_platform_rejects(hostile_run: HostileRun) -> None:
    for trial in hostile_run.trials:
        if trial.hostile.rejection_due and trial.outcome.accepted:
            raise wrong_acceptance(hostile_run.subject.client, trial)


@then("money has moved only for the accepted calls")
@then("nobody has more or less money than before")
def money_has_moved_only_for_accepted_calls(hostile_run: HostileRun) -> None:
    least, most = hostile_run.expected
    after = hostile_run.subject.money() if hostile_run.before else ()
    for low, found, high in zip(least, after, most, strict=True):
        if not low <= found <= high:
            expected = f"{low}" if low == high else f"between {low} and {high}"
            raise wrong_money(hostile_run.subject, expected, found)


def wrong_money(subject: Subject, expected: str, found: Decimal) -> ContractViolation:
    """Return the violation by a wrong balance: of X-1 only if calls as documented move what they must."""
    exchange = subject.client.recorder.scenario.last
    clause = subject.clause_of_plain_calls() or (CLAUSE if subject.moves_money_as_documented() else subject.clause)
    return subject.client.recorder.violation(clause, (Finding("the money", expected, str(found)),), exchange)


@then("the response shows the texts as they were sent")
def the_texts_are_as_they_were_sent(hostile_run: HostileRun) -> None:
    violation = changed_echo(hostile_run.subject.client, hostile_run.trials, hostile_run.subject.echo_clause)
    if violation:
        raise violation
