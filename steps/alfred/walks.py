"""The random walk of Alfred's users."""

from pytest_bdd import when

from harness.apis.alfred.client import Alfred
from steps.alfred.plain_balances import plain_balances_first
from steps.walks import RunWalks

WALKS = 6


@when("users fund, buy, confirm and confirm again in random order, and try what must be rejected")
def users_walk(alfred: Alfred, run_walks: RunWalks, balance_shown: None) -> None:
    from harness.apis.alfred.walks.walk import AlfredWalk  # Hypothesis is slow to import

    with plain_balances_first(alfred):
        run_walks("alfred", WALKS, lambda walk: AlfredWalk(alfred, walk))
