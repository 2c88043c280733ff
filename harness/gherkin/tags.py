"""The tags that a feature may have: the clauses of schemas/clauses.toml, and the words below."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from harness.contract.contract import SCHEMAS, Clause, clauses_in

SMOKE: Final = Path(__file__).resolve().parents[2] / "proof" / "smoke.toml"

APIS: Final = ("alfred", "walletapi")
WORDS: Final = {
    "alfred": "the Alfred API",
    "walletapi": "the WalletAPI",
    "flow": "a whole flow of the source documents, step by step",
    "smoke": "the smallest set of scenarios that catches most",
    "slow": "takes a second or more",
    "race": "calls released at the same moment",
    "walk": "random walks against a model",
    "hostile": "hostile input",
}


@cache
def ledger() -> Mapping[str, Clause]:
    """Return the clauses by id, without reading the rest of the contract. UsageError if the file is wrong."""
    return clauses_in(SCHEMAS)


def known_tags() -> Mapping[str, str]:
    """Return the text of every tag."""
    return WORDS | {name: line.text for name, line in ledger().items()}


@cache
def smoke() -> frozenset[str]:
    """Return the node ids of the scenarios that are marked ``smoke``; none if there is no such file."""
    if not SMOKE.is_file():
        return frozenset()
    return frozenset(each["name"] for each in tomllib.loads(SMOKE.read_text("utf-8"))["scenario"])
