"""How much a run tries: ``--depth``. This module is also the pytest plugin for the option."""

from enum import Enum
from typing import TypeVar

import pytest

Item = TypeVar("Item")


class Depth(Enum):
    """``quick`` for every change, ``full`` for a gate, ``deep`` for a night."""

    QUICK = "quick"
    FULL = "full"
    DEEP = "deep"

    def choose(self, quick: Item, full: Item, deep: Item) -> Item:
        """Return the value for this depth."""
        return {Depth.QUICK: quick, Depth.FULL: full, Depth.DEEP: deep}[self]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.getgroup("wallet contract suite").addoption(
        "--depth",
        choices=[depth.value for depth in Depth],
        help="how many pairs of values, random walks and repeated races are tried (default: quick; with --gate: full)",
    )


def depth_of(config: pytest.Config) -> Depth:
    """Return the depth of a run. A gate tries more than a run during development."""
    if config.option.depth:
        return Depth(config.option.depth)
    return Depth.FULL if getattr(config.option, "gate", False) else Depth.QUICK


@pytest.fixture(scope="session")
def depth(pytestconfig: pytest.Config) -> Depth:
    return depth_of(pytestconfig)
