"""The conditions in jq: they agree with the schemas, and a comparison finds the places of its values."""

import json
import subprocess
from datetime import UTC, datetime
from decimal import Decimal
from shutil import which
from typing import Any

import pytest

from harness.client.record import Run
from harness.contract.checking import Checker
from harness.contract.contract import Contract, documented
from harness.repeat.calls.story import Story
from harness.repeat.conditions import comparisons
from harness.repeat.conditions.comparisons import Comparison
from harness.repeat.conditions.revealed import without_internals
from harness.repeat.conditions.rules import CannotBeSaidError, condition
from harness.wire.exchange import Exchange, Request, Response

pytestmark = pytest.mark.skipif(not which("jq"), reason="jq is not installed")

GUID = "5a4db0c0-0000-4000-8000-000000000001"
RULES: list[dict[str, Any]] = [
    {"type": "string", "minLength": 1},
    {"type": ["number", "null"]},
    {"type": "integer"},
    {"format": "uuid"},
    {"format": "date-time"},
    {"multipleOf": 0.01},
    {"minimum": 0},
    {"exclusiveMinimum": 0},
    {"const": True},
    {"enum": ["Purchase", 7]},
    {"minItems": 1},
    {"maxItems": 0},
    {"required": ["a"]},
    {"anyOf": [{"type": "null"}, {"type": "array", "items": {"type": "string"}}]},
    {"properties": {"a": {"type": "string", "pattern": "^[a-z]+$"}}},
]
VALUES: list[Any] = [
    "",
    "text",
    GUID,
    GUID.upper(),
    "2030-01-02T03:04:05.1234567Z",
    "2030-01-02",
    0,
    7,
    -1,
    0.1,
    29.99,
    19.999,
]
VALUES += [1.005, True, False, None, [], ["x"], [1], {}, {"a": "b"}, {"a": "B"}, {"b": 1}]
DEFINITIONS = "def holds(test): try (test) catch false; def cents: . * 1000000 | round / 1000000;"


def jq(program: str, calls: list[Any]) -> Any:
    command = ["jq", "-nc", "--argjson", "c", json.dumps(calls, default=float), f"{DEFINITIONS} {program}"]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_jq_condition_agrees_with_the_schema(rule: dict[str, Any]) -> None:
    checker = Checker({"it": rule})
    exact = json.loads(json.dumps(VALUES), parse_float=Decimal)
    assert jq(f"$c | map({condition(rule)})", VALUES) == [not checker.findings("it", value) for value in exact]


def test_an_unsupported_schema_keyword_is_refused() -> None:
    rules: list[dict[str, Any]] = [{"not": {}}, {"format": "email"}, {"description": "nothing"}]
    for rule in rules:
        with pytest.raises(CannotBeSaidError):
            condition(rule)


def story(*answers: Any) -> Story:
    calls = tuple(
        Exchange(
            Request("balancesByAlias", "GET", "http://127.0.0.1/"),
            Response(200, "OK", (), b"", answer),
            datetime(2030, 1, 2, 3, 4, number, tzinfo=UTC),
            0.0,
        )
        for number, answer in enumerate(answers)
    )
    return Story(calls, len(calls) - 1, (len(calls) - 1,))


def verdict(compared: Comparison, then: list[Any], now: list[Any]) -> tuple[bool, bool]:
    """Evaluate the condition on the recorded responses and on the current ones."""
    test, _ = comparisons.condition(compared, story(*then), lambda text: len(text) > 20)
    records = [[{"json": answer, "date": 0, "sent": None} for answer in answers] for answers in (then, now)]
    return jq(test, records[0]), jq(test, records[1])


@pytest.mark.parametrize(
    ("compared", "then", "now"),
    [
        (Comparison("==", Decimal("29.5"), Decimal(30)), [{"a": Decimal("29.5"), "b": 1}], [{"a": 30, "b": 1}]),
        (Comparison("==", Decimal("9.5"), Decimal(10)), [{"a": 30}, {"a": Decimal("20.5")}], [{"a": 30}, {"a": 20}]),
        (
            Comparison("in", Decimal("0.30000000000000004"), (Decimal("0.30"),)),
            [{"a": 0}, {"a": Decimal("0.30000000000000004")}],
            [{"a": 0}, {"a": Decimal("0.30")}],
        ),
        # The sum of two other numbers of the response is expected.
        (
            Comparison("in", Decimal(75), (Decimal(80),)),
            [{"total": 75, "balance": 70, "gifts": 10}],
            [{"total": 75, "balance": 65, "gifts": 10}],
        ),
        # What is expected depends on an earlier reading.
        (Comparison("==", Decimal(19), Decimal(21)), [{"a": 30}, {"a": 19}], [{"a": 50}, {"a": 41}]),
        (Comparison("==", GUID, GUID[::-1]), [{"a": GUID[::-1]}, {"b": GUID}], [{"a": GUID}, {"b": GUID.upper()}]),
        (Comparison("!=", GUID, GUID), [{"a": GUID}, {"b": GUID}], [{"a": GUID}, {"b": GUID[::-1]}]),
        (Comparison("==", "Cancel", "Refund"), [{"type": "Cancel"}], [{"type": "Refund"}]),
        (Comparison("is", "x-1", None), [{"a": "x-1"}], [{"a": None}]),
        (Comparison("in", 3, (1, Decimal("2.0"))), [{"a": 3}], [{"a": 2}]),
        (Comparison("<=", Decimal(3), Decimal(2)), [{"a": 3}], [{"a": 1}]),
        (Comparison("==", (1, Decimal(2)), (1, Decimal(3))), [{"a": 2}], [{"a": 3}]),
    ],
)
def test_comparison_fails_on_recorded_responses_and_passes_on_correct_ones(
    compared: Comparison, then: list[Any], now: list[Any]
) -> None:
    assert verdict(compared, then, now) == (False, True)


def test_a_value_that_no_response_has_can_not_be_compared() -> None:
    for compared in (
        Comparison("==", Decimal(5), Decimal(6)),
        Comparison("==", 4, 5),
        Comparison("==", [1], [1, 2]),
        Comparison("==", object(), 1),
    ):
        with pytest.raises(CannotBeSaidError):
            comparisons.condition(compared, story({"a": 4}), lambda _text: False)


def test_jq_condition_finds_internals_and_ignores_an_echo(contract: Contract) -> None:
    body = {"Detail": "SELECT * FROM Wallets WHERE Alias = @p0"}
    test = without_internals(0, story(body).exchanges[0], contract.clauses["X-2"].patterns)
    records = [{"head": "", "raw": json.dumps(one), "json": one, "sent": None} for one in (body, {"Detail": "no"})]
    assert [jq(test, [record]) for record in records] == [False, True]
    assert jq(test, [{**records[0], "sent": {"text": body["Detail"]}}])  # the run's own text


def test_every_schema_and_pattern_can_be_converted_to_jq() -> None:
    assert Run.of(documented()).contract is documented()
    for name, schema in documented().schemas.items():
        if name.endswith("response") and "$ref" not in json.dumps(schema) and "if" not in schema:
            assert condition(schema)
