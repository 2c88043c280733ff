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
from harness.apis.walletapi.random_input import ACTIONS, NAMES, RANDOM_INPUT, RandomInput
from harness.client.calls import Call, Outcome
from harness.walks.possibilities import UnexpectedResponse
from harness.walks.walker import Walk, outcome_of

MINOR: Final = Decimal("0.01")
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

    @initialize(chosen=RANDOM_INPUT)
    def begin(self, chosen: RandomInput) -> None:
        """Read what the wallets have, and begin with some money."""
        with self.walk.step():
            for name, wallet in zip(NAMES, self.wallets, strict=False):
                balances = self.walletapi.balances(wallet)
                self.model.add_wallet(balances.wallet, balances.gifts)
                self.walk.log(f"wallet {name} has {balances.wallet}, and gifts of {balances.gifts}")
            self.deposit(replace(chosen, wallet=0))

    @rule(action=st.sampled_from(ACTIONS), chosen=RANDOM_INPUT)
    def act(self, action: str, chosen: RandomInput) -> None:
        """Take one action. If its precondition is missing, the action creates it instead."""
        with self.walk.step():
            getattr(self, action)(chosen)

    def teardown(self) -> None:
        """Read the balances of all wallets at the end, unless the walk failed."""
        if sys.exc_info()[0] is None and self.walk.lines:
            with self.walk.step():
                for number in range(len(self.wallets)):
                    self._read_balances(number)

    def deposit(self, chosen: RandomInput) -> None:
        number, name, wallet = self._wallet(chosen)
        call = self.walletapi.deposit_call(wallet, chosen.amount)
        outcome = self._send(f"{chosen.amount} is deposited on {name}", call)
        self.model.deposit(number, chosen.amount, outcome_of(outcome))
        self._read_balances(number)

    def give(self, chosen: RandomInput) -> None:
        """Give a gift that never expires, or much later."""
        number, name, wallet = self._wallet(chosen)
        expires = datetime.now(UTC) + LATER if chosen.expires else None
        what = f"a gift of {chosen.amount}{' that expires much later' if expires else ''} is given to {name}"
        outcome = self._send(what, self.walletapi.gift_call(wallet, chosen.amount, expires))
        self.model.give(number, chosen.amount, outcome_of(outcome))
        self._read_balances(number)

    def sell(self, chosen: RandomInput) -> None:
        """Make a sale, which the wallet may cover or not."""
        number, name, _ = self._wallet(chosen)
        sale, what, call = self._sale(chosen)
        outcome = self._send(f"a sale from {name} of {what}", call)
        response = _response(outcome) if outcome and outcome.accepted else None
        sold = self.model.sell(sale, outcome_of(outcome), response)
        if outcome and outcome.accepted:
            self._check_transaction(outcome, number)
            self.sales[sold] = outcome
        self._read_balances(number)

    def sell_wrongly(self, chosen: RandomInput) -> None:
        """Try a sale that must fail, whatever the wallet has (E-4)."""
        number, name, wallet = self._wallet(chosen)
        what, flaw = list(flaws.SALE.items())[chosen.item % len(flaws.SALE)]
        call = flaw(self.walletapi.sale_call(wallet, MINOR))
        self.model.reject(number, "E-4", outcome_of(self._send(f"a sale from {name} {what}", call)))
        self._read_balances(number)

    def undo(self, chosen: RandomInput) -> None:
        """Cancel or refund a sale without gift and cashback that is not undone."""
        self._undo(chosen, [number for number in self._plain_sales() if not self.model.may_be_undone(number)])

    def undo_again(self, chosen: RandomInput) -> None:
        """Cancel or refund any sale without gift and cashback, even one that was undone before."""
        self._undo(chosen, self._plain_sales())

    def _undo(self, chosen: RandomInput, numbers: list[int]) -> None:
        if not numbers:
            return self.sell(chosen)
        number = numbers[chosen.item % len(numbers)]
        sale, wallet = self.sales[number], self.model.sales[number].wallet
        reference, type_ = sale.call.body["ExternalReference"], TYPES[chosen.operation]
        what = f"a {type_.lower()} of the sale of {sale.call.body['Amount']} from {NAMES[wallet]}"
        outcome = self._send(what, self.walletapi.undo_call(chosen.operation, reference))
        self.model.undo(number, outcome_of(outcome))
        if outcome and outcome.accepted:
            self._check_transaction(outcome, wallet)
            _check_undoing(outcome.payload, type_, reference, sale.payload["Id"])
        return self._read_balances(wallet)

    def _plain_sales(self) -> list[int]:
        return [number for number in self.sales if self.model.sales[number].plain]

    def _sale(self, chosen: RandomInput) -> tuple[Sale, str, Call]:
        number, _, wallet = self._wallet(chosen)
        amount, cashback = self._price(number, chosen), chosen.cashback
        call = self.walletapi.sale_call(wallet, amount, gifts=chosen.gifts)
        what = f"{amount}{' that may use gifts' if chosen.gifts else ''}"
        if cashback is None:
            return Sale(number, amount, chosen.gifts), what, call
        is_percentage = cashback.kind == "Percentage"
        share = amount * cashback.value / 100 if is_percentage else cashback.value
        if share != share.quantize(MINOR):  # contract.md leaves open how a share is rounded
            is_percentage, share, cashback = False, MINOR, Cashback("Amount", MINOR)
        members = {"CashbackType": cashback.kind, "CashbackValue": cashback.value, "CashbackApply": chosen.applied}
        call = replace(call.having(members), proper=True)
        what += f", {'with' if chosen.applied else 'naming but not applying'} a cashback of {cashback.value}"
        what += " percent" if is_percentage else ""
        if not chosen.applied:
            return Sale(number, amount, chosen.gifts, clause="C-2"), what, call
        return Sale(number, amount, chosen.gifts, share, "C-3" if is_percentage else "C-1"), what, call

    def _price(self, number: int, chosen: RandomInput) -> Decimal:
        most = max(state.balance + (state.gifts if chosen.gifts else 0) for state in self.model.states(number))
        prices = {"all": most, "half": (most / 2).quantize(MINOR), "a minor unit more": most + MINOR}
        return max(prices[chosen.price] if chosen.price in prices else Decimal(chosen.price), MINOR)

    def _wallet(self, chosen: RandomInput) -> tuple[int, str, Wallet]:
        number = chosen.wallet % len(self.wallets)
        return number, NAMES[number], self.wallets[number]

    def _send(self, what: str, call: Call) -> Outcome | None:
        outcome = self.walk.attempt(lambda: self.walletapi.attempt(call))
        self.walk.log(f"{what}: {outcome_of(outcome).value}")
        return outcome

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
