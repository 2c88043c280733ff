"""A random walk of wallets: deposits, gifts, sales, cashback, cancels, refunds, and sales that must fail."""

import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from harness.apis.walletapi import flaws
from harness.apis.walletapi.client import Cashback, Wallet, WalletApi
from harness.apis.walletapi.model import Sale, SaleResponse, WalletApiModel
from harness.apis.walletapi.random_input import ACTIONS, AMOUNTS, CASHBACKS, NAMES, PRICES, WALLETS
from harness.client.calls import Call, Outcome
from harness.walks.possibilities import UnexpectedResponse
from harness.walks.walker import Walk, outcome_of

MINOR: Final = Decimal("0.01")
NUMBERS: Final = st.tuples(*[st.integers(0, 59)] * 5)
LATER: Final = timedelta(days=2)
TYPES: Final = {"cancelPurchase": "Cancel", "refundPurchase": "Refund"}


class WalletApiWalk(RuleBasedStateMachine):
    """Each action calls the WalletAPI, tells the model the outcome, and reads the balances of the wallet."""

    def __init__(self, walletapi: WalletApi, walk: Walk, wallets: list[Wallet], known: set[str]) -> None:
        """``wallets`` are one or two; ``known`` the ids and codes of earlier walks, which must not occur again."""
        super().__init__()
        self.walletapi = walletapi
        self.walk = walk
        self.wallets = wallets
        self.known = known
        self.model = WalletApiModel()
        self.sales: dict[int, Outcome] = {}

    @initialize(numbers=NUMBERS)
    def begin(self, numbers: tuple[int, ...]) -> None:
        """Read what the wallets have, and begin with some money."""
        with self.walk.step(numbers):
            for name, wallet in zip(NAMES, self.wallets, strict=False):
                balances = self.walletapi.balances(wallet)
                self.model.add_wallet(balances.wallet, balances.gifts)
                self.walk.log(f"wallet {name} has {balances.wallet}, and gifts of {balances.gifts}")
            self._deposit(0)

    @rule(action=st.sampled_from(ACTIONS), numbers=NUMBERS)
    def act(self, action: str, numbers: tuple[int, ...]) -> None:
        """Take one action. If its precondition is missing, the action creates it instead."""
        with self.walk.step(numbers):
            getattr(self, action)()

    def teardown(self) -> None:
        """Read the balances of all wallets at the end, unless the walk failed."""
        if sys.exc_info()[0] is None and self.walk.lines:
            with self.walk.step():
                for number in range(len(self.wallets)):
                    self._read_balances(number)

    def deposit(self) -> None:
        self._deposit(self._wallet())

    def give(self) -> None:
        """Give a gift that never expires, or much later."""
        number, amount = self._wallet(), self.walk.pick(AMOUNTS)
        expires = datetime.now(UTC) + LATER if self.walk.pick((False, True)) else None
        what = f"a gift of {amount}{' that expires much later' if expires else ''} is given to {NAMES[number]}"
        outcome = self._send(what, self.walletapi.gift_call(self.wallets[number], amount, expires))
        self.model.give(number, amount, outcome_of(outcome))
        self._read_balances(number)

    def sell(self) -> None:
        """Make a sale, which the wallet may cover or not."""
        number = self._wallet()
        sale, what, call = self._sale(number)
        outcome = self._send(f"a sale from {NAMES[number]} of {what}", call)
        response = _response(outcome) if outcome and outcome.accepted else None
        sold = self.model.sell(sale, outcome_of(outcome), response)
        if outcome and outcome.accepted:
            self._check_transaction(outcome, number)
            self.sales[sold] = outcome
        self._read_balances(number)

    def sell_wrongly(self) -> None:
        """Try a sale that must fail, whatever the wallet has (E-4)."""
        number = self._wallet()
        what, flaw = self.walk.pick(list(flaws.SALE.items()))
        call = flaw(self.walletapi.sale_call(self.wallets[number], MINOR))
        self.model.reject(number, "E-4", outcome_of(self._send(f"a sale from {NAMES[number]} {what}", call)))
        self._read_balances(number)

    def undo(self) -> None:
        """Cancel or refund a sale without gift and cashback that is not undone."""
        self._undo([number for number in self._plain_sales() if not self.model.may_be_undone(number)])

    def undo_again(self) -> None:
        """Cancel or refund any sale without gift and cashback, even one that was undone before."""
        self._undo(self._plain_sales())

    def _deposit(self, number: int) -> None:
        amount = self.walk.pick(AMOUNTS)
        call = self.walletapi.deposit_call(self.wallets[number], amount)
        outcome = self._send(f"{amount} is deposited on {NAMES[number]}", call)
        self.model.deposit(number, amount, outcome_of(outcome))
        self._read_balances(number)

    def _undo(self, numbers: list[int]) -> None:
        if not numbers:
            return self.sell()
        number = self.walk.pick(numbers)
        operation, type_ = self.walk.pick(list(TYPES.items()))
        sale, wallet = self.sales[number], self.model.sales[number].wallet
        reference = sale.call.body["ExternalReference"]
        what = f"a {type_.lower()} of the sale of {sale.call.body['Amount']} from {NAMES[wallet]}"
        outcome = self._send(what, self.walletapi.undo_call(operation, reference))
        self.model.undo(number, outcome_of(outcome))
        if outcome and outcome.accepted:
            self._check_transaction(outcome, wallet)
            _check_undoing(outcome.payload, type_, reference, sale.payload["Id"])
        return self._read_balances(wallet)

    def _plain_sales(self) -> list[int]:
        return [number for number in self.sales if self.model.sales[number].plain]

    def _sale(self, number: int) -> tuple[Sale, str, Call]:
        gifts, cashback = self.walk.pick((False, True)), self.walk.pick(CASHBACKS)
        amount = self._price(number, gifts=gifts)
        call = self.walletapi.sale_call(self.wallets[number], amount, gifts=gifts)
        what = f"{amount}{' that may use gifts' if gifts else ''}"
        if cashback is None:
            return Sale(number, amount, gifts), what, call
        is_applied = self.walk.pick((True, True, False))
        is_percentage = cashback.kind == "Percentage"
        share = amount * cashback.value / 100 if is_percentage else cashback.value
        if share != share.quantize(MINOR):  # contract.md leaves open how a share is rounded
            is_percentage, share, cashback = False, MINOR, Cashback("Amount", MINOR)
        members = {"CashbackType": cashback.kind, "CashbackValue": cashback.value, "CashbackApply": is_applied}
        call = replace(call.having(members), proper=True)
        what += f", {'with' if is_applied else 'naming but not applying'} a cashback of {cashback.value}"
        what += " percent" if is_percentage else ""
        if not is_applied:
            return Sale(number, amount, gifts, clause="C-2"), what, call
        return Sale(number, amount, gifts, share, "C-3" if is_percentage else "C-1"), what, call

    def _price(self, number: int, *, gifts: bool) -> Decimal:
        most = max(state.balance + (state.gifts if gifts else 0) for state in self.model.states(number))
        prices = {"all": most, "half": (most / 2).quantize(MINOR), "a minor unit more": most + MINOR}
        price = self.walk.pick(PRICES)
        return max(prices[price] if price in prices else Decimal(price), MINOR)

    def _wallet(self) -> int:
        return self.walk.pick(WALLETS) % len(self.wallets)

    def _send(self, what: str, call: Call) -> Outcome | None:
        return self.walk.send(what, self.walletapi.client, call)

    def _check_transaction(self, outcome: Outcome, number: int) -> None:
        value, sent = outcome.payload, outcome.call.body
        for member in ("Id", "UniqueCode"):
            code = f"{member} {str(value[member]).lower()}"
            if code in self.known:
                raise UnexpectedResponse("T-3", f"a new {member}", "one that another transaction has")
            self.known.add(code)
        if str(value["WalletId"]).lower() != self.wallets[number].wallet_id.lower():
            raise UnexpectedResponse("T-4", f"the id of wallet {NAMES[number]}", str(value["WalletId"]))
        if "Amount" in sent and value["Amount"] != sent["Amount"]:
            raise UnexpectedResponse("T-2", f"an Amount of {sent['Amount']}", str(value["Amount"]))

    def _read_balances(self, number: int) -> None:
        balances = self.walletapi.balances(self.wallets[number])
        self.walk.log(f"wallet {NAMES[number]} has {balances.wallet}, and gifts of {balances.gifts}")
        self.model.read_balances(number, balances.wallet, balances.gifts)


def _response(outcome: Outcome) -> SaleResponse:
    value = outcome.payload
    return SaleResponse(
        gift=None if value["GiftAmount"] is None else Decimal(value["GiftAmount"]),
        cashback=Decimal(value["CashbackAmount"]),
        balance=Decimal(value["BalanceAfterTransaction"]),
        used=len(value["UsedGiftBalances"] or ()),
    )


def _check_undoing(value: Any, type_: str, reference: str, sale_id: str) -> None:
    expected = {"TransactionType": type_, "ExternalReference": reference, "CashbackAmount": 0}
    for member, content in expected.items():
        if value[member] != content:
            raise UnexpectedResponse("R-1", f"{member} {content}", str(value[member]))
    if str(value["MainTransactionId"]).lower() != sale_id.lower():
        raise UnexpectedResponse("R-1", "the sale's Id as MainTransactionId", str(value["MainTransactionId"]))
