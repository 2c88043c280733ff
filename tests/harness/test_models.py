"""The models of the random walks, without HTTP: what is possible, and which clause a wrong answer breaks."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from harness.alfred_model import AlfredModel, charges, left_after_race
from harness.possibilities import Fate, Possibilities, SurpriseError
from harness.walletapi_model import Answer, Sale, Standing, WalletApiModel, paid

YES, NO, NOBODY_KNOWS = Fate.ACCEPTED, Fate.REFUSED, Fate.UNANSWERED


def money(text: str) -> Decimal:
    return Decimal(text)


def broken(act: Callable[[], object]) -> str:
    """The clause that an answer breaks."""
    with pytest.raises(SurpriseError) as caught:
        act()
    return caught.value.clause


# What is possible


def test_an_answer_that_fits_no_state_changes_nothing() -> None:
    states = Possibilities(1)
    assert not states.become(lambda _state, _fate: (), YES)
    assert not states.keep(lambda state: state == 2)
    assert states.states == {1}


def test_a_call_without_an_answer_may_come_into_force_at_any_time() -> None:
    states = Possibilities(1)
    states.become(lambda state, _fate: (state + 4,), NOBODY_KNOWS)
    assert states.states == {1, 5}
    assert states.keep(lambda state: state == 1)
    assert states.states == {1, 5}, "what was not processed until now still may be"
    assert states.keep(lambda state: state == 5)
    assert states.states == {5}, "and comes into force once"


def test_calls_without_an_answer_may_come_into_force_in_any_order() -> None:
    states = Possibilities(1)
    states.become(lambda state, _fate: (state + 4,), NOBODY_KNOWS)
    states.become(lambda state, _fate: (state * 10,), NOBODY_KNOWS)
    assert states.states == {1, 5, 10, 14, 50}


# Alfred


@pytest.fixture
def alfred() -> AlfredModel:
    """Two users, of whom the first has 20.00."""
    model = AlfredModel()
    model.newcomer()
    model.newcomer()
    funded(model, "20.00")
    model.balance_read(0, money("20.00"))
    return model


def funded(model: AlfredModel, amount: str, user: int = 0) -> int:
    payment = model.payment(user, money(amount))
    model.payment_confirmed(payment, YES)
    return payment


def session(model: AlfredModel, amount: str, part: str, user: int = 0) -> int:
    return model.session(model.purchase(user, money(amount)), money(part))


def test_a_newcomer_has_nothing() -> None:
    model = AlfredModel()
    assert model.balances(model.newcomer()) == {Decimal(0)}


def test_a_payment_counts_from_its_confirmation_on(alfred: AlfredModel) -> None:
    payment = alfred.payment(0, money("5"))
    assert alfred.balances(0) == {money("20.00")}
    assert broken(lambda: alfred.balance_read(0, money("25.00"))) == "F-4"
    alfred.payment_confirmed(payment, YES)
    assert alfred.balances(0) == {money("25.00")}


def test_a_payment_not_credited_or_refused_breaks_f3(alfred: AlfredModel) -> None:
    funded(alfred, "5")
    assert broken(lambda: alfred.balance_read(0, money("20.00"))) == "F-3"
    waiting = alfred.payment(0, money("5"))
    assert broken(lambda: alfred.payment_confirmed(waiting, NO)) == "F-3"


@pytest.mark.parametrize("fate", [YES, NO])
def test_a_second_confirmation_of_a_payment_may_be_answered_either_way(alfred: AlfredModel, fate: Fate) -> None:
    payment = funded(alfred, "5")
    alfred.balance_read(0, money("25.00"))
    alfred.payment_confirmed(payment, fate)
    assert broken(lambda: alfred.balance_read(0, money("30.00"))) == "F-6"


def test_money_of_one_on_anothers_balance_breaks_f8(alfred: AlfredModel) -> None:
    funded(alfred, "5")
    assert broken(lambda: alfred.balance_read(1, money("5"))) == "F-8"


@pytest.mark.parametrize(
    ("amount", "right", "wrong", "clause"),
    [
        ("50.00", "20.00", "19.99", "S-1"),
        ("20.00", "20.00", "19.99", "S-2"),
        ("15.00", "15.00", "20.00", "S-2"),
    ],
)
def test_a_session_shows_what_the_balance_pays(
    alfred: AlfredModel, amount: str, right: str, wrong: str, clause: str
) -> None:
    assert broken(lambda: session(alfred, amount, wrong)) == clause
    session(alfred, amount, right)


def test_a_session_shows_nothing_where_there_is_nothing(alfred: AlfredModel) -> None:
    assert broken(lambda: session(alfred, "5.00", "5.00", user=1)) == "S-3"
    session(alfred, "5.00", "0", user=1)


def test_a_session_that_spends_breaks_s6(alfred: AlfredModel) -> None:
    session(alfred, "15.00", "15.00")
    assert broken(lambda: alfred.balance_read(0, money("5.00"))) == "S-6"


def test_a_confirmation_takes_the_part_that_was_shown(alfred: AlfredModel) -> None:
    alfred.purchase_confirmed(session(alfred, "50.00", "20.00"), YES)
    assert broken(lambda: alfred.balance_read(0, money("0.01"))) == "S-8"
    alfred.balance_read(0, money("0.00"))


def test_a_confirmation_that_is_as_documented_may_not_be_refused(alfred: AlfredModel) -> None:
    assert broken(lambda: alfred.purchase_confirmed(session(alfred, "50.00", "20.00"), NO)) == "P-4"


@pytest.mark.parametrize("fate", [YES, NO])
def test_a_second_confirmation_may_be_answered_either_way_and_charges_nothing(alfred: AlfredModel, fate: Fate) -> None:
    number = session(alfred, "5.00", "5.00")
    alfred.purchase_confirmed(number, YES)
    alfred.balance_read(0, money("15.00"))
    alfred.purchase_confirmed(number, fate)
    assert broken(lambda: alfred.balance_read(0, money("10.00"))) == "P-9"
    alfred.balance_read(0, money("15.00"))


def test_with_more_balance_since_the_part_shown_or_the_new_one_is_taken(alfred: AlfredModel) -> None:
    number = session(alfred, "50.00", "20.00")
    funded(alfred, "15.00")
    alfred.purchase_confirmed(number, YES)
    assert alfred.balances(0) == {money("15.00"), money("0.00")}


def test_with_less_balance_since_the_rest_is_taken_or_it_is_refused(alfred: AlfredModel) -> None:
    number = session(alfred, "50.00", "20.00")
    alfred.purchase_confirmed(session(alfred, "12.00", "12.00"), YES)
    alfred.purchase_confirmed(number, NO)
    assert alfred.balances(0) == {money("8.00")}
    alfred.purchase_confirmed(number, YES)
    assert alfred.balances(0) == {money("0.00")}


def test_an_older_session_may_be_refused_and_the_latest_may_not(alfred: AlfredModel) -> None:
    purchase = alfred.purchase(0, money("5.00"))
    older, latest = (alfred.session(purchase, money("5.00")) for _ in range(2))
    alfred.purchase_confirmed(older, NO)
    assert broken(lambda: alfred.purchase_confirmed(latest, NO)) == "P-4"
    alfred.purchase_confirmed(older, YES)
    assert alfred.balances(0) == {money("15.00")}


def test_a_wrong_confirmation_is_refused_while_the_purchase_is_unpaid(alfred: AlfredModel) -> None:
    number = session(alfred, "5.00", "5.00")
    assert broken(lambda: alfred.wrongly_confirmed(number, YES)) == "P-8"
    alfred.wrongly_confirmed(number, NO)
    assert broken(lambda: alfred.balance_read(0, money("15.00"))) == "P-8"
    alfred.purchase_confirmed(number, YES)
    alfred.wrongly_confirmed(number, YES)
    assert alfred.balances(0) == {money("15.00")}


def test_what_must_be_refused_breaks_its_clause_by_its_answer_and_by_its_effect(alfred: AlfredModel) -> None:
    assert broken(lambda: alfred.refused(0, "F-7", YES)) == "F-7"
    alfred.refused(0, "F-7", NO)
    assert broken(lambda: alfred.balance_read(0, money("40.00"))) == "F-7"


def test_a_confirmation_without_an_answer_may_have_charged_or_not(alfred: AlfredModel) -> None:
    number = session(alfred, "5.00", "5.00")
    alfred.purchase_confirmed(number, NOBODY_KNOWS)
    assert alfred.balances(0) == {money("20.00"), money("15.00")}
    alfred.balance_read(0, money("20.00"))
    alfred.balance_read(0, money("15.00"))
    assert broken(lambda: alfred.balance_read(0, money("20.00"))) == "S-8"


def test_a_payment_without_an_answer_may_be_confirmed_again_and_counts_once(alfred: AlfredModel) -> None:
    payment = alfred.payment(0, money("5"))
    alfred.payment_confirmed(payment, NOBODY_KNOWS)
    alfred.payment_confirmed(payment, NO)
    assert alfred.balances(0) == {money("25.00")}, "it may be refused because it was credited, and only so"
    assert broken(lambda: alfred.balance_read(0, money("30.00"))) == "F-6"


def test_what_a_confirmation_may_take() -> None:
    assert charges(money("20"), money("15"), money("15")) == {money("15")}
    assert charges(money("5"), money("15"), money("15")) == {money("5")}
    assert charges(money("30"), money("50"), money("20")) == {money("20"), money("30")}


@pytest.mark.parametrize(
    ("accepted", "refused", "left"),
    [(1, 7, {"5"}), (2, 6, {"0"}), (8, 0, {"0"}), (0, 8, set())],
)
def test_of_eight_purchases_of_15_a_balance_of_20_pays_one(accepted: int, refused: int, left: set[str]) -> None:
    found = left_after_race(money("20"), money("15"), money("15"), accepted, refused)
    assert found == {money(text) for text in left}


def test_purchases_that_are_covered_together_may_not_be_refused() -> None:
    of = (money("80"), money("10"), money("10"))
    assert left_after_race(*of, 8, 0) == {Decimal(0)}
    assert left_after_race(*of, 7, 1) == frozenset()


# The WalletAPI


@pytest.fixture
def wallets() -> WalletApiModel:
    """Two wallets, of which the first holds 30.00 and a gift of 10.00."""
    model = WalletApiModel()
    model.wallet(Decimal(0), Decimal(0))
    model.wallet(Decimal(0), Decimal(0))
    model.deposited(0, money("30.00"), YES)
    model.given(0, money("10.00"), YES)
    model.balances_read(0, money("30.00"), money("10.00"))
    return model


def answer(gift: str | None, balance: str, cashback: str = "0", used: int | None = 0) -> Answer:
    return Answer(None if gift is None else money(gift), money(cashback), money(balance), used)


def held(model: WalletApiModel, wallet: int = 0) -> set[tuple[Decimal, Decimal]]:
    return {(standing.balance, standing.gifts) for standing in model.standings(wallet)}


def test_a_sale_is_paid_by_the_balance(wallets: WalletApiModel) -> None:
    wallets.sold(Sale(0, money("12.00")), YES, answer(None, "18.00"))
    assert held(wallets) == {(money("18.00"), money("10.00"))}


@pytest.mark.parametrize(
    ("sale", "came", "clause"),
    [
        (Sale(0, Decimal(12)), answer(None, "17.99"), "T-7"),
        (Sale(0, Decimal(12)), answer("10", "28.00", used=1), "G-3"),
        (Sale(0, Decimal(12), gifts=True), answer("9.99", "28.00", used=1), "G-1"),
        (Sale(0, Decimal(4), gifts=True), answer(None, "30.00", used=1), "G-2"),
        (Sale(0, Decimal(12), gifts=True), answer("10", "28.00", used=2), "G-6"),
        (Sale(0, Decimal(12), cashback=Decimal(5), why="C-1"), answer(None, "23.00"), "C-1"),
        (Sale(0, Decimal(12), cashback=Decimal(6), why="C-3"), answer(None, "24.00", "5.99"), "C-3"),
        (Sale(0, Decimal(12)), answer(None, "18.00", "1"), "C-2"),
        (Sale(0, Decimal("30.01")), answer(None, "-0.01"), "E-3"),
        (Sale(0, Decimal("40.01"), gifts=True), answer("10", "-0.01", used=1), "E-3"),
        (Sale(0, Decimal(35), cashback=Decimal(10), why="C-1"), answer(None, "5.00", "10"), "E-3"),
    ],
)
def test_a_wrong_answer_to_a_sale_breaks_its_clause(
    wallets: WalletApiModel, sale: Sale, came: Answer, clause: str
) -> None:
    assert broken(lambda: wallets.sold(sale, YES, came)) == clause


@pytest.mark.parametrize("sale", [Sale(0, Decimal("30.00")), Sale(0, Decimal("40.00"), gifts=True)])
def test_a_sale_of_exactly_as_much_may_not_be_refused(wallets: WalletApiModel, sale: Sale) -> None:
    assert broken(lambda: wallets.sold(sale, NO)) == "E-3"


def test_a_sale_of_more_is_refused_and_changes_nothing(wallets: WalletApiModel) -> None:
    wallets.sold(Sale(0, money("30.01")), NO)
    assert broken(lambda: wallets.balances_read(0, money("0.00"), money("10.00"))) == "E-3"
    wallets.balances_read(0, money("30.00"), money("10.00"))


def test_without_a_gift_none_is_named(wallets: WalletApiModel) -> None:
    wallets.deposited(1, money("5"), YES)
    assert broken(lambda: wallets.sold(Sale(1, money("1"), gifts=True), YES, answer("0", "4.00"))) == "G-4"


@pytest.mark.parametrize(
    ("sale", "balance", "gifts", "clause"),
    [
        (Sale(0, Decimal(12)), "17.00", "10.00", "T-7"),
        (Sale(0, Decimal(12)), "18.00", "9.00", "G-3"),
        (Sale(0, Decimal(12), gifts=True), "27.00", "0.00", "G-1"),
        (Sale(0, Decimal(12), gifts=True), "28.00", "1.00", "G-1"),
        (Sale(0, Decimal(4), gifts=True), "26.00", "6.00", "G-2"),
        (Sale(0, Decimal(4), gifts=True), "30.00", "0.00", "G-2"),
        (Sale(0, Decimal(12), cashback=Decimal(5), why="C-1"), "18.00", "10.00", "C-1"),
        (Sale(0, Decimal(12), cashback=Decimal(6), why="C-3"), "18.00", "10.00", "C-3"),
        (Sale(0, Decimal(12), why="C-2"), "23.00", "10.00", "C-2"),
    ],
)
def test_what_is_read_after_a_sale_breaks_its_clause(
    wallets: WalletApiModel, sale: Sale, balance: str, gifts: str, clause: str
) -> None:
    wallets.sold(sale, YES)
    assert broken(lambda: wallets.balances_read(0, money(balance), money(gifts))) == clause


@pytest.mark.parametrize(
    ("giving", "amount", "used", "left"),
    [(1, "4", 1, 1), (1, "10", 1, 0), (2, "10", 2, 0), (2, "4", None, None), (None, "10", None, 0), (0, "1", 0, 0)],
)
def test_how_many_gifts_paid_is_known_only_where_their_order_does_not_matter(
    giving: int | None, amount: str, used: int | None, left: int | None
) -> None:
    standing = Standing(money("50"), money("10") if giving != 0 else Decimal(0), giving)
    after, came = paid(Sale(0, money(amount), gifts=True), standing)
    assert (came.used, after.giving) == (used, left)


def test_a_plain_sale_is_undone_once(wallets: WalletApiModel) -> None:
    sale = wallets.sold(Sale(0, money("12.00")), YES)
    assert broken(lambda: wallets.undone(sale, NO)) == "R-2"
    wallets.undone(sale, YES)
    wallets.balances_read(0, money("30.00"), money("10.00"))
    assert broken(lambda: wallets.undone(sale, YES)) == "R-2"
    wallets.undone(sale, NO)
    assert broken(lambda: wallets.balances_read(0, money("42.00"), money("10.00"))) == "R-2"


@pytest.mark.parametrize("sale", [Sale(0, Decimal(1), gifts=True), Sale(0, Decimal(1), cashback=Decimal(1))])
def test_where_gift_and_cashback_of_an_undone_sale_go_is_not_settled(wallets: WalletApiModel, sale: Sale) -> None:
    number = wallets.sold(sale, YES)
    with pytest.raises(ValueError, match="does not settle"):
        wallets.undone(number, YES)


def test_what_must_fail_breaks_its_clause_by_its_answer_and_by_its_effect(wallets: WalletApiModel) -> None:
    assert broken(lambda: wallets.refused(0, "E-4", YES)) == "E-4"
    wallets.refused(0, "E-4", NO)
    assert broken(lambda: wallets.balances_read(0, money("25.00"), money("10.00"))) == "E-4"


def test_deposits_and_gifts_must_succeed_and_count(wallets: WalletApiModel) -> None:
    assert broken(lambda: wallets.deposited(0, money("5"), NO)) == "M-1"
    assert broken(lambda: wallets.given(0, money("5"), NO)) == "M-1"
    wallets.deposited(0, money("5"), YES)
    assert broken(lambda: wallets.balances_read(0, money("30.00"), money("10.00"))) == "M-1"
    assert broken(lambda: wallets.balances_read(1, money("5.00"), money("0.00"))) == "M-1"


def test_calls_without_an_answer_may_have_been_processed_or_not(wallets: WalletApiModel) -> None:
    wallets.deposited(0, money("5"), NOBODY_KNOWS)
    wallets.sold(Sale(0, money("12.00")), NOBODY_KNOWS)
    assert {balance for balance, _ in held(wallets)} == {money(text) for text in ("30", "35", "18", "23")}
    wallets.balances_read(0, money("35.00"), money("10.00"))
    assert {balance for balance, _ in held(wallets)} == {money("35"), money("23")}
    wallets.balances_read(0, money("23.00"), money("10.00"))
    assert broken(lambda: wallets.balances_read(0, money("35.00"), money("10.00"))) == "M-1"
