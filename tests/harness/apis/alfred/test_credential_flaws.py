"""Wrong credentials for a purchase call that takes the user's token instead of the shop's key on a target."""

from decimal import Decimal
from typing import Any

import pytest

from harness.apis.alfred.flaws.credentials import KEY, TOKEN
from harness.apis.alfred.pairs.after_rejection import rejected_calls
from harness.apis.alfred.purchases import Purchase
from harness.apis.alfred.users import User
from tests.harness.loopback import reply

USER, OTHER = (User(f"reference-{name}", f"W-{name}", f"token-of-user-{name}") for name in "12")
PURCHASE = Purchase("P-9", Decimal("50.00"))


@pytest.mark.parametrize("name", KEY)
def test_no_token_of_any_user_is_a_wrong_credential_for_a_call_that_takes_a_token(clients: Any, name: str) -> None:
    """contract.md P-5 says nothing of another user's token."""
    alfred = clients(credentials={"openPurchaseSession": "token"}).alfred
    valid = alfred.purchases.session_call(PURCHASE, USER)
    flawed = KEY[name](alfred.credentials, valid, OTHER)
    tokens = {*alfred.credentials.bearer(USER.token), *alfred.credentials.bearer(OTHER.token)}
    assert not tokens & {*flawed.credentials}


def test_a_token_with_a_blank_is_changed_as_a_whole(clients: Any) -> None:
    alfred = clients(token_scheme="").alfred
    user = User("reference", "W-1", "left right")
    flawed = TOKEN["the id in the call as the token"](alfred.credentials, alfred.users.wallet_call(user), OTHER)
    assert flawed.credentials == (("Authorization", "W-1"),)


@pytest.mark.parametrize("scheme", ["", "Bearer"])
def test_an_id_that_was_sent_as_a_token_may_be_shown_later(clients: Any, scheme: str) -> None:
    account = "acc 0123456789abcdef0123"
    both = clients(reply({}, 401), reply({"walletAccountId": account}), token_scheme=scheme)
    valid = both.alfred.funding.session_call(USER, account)
    flawed = TOKEN["the id in the call as the token"](both.alfred.credentials, valid, OTHER)
    assert both.alfred.attempt(flawed, "W-3").rejected
    both.alfred.users.account(USER)
    assert not both.recorder.scenario.violations


def test_the_flaws_of_a_call_are_those_of_its_clause() -> None:
    assert "another user's token" not in {flaw for row in rejected_calls("confirming a purchase") for flaw in row.flaws}
    assert "another user's token" in {flaw for row in rejected_calls("confirming a payment") for flaw in row.flaws}
