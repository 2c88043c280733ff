"""Reading balances again that other scenarios of the run have read before."""

from collections.abc import Callable
from decimal import Decimal
from math import ceil

from harness.budget.depth import Depth
from harness.causes.words import comparison
from harness.client.record import LastBalances, Owner, Recorder
from harness.failures import WrongOutcome

QUICK = 200  # balances, about


def check_last_balances(
    recorder: Recorder, balances: LastBalances[Owner], read: Callable[[Owner], Decimal], depth: Depth
) -> None:
    """Read balances again, and compare them. A quick run reads some of them, evenly spread over its scenarios."""
    known = list(balances.known().items())
    chosen = known[:: ceil(len(known) / QUICK) or 1] if depth is Depth.QUICK else known
    recorder.note(f"{len(chosen)} of {len(known)} balances are read again")
    for owner, last in chosen:
        with recorder.diverted():
            found = read(owner)
        if found != last.amount:
            recorder.scenario.of_others = True
            read(owner)  # as evidence
            text = f"{comparison('==', found, last.amount)}: it was read in the scenario {last.title!r}"
            raise WrongOutcome(text, "", recorder.scenario.last, (found, (last.amount,)))
