"""The call that a scenario is about, ready to be sent as documented, with what it moves if it is accepted."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from harness.client.calls import Call
from harness.client.client import Client
from harness.hostile.rejected_input import Fresh

Money = tuple[Decimal, ...]
"""A user's balance, or a wallet's balance and gifts; empty if the target does not show it."""


@dataclass(frozen=True)
class Subject:
    """``fresh`` returns a new call. An accepted call adds ``moves`` to ``money``. ``plain`` is a call that must work.

    ``clause`` requires that a call, as documented, moves just that. ``echo_clause`` requires that the response shows
    the texts as they were sent. ``clause_of_plain_calls`` returns the clause that the plainest calls break, or nothing.
    ``repeatable`` if a call may be sent twice: contract.md leaves open whether an
    ExternalReference may be repeated.
    """

    client: Client
    plain: Call
    fresh: Fresh
    money: Callable[[], Money]
    moves: Money
    clause: str
    clause_of_plain_calls: Callable[[], str]
    echo_clause: str = "X-1"
    repeatable: bool = True

    def moves_money_as_documented(self) -> bool:
        """Return whether a call as documented, which this sends, moves what it must. True if it is rejected."""
        call = self.fresh()
        before = self.money()
        expected = tuple(amount + moved for amount, moved in zip(before, self.moves, strict=True))
        return self.client.attempt(call).rejected or self.money() == expected

    def as_documented(self, sent: Call) -> Call:
        """Return a call as it is documented: the one that was sent wrongly, if it is repeatable."""
        if self.repeatable:
            return replace(sent, raw=None, content_type="application/json", proper=True, bare=False)
        return self.fresh()
