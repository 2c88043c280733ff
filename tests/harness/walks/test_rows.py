"""Rows of pairs are ordered so that the first rows cover the most values."""

from collections import Counter
from dataclasses import dataclass, fields
from typing import Any

import pytest

from harness.apis.alfred.pairs.kinds_of_purchase import kinds_of_purchase
from harness.apis.walletapi.pairs.kinds_of_sale import kinds_of_sale
from harness.walks.rows import covering_first


@dataclass(frozen=True)
class Pair:
    left: str
    right: str


def test_row_with_more_new_values_comes_first_and_no_row_is_lost() -> None:
    rows = [Pair("a", "x"), Pair("a", "y"), Pair("b", "y"), Pair("b", "x")]
    assert covering_first(rows) == (rows[0], rows[2], rows[1], rows[3])


@pytest.mark.parametrize(
    ("rows", "group", "quick"), [(kinds_of_sale(2), "gifts", 4), (kinds_of_purchase(2), "balance", 3)]
)
def test_quick_run_covers_every_value(rows: tuple[Any, ...], group: str, quick: int) -> None:
    so_far: Counter[str] = Counter()
    chosen = []
    for row in rows:
        so_far[getattr(row, group)] += 1
        if so_far[getattr(row, group)] <= quick:
            chosen.append(row)
    for each in fields(rows[0]):
        assert {getattr(row, each.name) for row in chosen} == {getattr(row, each.name) for row in rows}, each.name
