"""Alfred's model of the random walks, without HTTP: the possible states, and which clause a wrong response breaks."""

from decimal import Decimal

import pytest

from harness.apis.alfred.walks.model import AlfredModel, State, charges, left_after_race
from harness.walks.possibilities import CallOutcome
from tests.harness.models import NO, NOBODY_KNOWS, YES, broken, money


@pytest.fixture
def alfred() -> AlfredModel:
    """Two users, of whom the first has 20.00."""
    model = AlfredModel()
    model.add_user()
    model.add_user()
    funded(model, "20.00")
    model.read_balance(0, money("20.00"))
    return model


def funded(model: AlfredModel, amount: str, user: int = 0) -> int:
    payment = model.add_payment(user, money(amount))
    model.confirm_payment(payment, YES)
    return payment


def session(model: AlfredModel, amount: str, part: str, user: int = 0) -> int:
    return model.add_session(model.add_purchase(user, money(amount)), money(part))


def test_new_user_has_a_zero_balance() -> None:
    model = AlfredModel()
    model.add_user()
    assert model.balances(0) == {Decimal(0)}


def test_payment_is_credited_on_confirmation(alfred: AlfredModel) -> None:
    payment = alfred.add_payment(0, money("5"))
    assert alfred.balances(0) == {money("20.00")}
    assert broken(lambda: alfred.read_balance(0, money("25.00"))) == "F-4"
    alfred.confirm_payment(payment, YES)
    assert alfred.balances(0) == {money("25.00")}


def test_a_payment_not_credited_or_rejected_breaks_f3(alfred: AlfredModel) -> None:
    funded(alfred, "5")
    assert broken(lambda: alfred.read_balance(0, money("20.00"))) == "F-3"
    waiting = alfred.add_payment(0, money("5"))
    assert broken(lambda: alfred.confirm_payment(waiting, NO)) == "F-3"


@pytest.mark.parametrize("outcome", [YES, NO])
def test_a_second_confirmation_of_a_payment_may_be_accepted_or_rejected(
    alfred: AlfredModel, outcome: CallOutcome
) -> None:
    payment = funded(alfred, "5")
    alfred.read_balance(0, money("25.00"))
    alfred.confirm_payment(payment, outcome)
    assert broken(lambda: alfred.read_balance(0, money("30.00"))) == "F-6"


def test_one_users_money_on_another_users_balance_breaks_f8(alfred: AlfredModel) -> None:
    funded(alfred, "5")
    assert broken(lambda: alfred.read_balance(1, money("5"))) == "F-8"


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


def test_session_shows_zero_without_a_balance(alfred: AlfredModel) -> None:
    assert broken(lambda: session(alfred, "5.00", "5.00", user=1)) == "S-3"
    session(alfred, "5.00", "0", user=1)


def test_a_session_that_spends_breaks_s6(alfred: AlfredModel) -> None:
    session(alfred, "15.00", "15.00")
    assert broken(lambda: alfred.read_balance(0, money("5.00"))) == "S-6"


def test_confirmation_charges_the_shown_part(alfred: AlfredModel) -> None:
    alfred.confirm_purchase(session(alfred, "50.00", "20.00"), YES)
    assert broken(lambda: alfred.read_balance(0, money("0.01"))) == "S-8"
    alfred.read_balance(0, money("0.00"))


def test_rejected_valid_confirmation_breaks_p4(alfred: AlfredModel) -> None:
    assert broken(lambda: alfred.confirm_purchase(session(alfred, "50.00", "20.00"), NO)) == "P-4"


@pytest.mark.parametrize("outcome", [YES, NO])
def test_a_second_confirmation_may_be_accepted_or_rejected_and_charges_nothing(
    alfred: AlfredModel, outcome: CallOutcome
) -> None:
    number = session(alfred, "5.00", "5.00")
    alfred.confirm_purchase(number, YES)
    alfred.read_balance(0, money("15.00"))
    alfred.confirm_purchase(number, outcome)
    assert broken(lambda: alfred.read_balance(0, money("10.00"))) == "P-9"
    alfred.read_balance(0, money("15.00"))


def test_higher_balance_at_confirmation_allows_the_shown_or_the_new_part(alfred: AlfredModel) -> None:
    number = session(alfred, "50.00", "20.00")
    funded(alfred, "15.00")
    alfred.confirm_purchase(number, YES)
    assert alfred.balances(0) == {money("15.00"), money("0.00")}


def test_lower_balance_at_confirmation_allows_the_rest_or_a_rejection(alfred: AlfredModel) -> None:
    number = session(alfred, "50.00", "20.00")
    alfred.confirm_purchase(session(alfred, "12.00", "12.00"), YES)
    alfred.confirm_purchase(number, NO)
    assert alfred.balances(0) == {money("8.00")}
    alfred.confirm_purchase(number, YES)
    assert alfred.balances(0) == {money("0.00")}


def test_an_older_session_may_be_rejected_and_the_latest_may_not(alfred: AlfredModel) -> None:
    purchase = alfred.add_purchase(0, money("5.00"))
    older, latest = (alfred.add_session(purchase, money("5.00")) for _ in range(2))
    alfred.confirm_purchase(older, NO)
    assert broken(lambda: alfred.confirm_purchase(latest, NO)) == "P-4"
    alfred.confirm_purchase(older, YES)
    assert alfred.balances(0) == {money("15.00")}


def test_a_wrong_confirmation_is_rejected_while_the_purchase_is_unpaid(alfred: AlfredModel) -> None:
    number = session(alfred, "5.00", "5.00")
    assert broken(lambda: alfred.confirm_wrongly(number, YES)) == "P-8"
    alfred.confirm_wrongly(number, NO)
    assert broken(lambda: alfred.read_balance(0, money("15.00"))) == "P-8"
    alfred.confirm_purchase(number, YES)
    alfred.confirm_wrongly(number, YES)
    assert alfred.balances(0) == {money("15.00")}


def test_invalid_call_that_is_accepted_or_has_an_effect_breaks_its_clause(alfred: AlfredModel) -> None:
    assert broken(lambda: alfred.reject(0, "F-7", YES)) == "F-7"
    alfred.reject(0, "F-7", NO)
    assert broken(lambda: alfred.read_balance(0, money("40.00"))) == "F-7"


def test_a_confirmation_without_a_response_may_have_charged_or_not(alfred: AlfredModel) -> None:
    number = session(alfred, "5.00", "5.00")
    alfred.confirm_purchase(number, NOBODY_KNOWS)
    assert alfred.balances(0) == {money("20.00"), money("15.00")}
    alfred.read_balance(0, money("20.00"))
    alfred.read_balance(0, money("15.00"))
    assert broken(lambda: alfred.read_balance(0, money("20.00"))) == "S-8"


def test_a_payment_without_a_response_may_be_confirmed_again_and_counts_once(alfred: AlfredModel) -> None:
    payment = alfred.add_payment(0, money("5"))
    alfred.confirm_payment(payment, NOBODY_KNOWS)
    alfred.confirm_payment(payment, NO)
    assert alfred.balances(0) == {money("25.00")}, "it may be rejected because it was credited, and only so"
    assert broken(lambda: alfred.read_balance(0, money("30.00"))) == "F-6"


def test_amounts_that_a_confirmation_may_charge() -> None:
    assert charges(money("20"), money("15"), money("15")) == {money("15")}
    assert charges(money("5"), money("15"), money("15")) == {money("5")}
    assert charges(money("30"), money("50"), money("20")) == {money("20"), money("30")}


@pytest.mark.parametrize(
    ("accepted", "rejected", "left"),
    [(1, 7, {"5"}), (2, 6, {"0"}), (8, 0, {"0"}), (0, 8, set())],
)
def test_race_of_eight_purchases_leaves_the_balances_that_fit_its_outcomes(
    accepted: int, rejected: int, left: set[str]
) -> None:
    found = left_after_race(money("20"), money("15"), money("15"), accepted, rejected)
    assert found == {money(text) for text in left}


def test_purchases_that_the_balance_covers_may_not_be_rejected_in_a_race() -> None:
    of = (money("80"), money("10"), money("10"))
    assert left_after_race(*of, 8, 0) == {Decimal(0)}
    assert left_after_race(*of, 7, 1) == frozenset()


def test_a_race_of_a_payment_a_purchase_and_a_session_is_explained_by_some_order(alfred: AlfredModel) -> None:
    payment, bought = alfred.add_payment(0, money("5")), session(alfred, "12", "12")
    probe = alfred.add_purchase(0, money("999"))
    calls = [(alfred.crediting(payment), YES), (alfred.charging(bought), YES)]
    for part in ("20", "25", "8", "13"):
        alfred_again = [*calls, (alfred.showing(probe, money(part)), YES)]
        alfred._users[0].become_together(alfred_again, "S-8")
        assert alfred.balances(0) == {money("13")}
        alfred._users[0]._states = frozenset({(State(money("20")), frozenset())})
    assert broken(lambda: alfred.race(0, [*calls, (alfred.showing(probe, money("17")), YES)], "S-8")) == "S-8"
    assert broken(lambda: alfred.race(0, [(alfred.crediting(payment), NO)], "F-3")) == "F-3"
