"""Purchases of every kind: all pairs of what a purchase can be."""

import pytest
from pytest_bdd import when

from harness.apis.alfred.client import Alfred
from harness.apis.alfred.pairs.kinds_of_purchase import FUNDINGS, kinds_of_purchase
from harness.apis.alfred.pairs.trial import Trial
from harness.budget.depth import Depth, chosen_rows, depth_of
from harness.gherkin.sentences import sentence
from steps.alfred.plain_balances import plain_balances_first
from steps.kinds import try_rows

QUICK = 3  # rows per balance


@when(
    sentence(
        "purchases of every kind are made with a balance of {balance:Balance}",
        Balance={name: name for name in FUNDINGS},
    )
)
def purchases_of_every_kind(alfred: Alfred, balance_shown: None, pytestconfig: pytest.Config, balance: str) -> None:
    rows = [
        row for row in kinds_of_purchase(3 if depth_of(pytestconfig) is Depth.DEEP else 2) if row.balance == balance
    ]
    chosen = chosen_rows(pytestconfig, f"purchases, {balance}", rows, QUICK)
    with plain_balances_first(alfred):
        try_rows(alfred.recorder, chosen, lambda row: Trial(alfred).run(row))
