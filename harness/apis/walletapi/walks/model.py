"""A model of the wallets of the WalletAPI after any sequence of calls (contract.md M-1)."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from harness.apis.walletapi.walks.wallet_state import (
    Sale,
    SaleResponse,
    State,
    depositing,
    differences,
    giving,
    giving_what_expired,
    is_covered,
    selling,
    shows,
)
from harness.walks.possibilities import CallOutcome, Change, Possibilities, UnexpectedResponse, must_be_rejected


class WalletApiModel:
    """Wallets and sales by number. UnexpectedResponse if a response breaks a clause."""

    def __init__(self) -> None:
        self.sales: list[Sale] = []
        self._wallets: list[Possibilities[State]] = []
        # Per wallet, the clauses that an unexpected balance and unexpected gifts break: those of the last call.
        self._suspects: list[tuple[str, str]] = []

    def add_wallet(self, balance: Decimal, gifts: Decimal) -> None:
        self._wallets.append(Possibilities(State(balance, gifts, None if gifts else 0)))
        self._suspects.append(("M-1", "M-1"))

    def restart(self, wallet: int, balance: Decimal, gifts: Decimal) -> None:
        """Take over the balances that were read, after a call whose effect contract.md leaves open."""
        undone = frozenset(number for state in self.states(wallet) for number in state.undone)
        self._wallets[wallet] = Possibilities(State(balance, gifts, None if gifts else 0, undone=undone))

    def states(self, wallet: int) -> frozenset[State]:
        return self._wallets[wallet].states

    def read_balances(self, wallet: int, balance: Decimal, gifts: Decimal) -> None:
        states, (balance_clause, gifts_clause) = self.states(wallet), self._suspects[wallet]
        if not self._wallets[wallet].keep(lambda state: state.balance == balance and shows(state, gifts)):
            only_gifts = any(state.balance == balance for state in states)
            expected = " or ".join(sorted(f"{state.balance} and gifts of {state.gifts}" for state in states))
            received = f"{balance} and gifts of {gifts}"
            read = (gifts, {one.gifts for one in states}) if only_gifts else (balance, {one.balance for one in states})
            compared = read[0], tuple(read[1])
            raise UnexpectedResponse(gifts_clause if only_gifts else balance_clause, expected, received, compared)
        self._suspects[wallet] = ("M-1", "M-1")

    def reject(self, wallet: int, clause: str, outcome: CallOutcome) -> None:
        """Apply a call that must fail, and changes nothing."""
        self._apply(wallet, must_be_rejected, outcome, clause)

    def deposit(self, wallet: int, amount: Decimal, outcome: CallOutcome) -> None:
        self._apply(wallet, depositing(amount), outcome, "M-1")

    def give(self, wallet: int, amount: Decimal, outcome: CallOutcome) -> None:
        """Apply a gift, which must succeed and is not part of the balance."""
        self._apply(wallet, giving(amount), outcome, "M-1")

    def give_and_expire(self, wallet: int, amount: Decimal, outcome: CallOutcome) -> None:
        self._apply(wallet, giving_what_expired(amount), outcome, "M-1")

    def sell(self, sale: Sale, outcome: CallOutcome, response: SaleResponse | None = None) -> int:
        """Apply a sale: accepted if balance and usable gifts cover it (E-3), and paid as G, C and T-7 say."""
        covering = [state for state in self.states(sale.wallet) if is_covered(sale, state)]
        if outcome is CallOutcome.ACCEPTED and response is not None and covering:
            # The expected response that is nearest shows what is wrong with this one.
            for difference in min((differences(sale, response, state) for state in covering), key=len):
                raise difference
        if response is not None and response.gift is not None and not sale.gifts:
            raise UnexpectedResponse("G-3", "a GiftAmount of null", str(response.gift), (response.gift, (None,)))
        rejection = _clause_of_rejection(sale, covering)
        self._apply(sale.wallet, selling(sale, response), outcome, "E-3", if_rejected=rejection)
        if outcome is not CallOutcome.REJECTED:
            self._suspects[sale.wallet] = _suspects(sale, covering)
        had_no_gift = response is not None and response.gift is None
        self.sales.append(replace(sale, gifts=False) if had_no_gift else sale)
        return len(self.sales) - 1

    def is_covered(self, sale: Sale) -> bool:
        return any(is_covered(sale, state) for state in self.states(sale.wallet))

    def is_undone(self, sale: int) -> bool:
        """Return whether the sale was undone for certain."""
        return all(sale in state.undone for state in self.states(self.sales[sale].wallet))

    def may_be_undone(self, sale: int) -> bool:
        """Return whether the sale may have been undone already."""
        return any(sale in state.undone for state in self.states(self.sales[sale].wallet))

    def undo(self, number: int, outcome: CallOutcome) -> None:
        """Undo a plain sale, which gives its amount back once (R-2)."""
        self._apply(self.sales[number].wallet, self.undoing(number), outcome, "R-2")

    def undoing(self, number: int) -> Change[State]:
        sale = self.sales[number]
        if not sale.plain:
            raise ValueError("contract.md does not settle where gift and cashback of an undone sale go")

        def change(state: State, outcome: CallOutcome) -> Iterable[State]:
            if number in state.undone or outcome is CallOutcome.REJECTED:
                return (state,) if number in state.undone and outcome is CallOutcome.REJECTED else ()
            return (replace(state, balance=state.balance + sale.amount, undone=state.undone | {number}),)

        return change

    def race(self, wallet: int, calls: Sequence[tuple[Change[State], CallOutcome]], clause: str) -> None:
        """Apply calls on a wallet that were made at the same time."""
        self._wallets[wallet].become_together(calls, clause)
        # The responses are explained, so nothing was spent twice: what is read now must add up (M-1).
        self._suspects[wallet] = ("M-1", "M-1") if clause == "M-2" else (clause, clause)

    def _apply(
        self, wallet: int, change: Change[State], outcome: CallOutcome, clause: str, *, if_rejected: str = ""
    ) -> None:
        self._wallets[wallet].become(change, outcome, clause, if_rejected=if_rejected)
        self._suspects[wallet] = (clause, clause)


def _suspects(sale: Sale, covering: Iterable[State]) -> tuple[str, str]:
    gifts = max((state.gifts for state in covering), default=Decimal(0)) if sale.gifts else Decimal(0)
    gifts_clause = "G-3" if not sale.gifts else "G-2" if gifts >= sale.amount else "G-1"
    return sale.clause or (gifts_clause if gifts else "T-7"), gifts_clause


def _clause_of_rejection(sale: Sale, covering: Iterable[State]) -> str:
    """Return the clause that rejecting a covered sale breaks: E-3 if the sale takes everything or needs a gift."""
    states = list(covering)
    if any(sale.amount < state.balance for state in states):
        return sale.clause or ("G-1" if sale.gifts and any(state.gifts for state in states) else "T-1")
    return "E-3"
