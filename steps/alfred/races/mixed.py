"""Calls of every two kinds at the same time, explained by the model."""

from pytest_bdd import when

from harness.apis.alfred.client import Alfred
from harness.apis.alfred.pairs.race import KINDS, Race
from harness.budget.depth import Depth
from harness.gherkin.sentences import sentence
from steps.alfred.plain_balances import plain_balances_first
from steps.alfred.races.sending import SendTogether
from steps.races import race_kinds


@when(
    sentence("calls of every kind are made at the same time as {kind:Kind}", Kind={name: name for name in KINDS}),
)
def calls_are_made_together(
    alfred: Alfred, send_together: SendTogether, balance_shown: None, depth: Depth, kind: str
) -> None:
    with plain_balances_first(alfred):
        race_kinds(tuple(KINDS), kind, depth, Race(alfred, send_together).run)
