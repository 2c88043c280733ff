"""What a model holds for possible where contract.md, or a response that never came, leaves more than one thing so."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from typing import Generic, TypeVar

State = TypeVar("State")


class Fate(Enum):
    """What came of a call. One that was not answered may have been processed, may be later, or never."""

    ACCEPTED = "accepted"
    REFUSED = "rejected"
    UNANSWERED = "not answered"


Change = Callable[[State, Fate], Iterable[State]]
"""What a state may become by a call that was ACCEPTED or REFUSED; nothing where it may not be."""


class SurpriseError(Exception):
    """A response that no reading of contract.md allows: the clause it breaks, what was due, and what came."""

    def __init__(self, clause: str, due: str, came: str) -> None:
        """All three in words for people."""
        super().__init__(f"{clause}: due was {due}, and what came is {came}")
        self.clause = clause
        self.due = due
        self.came = came


class Possibilities(Generic[State]):
    """The states that something may be in. A response that fits none of them changes nothing here."""

    def __init__(self, state: State) -> None:
        """One state, known."""
        # Each with the numbers of the calls without a response that brought it about.
        self._held: frozenset[tuple[State, frozenset[int]]] = frozenset({(state, frozenset())})
        self._without_response: list[Change[State]] = []

    @property
    def states(self) -> frozenset[State]:
        """Each of them, those included that calls without a response may have brought about by now."""
        return frozenset(state for state, _ in self._possible())

    def become(self, change: Change[State], fate: Fate) -> bool:
        """Change by a call; False where no state can have answered so."""
        if fate is Fate.UNANSWERED:
            self._without_response.append(change)
            return True
        after = frozenset((became, come) for state, come in self._possible() for became in change(state, fate))
        self._held = after or self._held
        return bool(after)

    def keep(self, fits: Callable[[State], bool]) -> bool:
        """Keep the states that fit what was read; False where none does."""
        fitting = frozenset(held for held in self._possible() if fits(held[0]))
        self._held = fitting or self._held
        return bool(fitting)

    def _possible(self) -> frozenset[tuple[State, frozenset[int]]]:
        # In whatever order they come into force, and each once.
        possible = self._held
        for _ in self._without_response:
            possible |= {
                (after, come | {number})
                for number, change in enumerate(self._without_response)
                for state, come in possible
                if number not in come
                for after in change(state, Fate.ACCEPTED)
            }
        return possible
