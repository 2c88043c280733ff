"""What wallets of the WalletAPI may hold after any calls, worked out without asking (contract.md M-1)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from harness.walks.possibilities import CallOutcome, Change, Possibilities, UnexpectedResponse

NOTHING_BACK: Final = Decimal(0)


@dataclass(frozen=True)
class Standing:
    """One thing that a wallet may hold, in major units, and which of its sales were undone.

    ``gifts`` is what is left of all gifts, ``giving`` how many of them have something left; None where that depends on
    the order in which they are spent, which contract.md leaves open.
    """

    balance: Decimal
    gifts: Decimal = Decimal(0)
    giving: int | None = 0
    undone: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Sale:
    """What a sale asks for.

    ``cashback`` is what it should bring, and ``why`` the clause that says so; empty where the sale names no cashback.
    """

    wallet: int
    amount: Decimal
    gifts: bool = False
    cashback: Decimal = NOTHING_BACK
    why: str = ""

    @property
    def plain(self) -> bool:
        """Whether it asked for neither gift nor cashback, so that it is settled what undoing it gives back (R-2)."""
        return not self.gifts and not self.cashback


@dataclass(frozen=True)
class Response:
    """What an accepted sale answers; ``gift`` is None where no gift paid, ``used`` the number of those that did."""

    gift: Decimal | None
    cashback: Decimal
    balance: Decimal
    used: int | None


class WalletApiModel:
    """Wallets and sales, each by its number. A UnexpectedResponse tells of a broken clause."""

    def __init__(self) -> None:
        """Know no wallet."""
        self.sales: list[Sale] = []
        self._wallets: list[Possibilities[Standing]] = []
        self._blamed: list[tuple[str, str]] = []

    def wallet(self, balance: Decimal, gifts: Decimal) -> int:
        """A wallet that holds this much to begin with."""
        self._wallets.append(Possibilities(Standing(balance, gifts, None if gifts else 0)))
        self._blamed.append(("M-1", "M-1"))
        return len(self._wallets) - 1

    def standings(self, wallet: int) -> frozenset[Standing]:
        """What the wallet may hold."""
        return self._wallets[wallet].states

    def balances_read(self, wallet: int, balance: Decimal, gifts: Decimal) -> None:
        """What was read; the clause of anything else is that of the last call that could have changed it."""
        due, (of_balance, of_gifts) = self.standings(wallet), self._blamed[wallet]
        if not self._wallets[wallet].keep(lambda standing: (standing.balance, standing.gifts) == (balance, gifts)):
            right = any(standing.balance == balance for standing in due)
            told = " or ".join(sorted(f"{standing.balance} and gifts of {standing.gifts}" for standing in due))
            raise UnexpectedResponse(of_gifts if right else of_balance, told, f"{balance} and gifts of {gifts}")
        self._blamed[wallet] = ("M-1", "M-1")

    def rejected(self, wallet: int, clause: str, outcome: CallOutcome) -> None:
        """A call that must fail, and changes nothing."""
        self._apply(
            wallet,
            lambda standing, outcome: () if outcome is CallOutcome.ACCEPTED else (standing,),
            outcome,
            (clause, clause),
        )

    # Money that comes in

    def deposited(self, wallet: int, amount: Decimal, outcome: CallOutcome) -> None:
        """A deposit, which must succeed."""
        self._apply(
            wallet, _accepted(lambda held: replace(held, balance=held.balance + amount)), outcome, ("M-1", "M-1")
        )

    def given(self, wallet: int, amount: Decimal, outcome: CallOutcome) -> None:
        """A gift, which must succeed and is no balance."""

        def give(held: Standing) -> Standing:
            return replace(held, gifts=held.gifts + amount, giving=None if held.giving is None else held.giving + 1)

        self._apply(wallet, _accepted(give), outcome, ("M-1", "M-1"))

    # Sales

    def sold(self, sale: Sale, outcome: CallOutcome, response: Response | None = None) -> int:
        """A sale: accepted where balance and usable gifts cover it (E-3), and paid as G, C and T-7 say."""

        def change(held: Standing, outcome: CallOutcome) -> Iterable[Standing]:
            if outcome is CallOutcome.REJECTED:
                return () if is_covered(sale, held) else (held,)
            fits = response is None or not _differences(sale, response, held)
            return (paid(sale, held)[0],) if is_covered(sale, held) and fits else ()

        covering = [held for held in self.standings(sale.wallet) if is_covered(sale, held)]
        if outcome is CallOutcome.ACCEPTED and response is not None and covering:
            # The nearest of the answers that were due tells what is wrong with this one.
            for difference in min((_differences(sale, response, held) for held in covering), key=len):
                raise difference
        self._apply(sale.wallet, change, outcome, ("E-3", "E-3"))
        if outcome is not CallOutcome.REJECTED:
            self._blamed[sale.wallet] = _blame(sale, covering)
        self.sales.append(sale)
        return len(self.sales) - 1

    def may_be_undone(self, sale: int) -> bool:
        """Whether the sale may have been undone already."""
        return any(sale in held.undone for held in self.standings(self.sales[sale].wallet))

    def undone(self, sale: int, outcome: CallOutcome) -> None:
        """A plain sale is undone once, which gives its amount back (R-2)."""
        of = self.sales[sale]
        if not of.plain:
            raise ValueError("contract.md does not settle where gift and cashback of an undone sale go")

        def change(held: Standing, outcome: CallOutcome) -> Iterable[Standing]:
            if sale in held.undone or outcome is CallOutcome.REJECTED:
                return (held,) if sale in held.undone and outcome is CallOutcome.REJECTED else ()
            return (replace(held, balance=held.balance + of.amount, undone=held.undone | {sale}),)

        self._apply(of.wallet, change, outcome, ("R-2", "R-2"))

    def _apply(self, wallet: int, change: Change[Standing], outcome: CallOutcome, clauses: tuple[str, str]) -> None:
        if not self._wallets[wallet].become(change, outcome):
            due, came = (
                ("a rejection", "a success") if outcome is CallOutcome.ACCEPTED else ("a success", "a rejection")
            )
            raise UnexpectedResponse(clauses[0], due, came)
        self._blamed[wallet] = clauses


def is_covered(sale: Sale, held: Standing) -> bool:
    """Whether balance and usable gifts cover a sale (E-3); its cashback comes only after."""
    return sale.amount <= held.balance + (held.gifts if sale.gifts else 0)


def paid(sale: Sale, held: Standing) -> tuple[Standing, Response]:
    """What is left after a sale that is covered, and what it answers; gifts are spent first (G-1)."""
    gift = min(held.gifts, sale.amount) if sale.gifts else Decimal(0)
    left = held.gifts - gift
    used, giving = _used(gift, left, held.giving)
    balance = held.balance - sale.amount + gift + sale.cashback
    after = replace(held, balance=balance, gifts=left, giving=giving)
    return after, Response(gift or None, sale.cashback, balance, used)


def _used(gift: Decimal, left: Decimal, giving: int | None) -> tuple[int | None, int | None]:
    """How many gifts paid, and how many have something left; None where that is not settled."""
    if not gift:
        return 0, giving
    if not left:
        return giving, 0
    return (1, 1) if giving == 1 else (None, None)


def _differences(sale: Sale, came: Response, held: Standing) -> list[UnexpectedResponse]:
    due = paid(sale, held)[1]
    of_gift = "G-3" if not sale.gifts else "G-4" if not held.gifts else "G-2" if held.gifts >= sale.amount else "G-1"
    compared = (
        (of_gift, "GiftAmount", due.gift, came.gift),
        (sale.why or "C-2", "CashbackAmount", due.cashback, came.cashback),
        ("T-7", "BalanceAfterTransaction", due.balance, came.balance),
        ("G-6", "number of gifts", due.used, came.used if due.used is not None else None),
    )
    return [
        UnexpectedResponse(clause, f"a {name} of {expected}", str(found))
        for clause, name, expected, found in compared
        if expected != found
    ]


def _blame(sale: Sale, covering: Iterable[Standing]) -> tuple[str, str]:
    """The clauses that another balance, and other gifts, would break after a sale."""
    gifts = max((held.gifts for held in covering), default=Decimal(0)) if sale.gifts else Decimal(0)
    of_gifts = "G-3" if not sale.gifts else "G-2" if gifts >= sale.amount else "G-1"
    return sale.why or (of_gifts if gifts else "T-7"), of_gifts


def _accepted(book: Callable[[Standing], Standing]) -> Change[Standing]:
    return lambda held, outcome: (book(held),) if outcome is CallOutcome.ACCEPTED else ()
