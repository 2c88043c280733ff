"""A random walk of wallets: deposits, gifts, sales, cashback, cancels, refunds, and sales that must fail."""

import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from harness.apis.walletapi import flaws
from harness.apis.walletapi.client import Cashback, Wallet, WalletApi
from harness.apis.walletapi.walks.judged_calls import MINOR, TYPES, JudgedCalls
from harness.apis.walletapi.walks.random_input import ACTIONS, AMOUNTS, CASHBACKS, PRICES, TEXTS, WALLETS
from harness.apis.walletapi.walks.sale_checks import Known
from harness.client.calls import Call
from harness.walks.walker import Walk

NUMBERS: Final = st.tuples(*[st.integers(0, 59)] * 6)
LATER: Final = timedelta(days=2)


class WalletApiWalk(RuleBasedStateMachine):
    """Each action calls the WalletAPI, passes the outcome to the model, and reads the balances of the wallet."""

    def __init__(self, walletapi: WalletApi, walk: Walk, wallets: list[Wallet], known: Known) -> None:
        """``wallets`` are one or two; ``known`` what earlier walks have seen."""
        super().__init__()
        self.walletapi = walletapi
        self.walk = walk
        self.wallets = wallets
        self.calls = JudgedCalls(walletapi, wallets, known, walk)
        self.model = self.calls.model

    @initialize(numbers=NUMBERS)
    def begin(self, numbers: tuple[int, ...]) -> None:
        with self.walk.step(numbers):
            self.calls.begin()
            self.calls.deposit(0, self.walk.pick(AMOUNTS))

    @rule(numbers=NUMBERS)
    def act(self, numbers: tuple[int, ...]) -> None:
        """Take one action. If its precondition is missing, the action creates it instead."""
        with self.walk.step(numbers):
            getattr(self, self.walk.pick_action(ACTIONS))()

    def teardown(self) -> None:
        """Read the balances of all wallets at the end, unless the walk failed."""
        if sys.exc_info()[0] is None and self.walk.lines:
            with self.walk.step():
                for number in range(len(self.wallets)):
                    self.calls.read_balances(number)

    def deposit(self) -> None:
        self.calls.deposit(self._wallet(), self.walk.pick(AMOUNTS))

    def give(self) -> None:
        """Give a gift that never expires, or much later."""
        number, amount = self._wallet(), self.walk.pick(AMOUNTS)
        now = self.walletapi.recorder.scenario.clock or datetime.now(UTC)
        later = (now + LATER).strftime("%Y-%m-%dT%H:%M:%SZ") if self.walk.pick((False, True)) else None
        self.calls.give(number, amount, later, " that expires much later" if later else "")

    def let_a_gift_expire(self) -> None:
        """Give a gift that expires soon, and wait until it has expired, if the walk may wait.

        On an alias, which serves later walks too, the totals could count it for ever.
        """
        if not self.walletapi.target.owner_id or not self.walk.may_pause():
            return self.give()
        return self.calls.let_expire(self._wallet(), self.walk.pick(AMOUNTS))

    def sell(self) -> None:
        number = self._wallet()
        call, words = self._sale(number)
        self.calls.sell(number, call, words)

    def sell_wrongly(self) -> None:
        """Try a sale of any kind that must fail, whatever the wallet has (E-2, E-4, E-5)."""
        number = self._wallet()
        call, words = self._sale(number)
        name, flaw = self.walk.pick([*flaws.SALE.items(), *flaws.HEADERS.items()])
        try:
            wrong = flaw(call)
        except pytest.skip.Exception:
            return self.sell()
        return self.calls.sell_wrongly(number, wrong, f"of {words}, {name}", flaws.clause_of(name))

    def undo(self) -> None:
        """Cancel or refund a sale without gift and cashback that is not undone."""
        self._undo([number for number in self._plain_sales() if not self.model.may_be_undone(number)])

    def undo_again(self) -> None:
        """Cancel or refund any sale without gift and cashback, even one that was undone before."""
        self._undo(self._plain_sales())

    def _undo(self, numbers: list[int]) -> None:
        if not numbers:
            return self.sell()
        return self.calls.undo(self.walk.pick(numbers), self.walk.pick(list(TYPES)))

    def _plain_sales(self) -> list[int]:
        return [number for number in self.calls.sales if self.model.sales[number].plain]

    def _sale(self, number: int) -> tuple[Call, str]:
        gifts, cashback = self.walk.pick((False, True)), self.walk.pick(CASHBACKS)
        amount, text = self._price(number, gifts=gifts), self.walk.pick(TEXTS)
        call = self.walletapi.sale_call(self.wallets[number], amount, gifts=gifts)
        words = f"{amount}{' that may use gifts' if gifts else ''}"
        if text:
            call, words = call.having({"Description": text}), f"{words} described as {text!r}"
        if cashback is None:
            return replace(call, proper=True), words
        is_applied = self.walk.pick((True, True, False))
        if cashback.kind == "Percentage" and (amount * cashback.value) % 1:
            # contract.md leaves open how a share is rounded, and the response may be lost.
            cashback = Cashback("Amount", MINOR)
        members = {"CashbackType": cashback.kind, "CashbackValue": cashback.value, "CashbackApply": is_applied}
        words += f", {'with' if is_applied else 'naming but not applying'} a cashback of {cashback.value}"
        words += " percent" if cashback.kind == "Percentage" else ""
        return replace(call.having(members), proper=True), words

    def _price(self, number: int, *, gifts: bool) -> Decimal:
        most = max(state.balance + (state.gifts if gifts else 0) for state in self.model.states(number))
        prices = {"all": most, "half": (most / 2).quantize(MINOR), "a minor unit more": most + MINOR}
        price = self.walk.pick(PRICES)
        return max(prices[price] if price in prices else Decimal(price), MINOR)

    def _wallet(self) -> int:
        return self.walk.pick(WALLETS) % len(self.wallets)
