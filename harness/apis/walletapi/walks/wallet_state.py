"""The state of one wallet of the WalletAPI, and how each call changes it (contract.md M-1, G, C, E-3)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from harness.walks.possibilities import CallOutcome, Change, UnexpectedResponse


@dataclass(frozen=True)
class State:
    """A possible state of a wallet, in major units, with the numbers of its undone sales.

    ``gifts`` is what is left of all gifts, ``open_gifts`` how many have something left: None if that depends on the
    order in which gifts are spent, which contract.md leaves open. ``expired`` is the sum of the gifts that have
    expired: they pay nothing (G-5), and contract.md leaves open whether the totals count them.
    """

    balance: Decimal
    gifts: Decimal = Decimal(0)
    open_gifts: int | None = 0
    expired: Decimal = Decimal(0)
    undone: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Sale:
    """A sale as it is requested.

    ``cashback`` is the expected cashback, and ``clause`` the one that requires it; empty if no cashback is named.
    """

    wallet: int
    amount: Decimal
    gifts: bool = False
    cashback: Decimal = Decimal(0)
    clause: str = ""

    @property
    def plain(self) -> bool:
        """Whether the sale had neither gift nor cashback, so that R-2 defines what undoing it gives back."""
        return not self.gifts and not self.cashback and self.clause not in {"C-1", "C-3"}


@dataclass(frozen=True)
class SaleResponse:
    """The response of an accepted sale; ``gift`` is None if no gift paid, ``used`` how many gifts paid."""

    gift: Decimal | None
    cashback: Decimal
    balance: Decimal
    used: int | None


def depositing(amount: Decimal) -> Change[State]:
    return _accepted(lambda state: replace(state, balance=state.balance + amount))


def giving(amount: Decimal) -> Change[State]:
    def give(state: State) -> State:
        open_gifts = None if state.open_gifts is None else state.open_gifts + 1
        return replace(state, gifts=state.gifts + amount, open_gifts=open_gifts)

    return _accepted(give)


def giving_what_expired(amount: Decimal) -> Change[State]:
    """Return the change by a gift that has expired since, before anything was spent of it."""
    return _accepted(lambda state: replace(state, expired=state.expired + amount))


def selling(sale: Sale, response: SaleResponse | None) -> Change[State]:
    """Return the change by a sale; with a ``response``, only of states in which the sale returns just that."""

    def change(state: State, outcome: CallOutcome) -> Iterable[State]:
        if outcome is CallOutcome.REJECTED:
            return () if is_covered(sale, state) else (state,)
        fits = response is None or not differences(sale, response, state)
        return (after_sale(sale, state)[0],) if is_covered(sale, state) and fits else ()

    return change


def is_covered(sale: Sale, state: State) -> bool:
    """Return whether balance and usable gifts cover a sale (E-3). Its cashback comes later."""
    return sale.amount <= state.balance + (state.gifts if sale.gifts else 0)


def after_sale(sale: Sale, state: State) -> tuple[State, SaleResponse]:
    """Return the state after a covered sale, and its response. Gifts are spent first (G-1)."""
    gift = min(state.gifts, sale.amount) if sale.gifts else Decimal(0)
    gifts = state.gifts - gift
    used, open_gifts = _used_gifts(gift, gifts, state.open_gifts)
    balance = state.balance - sale.amount + gift + sale.cashback
    after = replace(state, balance=balance, gifts=gifts, open_gifts=open_gifts)
    return after, SaleResponse(gift or None, sale.cashback, balance, used)


def _used_gifts(gift: Decimal, left: Decimal, open_gifts: int | None) -> tuple[int | None, int | None]:
    """Return how many gifts paid, and how many have something left; None if contract.md leaves this open."""
    if not gift:
        return 0, open_gifts
    if not left:
        return open_gifts, 0
    return (1, 1) if open_gifts == 1 else (None, None)


def differences(sale: Sale, response: SaleResponse, state: State) -> list[UnexpectedResponse]:
    expected = after_sale(sale, state)[1]
    gift_clause = _clause_of_gift(sale, response, state)
    compared = (
        (gift_clause, "GiftAmount", expected.gift, response.gift),
        (sale.clause or "C-2", "CashbackAmount", expected.cashback, response.cashback),
        ("T-7", "BalanceAfterTransaction", expected.balance, response.balance),
        ("G-6", "number of gifts", expected.used, response.used if expected.used is not None else None),
    )
    return [
        UnexpectedResponse(
            clause, f"a {name} of {one}", str(other), (other, (one,)) if name != "number of gifts" else None
        )
        for clause, name, one, other in compared
        if one != other
    ]


def _clause_of_gift(sale: Sale, response: SaleResponse, state: State) -> str:
    """Return the clause that a wrong GiftAmount breaks."""
    if not sale.gifts:
        return "G-3"
    if state.expired and response.gift is not None and response.gift > state.gifts:
        return "G-5"
    return "G-4" if not state.gifts else "G-2" if state.gifts >= sale.amount else "G-1"


def shows(state: State, gifts: Decimal) -> bool:
    """Return whether a total of all gifts fits a state."""
    return state.gifts <= gifts <= state.gifts + state.expired


def _accepted(book: Callable[[State], State]) -> Change[State]:
    return lambda state, outcome: (book(state),) if outcome is CallOutcome.ACCEPTED else ()
