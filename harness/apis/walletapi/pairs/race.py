"""Calls of two kinds at the same time, on one wallet or on two: some order of them must explain every response."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Final

from harness.apis.walletapi.client import Cashback, Wallet, WalletApi
from harness.apis.walletapi.walks.judged_calls import TYPES, JudgedCalls, response_of, sale_of
from harness.apis.walletapi.walks.sale_checks import Known
from harness.apis.walletapi.walks.wallet_state import State, depositing, giving, selling
from harness.client.calls import Call, Outcome
from harness.walks.contenders import Contender, Raced, accepted, changes, raced
from harness.walks.possibilities import Change
from harness.walks.story import Story

WALLET, OTHER = 0, 1
BASE: Final = Decimal("70.00")
GIFT: Final = Decimal("5.00")
TIMES: Final = 4  # how many calls of each kind are in a race
TOO_MUCH: Final = Decimal("100.00")

Racer = Contender[State]
SendTogether = Callable[[Sequence[Call]], list[Outcome]]


class Race:
    def __init__(
        self, walletapi: WalletApi, wallets: Sequence[Wallet], known: Known, send_together: SendTogether
    ) -> None:
        """``wallets`` are one or two."""
        self.wallets = wallets
        self.walletapi = walletapi
        self._send_together = send_together
        self._story = Story(walletapi.recorder)
        self._calls = JudgedCalls(walletapi, wallets, known, self._story)
        self._has_begun = False

    def run(self, first: str, second: str) -> None:
        """Send calls of each kind at the same time. ContractViolation if no order of them explains the responses."""
        self._story.lines.clear()
        with self._story.told():
            if not self._has_begun:
                self._calls.begin()
                self._has_begun = True
            for wallet in range(len(self.wallets)):
                self._calls.deposit(wallet, BASE)
            self._calls.give(WALLET, GIFT, None, "")
            makers = KINDS[first], KINDS[second]
            contenders = [make(self, number) for number in range(TIMES) for make in makers]
            self._judge(contenders, _clause(first, second))

    def _judge(self, contenders: Sequence[Racer], clause: str) -> None:
        reading = self.walletapi.balances_call(self.wallets[WALLET].alias)
        read, *outcomes = self._send_together([reading, *(contender.call for contender in contenders)])
        self._story.log("at the same time, the balances are read")
        pairs = raced(self.walletapi.client, contenders, outcomes, self._story)
        # Gifts first: a sale of the race may have used one of them.
        for contender, outcome in sorted(pairs, key=lambda each: each[0].call.operation != "createGiftByAlias"):
            self._calls.check(contender.owner, outcome)
        for number in range(len(self.wallets)):
            self._calls.model.race(number, changes(pairs, number), _own_clause(pairs, number, clause))
            self._calls.read_balances(number)
        if read.rejected:
            raise self.walletapi.client.wrong_rejection(read)

    def deposit(self, wallet: int, number: int) -> Racer:
        amount = Decimal(3 + 4 * number) / 100
        call = self.walletapi.deposit_call(self.wallets[wallet], amount)
        return Contender(f"a deposit of {amount}", wallet, call, lambda _outcome: depositing(amount), must_succeed=True)

    def gift(self, number: int) -> Racer:
        amount = Decimal(5 + 4 * number) / 100
        call = self.walletapi.gift_call(self.wallets[WALLET], amount)
        return Contender(f"a gift of {amount}", WALLET, call, lambda _outcome: giving(amount), must_succeed=True)

    def sale(self, wallet: int, amount: Decimal, *, gifts: bool = False, cashback: Cashback | None = None) -> Racer:
        call = self.walletapi.sale_call(self.wallets[wallet], amount, gifts=gifts, cashback=cashback)
        call = call.having({"Description": f"a sale of {amount}"})

        def change(outcome: Outcome) -> Change[State]:
            payload = outcome.payload if outcome.accepted else None
            return selling(sale_of(wallet, call.body, payload), response_of(outcome) if payload else None)

        return Contender(f"a sale of {amount}", wallet, call, change)

    def _undo_alone(self) -> None:
        """Undo the older of two sales before the race: an error that occurs without a race is found here."""
        for _ in range(2):
            call = self.walletapi.sale_call(self.wallets[WALLET], GIFT)
            self._calls.sell(WALLET, call, str(GIFT))
        self._calls.undo(max(self._calls.sales) - 1, "cancelPurchase")

    def too_much(self) -> Decimal:
        """Return more than the wallet can have, also if everything comes in during the race."""
        return TOO_MUCH + max(state.balance + state.gifts for state in self._calls.model.states(WALLET))

    def undoing(self, number: int) -> Racer:
        """Two attempts to undo each of two sales."""
        if number == 0:
            self._undo_alone()
        if number % 2 == 0:
            call = self.walletapi.sale_call(self.wallets[WALLET], Decimal("6.02") + number)
            self._calls.sell(WALLET, call, f"{call.body['Amount']}")
        sale = max(self._calls.sales)
        operation = ("cancelPurchase", "refundPurchase")[number % 2]
        change = self._calls.model.undoing(sale)
        reference = self._calls.sales[sale].call.body["ExternalReference"]
        call = self.walletapi.undo_call(operation, reference)
        return Contender(f"{operation} of sale {sale + 1}", WALLET, call, lambda _outcome: change)


def _price(number: int) -> Decimal:
    return Decimal("2.01") + number


def _cashback(number: int) -> Cashback:
    """Return another cashback for each sale of a race; a percentage that needs no rounding."""
    if number % 2:
        return Cashback("Percentage", Decimal(100))
    return Cashback("Amount", Decimal("0.50") + Decimal(number) / 100)


KINDS: Final[Mapping[str, Callable[[Race, int], Racer]]] = {
    "deposits": lambda race, number: race.deposit(WALLET, number),
    "gifts": Race.gift,
    "sales": lambda race, number: race.sale(WALLET, _price(number)),
    "sales that may use gifts": lambda race, number: race.sale(WALLET, _price(number), gifts=True),
    "sales with cashback": lambda race, number: race.sale(WALLET, _price(number), cashback=_cashback(number)),
    "sales of half the balance": lambda race, number: race.sale(WALLET, BASE / 2 + number, gifts=number % 2 == 1),
    "sales of too much": lambda race, number: race.sale(WALLET, race.too_much() + number, gifts=True),
    "cancels and refunds": Race.undoing,
    "another wallet's deposits": lambda race, number: race.deposit(OTHER, number),
    "another wallet's sales": lambda race, number: race.sale(OTHER, _price(number)),
}


def _own_clause(pairs: Raced[State], number: int, clause: str) -> str:
    """Return what the calls of one wallet break if no order of them explains the responses."""
    undone = [
        contender.call.body["ExternalReference"]
        for contender, outcome in pairs
        if contender.owner == number and contender.call.operation in TYPES and outcome.accepted
    ]
    if len(set(undone)) < len(undone):
        return "R-2"
    is_one = accepted(pairs, number, "purchaseByAlias") <= 1  # nothing was spent twice
    return "M-1" if clause == "M-2" and is_one else clause


def _clause(first: str, second: str) -> str:
    if first == second == "cancels and refunds":
        return "R-2"
    return "M-2" if "sales" in first and "sales" in second else "M-1"
