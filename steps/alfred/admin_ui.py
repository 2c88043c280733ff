"""The balance in the Admin UI."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pytest_bdd import given, then

from harness.apis.alfred.admin import Admin
from harness.apis.alfred.client import Alfred
from harness.apis.alfred.users import User
from harness.gherkin.sentences import sentence
from harness.verdict.plugin import judges


@given(sentence("the Admin UI, if there is one, shows a balance of {amount:Money}"))
def the_admin_ui_shows_before(alfred: Alfred, admin: Admin | None, user: User, amount: Decimal) -> None:
    if admin is not None:
        check_shown(alfred, admin, user, amount)


@then(sentence("the Admin UI shows a balance of {amount:Money}"))
@judges("S-4")
def the_admin_ui_shows(alfred: Alfred, admin: Admin | None, user: User, amount: Decimal, balance_shown: None) -> None:
    if admin is None:
        pytest.skip("not judged: set [admin]")
    check_shown(alfred, admin, user, amount)


@then("the Admin UI, if there is one, shows the same balance")
def the_admin_ui_shows_the_same(alfred: Alfred, admin: Admin | None, user: User, balance_shown: None) -> None:
    if admin is None:
        alfred.recorder.note("the Admin UI was not compared: set [admin]")
        return
    check_shown(alfred, admin, user, alfred.balance(user))


def check_shown(alfred: Alfred, admin: Admin, user: User, amount: Decimal) -> None:
    """Compare the balance in the Admin UI with this amount."""
    alfred.recorder.note(admin.how)
    shown = admin.balance(user.wallet_id)
    assert shown == amount, f"the Admin UI must show {amount}, and it shows {shown}"
