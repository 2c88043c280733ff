"""Money in a wallet that is wrong: whether the plainest sales are wrong already, and which clause that breaks."""

from contextlib import AbstractContextManager
from decimal import Decimal

from harness.apis.walletapi.client import Balances, Cashback, Transaction, Wallet, WalletApi
from harness.apis.walletapi.walks.sale_responses import amounts, clause_of_responses, clause_of_unpaid_gifts
from steps.plain_calls import MOST_AMOUNTS, clause_of, plain_cause_first

PLAIN, SMALL, LESS, MORE = (Decimal(text) for text in ("30.07", "12.10", "5.15", "20.20"))
DEPOSITS = (Decimal("80.25"), Decimal("50.00"), *[Decimal("0.02")] * 11)
DEPOSIT = sum(DEPOSITS, Decimal(0))
CENT = Decimal("0.01")
SALES = 10
CASHBACKS = {
    "C-1": (Cashback("Amount", Decimal("5.50")), Decimal("5.50")),
    "C-3": (Cashback("Percentage", Decimal(50)), SMALL / 2),
}
"""By clause: a cashback, and what it gives on a sale of 12.10."""


def plain_sales_first(walletapi: WalletApi) -> AbstractContextManager[None]:
    """Run a comparison, a valid call or a model. If it fails, make plain sales, and name the clause they break."""
    return plain_cause_first(walletapi.recorder, lambda: clause_of_plain_sales(walletapi))


def clause_of_plain_sales(walletapi: WalletApi) -> str:
    """Return the clause that a response of the scenario breaks, or plain sales from new wallets; empty if none is.

    Without ``owner_id``, no new wallet can be opened.
    """
    contract, scenario = walletapi.client.contract, walletapi.recorder.scenario
    shown = clause_of_responses(contract, scenario.story)
    if not shown and not scenario.raced:
        shown = clause_of_unpaid_gifts(contract, scenario.story)
    if shown or not walletapi.target.owner_id:
        return shown
    return clause_of(walletapi.recorder, lambda: _first_broken(walletapi))


def _first_broken(walletapi: WalletApi) -> str:
    wallet, other = walletapi.open_wallet(), walletapi.open_wallet()

    def is_wrong(balance: Decimal) -> bool:
        return walletapi.balances(wallet) != Balances(balance, Decimal(0))

    for one in (wallet, other):
        for part in DEPOSITS:
            walletapi.deposit(one, part)
            walletapi.balances(one)
    if is_wrong(DEPOSIT):
        return _clause_of_wrong_reading(walletapi, wallet, DEPOSIT)
    sale = walletapi.sell(walletapi.sale_call(wallet, PLAIN))
    if is_wrong(DEPOSIT - PLAIN):
        return "T-7" if walletapi.balances(other).wallet == DEPOSIT else "M-1"
    if sale.amount("BalanceAfterTransaction") != DEPOSIT - PLAIN:
        return "T-7"
    if sale.amount("GiftAmount") is not None:
        return "G-4"
    return (
        _broken_by_an_equal_sale(walletapi, wallet, sale)
        or _broken_by_many_sales(walletapi, wallet)
        or _broken_by_gifts(walletapi, wallet, DEPOSIT - 2 * PLAIN - SALES * CENT)
        or _broken_by_gifts_of_others(walletapi, wallet, other)
        or _broken_by_cashback(walletapi, wallet)
        or _broken_by_undoing(walletapi, wallet)
        or _broken_by_a_sale_of_everything(walletapi, wallet)
        or _broken_by_amounts(walletapi)
    )


def _broken_by_an_equal_sale(walletapi: WalletApi, wallet: Wallet, first: Transaction) -> str:
    second = walletapi.sell(walletapi.sale_call(wallet, PLAIN))
    if second.value["Id"] == first.value["Id"]:
        return "T-3"
    return "" if walletapi.balances(wallet).wallet == DEPOSIT - 2 * PLAIN else "T-7"


def _broken_by_many_sales(walletapi: WalletApi, wallet: Wallet) -> str:
    balance = walletapi.balances(wallet).wallet
    for _ in range(SALES):
        balance -= CENT
        sale = walletapi.sell(walletapi.sale_call(wallet, CENT))
        if not walletapi.balances(wallet).wallet == sale.amount("BalanceAfterTransaction") == balance:
            return "T-7"
    return ""


def _broken_by_gifts(walletapi: WalletApi, wallet: Wallet, balance: Decimal) -> str:
    """Return the clause that is broken if a gift pays less than a sale, or more and then what is left of it."""
    walletapi.give(wallet, LESS)
    if walletapi.balances(wallet).wallet != balance:
        return _clause_of_wrong_reading(walletapi, wallet, balance)
    sale = walletapi.sell(walletapi.sale_call(wallet, SMALL, gifts=True))
    balance -= SMALL - LESS
    left = walletapi.balances(wallet)
    if sale.amount("GiftAmount") != LESS or left.wallet != balance:
        return "G-1"
    if left.gifts:
        return "G-2"
    walletapi.give(wallet, MORE)
    for amount in (SMALL, MORE - SMALL - CENT, CENT):
        sale = walletapi.sell(walletapi.sale_call(wallet, amount, gifts=True))
        if walletapi.balances(wallet).wallet != balance:
            return "G-2"
        if sale.amount("GiftAmount") != amount:
            return "G-1"
    if walletapi.balances(wallet) != Balances(balance, Decimal(0)):
        return "G-2"
    for _ in range(2):
        walletapi.give(wallet, LESS)
    sale = walletapi.sell(walletapi.sale_call(wallet, 2 * LESS, gifts=True))
    return "" if sale.amount("GiftAmount") == 2 * LESS else "G-1"


def _clause_of_wrong_reading(walletapi: WalletApi, wallet: Wallet, balance: Decimal) -> str:
    """Return T-7 if a sale still shows the right balance, so that only reading it is wrong; otherwise M-1."""
    amount = min(LESS, balance)
    outcome = walletapi.attempt(walletapi.sale_call(wallet, amount))
    is_right = outcome.accepted and Transaction(outcome).amount("BalanceAfterTransaction") == balance - amount
    return "T-7" if is_right else "M-1"


def _broken_by_gifts_of_others(walletapi: WalletApi, wallet: Wallet, other: Wallet) -> str:
    """Return the clause that is broken if a gift pays that the sale does not ask for, or one of another wallet."""
    walletapi.give(other, MORE)
    given = walletapi.balances(other)
    sale = walletapi.sell(walletapi.sale_call(wallet, LESS, gifts=True))
    if sale.amount("GiftAmount") is not None or walletapi.balances(other) != given:
        return "G-4"
    sale = walletapi.sell(walletapi.sale_call(other, LESS))
    is_used = sale.amount("GiftAmount") is not None or walletapi.balances(other).gifts != given.gifts
    return "G-3" if is_used else ""


def _broken_by_cashback(walletapi: WalletApi, wallet: Wallet) -> str:
    """Return the clause that is broken by a sale with cashback, or by one with a gift, too."""
    for clause, (cashback, expected) in [each for each in CASHBACKS.items() for _ in range(2)]:
        before = walletapi.balances(wallet).wallet
        sale = walletapi.sell(walletapi.sale_call(wallet, SMALL, cashback=cashback), clause)
        if sale.amount("CashbackAmount") != expected or walletapi.balances(wallet).wallet != before - SMALL + expected:
            return clause
    cashback, expected = CASHBACKS["C-1"]
    walletapi.give(wallet, LESS)
    before = walletapi.balances(wallet).wallet
    sale = walletapi.sell(walletapi.sale_call(wallet, SMALL, gifts=True, cashback=cashback))
    if sale.amount("GiftAmount") != LESS:
        return "G-1"
    is_right = walletapi.balances(wallet).wallet == before - SMALL + LESS + expected
    return "" if is_right and sale.amount("CashbackAmount") == expected else "C-1"


def _broken_by_undoing(walletapi: WalletApi, wallet: Wallet) -> str:
    sales = {operation: walletapi.sale_call(wallet, LESS) for operation in ("refundPurchase", "cancelPurchase")}
    balance = walletapi.balances(wallet).wallet - len(sales) * LESS
    for sale in sales.values():
        walletapi.sell(sale)
    if walletapi.balances(wallet).wallet != balance:
        return "T-7"
    for operation, sale in sales.items():
        undoing = walletapi.sell(walletapi.undo_call(operation, sale.body["ExternalReference"]))
        balance += LESS
        if not walletapi.balances(wallet).wallet == undoing.amount("BalanceAfterTransaction") == balance:
            return "R-2"
    return ""


def _broken_by_a_sale_of_everything(walletapi: WalletApi, wallet: Wallet) -> str:
    sale = walletapi.attempt(walletapi.sale_call(wallet, walletapi.balances(wallet).wallet))
    return "E-3" if sale.rejected else ""


def _broken_by_amounts(walletapi: WalletApi) -> str:
    """Return the clause that is broken if an amount of the scenario is deposited and sold for on a new wallet."""
    found = dict.fromkeys(amounts(walletapi.client.contract, walletapi.recorder.scenario.story))
    for amount in list(found)[:MOST_AMOUNTS]:
        wallet = walletapi.open_wallet()
        for _ in range(2):
            walletapi.deposit(wallet, amount)
        if walletapi.balances(wallet).wallet != 2 * amount:
            return _clause_of_wrong_reading(walletapi, wallet, 2 * amount)
        sale = walletapi.sell(walletapi.sale_call(wallet, amount))
        if not walletapi.balances(wallet).wallet == sale.amount("BalanceAfterTransaction") == amount:
            return "T-7"
    return ""
