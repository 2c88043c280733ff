"""Tries one kind of sale on a wallet, and compares everything with the model."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from harness.apis.walletapi.client import Cashback, Wallet, WalletApi
from harness.apis.walletapi.pairs.kinds_of_sale import (
    ABSENT,
    GIFTS,
    GIFTS_FIRST,
    OF_ALL,
    OF_BALANCE,
    REFUSABLE_TEXTS,
    SPENT_BEFORE,
    SWITCHES,
    TEXTS,
    Expiry,
    GivenGift,
    KindOfSale,
)
from harness.apis.walletapi.walks.judged_calls import MINOR, JudgedCalls
from harness.apis.walletapi.walks.sale_checks import Known
from harness.client.calls import Call
from harness.client.flaws import without_credential
from harness.client.spending import LARGE
from harness.client.unique import fresh_reference, unique_hex
from harness.walks.story import Story

ORDINARY: Final = Decimal("100.37")  # the deposit, if the amount is relative to the balance
REST: Final = Decimal("37.41")  # what an ordinary sale leaves
SMALL: Final = Decimal("1.10")  # a sale before the one that is tried
ONE: Final = Decimal("1.00")
UNDONE: Final[Mapping[str, Sequence[str]]] = {
    "a cancel": ("cancelPurchase",),
    "a refund": ("refundPurchase",),
    "a cancel and a refund": ("cancelPurchase", "refundPurchase"),
    "a cancel, a deposit and a refund": ("cancelPurchase", "refundPurchase"),
    "two refunds": ("refundPurchase", "refundPurchase"),
    "another sale, and a cancel of the first": ("cancelPurchase",),
}


class Trial:
    def __init__(self, walletapi: WalletApi, wallets: Sequence[Wallet], known: Known) -> None:
        """The sale is made from the first wallet. The second, if there is one, is a neighbour with money of its own."""
        self._walletapi = walletapi
        self._wallet, *self._neighbours = wallets
        self._story = Story(walletapi.recorder)
        self._calls = JudgedCalls(walletapi, wallets, known, self._story)

    def run(self, row: KindOfSale) -> None:
        """Try the row. ContractViolation of the clause that is broken, with the calls that led to it."""
        with self._story.told():
            if self._prepare(row):
                outcome = self._calls.sell(0, self._call(row), str(row), refusable=self._is_refusable(row))
                self._follow(row.after, sold=outcome is not None and outcome.accepted)
            if self._neighbours:
                self._calls.read_balances(1)

    def _prepare(self, row: KindOfSale) -> bool:
        """Add money and gifts, and make the earlier calls. Return False if the platform rejects a large amount."""
        self._calls.begin()
        base = ORDINARY if row.amount in OF_BALANCE or row.amount in OF_ALL else self._moderate(row.amount)
        steps: Sequence[Callable[[], bool]] = (
            lambda: self._calls.deposit(0, base + REST),
            lambda: self._give_all(GIFTS[row.gifts], base),
        )
        if not all(step() for step in (reversed(steps) if row.before == GIFTS_FIRST else steps)):
            return False
        if row.gifts == SPENT_BEFORE:
            part = max((base * Decimal("0.1")).quantize(MINOR, ROUND_HALF_UP), MINOR)
            self._calls.sell(0, self._walletapi.sale_call(self._wallet, part, gifts=True), f"{part}, which gifts pay")
        self._make_history(row.before)
        return True

    def _give_all(self, gifts: Sequence[GivenGift], base: Decimal) -> bool:
        """Give the gifts. Return False if the platform rejects a large one."""
        for share, expiry in gifts:
            amount = max((base * Decimal(share)).quantize(MINOR, ROUND_HALF_UP), MINOR)
            if not self._give(amount, expiry) and amount > LARGE:
                return False
        return True

    def _give(self, amount: Decimal, expiry: Expiry | None) -> bool:
        """Give a gift. If the platform rejects a date with an offset, send the date in UTC."""
        if expiry is None:
            return self._calls.give(0, amount, None, "")
        written = expiry.written(self._walletapi.recorder.scenario.clock or datetime.now(UTC))
        has_offset = expiry.hours is not None
        words = f" that expires at {written}"
        given = self._calls.give(0, amount, written, words, refusable=has_offset)
        return given or (has_offset and self._give(amount, Expiry(expiry.after)))

    def _make_history(self, before: str) -> None:
        sale = self._walletapi.sale_call
        if before.endswith("another wallet"):
            self._use_neighbour(before)
        elif before == "everything was spent":
            (state,) = self._calls.model.states(0)
            self._calls.sell(0, sale(self._wallet, state.balance), f"the whole balance, {state.balance}")
        elif before.startswith("a refused sale"):
            self._make_refused(before)
        elif before == "two deposits":
            self._calls.deposit(0, SMALL)
            self._calls.deposit(0, ONE)
        elif before.endswith("cashback"):
            gifts = before == "a sale with gifts and cashback"
            call = sale(self._wallet, MINOR, gifts=gifts, cashback=Cashback("Amount", ONE))
            self._calls.sell(0, call, f"0.01 with{' gifts and' if gifts else ''} a cashback of 1.00")
            if not gifts:
                self._calls.undo_any(max(self._calls.sales), "cancelPurchase")
        elif before not in ("nothing", GIFTS_FIRST):
            for _ in range(3 if before == "three sales" else 1):
                self._calls.sell(0, sale(self._wallet, SMALL), str(SMALL))
        undone = {"a cancelled sale": "cancelPurchase", "a refunded sale": "refundPurchase"}
        if before in undone:
            self._calls.undo(max(self._calls.sales), undone[before])

    def _make_refused(self, sale: str) -> None:
        if sale == "a refused sale of too much":
            (state,) = self._calls.model.states(0)
            amount = state.balance + state.gifts + MINOR
            self._calls.sell(0, self._walletapi.sale_call(self._wallet, amount, gifts=True), f"{amount}, with gifts")
        elif sale == "a refused sale without a key":
            call = self._walletapi.sale_call(self._wallet, SMALL, gifts=True)
            self._calls.sell_wrongly(0, without_credential("apikeypublic")(call), "without apikeypublic", "E-2")
        else:
            self._sell_wrongly()

    def _sell_wrongly(self) -> None:
        call = self._walletapi.sale_call(self._wallet, SMALL, gifts=True, cashback=Cashback("Amount", ONE))
        self._calls.sell_wrongly(0, call.having({"Amount": -SMALL}), "of a negative amount, with gifts and cashback")

    def _use_neighbour(self, what: str) -> None:
        if not self._neighbours:
            return
        if what.startswith("a deposit"):
            self._calls.deposit(1, SMALL)
        elif what.startswith("a gift"):
            self._calls.give(1, ONE, None, "")
        else:
            self._calls.deposit(1, ONE)
            self._calls.sell(1, self._walletapi.sale_call(self._neighbours[0], ONE, gifts=True), str(ONE))

    def _follow(self, after: str, *, sold: bool) -> None:
        """Make the later calls: undo the sale, sell again, or use the other wallet."""
        number = max(self._calls.sales, default=0)
        if after == "a refused sale":
            self._sell_wrongly()
        elif after.endswith("another wallet"):
            self._use_neighbour(after)
        elif after.startswith("another sale"):
            self._calls.deposit(0, SMALL)
            call = self._walletapi.sale_call(self._wallet, SMALL, gifts=True)
            self._calls.sell(0, call, f"{SMALL} that may use gifts")
        if sold:
            for place, operation in enumerate(UNDONE.get(after, ())):
                if place and "a deposit" in after:
                    self._calls.deposit(0, SMALL)
                self._undo(number, operation)

    def _undo(self, number: int, operation: str) -> None:
        if self._calls.model.sales[number].plain:
            self._calls.undo(number, operation)
        elif not self._calls.is_undone(number):
            self._calls.undo_any(number, operation)

    def _call(self, row: KindOfSale) -> Call:
        unsent = {"absent": ABSENT, "null": None}
        members: dict[str, Any] = {
            "UseGiftBalances": SWITCHES[row.uses_gifts],
            "CashbackApply": SWITCHES[row.applies],
            "CashbackType": unsent.get(row.type_, row.type_),
            "CashbackValue": unsent[row.value] if row.value in unsent else Decimal(row.value),
            "Description": TEXTS[row.text],
            "ExternalReference": _reference(row.text),
        }
        call = self._walletapi.sale_call(self._wallet, self._amount(row))
        absent = [name for name, value in members.items() if value is ABSENT]
        call = call.having({name: value for name, value in members.items() if value is not ABSENT})
        return call.lacking(*(name for name in absent if name in call.body))

    def _amount(self, row: KindOfSale) -> Decimal:
        (state,) = self._calls.model.states(0)
        if row.amount in OF_BALANCE:
            return max(state.balance + OF_BALANCE[row.amount], MINOR)
        if row.amount in OF_ALL:
            gifts = state.gifts if row.uses_gifts == "yes" else Decimal(0)
            return max(state.balance + gifts + OF_ALL[row.amount], MINOR)
        return self._moderate(row.amount)

    def _moderate(self, amount: str) -> Decimal:
        return self._walletapi.recorder.spending.moderate(Decimal(amount), "walletapi")

    def _is_refusable(self, row: KindOfSale) -> bool:
        """Whether contract.md allows a rejection: null or missing switches, odd texts."""
        is_open = {row.uses_gifts, row.applies} & {"absent", "null"} or {row.type_, row.value} & {"null", "-5"}
        return bool(is_open) or row.text in REFUSABLE_TEXTS


def _reference(text: str) -> str:
    """Return a reference that nobody has used, with the same kind of text."""
    if text == "like a number":
        return f"00{secrets.randbelow(10**16):016}0"
    return fresh_reference("sale") if text in {"plain", "long"} else f"{TEXTS[text]} {unique_hex(16)}"
