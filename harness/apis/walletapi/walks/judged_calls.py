"""Calls of the WalletAPI for which the model knows the only allowed outcome. Walks and pairs use them."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any, Final

from harness.apis.walletapi.client import Balances, Wallet, WalletApi
from harness.apis.walletapi.expiry import SOONEST, expiry_in
from harness.apis.walletapi.walks.model import WalletApiModel
from harness.apis.walletapi.walks.sale_checks import (
    Known,
    check_balance_after_deposit,
    check_created,
    check_deposit,
    check_gift,
    check_sale,
    check_undoing,
    compare,
)
from harness.apis.walletapi.walks.wallet_state import Sale, SaleResponse
from harness.client.calls import Call, Outcome
from harness.client.spending import LARGE
from harness.walks.possibilities import REJECTION, CallOutcome, UnexpectedResponse
from harness.walks.story import Story
from harness.walks.walker import Walk, outcome_of

MINOR: Final = Decimal("0.01")
NAMES: Final = "AB"  # of the wallets
TYPES: Final = {"cancelPurchase": "Cancel", "refundPurchase": "Refund"}


class JudgedCalls:
    """Makes calls on wallets, and compares outcomes and balances with the model. UnexpectedResponse if they differ."""

    def __init__(self, walletapi: WalletApi, wallets: Sequence[Wallet], known: Known, sender: Story | Walk) -> None:
        self.model = WalletApiModel()
        self.sales: dict[int, Outcome] = {}
        self._undone: set[int] = set()
        self._walletapi = walletapi
        self._wallets = wallets
        self._known = known
        self._sender = sender

    def begin(self) -> None:
        for name, wallet in zip(NAMES, self._wallets, strict=False):
            balances = self._walletapi.balances(wallet)
            self.model.add_wallet(balances.wallet, balances.gifts)
            self._sender.log(f"wallet {name} has {balances.wallet}, and gifts of {balances.gifts}")

    def deposit(self, number: int, amount: Decimal) -> bool:
        """Make a deposit. Return whether it was accepted. A rejection is allowed if the amount is large."""
        call = self._walletapi.deposit_call(self._wallets[number], amount)
        outcome = self._send(f"{amount} is deposited on {NAMES[number]}", call)
        if amount > LARGE and outcome and outcome.rejected:
            return False
        self.model.deposit(number, amount, outcome_of(outcome))
        if outcome:
            self.check(number, outcome)
        balances = self.read_balances(number)
        if outcome:
            check_balance_after_deposit(outcome, balances)
        return True

    def give(self, number: int, amount: Decimal, expiry: str | None, words: str, *, refusable: bool = False) -> bool:
        """Give a gift. Return whether it was accepted. A rejection is allowed if it is large, or ``refusable``."""
        call = self._walletapi.gift_call(self._wallets[number], amount).having({"ExpirationDate": expiry})
        outcome = self._send(f"a gift of {amount}{words} is given to {NAMES[number]}", call)
        if (refusable or amount > LARGE) and outcome and outcome.rejected:
            return False
        self.model.give(number, amount, outcome_of(outcome))
        if outcome is None:
            self._known.lost_gifts.add(self._wallets[number].alias)
        else:
            self.check(number, outcome)
        self.read_balances(number)
        return True

    def let_expire(self, number: int, amount: Decimal) -> None:
        expiry = expiry_in(SOONEST, self._walletapi, self._wallets[number])
        call = self._walletapi.gift_call(self._wallets[number], amount, expiry.date)
        outcome = self._send(f"a gift of {amount} that expires soon is given to {NAMES[number]}", call)
        self.model.give_and_expire(number, amount, outcome_of(outcome))
        if outcome:
            self.check(number, outcome)
        expiry.wait()
        self._sender.log("the gift has expired")
        self.read_balances(number)

    def sell(self, number: int, call: Call, words: str, *, refusable: bool = False) -> Outcome | None:
        """Make a sale. A rejection is allowed if an amount is large, or ``refusable``."""
        refusable = refusable or max(call.body["Amount"], call.body.get("CashbackValue") or 0) > LARGE
        clock = self._walletapi.recorder.scenario.clock
        due = "" if self.model.is_covered(sale_of(number, call.body, None)) else "E-3"
        outcome = self._send(f"a sale from {NAMES[number]} of {words}", replace(call, refusal=due))
        if refusable and outcome and outcome.rejected:
            self.model.reject(number, "T-1", CallOutcome.REJECTED)
        else:
            accepted = outcome if outcome and outcome.accepted else None
            sale = sale_of(number, call.body, accepted.payload if accepted else None)
            response = response_of(accepted) if accepted else None
            if accepted:
                self.check(number, accepted)
            sold = self.model.sell(sale, outcome_of(outcome), response)
            if accepted:
                self.sales[sold] = accepted
        self.read_balances(number)
        if outcome and outcome.accepted:
            # The sale's own Date may be older than the sale.
            check_created(outcome, clock, self._walletapi.recorder.scenario.clock)
        return outcome

    def check(self, number: int, outcome: Outcome) -> None:
        """Compare what an accepted call returned about itself with what was sent, and with what is known."""
        wallet, operation = self._wallets[number], outcome.call.operation
        if outcome.rejected:
            return
        if operation == "depositByAlias":
            check_deposit(outcome, wallet)
        elif operation == "createGiftByAlias":
            check_gift(outcome, wallet)
            self._known.gifts[wallet.alias].add(str(outcome.payload["Id"]).lower())
        elif operation == "purchaseByAlias":
            known = None if wallet.alias in self._known.lost_gifts else self._known.gifts[wallet.alias]
            check_sale(outcome, wallet, known)
            self._known.check_new("T-3", outcome.payload)
        else:
            reference = outcome.call.body["ExternalReference"]
            (sale,) = (each for each in self.sales.values() if each.call.body["ExternalReference"] == reference)
            check_undoing(outcome, sale, TYPES[operation])
            self._known.check_new("R-1", outcome.payload)

    def sell_wrongly(self, number: int, call: Call, words: str, clause: str = "E-4") -> None:
        """Try a sale that must fail by this clause, whatever the wallet has."""
        outcome = self._send(f"a sale from {NAMES[number]} {words}", replace(call, refusal=clause))
        self.model.reject(number, clause, outcome_of(outcome))
        self.read_balances(number)

    def undo(self, number: int, operation: str) -> None:
        """Cancel or refund a sale. The model must know what that gives back."""
        sale, wallet, type_ = self.sales[number], self.model.sales[number].wallet, TYPES[operation]
        what = f"a {type_.lower()} of the sale of {sale.call.body['Amount']} from {NAMES[wallet]}"
        call = self._walletapi.undo_call(operation, sale.call.body["ExternalReference"])
        outcome = self._send(what, replace(call, refusal="R-2" if self.model.is_undone(number) else ""))
        self.model.undo(number, outcome_of(outcome))
        if outcome:
            self.check(wallet, outcome)
        balances = self.read_balances(wallet)
        if outcome and outcome.accepted:
            shown = outcome.payload["BalanceAfterTransaction"]
            compare([("R-2", "BalanceAfterTransaction", balances.wallet, shown)])

    def is_undone(self, number: int) -> bool:
        return number in self._undone

    def undo_any(self, number: int, operation: str) -> None:
        """Cancel or refund a sale with gift or cashback. contract.md leaves open where these go."""
        sale, wallet = self.sales[number], self.model.sales[number].wallet
        call = self._walletapi.undo_call(operation, sale.call.body["ExternalReference"])
        outcome = self._send(f"a {TYPES[operation].lower()} of a sale with gift or cashback", call)
        self._undone.add(number)
        if outcome and outcome.rejected:
            raise UnexpectedResponse("R-1", "a success: the call is as documented", REJECTION)
        if outcome:
            self.check(wallet, outcome)
        balances = self._walletapi.balances(self._wallets[wallet])
        self.model.restart(wallet, balances.wallet, balances.gifts)
        if outcome:
            compare([("R-1", "BalanceAfterTransaction", balances.wallet, outcome.payload["BalanceAfterTransaction"])])

    def _send(self, words: str, call: Call) -> Outcome | None:
        return self._sender.send(words, self._walletapi.client, call)

    def read_balances(self, number: int) -> Balances:
        value = self._walletapi.client.perform(self._walletapi.balances_call(self._wallets[number].alias))
        balances = Balances.of(value)
        compare([("T-8", "TotalBalance", balances.wallet + balances.gifts, Decimal(value["TotalBalance"]))])
        self._sender.log(f"wallet {NAMES[number]} has {balances.wallet}, and gifts of {balances.gifts}")
        self.model.read_balances(number, balances.wallet, balances.gifts)
        return balances


def sale_of(number: int, sent: Any, received: Any) -> Sale:
    """Return the sale that a request asks for. A percentage may be rounded up, down or not at all, as ``received``."""
    amount, gifts = Decimal(sent["Amount"]), sent.get("UseGiftBalances") is True
    if sent.get("CashbackApply") is not True:
        return Sale(number, amount, gifts, clause="C-2" if sent.get("CashbackType") else "")
    value = Decimal(sent["CashbackValue"])
    if sent["CashbackType"] == "Amount":
        return Sale(number, amount, gifts, value, "C-1")
    share = amount * value / 100
    least, most = share.quantize(MINOR, ROUND_FLOOR), share.quantize(MINOR, ROUND_CEILING)
    returned = Decimal(received["CashbackAmount"]) if received else share
    return Sale(number, amount, gifts, returned if least <= returned <= most else most, "C-3")


def response_of(outcome: Outcome) -> SaleResponse:
    value = outcome.payload
    return SaleResponse(
        gift=None if value["GiftAmount"] is None else Decimal(value["GiftAmount"]),
        cashback=Decimal(value["CashbackAmount"]),
        balance=Decimal(value["BalanceAfterTransaction"]),
        used=len(value["UsedGiftBalances"] or ()),
    )
