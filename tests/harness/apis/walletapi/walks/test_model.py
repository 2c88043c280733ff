"""The WalletAPI's model of the random walks, without HTTP: which clause a wrong response breaks."""

from decimal import Decimal

import pytest

from harness.apis.walletapi.walks.model import WalletApiModel
from harness.apis.walletapi.walks.wallet_state import Sale, SaleResponse, State, after_sale, depositing, selling
from tests.harness.models import NO, NOBODY_KNOWS, YES, broken, money


@pytest.fixture
def wallets() -> WalletApiModel:
    """Two wallets, of which the first has 30.00 and a gift of 10.00."""
    model = WalletApiModel()
    model.add_wallet(Decimal(0), Decimal(0))
    model.add_wallet(Decimal(0), Decimal(0))
    model.deposit(0, money("30.00"), YES)
    model.give(0, money("10.00"), YES)
    model.read_balances(0, money("30.00"), money("10.00"))
    return model


def response(gift: str | None, balance: str, cashback: str = "0", used: int | None = 0) -> SaleResponse:
    return SaleResponse(None if gift is None else money(gift), money(cashback), money(balance), used)


def held(model: WalletApiModel, wallet: int = 0) -> set[tuple[Decimal, Decimal]]:
    return {(state.balance, state.gifts) for state in model.states(wallet)}


def test_a_sale_is_paid_by_the_balance(wallets: WalletApiModel) -> None:
    wallets.sell(Sale(0, money("12.00")), YES, response(None, "18.00"))
    assert held(wallets) == {(money("18.00"), money("10.00"))}


@pytest.mark.parametrize(
    ("sale", "came", "clause"),
    [
        (Sale(0, Decimal(12)), response(None, "17.99"), "T-7"),
        (Sale(0, Decimal(12)), response("10", "28.00", used=1), "G-3"),
        (Sale(0, Decimal(12), gifts=True), response("9.99", "28.00", used=1), "G-1"),
        (Sale(0, Decimal(4), gifts=True), response(None, "30.00", used=1), "G-2"),
        (Sale(0, Decimal(12), gifts=True), response("10", "28.00", used=2), "G-6"),
        (Sale(0, Decimal(12), cashback=Decimal(5), clause="C-1"), response(None, "23.00"), "C-1"),
        (Sale(0, Decimal(12), cashback=Decimal(6), clause="C-3"), response(None, "24.00", "5.99"), "C-3"),
        (Sale(0, Decimal(12)), response(None, "18.00", "1"), "C-2"),
        (Sale(0, Decimal("30.01")), response(None, "-0.01"), "E-3"),
        (Sale(0, Decimal("35.00")), response("10", "5.00", used=1), "G-3"),
        (Sale(0, Decimal("40.01"), gifts=True), response("10", "-0.01", used=1), "E-3"),
        (Sale(0, Decimal(35), cashback=Decimal(10), clause="C-1"), response(None, "5.00", "10"), "E-3"),
    ],
)
def test_a_wrong_response_to_a_sale_breaks_its_clause(
    wallets: WalletApiModel, sale: Sale, came: SaleResponse, clause: str
) -> None:
    assert broken(lambda: wallets.sell(sale, YES, came)) == clause


@pytest.mark.parametrize("sale", [Sale(0, Decimal("30.00")), Sale(0, Decimal("40.00"), gifts=True)])
def test_a_sale_of_exactly_the_balance_may_not_be_rejected(wallets: WalletApiModel, sale: Sale) -> None:
    assert broken(lambda: wallets.sell(sale, NO)) == "E-3"


def test_sale_above_the_balance_is_rejected_and_changes_nothing(wallets: WalletApiModel) -> None:
    wallets.sell(Sale(0, money("30.01")), NO)
    assert broken(lambda: wallets.read_balances(0, money("0.00"), money("10.00"))) == "E-3"
    wallets.read_balances(0, money("30.00"), money("10.00"))


def test_gift_amount_without_a_gift_breaks_g4(wallets: WalletApiModel) -> None:
    wallets.deposit(1, money("5"), YES)
    assert broken(lambda: wallets.sell(Sale(1, money("1"), gifts=True), YES, response("0", "4.00"))) == "G-4"


@pytest.mark.parametrize(
    ("sale", "balance", "gifts", "clause"),
    [
        (Sale(0, Decimal(12)), "17.00", "10.00", "T-7"),
        (Sale(0, Decimal(12)), "18.00", "9.00", "G-3"),
        (Sale(0, Decimal(12), gifts=True), "27.00", "0.00", "G-1"),
        (Sale(0, Decimal(12), gifts=True), "28.00", "1.00", "G-1"),
        (Sale(0, Decimal(4), gifts=True), "26.00", "6.00", "G-2"),
        (Sale(0, Decimal(4), gifts=True), "30.00", "0.00", "G-2"),
        (Sale(0, Decimal(12), cashback=Decimal(5), clause="C-1"), "18.00", "10.00", "C-1"),
        (Sale(0, Decimal(12), cashback=Decimal(6), clause="C-3"), "18.00", "10.00", "C-3"),
        (Sale(0, Decimal(12), clause="C-2"), "23.00", "10.00", "C-2"),
    ],
)
def test_wrong_balances_after_a_sale_break_its_clause(
    wallets: WalletApiModel, sale: Sale, balance: str, gifts: str, clause: str
) -> None:
    wallets.sell(sale, YES)
    assert broken(lambda: wallets.read_balances(0, money(balance), money(gifts))) == clause


@pytest.mark.parametrize(
    ("open_gifts", "amount", "used", "left"),
    [(1, "4", 1, 1), (1, "10", 1, 0), (2, "10", 2, 0), (2, "4", None, None), (None, "10", None, 0), (0, "1", 0, 0)],
)
def test_number_of_used_gifts_is_known_only_if_it_does_not_depend_on_their_order(
    open_gifts: int | None, amount: str, used: int | None, left: int | None
) -> None:
    state = State(money("50"), money("10") if open_gifts != 0 else Decimal(0), open_gifts)
    after, came = after_sale(Sale(0, money(amount), gifts=True), state)
    assert (came.used, after.open_gifts) == (used, left)


def test_a_plain_sale_is_undone_once(wallets: WalletApiModel) -> None:
    sale = wallets.sell(Sale(0, money("12.00")), YES)
    assert broken(lambda: wallets.undo(sale, NO)) == "R-2"
    wallets.undo(sale, YES)
    wallets.read_balances(0, money("30.00"), money("10.00"))
    assert broken(lambda: wallets.undo(sale, YES)) == "R-2"
    wallets.undo(sale, NO)
    assert broken(lambda: wallets.read_balances(0, money("42.00"), money("10.00"))) == "R-2"


@pytest.mark.parametrize("sale", [Sale(0, Decimal(1), gifts=True), Sale(0, Decimal(1), cashback=Decimal(1))])
def test_undo_of_a_sale_with_gift_or_cashback_is_not_modelled(wallets: WalletApiModel, sale: Sale) -> None:
    number = wallets.sell(sale, YES)
    with pytest.raises(ValueError, match="does not settle"):
        wallets.undo(number, YES)


def test_invalid_call_that_is_accepted_or_has_an_effect_breaks_its_clause(wallets: WalletApiModel) -> None:
    assert broken(lambda: wallets.reject(0, "E-4", YES)) == "E-4"
    wallets.reject(0, "E-4", NO)
    assert broken(lambda: wallets.read_balances(0, money("25.00"), money("10.00"))) == "E-4"


def test_rejected_or_uncredited_deposit_or_gift_breaks_m1(wallets: WalletApiModel) -> None:
    assert broken(lambda: wallets.deposit(0, money("5"), NO)) == "M-1"
    assert broken(lambda: wallets.give(0, money("5"), NO)) == "M-1"
    wallets.deposit(0, money("5"), YES)
    assert broken(lambda: wallets.read_balances(0, money("30.00"), money("10.00"))) == "M-1"
    assert broken(lambda: wallets.read_balances(1, money("5.00"), money("0.00"))) == "M-1"


def test_calls_without_a_response_may_have_been_processed_or_not(wallets: WalletApiModel) -> None:
    wallets.deposit(0, money("5"), NOBODY_KNOWS)
    wallets.sell(Sale(0, money("12.00")), NOBODY_KNOWS)
    assert {balance for balance, _ in held(wallets)} == {money(text) for text in ("30", "35", "18", "23")}
    wallets.read_balances(0, money("35.00"), money("10.00"))
    assert {balance for balance, _ in held(wallets)} == {money("35"), money("23")}
    wallets.read_balances(0, money("23.00"), money("10.00"))
    assert broken(lambda: wallets.read_balances(0, money("35.00"), money("10.00"))) == "M-1"


def test_a_race_is_explained_by_an_order_that_gives_every_response(wallets: WalletApiModel) -> None:
    first, second = Sale(0, money("12.00")), Sale(0, money("7.00"))
    calls = [
        (selling(first, response(None, "16.00")), YES),
        (selling(second, response(None, "28.00")), YES),
        (depositing(money("5.00")), YES),
    ]
    wallets.race(0, calls, "M-1")
    assert held(wallets) == {(money("16.00"), money("10.00"))}
    stale = [(selling(first, response(None, "4.00")), YES), (selling(second, response(None, "9.00")), YES)]
    assert broken(lambda: wallets.race(0, stale, "M-2")) == "M-2"


def test_a_sale_that_may_use_gifts_but_found_none_is_refunded_completely(wallets: WalletApiModel) -> None:
    wallets.deposit(1, money("30.00"), YES)
    sale = wallets.sell(Sale(1, money("12.00"), gifts=True), YES, response(None, "18.00"))
    wallets.undo(sale, YES)
    assert held(wallets, 1) == {(money("30.00"), money("0"))}


@pytest.mark.parametrize("shown", ["10.00", "12.00", "15.00"])
def test_totals_may_count_gifts_that_have_expired_or_not(wallets: WalletApiModel, shown: str) -> None:
    wallets.give_and_expire(0, money("5.00"), YES)
    wallets.read_balances(0, money("30.00"), money(shown))
    assert held(wallets) == {(money("30.00"), money("10.00"))}


def test_a_gift_that_has_expired_pays_nothing(wallets: WalletApiModel) -> None:
    wallets.give_and_expire(0, money("5.00"), YES)
    sale = Sale(0, money("20.00"), gifts=True)
    assert broken(lambda: wallets.sell(sale, YES, response("15.00", "25.00", used=2))) == "G-5"
    wallets.sell(sale, YES, response("10.00", "20.00", used=1))
    assert broken(lambda: wallets.read_balances(0, money("20.00"), money("5.01"))) == "G-1"
