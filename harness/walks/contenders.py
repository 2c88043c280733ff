"""Calls that are made at the same time, each with the change that a model expects of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic

from harness.client.calls import Call, Outcome
from harness.client.client import Client
from harness.walks.possibilities import REJECTION, CallOutcome, Change, State, UnexpectedResponse
from harness.walks.story import Story
from harness.walks.walker import outcome_of


@dataclass(frozen=True)
class Contender(Generic[State]):
    """A call in a race, the number of the user or wallet whose money it is about, and the change by its outcome.

    ``refusal`` is the clause by which it must be rejected, if there is one. ``must_succeed``: no order of the calls
    allows a rejection. ``follow`` is called after the race.
    """

    words: str
    owner: int
    call: Call
    change: Callable[[Outcome], Change[State]]
    refusal: str = ""
    must_succeed: bool = False
    follow: Callable[[Outcome], None] = lambda _outcome: None


Raced = Sequence[tuple[Contender[State], Outcome]]


def raced(
    client: Client, contenders: Sequence[Contender[State]], outcomes: Sequence[Outcome], story: Story
) -> Raced[State]:
    """Log the outcomes. A valid call that must succeed and was rejected breaks the clause of its operation."""
    pairs = list(zip(contenders, outcomes, strict=True))
    for contender, outcome in pairs:
        story.log(f"at the same time, {contender.words}: {outcome_of(outcome).value}")
    for contender, outcome in pairs:
        if contender.refusal and outcome.accepted:
            raise UnexpectedResponse(contender.refusal, REJECTION, "a success")
        if contender.must_succeed and outcome.rejected:
            raise client.wrong_rejection(outcome)
    return pairs


def changes(pairs: Raced[State], owner: int) -> list[tuple[Change[State], CallOutcome]]:
    """Return the changes of one user or wallet, with the outcomes of their calls."""
    return [(each.change(outcome), outcome_of(outcome)) for each, outcome in pairs if each.owner == owner]


def accepted(pairs: Raced[State], owner: int, operation: str) -> int:
    """Return how many calls of an operation were accepted of one user or wallet."""
    return sum(each.owner == owner and each.call.operation == operation and one.accepted for each, one in pairs)
