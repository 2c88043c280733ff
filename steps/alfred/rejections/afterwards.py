"""What a rejected call leaves alone."""

import pytest
from pytest_bdd import when

from harness.apis.alfred.client import Alfred
from harness.apis.alfred.pairs.after_rejection import AfterRejection, rejected_calls
from harness.apis.alfred.walks.rejected_calls import CALLS
from harness.budget.depth import chosen_rows
from harness.gherkin.sentences import sentence
from steps.alfred.plain_balances import plain_balances_first
from steps.kinds import try_rows

QUICK = 4  # rows per call


@when(
    sentence(
        "{call:RejectedCall} is rejected for one flaw after another, and what was open before is used each time",
        RejectedCall={name: name for name in CALLS},
    )
)
def a_call_is_rejected(alfred: Alfred, balance_shown: None, pytestconfig: pytest.Config, call: str) -> None:
    chosen = chosen_rows(pytestconfig, f"rejections, {call}", rejected_calls(call), QUICK)
    with plain_balances_first(alfred):
        try_rows(alfred.recorder, chosen, AfterRejection(alfred).run)
