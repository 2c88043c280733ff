"""The failed comparison of a step as a condition of jq.

A compared value is known only as a value. So each place in the responses that had this value is a candidate, and so is
the difference of two readings, or a reading and what was added to it. The condition holds if one pair of candidates
fulfils the comparison: if the platform is still broken, each candidate has its wrong value again.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import combinations, islice, permutations
from typing import Any, Final

from harness.causes.words import differing
from harness.repeat.calls.paths import leaves, place_of
from harness.repeat.calls.requests import clock_of
from harness.repeat.calls.story import Story
from harness.repeat.conditions.rules import CannotBeSaidError, literal
from harness.wire.messages import decoded

_OPERATORS: Final = {"==": "==", "is": "==", "!=": "!=", "is not": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_MOST: Final = 8  # candidates of a kind
_MINUTE: Final = 61
_PLACES: Final = 6


@dataclass(frozen=True)
class Comparison:
    """``left`` and ``right`` as the assertion of a step compared them."""

    operator: str
    left: Any
    right: Any


@dataclass(frozen=True)
class _Candidate:
    expression: str
    place: str = ""


def condition(compared: Comparison, story: Story, is_known: Callable[[str], bool]) -> tuple[str, str]:
    """Return the condition that holds if the platform is right, and what shows the value that came back."""
    tests, shown = [], ""
    for operator, left, right in _simple_parts(compared):
        ones = _candidates(left, story, is_known, story.watched)
        others = _candidates(right, story, is_known, ())
        folded = " | ascii_downcase" if isinstance(left, str) and isinstance(right, str) else ""
        pairs = [
            f"({one.expression}{folded}) {operator} ({other.expression}{folded})"
            for one in ones
            for other in others
            if (one.place or other.place) and one.place != other.place
        ]
        if not pairs:
            raise CannotBeSaidError("no response has the compared value")
        tests.append("(" + "\n  or ".join(f"holds({pair})" for pair in pairs) + ")")
        shown = shown or next((one.expression for one in (*ones, *others) if one.place), "")
    if not tests:
        raise CannotBeSaidError(compared.operator)
    return "\n  and ".join(tests), shown


def _simple_parts(compared: Comparison) -> Iterator[tuple[str, Any, Any]]:
    """Return the comparisons of simple values of which a comparison consists: only those that failed."""
    operator = compared.operator
    for _, left, right in differing(operator, compared.left, compared.right):
        if operator == "in" and isinstance(right, list | tuple | set | frozenset) and all(map(_is_simple, right)):
            yield "==", left, _Choice(tuple(right))
        elif operator in _OPERATORS and _is_simple(left) and _is_simple(right) and not are_counts(left, right):
            yield _OPERATORS[operator], left, right
        else:
            raise CannotBeSaidError(operator)


@dataclass(frozen=True)
class _Choice:
    values: tuple[Any, ...]


def are_counts(left: Any, right: Any) -> bool:
    """Return whether two values say how many there are of something: amounts are decimals."""
    return type(left) is type(right) is int


def _is_simple(value: Any) -> bool:
    return value is None or isinstance(value, bool | int | Decimal | str | datetime)


def _candidates(value: Any, story: Story, is_known: Callable[[str], bool], first: Sequence[int]) -> list[_Candidate]:
    """Return the candidates of a value. Places in other calls than ``first`` count only if there is none in these."""
    if isinstance(value, _Choice):
        return [one for each in value.values for one in _candidates(each, story, is_known, first)]
    if isinstance(value, datetime):
        return [*_moments(value, story)][:_MOST]
    found = _places(value, story, first) or _places(value, story, range(len(story.exchanges)))
    if _is_number(value):
        # A difference is rounded, and would hide the last digits of a float.
        story = replace(story, exchanges=()) if _is_float(value) else story
        found = [*found[:_MOST], *islice(_differences(Decimal(value), story), 2 * _MOST)]
        found += islice(_sums(Decimal(value), story), _MOST)
        return [_Candidate(format(value, "f") if isinstance(value, Decimal) else str(value)), *found]
    if isinstance(value, str):
        found += _sent(value, story)
        return ([] if is_known(value) else [_Candidate(literal(value))]) + found[:_MOST]
    return [_Candidate(literal(value)), *found[:_MOST]]


def _places(value: Any, story: Story, numbers: Sequence[int]) -> list[_Candidate]:
    """Return the places in the responses of these calls that have a value."""
    return [
        _Candidate(place, place)
        for number in reversed(numbers)
        for path, one in leaves(story.exchanges[number])
        if _same(one, value)
        for place in [place_of(number, story.exchanges[number], path).everywhere()]
    ]


def _same(one: Any, value: Any) -> bool:
    if _is_number(value):
        return _is_number(one) and Decimal(one) == Decimal(value)
    if isinstance(one, str) and isinstance(value, str):
        return one.lower() == value.lower()
    return type(one) is type(value) and bool(one == value)


def _differences(value: Decimal, story: Story) -> Iterator[_Candidate]:
    """Return readings of the same place whose difference is a value, one of them in a call that is judged."""
    judged = tuple(f"$c[{number}]" for number in story.watched)
    every = _readings(story).values()
    for (where, one), (other_where, other) in (pair for readings in every for pair in permutations(readings[::-1], 2)):
        if one - other == value and any(call in where or call in other_where for call in judged):
            yield _Candidate(f"{where} - {other_where} | cents", f"{where} - {other_where}")


def _sums(value: Decimal, story: Story) -> Iterator[_Candidate]:
    """Return two numbers of a judged response whose sum is a value, and readings to which something is added.

    These are the last but one, and the first of each place that a judged response has.
    """
    for number in story.watched if story.exchanges else ():
        exchange = story.exchanges[number]
        found = [
            (place_of(number, exchange, path).everywhere(), one) for path, one in leaves(exchange) if _is_number(one)
        ]
        for (where, one), (other_where, other) in combinations(found, 2):
            if one and other and Decimal(one) + Decimal(other) == value:
                yield _Candidate(f"{where} + {other_where} | cents", f"{where} + {other_where}")
    judged = {story.exchanges[number].request.operation for number in story.watched} if story.exchanges else set()
    for (operation, _), readings in _readings(story).items():
        for where, one in (readings[-2], readings[0]) if len(readings) > 1 and operation in judged else ():
            added = f"{where} + {value - one:f}"
            yield _Candidate(f"{added} | cents", added)


def _readings(story: Story) -> dict[tuple[str, str], list[tuple[str, Decimal]]]:
    """Return the numbers that responses have at the same place of the same operation, in order."""
    readings: dict[tuple[str, str], list[tuple[str, Decimal]]] = {}
    for number, exchange in enumerate(story.exchanges):
        for path, one in leaves(exchange):
            if _is_number(one):
                place = place_of(number, exchange, path)
                key = exchange.request.operation, place.path
                readings.setdefault(key, []).append((place.everywhere(), Decimal(one)))
    return readings


def _sent(value: str, story: Story) -> Iterator[_Candidate]:
    """Return the places of a text in the requests."""
    for number in reversed(range(len(story.exchanges))):
        body = story.exchanges[number].request.body
        sent = decoded(body) if body and len(body) < _LONGEST else None
        for name, one in sent.items() if isinstance(sent, Mapping) else ():
            if isinstance(one, str) and one.lower() == value.lower():
                place = f"$c[{number}].sent[{literal(name)}]"
                yield _Candidate(place, place)


_LONGEST: Final = 64 * 1024


def _moments(value: datetime, story: Story) -> Iterator[_Candidate]:
    """Return the times in responses that are a moment, and the clocks of responses to which seconds are added."""
    for number in reversed(range(len(story.exchanges))):
        exchange = story.exchanges[number]
        for path, one in leaves(exchange):
            if isinstance(one, str) and _is_moment(one, value):
                place = place_of(number, exchange, path).everywhere()
                yield _Candidate(f"{place} | moment", place)
    for number in reversed(range(len(story.exchanges))):
        exchange = story.exchanges[number]
        seconds = (value - clock_of(exchange)).total_seconds()
        if abs(seconds) <= _MINUTE and exchange.response:
            yield _Candidate(f"$c[{number}].date + {seconds:.0f}", f"$c[{number}].date")


def _is_moment(text: str, value: datetime) -> bool:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return False
    return moment.tzinfo is not None and abs(moment - value) < timedelta(milliseconds=1)


def _is_float(value: Any) -> bool:
    """Return whether a number has so many decimal places that it comes from a calculation with floats."""
    exponent = Decimal(value).as_tuple().exponent
    return isinstance(exponent, int) and exponent < -_PLACES


def _is_number(value: Any) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)
