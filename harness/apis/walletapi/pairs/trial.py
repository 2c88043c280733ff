"""Tries one kind of sale on a wallet, and compares everything with the model."""

from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from harness.apis.walletapi.client import Cashback, Wallet, WalletApi
from harness.apis.walletapi.judged_calls import MINOR, JudgedCalls
from harness.apis.walletapi.pairs.kinds_of_sale import (
    ABSENT,
    GIFTS,
    LARGE,
    OF_ALL,
    OF_BALANCE,
    REFUSABLE_TEXTS,
    SPENT_BEFORE,
    SWITCHES,
    TEXTS,
    Expiry,
    KindOfSale,
)
from harness.apis.walletapi.sale_checks import Known
from harness.client.calls import Call
from harness.walks.story import Story

ORDINARY: Final = Decimal("100.37")  # the deposit, if the amount is relative to the balance
REST: Final = Decimal("37.41")  # what an ordinary sale leaves
SMALL: Final = Decimal("1.10")  # a sale before the one that is tried
ONE: Final = Decimal("1.00")


class Trial:
    """The calls of one row."""

    def __init__(self, walletapi: WalletApi, wallet: Wallet, known: Known) -> None:
        self._walletapi = walletapi
        self._wallet = wallet
        self._story = Story(walletapi.recorder)
        self._calls = JudgedCalls(walletapi, [wallet], known, self._story)

    def run(self, row: KindOfSale) -> None:
        """Try the row. ContractViolation of the clause that is broken, with the calls that led to it."""
        with self._story.told():
            if self._prepare(row):
                self._calls.sell(0, self._call(row), str(row), refusable=self._is_refusable(row))

    def _prepare(self, row: KindOfSale) -> bool:
        """Add money and gifts, and make the earlier calls. Return False if the platform rejects a large amount."""
        self._calls.begin()
        base = ORDINARY if row.amount in OF_BALANCE or row.amount in OF_ALL else Decimal(row.amount)
        if not self._calls.deposit(0, base + REST, refusable=base > LARGE):
            return False
        for share, expiry in GIFTS[row.gifts]:
            amount = max((base * Decimal(share)).quantize(MINOR, ROUND_HALF_UP), MINOR)
            if not self._give(amount, expiry) and amount > LARGE:
                return False
        if row.gifts == SPENT_BEFORE:
            part = max((base * Decimal("0.1")).quantize(MINOR, ROUND_HALF_UP), MINOR)
            self._calls.sell(0, self._walletapi.sale_call(self._wallet, part, gifts=True), f"{part}, which gifts pay")
        self._make_history(row.before)
        return True

    def _give(self, amount: Decimal, expiry: Expiry | None) -> bool:
        """Give a gift. If the platform rejects a date with an offset, send the date in UTC."""
        if expiry is None:
            return self._calls.give(0, amount, None, "", refusable=amount > LARGE)
        written = expiry.written(self._walletapi.recorder.scenario.clock or datetime.now(UTC))
        has_offset = expiry.hours is not None
        words = f" that expires at {written}"
        given = self._calls.give(0, amount, written, words, refusable=has_offset or amount > LARGE)
        return given or (has_offset and self._give(amount, Expiry(expiry.after)))

    def _make_history(self, before: str) -> None:
        sale = self._walletapi.sale_call
        if before == "a refused sale":
            self._calls.sell_wrongly(0, sale(self._wallet, SMALL).having({"Amount": -SMALL}), "of a negative amount")
        elif before == "a sale with gifts and cashback":
            call = sale(self._wallet, MINOR, gifts=True, cashback=Cashback("Amount", ONE))
            self._calls.sell(0, call, "0.01 with gifts and a cashback of 1.00")
        elif before != "nothing":
            for _ in range(3 if before == "three sales" else 1):
                self._calls.sell(0, sale(self._wallet, SMALL), str(SMALL))
        undone = {"a cancelled sale": "cancelPurchase", "a refunded sale": "refundPurchase"}
        if before in undone:
            self._calls.undo(max(self._calls.sales), undone[before])

    def _call(self, row: KindOfSale) -> Call:
        unsent = {"absent": ABSENT, "null": None}
        members: dict[str, Any] = {
            "UseGiftBalances": SWITCHES[row.uses_gifts],
            "CashbackApply": SWITCHES[row.applies],
            "CashbackType": unsent.get(row.type_, row.type_),
            "CashbackValue": unsent[row.value] if row.value in unsent else Decimal(row.value),
            "Description": TEXTS[row.text],
        }
        call = self._walletapi.sale_call(self._wallet, self._amount(row))
        absent = [name for name, value in members.items() if value is ABSENT]
        call = call.having({name: value for name, value in members.items() if value is not ABSENT})
        return call.lacking(*(name for name in absent if name in call.body))

    def _amount(self, row: KindOfSale) -> Decimal:
        (state,) = self._calls.model.states(0)
        if row.amount in OF_BALANCE:
            return state.balance + OF_BALANCE[row.amount]
        if row.amount in OF_ALL:
            gifts = state.gifts if row.uses_gifts == "yes" else Decimal(0)
            return state.balance + gifts + OF_ALL[row.amount]
        return Decimal(row.amount)

    def _is_refusable(self, row: KindOfSale) -> bool:
        """Whether contract.md allows a rejection: null or missing switches, odd texts, large amounts."""
        is_open = {row.uses_gifts, row.applies} & {"absent", "null"} or {row.type_, row.value} & {"null"}
        return bool(is_open) or row.text in REFUSABLE_TEXTS or self._amount(row) > LARGE
