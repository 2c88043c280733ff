"""A random walk of wallets behind aliases: deposits, gifts, sales, cashback, what is undone, and what must fail."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from harness.apis.walletapi.client import Cashback, Wallet, WalletApi
from harness.apis.walletapi.flaws import sale_with
from harness.apis.walletapi.model import Response, Sale, WalletApiModel
from harness.apis.walletapi.random_input import DEEDS, DRAWS, NAMES, Draw
from harness.client.calls import Call, Outcome
from harness.walks.possibilities import UnexpectedResponse
from harness.walks.walker import Walk, outcome_of

MINOR: Final = Decimal("0.01")
FAR: Final = timedelta(days=2)
KINDS: Final = {"cancelPurchase": "Cancel", "refundPurchase": "Refund"}


class WalletApiWalk(RuleBasedStateMachine):
    """Each deed calls the WalletAPI and tells the model what came; then the balances of the wallet are read."""

    def __init__(self, walletapi: WalletApi, walk: Walk, wallets: list[Wallet], known: set[str]) -> None:
        """``wallets`` are one or two; ``known`` the ids and codes of earlier walks, of which none may come again."""
        super().__init__()
        self.walletapi = walletapi
        self.walk = walk
        self.wallets = wallets
        self.known = known
        self.model = WalletApiModel()
        self.sales: dict[int, Outcome] = {}

    @initialize(draw=DRAWS)
    def know_what_they_hold(self, draw: Draw) -> None:
        """What a walk finds is relative to what the wallets held before; it begins with some money."""
        with self.walk.step():
            for name, wallet in zip(NAMES, self.wallets, strict=False):
                held = self.walletapi.balances(wallet)
                self.model.wallet(held.wallet, held.gifts)
                self.walk.log(f"wallet {name} holds {held.wallet}, and gifts of {held.gifts}")
            self.deposit(replace(draw, wallet=0))

    @rule(deed=st.sampled_from(DEEDS), draw=DRAWS)
    def do(self, deed: str, draw: Draw) -> None:
        """One deed; where it wants something that there is not yet, it is that which is done."""
        with self.walk.step():
            getattr(self, deed)(draw)

    def teardown(self) -> None:
        """A walk ends with the balances of all wallets, unless something else ended it."""
        if sys.exc_info()[0] is None and self.walk.lines:
            with self.walk.step():
                self._read(*range(len(self.wallets)))

    # Money that comes in

    def deposit(self, draw: Draw) -> None:
        """A deposit."""
        which, name, wallet = self._wallet(draw)
        call = self.walletapi.deposit_call(wallet, draw.amount)
        self.model.deposited(which, draw.amount, outcome_of(self._sent(f"{draw.amount} is deposited on {name}", call)))
        self._read(which)

    def give(self, draw: Draw) -> None:
        """A gift, without an end or with one that is far."""
        which, name, wallet = self._wallet(draw)
        end = datetime.now(UTC) + FAR if draw.ends else None
        told = f"a gift of {draw.amount}{' with an end that is far' if end else ''} is given to {name}"
        outcome = self._sent(told, self.walletapi.gift_call(wallet, draw.amount, end))
        self.model.given(which, draw.amount, outcome_of(outcome))
        self._read(which)

    # Sales

    def sell(self, draw: Draw) -> None:
        """A sale, which the wallet may cover or not."""
        which, name, _ = self._wallet(draw)
        sale, told, call = self._sale(draw)
        outcome = self._sent(f"a sale from {name} of {told}", call)
        response = _response(outcome) if outcome and outcome.accepted else None
        number = self.model.sold(sale, outcome_of(outcome), response)
        if outcome and outcome.accepted:
            self._check_transaction(outcome, which)
            self.sales[number] = outcome
        self._read(which)

    def sell_wrongly(self, draw: Draw) -> None:
        """A sale that must fail, whatever the wallet holds (E-4)."""
        which, name, wallet = self._wallet(draw)
        flaw, call = sale_with(draw.which, self.walletapi.sale_call(wallet, Decimal("0.01")))
        self.model.rejected(which, "E-4", outcome_of(self._sent(f"a sale from {name} with {flaw}", call)))
        self._read(which)

    def undo(self, draw: Draw) -> None:
        """Cancel or refund a sale without gift and cashback that was not undone."""
        self._undo(draw, [number for number in self._plain_sales() if not self.model.may_be_undone(number)])

    def undo_again(self, draw: Draw) -> None:
        """Cancel or refund any sale without gift and cashback, one that was undone before too."""
        self._undo(draw, self._plain_sales())

    def _undo(self, draw: Draw, numbers: list[int]) -> None:
        if not numbers:
            return self.sell(draw)
        number = numbers[draw.which % len(numbers)]
        sale, which = self.sales[number], self.model.sales[number].wallet
        reference = sale.call.body["ExternalReference"]
        told = f"a {KINDS[draw.operation].lower()} of the sale of {sale.call.body['Amount']} from {NAMES[which]}"
        outcome = self._sent(told, self.walletapi.undo_call(draw.operation, reference))
        self.model.undone(number, outcome_of(outcome))
        if outcome and outcome.accepted:
            self._check_transaction(outcome, which)
            _check_undoing(outcome.payload, KINDS[draw.operation], reference, sale.payload["Id"])
        return self._read(which)

    def _plain_sales(self) -> list[int]:
        return [number for number in self.sales if self.model.sales[number].plain]

    def _sale(self, draw: Draw) -> tuple[Sale, str, Call]:
        which, _, wallet = self._wallet(draw)
        amount, cashback = self._priced(which, draw), draw.cashback
        call = self.walletapi.sale_call(wallet, amount, gifts=draw.gifts)
        told = f"{amount}{' that may use gifts' if draw.gifts else ''}"
        if cashback is None:
            return Sale(which, amount, draw.gifts), told, call
        share = amount * cashback.value / 100 if cashback.kind == "Percentage" else cashback.value
        if share != share.quantize(MINOR):  # how a share is rounded is not settled
            cashback, share = Cashback("Amount", MINOR), MINOR
        named = {"CashbackType": cashback.kind, "CashbackValue": cashback.value, "CashbackApply": draw.applied}
        call = replace(call.having(named), proper=True)
        told += f", {'with' if draw.applied else 'naming but not applying'} a cashback of {cashback.value}"
        told += " percent" if cashback.kind == "Percentage" else ""
        if not draw.applied:
            return Sale(which, amount, draw.gifts, why="C-2"), told, call
        return Sale(which, amount, draw.gifts, share, "C-3" if cashback.kind == "Percentage" else "C-1"), told, call

    def _priced(self, which: int, draw: Draw) -> Decimal:
        held = max(each.balance + (each.gifts if draw.gifts else 0) for each in self.model.standings(which))
        prices = {"all": held, "half": (held / 2).quantize(MINOR), "a minor unit more": held + MINOR}
        return max(prices[draw.price] if draw.price in prices else Decimal(draw.price), MINOR)

    # What every deed does

    def _wallet(self, draw: Draw) -> tuple[int, str, Wallet]:
        which = draw.wallet % len(self.wallets)
        return which, NAMES[which], self.wallets[which]

    def _sent(self, what: str, call: Call) -> Outcome | None:
        outcome = self.walk.attempt(lambda: self.walletapi.attempt(call))
        self.walk.log(f"{what}: {outcome_of(outcome).value}")
        return outcome

    def _check_transaction(self, outcome: Outcome, which: int) -> None:
        value, sent = outcome.payload, outcome.call.body
        for member in ("Id", "UniqueCode"):
            code = f"{member} {str(value[member]).lower()}"
            if code in self.known:
                raise UnexpectedResponse("T-3", f"a new {member}", "one that another transaction has")
            self.known.add(code)
        if str(value["WalletId"]).lower() != self.wallets[which].wallet_id.lower():
            raise UnexpectedResponse("T-4", f"the id of wallet {NAMES[which]}", str(value["WalletId"]))
        if "Amount" in sent and value["Amount"] != sent["Amount"]:
            raise UnexpectedResponse("T-2", f"an Amount of {sent['Amount']}", str(value["Amount"]))

    def _read(self, *which: int) -> None:
        for number in which:
            held = self.walletapi.balances(self.wallets[number])
            self.walk.log(f"wallet {NAMES[number]} holds {held.wallet}, and gifts of {held.gifts}")
            self.model.balances_read(number, held.wallet, held.gifts)


def _response(outcome: Outcome) -> Response:
    value = outcome.payload
    return Response(
        gift=None if value["GiftAmount"] is None else Decimal(value["GiftAmount"]),
        cashback=Decimal(value["CashbackAmount"]),
        balance=Decimal(value["BalanceAfterTransaction"]),
        used=len(value["UsedGiftBalances"] or ()),
    )


def _check_undoing(value: Any, kind: str, reference: str, sale: str) -> None:
    due = {"TransactionType": kind, "ExternalReference": reference, "CashbackAmount": 0}
    for member, expected in due.items():
        if value[member] != expected:
            raise UnexpectedResponse("R-1", f"{member} {expected}", str(value[member]))
    if str(value["MainTransactionId"]).lower() != sale.lower():
        raise UnexpectedResponse("R-1", "the sale's Id as MainTransactionId", str(value["MainTransactionId"]))
