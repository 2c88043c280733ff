"""Calls of Alfred with one thing wrong in them, for the random walks: each must be rejected (contract.md P-8, F-7)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from harness.apis.alfred.client import FundingSession, PurchaseSession, User
from harness.client.calls import Call, made_up

INSTRUMENT: Final = "paymentSessionDetails.selectedPaymentInstrumentId"
METHOD: Final = "paymentSessionDetails.selectedPaymentMethod"


def payment_with(number: int, call: Call, session: FundingSession) -> tuple[str, Call]:
    """A payment with a flaw, and the flaw's name; ``number`` counts round them."""
    flaws: dict[str, dict[str, Any]] = {
        "an unknown session": {"paymentSessionId": made_up(session.session_id)},
        "an unknown account": {"walletAccountId": made_up(session.account_id)},
        "a negative amount": {"paymentAmount": Decimal("-5.00")},
        "an amount of zero": {"paymentAmount": 0},
        "an amount in words": {"paymentAmount": "twenty"},
        "another currency": {"paymentCurrency": "XTS"},
    }
    names = [*flaws, "no amount"]
    flaw = names[number % len(names)]
    return flaw, call.having(flaws[flaw]) if flaw in flaws else call.lacking("paymentAmount")


def confirmation_with(
    number: int, call: Call, session: PurchaseSession, other: PurchaseSession | None, stranger: User
) -> tuple[str, Call]:
    """A confirmation with a flaw, and the flaw's name. ``other`` is a session of another purchase, None without one."""
    flaws: dict[str, Callable[[], Call]] = {
        "another user's wallet": lambda: call.having({"walletId": stranger.wallet_id}),
        "an unknown session": lambda: call.having({"paymentSessionId": made_up(session.session_id)}),
        "an instrument that was not offered": lambda: call.having({INSTRUMENT: made_up(session.instrument_id)}),
        "a method that was not offered": lambda: call.having({METHOD: "carrier-pigeon"}),
        "an id that is no purchase's": lambda: call.to(purchaseId=made_up(session.purchase.purchase_id)),
    }
    if other is not None:
        flaws["the session of another purchase"] = lambda: call.having({"paymentSessionId": other.session_id})
    flaw = list(flaws)[number % len(flaws)]
    return flaw, flaws[flaw]()
