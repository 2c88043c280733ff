"""The possible states after calls, some of which had no response."""

from harness.walks.possibilities import CallOutcome, Possibilities
from tests.harness.models import NO, NOBODY_KNOWS, YES, broken


def test_unexpected_response_does_not_change_the_states() -> None:
    states = Possibilities(1)
    assert broken(lambda: states.become(lambda _state, _fate: (), YES, "M-1")) == "M-1"
    assert not states.keep(lambda state: state == 2)
    assert states.states == {1}


def test_a_call_without_a_response_may_take_effect_at_any_time() -> None:
    states = Possibilities(1)
    states.become(lambda state, _fate: (state + 4,), NOBODY_KNOWS, "M-1")
    assert states.states == {1, 5}
    assert states.keep(lambda state: state == 1)
    assert states.states == {1, 5}, "what was not processed until now still may be"
    assert states.keep(lambda state: state == 5)
    assert states.states == {5}, "and comes into force once"


def test_calls_without_a_response_may_take_effect_in_any_order() -> None:
    states = Possibilities(1)
    states.become(lambda state, _fate: (state + 4,), NOBODY_KNOWS, "M-1")
    states.become(lambda state, _fate: (state * 10,), NOBODY_KNOWS, "M-1")
    assert states.states == {1, 5, 10, 14, 50}


def test_simultaneous_calls_are_accepted_if_some_order_explains_them() -> None:
    def add(state: int, outcome: CallOutcome) -> tuple[int, ...]:
        return (state + 4,) if outcome is YES else ()

    def double_small(state: int, outcome: CallOutcome) -> tuple[int, ...]:
        return (state * 2,) if outcome is YES and state < 5 else (state,) if outcome is NO and state >= 5 else ()

    states = Possibilities(1)
    states.become_together([(add, YES), (double_small, YES)], "M-1")
    assert states.states == {6}, "only the order in which the second call comes first"
    states.become_together([(double_small, NO), (add, YES), (add, YES)], "M-1")
    assert states.states == {14}
    assert broken(lambda: states.become_together([(double_small, YES), (add, YES)], "M-2")) == "M-2"
    assert states.states == {14}, "what no order explains changes nothing"
