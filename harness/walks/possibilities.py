"""The states that a model considers possible: several if contract.md allows a choice or a response was lost."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from typing import Any, Final, Generic, TypeVar

from harness.failures import Finding

State = TypeVar("State")
REJECTION: Final = "a rejection"


class CallOutcome(Enum):
    """The outcome of a call. A call without a response may have been processed, may be later, or never."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    NO_RESPONSE = "no response"


Change = Callable[[State, CallOutcome], Iterable[State]]
"""Returns the states that a state may become by a call that was ACCEPTED or REJECTED; none if that is impossible."""


def unchanged(state: State, _outcome: CallOutcome) -> Iterable[State]:
    return (state,)


def must_be_rejected(state: State, outcome: CallOutcome) -> Iterable[State]:
    """The change by a call that must be rejected, and changes nothing."""
    return () if outcome is CallOutcome.ACCEPTED else (state,)


class UnexpectedResponse(Exception):
    """A response that no reading of contract.md allows; ``expected`` and ``received`` are words for people.

    ``compared`` is the same in values, if there are any: what was received, and everything that is allowed.
    """

    def __init__(
        self, clause: str, expected: str, received: str, compared: tuple[Any, tuple[Any, ...]] | None = None
    ) -> None:
        super().__init__(f"{clause}: expected {expected}, received {received}")
        self.clause = clause
        self.expected = expected
        self.received = received
        self.compared = compared

    def finding(self, where: str) -> Finding:
        """Return what to report; ``where`` says who has expected something else."""
        outcome = "rejected" if self.expected == REJECTION else "accepted" if self.received == REJECTION else ""
        return Finding(where, self.expected, self.received, outcome=outcome, compared=self.compared)


class Possibilities(Generic[State]):
    """The possible states of a user or a wallet. A response that fits none of them does not change them."""

    def __init__(self, state: State) -> None:
        # Each state with the numbers of the lost calls that led to it.
        self._states: frozenset[tuple[State, frozenset[int]]] = frozenset({(state, frozenset())})
        self._lost_calls: list[Change[State]] = []

    @property
    def states(self) -> frozenset[State]:
        """All possible states, including those that lost calls may have led to by now."""
        return frozenset(state for state, _ in self._possible())

    def become(self, change: Change[State], outcome: CallOutcome, clause: str, *, if_rejected: str = "") -> None:
        """Apply a call. UnexpectedResponse of ``clause`` if no state allows its outcome.

        ``if_rejected`` is the clause of an unexpected rejection, if it is another one.
        """
        if outcome is CallOutcome.NO_RESPONSE:
            self._lost_calls.append(change)
            return
        after = frozenset((new, calls) for state, calls in self._possible() for new in change(state, outcome))
        if not after and outcome is CallOutcome.ACCEPTED:
            raise UnexpectedResponse(clause, REJECTION, "a success")
        if not after:
            raise UnexpectedResponse(if_rejected or clause, "a success: the call is as documented", REJECTION)
        self._states = after

    def become_together(
        self, calls: Sequence[tuple[Change[State], CallOutcome]], clause: str, *, if_rejected: str = ""
    ) -> None:
        """Apply calls that were made at the same time, in any order. UnexpectedResponse if no order explains them.

        It breaks ``clause``, or ``if_rejected`` if some order explains all calls but those that were rejected.
        """
        if not self._apply_together(calls):
            accepted = [each for each in calls if each[1] is not CallOutcome.REJECTED]
            is_rejection = if_rejected and len(accepted) < len(calls) and self._apply_together(accepted)
            what = "responses that some order of the calls explains"
            raise UnexpectedResponse(if_rejected if is_rejection else clause, what, "others")

    def _apply_together(self, calls: Sequence[tuple[Change[State], CallOutcome]]) -> bool:
        """Apply calls in every order. False, and no change, if none explains them."""
        # What is reached by each set of calls; bit n is set if call n is in the set.
        reached: dict[int, set[tuple[State, frozenset[int]]]] = defaultdict(set, {0: set(self._possible())})
        for made in range(1 << len(calls)):
            for number, (change, outcome) in enumerate(calls):
                if not made & 1 << number:
                    reached[made | 1 << number] |= {
                        (new, lost) for state, lost in reached[made] for new in change(state, outcome)
                    }
        after = frozenset(reached[(1 << len(calls)) - 1])
        self._states = after or self._states
        return bool(after)

    def keep(self, fits: Callable[[State], bool]) -> bool:
        """Keep the states that fit what was read. False if none does."""
        fitting = frozenset(each for each in self._possible() if fits(each[0]))
        self._states = fitting or self._states
        return bool(fitting)

    def _possible(self) -> frozenset[tuple[State, frozenset[int]]]:
        # Lost calls may take effect in any order, each once.
        possible = self._states
        for _ in self._lost_calls:
            possible |= {
                (after, calls | {number})
                for number, change in enumerate(self._lost_calls)
                for state, calls in possible
                if number not in calls
                for after in change(state, CallOutcome.ACCEPTED)
            }
        return possible
