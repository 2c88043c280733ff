"""Sales with one thing wrong in them, for the random walks: each must fail (contract.md E-4)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from harness.client.calls import Call
from harness.client.references import fresh_alias


def sale_with(number: int, call: Call) -> tuple[str, Call]:
    """A sale with a flaw, and the flaw's name; ``number`` counts round them."""
    cashback = {"CashbackApply": True, "CashbackType": "Amount", "CashbackValue": Decimal("1.00")}
    flaws: dict[str, dict[str, Any]] = {
        "an alias that is nobody's": {"Alias": fresh_alias()},
        "an amount of zero": {"Amount": 0},
        "a negative amount": {"Amount": Decimal("-5.00")},
        "an amount in words": {"Amount": "five"},
        "a cashback of an unknown type": {**cashback, "CashbackType": "Cake"},
        "a negative cashback": {**cashback, "CashbackValue": Decimal("-1.00")},
    }
    missing = {"no alias": "Alias", "no amount": "Amount"}
    names = [*flaws, *missing]
    flaw = names[number % len(names)]
    if flaw in missing:
        return flaw, call.lacking(missing[flaw])
    return flaw, call.having(flaws[flaw], bare=flaw == "an amount in words")
