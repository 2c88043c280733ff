"""Two kinds of calls at the same time: the responses must be possible in some order of the calls."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from harness.apis.alfred.client import Alfred
from harness.apis.alfred.pairs import race as alfred_race
from harness.apis.alfred.users import User
from harness.apis.walletapi.client import WalletApi
from harness.apis.walletapi.pairs import race as walletapi_race
from harness.apis.walletapi.walks.sale_checks import Known
from harness.client.calls import Call, Outcome
from harness.client.record import Recorder, Run
from harness.contract.contract import Contract
from harness.failures import ContractViolation
from harness.target.reading import build_target
from harness.wire.channel import Channel
from sandbox.launcher import RunningSandbox

Send = Callable[[Call], Outcome]
Changed = Callable[[list[Outcome]], list[Outcome]]


def unchanged(outcomes: list[Outcome]) -> list[Outcome]:
    return outcomes


@pytest.fixture
def apis(sandbox: RunningSandbox, contract: Contract, shared_channel: Channel) -> tuple[Alfred, WalletApi]:
    target = build_target("sandbox", sandbox.tables)
    recorder = Recorder(Run.of(contract, target.secrets))
    recorder.begin(("S-8",))
    assert target.alfred
    assert target.walletapi
    return Alfred(target.alfred, shared_channel, recorder), WalletApi(target.walletapi, shared_channel, recorder)


def race_of_users(alfred: Alfred, changed: Changed = unchanged) -> alfred_race.Race:
    def send_together(_user: User, calls: Sequence[Call]) -> list[Outcome]:
        return changed([alfred.attempt(call) for call in reversed(calls)][::-1])

    return alfred_race.Race(alfred, send_together)


def race_of_wallets(api: WalletApi, changed: Changed = unchanged) -> walletapi_race.Race:
    def send_together(calls: Sequence[Call]) -> list[Outcome]:
        return changed([api.attempt(call) for call in reversed(calls)][::-1])

    return walletapi_race.Race(api, [api.open_wallet(), api.open_wallet()], Known(), send_together)


@pytest.mark.parametrize("kind", alfred_race.KINDS)
def test_race_of_user_calls_is_accepted_in_any_order(apis: tuple[Alfred, WalletApi], kind: str) -> None:
    race = race_of_users(apis[0])
    race.run(kind, kind)
    race.run(kind, "split purchases")


@pytest.mark.parametrize("kind", walletapi_race.KINDS)
def test_race_of_wallet_calls_is_accepted_in_any_order(apis: tuple[Alfred, WalletApi], kind: str) -> None:
    race = race_of_wallets(apis[1])
    race.run(kind, kind)
    race.run(kind, "sales that may use gifts")


def accepted(outcomes: list[Outcome]) -> list[Outcome]:
    return [replace(outcome, accepted=True) for outcome in outcomes]


def rejected(outcomes: list[Outcome]) -> list[Outcome]:
    return [replace(outcome, accepted=False) for outcome in outcomes]


def two_of_four(outcomes: list[Outcome]) -> list[Outcome]:
    """Reject all confirmations of two of four purchases: money was taken for them."""
    paths = list(dict.fromkeys(outcome.call.path.get("purchaseId") for outcome in outcomes[1:]))
    refused = paths[: len(paths) // 2]
    return [
        replace(outcome, accepted=False) if outcome.call.path.get("purchaseId") in refused else outcome
        for outcome in outcomes
    ]


@pytest.mark.parametrize(
    ("kind", "changed", "clause"),
    [
        ("wrong confirmations", accepted, "P-8"),
        ("fundings", rejected, "F-3"),
        ("purchases", rejected, "S-8"),
        ("purchases", two_of_four, "S-7"),
        ("new sessions", rejected, "P-3"),
        ("new payments", rejected, "F-2"),
    ],
)
def test_responses_to_user_calls_that_no_order_explains_break_a_clause(
    apis: tuple[Alfred, WalletApi], kind: str, changed: Changed, clause: str
) -> None:
    with pytest.raises(ContractViolation) as caught:
        race_of_users(apis[0], changed).run(kind, kind)
    assert caught.value.clause == clause
    assert "at the same time" in str(caught.value)


def with_another_balance(outcomes: list[Outcome]) -> list[Outcome]:
    reading, sale, *others = outcomes
    payload: Any = sale.payload
    wrong = {**payload, "BalanceAfterTransaction": Decimal(payload["BalanceAfterTransaction"]) + Decimal("0.01")}
    return [reading, replace(sale, payload=wrong), *others]


def with_anothers_description(outcomes: list[Outcome]) -> list[Outcome]:
    reading, sale, *others = outcomes
    payload: Any = sale.payload
    other: Any = others[-1].payload
    return [reading, replace(sale, payload={**payload, "Description": other["Description"]}), *others]


@pytest.mark.parametrize(
    ("kind", "changed", "clause"),
    [
        ("sales", with_another_balance, "M-2"),
        ("sales", with_anothers_description, "T-2"),
        ("deposits", rejected, "T-8"),
        ("cancels and refunds", rejected, "R-2"),
    ],
)
def test_responses_to_wallet_calls_that_no_order_explains_break_a_clause(
    apis: tuple[Alfred, WalletApi], kind: str, changed: Changed, clause: str
) -> None:
    with pytest.raises(ContractViolation) as caught:
        race_of_wallets(apis[1], changed).run(kind, kind)
    assert caught.value.clause == clause
