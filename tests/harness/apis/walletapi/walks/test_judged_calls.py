"""Calls that contract.md allows a platform to reject."""

from decimal import Decimal
from typing import Any

import pytest

from harness.apis.walletapi.client import Cashback, Wallet
from harness.apis.walletapi.walks.judged_calls import JudgedCalls
from harness.apis.walletapi.walks.sale_checks import Known
from harness.walks.possibilities import UnexpectedResponse
from harness.walks.story import Story
from tests.harness.apis.walletapi.test_client import BAD, GOOD
from tests.harness.loopback import reply

WALLET = Wallet("30bac1c0-ad6b-4c50-a52e-1b34f9b487a7", "1234567890")
BALANCES = {
    **dict.fromkeys(("WalletBalance", "TotalBalance", "AvailableBalance"), 5000),
    **dict.fromkeys(("TotalGiftBalance", "BlockedBalance"), 0),
    "Id": WALLET.wallet_id,
    "Name": "n",
    "Alias": WALLET.alias,
    "GiftBalances": [],
}


@pytest.fixture
def calls(clients: Any) -> tuple[Any, JudgedCalls]:
    balances = reply({"Value": BALANCES, **GOOD})
    both = clients(balances, reply(BAD, 422), balances)
    calls = JudgedCalls(both.walletapi, [WALLET], Known(), Story(both.recorder))
    calls.begin()
    return both.walletapi, calls


@pytest.mark.parametrize(("amount", "cashback"), [("2000.01", None), ("20", Cashback("Amount", Decimal("2000.01")))])
def test_a_sale_of_a_large_amount_may_be_rejected(calls: Any, amount: str, cashback: Cashback | None) -> None:
    walletapi, judged = calls
    outcome = judged.sell(0, walletapi.sale_call(WALLET, Decimal(amount), cashback=cashback), "much")
    assert outcome.rejected


def test_a_sale_of_a_usual_amount_must_be_accepted(calls: Any) -> None:
    walletapi, judged = calls
    with pytest.raises(UnexpectedResponse, match="expected a success"):
        judged.sell(0, walletapi.sale_call(WALLET, Decimal(2000)), "less")


def test_a_large_deposit_may_be_rejected(calls: Any) -> None:
    assert not calls[1].deposit(0, Decimal("2000.01"))


def test_a_large_gift_may_be_rejected(calls: Any) -> None:
    assert not calls[1].give(0, Decimal("2000.01"), None, "")
