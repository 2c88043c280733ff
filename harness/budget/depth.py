"""How much a run tries: ``--depth``. This module is also the pytest plugin for its options.

A deep run lasts ``--minutes`` minutes. It continues after the last value of the previous deep run, whose place is kept
in pytest's cache.
"""

import time
from collections.abc import Iterator, Sequence
from enum import Enum
from typing import Any, Final, TypeVar

import pytest

Item = TypeVar("Item")
MINUTES: Final = 10.0
WALKS: Final = 0.25  # of the minutes, for the walks of an API
ROWS: Final = 0.02  # of the minutes, for the rows of a scenario


class Depth(Enum):
    """``quick`` for every change, ``full`` for a gate, ``deep`` for a night."""

    QUICK = "quick"
    FULL = "full"
    DEEP = "deep"

    def choose(self, quick: Item, full: Item, deep: Item) -> Item:
        return {Depth.QUICK: quick, Depth.FULL: full, Depth.DEEP: deep}[self]


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("wallet contract suite")
    group.addoption(
        "--depth",
        choices=[depth.value for depth in Depth],
        help="how many pairs of values, random walks and repeated races are tried (default: quick; with --gate: full)",
    )
    group.addoption("--minutes", type=float, help=f"how long --depth=deep may take (default: {MINUTES:g})")


def pytest_configure(config: pytest.Config) -> None:
    minutes = config.option.minutes
    if minutes is not None and (depth_of(config) is not Depth.DEEP or not 0 < minutes < float("inf")):
        raise pytest.UsageError("--minutes is a number above 0, for --depth=deep")


def depth_of(config: pytest.Config) -> Depth:
    """Return the depth of a run. A gate tries more than a run during development."""
    if given := getattr(config.option, "depth", None):
        return Depth(given)
    return Depth.FULL if getattr(config.option, "gate", False) else Depth.QUICK


@pytest.fixture(scope="session")
def depth(pytestconfig: pytest.Config) -> Depth:
    return depth_of(pytestconfig)


class Place:
    """The place at which the next deep run continues with the walks or rows of this ``name``."""

    def __init__(self, config: pytest.Config, name: str) -> None:
        self._cache: Any = getattr(config, "cache", None)  # None with -p no:cacheprovider
        self._key = f"wallet-contract-suite/deep/{name}"
        self.number = int(self._cache.get(self._key, 0)) if self._cache is not None else 0

    def go_on(self) -> None:
        self.number += 1
        if self._cache is not None:
            self._cache.set(self._key, self.number)


def seconds_for(config: pytest.Config, share: float) -> float:
    """Return how long a part of a deep run may take."""
    return float(config.option.minutes or MINUTES) * 60 * share


def chosen_rows(config: pytest.Config, name: str, rows: Sequence[Item], quick: int) -> Iterator[Item]:
    """Return the rows to try: the first few, all, or as many as the time of a deep run allows, each once."""
    depth = depth_of(config)
    if depth is not Depth.DEEP:
        yield from rows[: depth.choose(quick, len(rows), 0)]
        return
    place, end = Place(config, name), time.monotonic() + seconds_for(config, ROWS)
    for _ in rows:
        yield rows[place.number % len(rows)]
        place.go_on()
        if time.monotonic() > end:
            return
