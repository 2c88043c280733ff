"""If money is wrong in a scenario, plain calls find the broken clause: on broken sandboxes, and on the correct one."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from harness.apis.alfred.client import Alfred
from harness.apis.walletapi.client import WalletApi
from harness.client.record import Recorder, Run
from harness.contract.contract import load_contract
from harness.failures import ContractViolation, Finding, WrongOutcome
from harness.target.reading import build_target
from harness.wire.channel import Channel
from proof.matrix.fork_server import ForkServer
from sandbox.launcher import SandboxProcess
from steps.alfred.plain_balances import clause_of_plain_balances
from steps.plain_calls import plain_cause_first
from steps.walletapi.plain_sales import clause_of_plain_sales

FORK_SERVER = ForkServer()


@contextmanager
def clients(defect: str) -> Iterator[tuple[Alfred, WalletApi]]:
    """Start a sandbox with a defect, or the sound one, and return the clients of both APIs."""
    with ExitStack() as stack:
        process = SandboxProcess.start(["--defect", defect] if defect else [], FORK_SERVER.spawn)
        stack.callback(process.end)
        target = build_target("sandbox", process.wait_ready().tables)
        channel = Channel(5.0)
        stack.callback(channel.close)
        recorder = Recorder(Run.of(load_contract(), target.secrets))
        assert target.alfred
        assert target.walletapi
        yield Alfred(target.alfred, channel, recorder), WalletApi(target.walletapi, channel, recorder)


@pytest.mark.parametrize(
    ("defect", "clause"),
    [
        ("", ""),
        ("account-shared-by-all-users", "W-2"),
        ("credited-at-creation-and-confirmation", "F-4"),
        ("charged-at-the-session", "S-6"),
        ("held-by-open-sessions", "S-6"),
        ("session-shows-the-newest-users-balance", "S-5"),
        ("nothing-payable-when-covered-exactly", "S-2"),
        ("third-session-on-a-purchase-spends", "S-6"),
        ("third-session-on-a-purchase-shows-nothing", "S-2"),
        ("funding-reaches-every-user-too", "F-8"),
        ("funding-reaches-the-newest-user", "F-8"),
        ("last-funding-counts", "F-5"),
        ("equal-purchases-share-an-id", "P-2"),
        ("new-account-at-every-login", "W-2"),
        ("reading-a-wallet-credits-its-payments", "F-4"),
        ("charged-in-whole-units", "S-5"),
        ("one-confirmation-credits-all-payments", "F-4"),
        ("second-funding-reaches-the-user-before", "F-8"),
        ("first-funding-credits-the-user-before", "F-8"),
        ("funding-charges-open-sessions", "S-6"),
        ("purchase-of-exactly-the-balance-is-free", "S-5"),
        ("split-leaves-a-debt-that-is-not-shown", "S-8"),
        ("funding-after-everything-was-spent-is-lost", "F-3"),
    ],
)
def test_plain_balance_calls_find_the_broken_clause(defect: str, clause: str) -> None:
    with clients(defect) as (alfred, _):
        assert clause_of_plain_balances(alfred) == clause
        assert alfred.recorder.scenario.exchanges == []


@pytest.mark.parametrize(
    ("defect", "clause"),
    [
        ("", ""),
        ("sale-paid-by-the-newest-wallet", "M-1"),
        ("quiet-cashback-of-a-minor-unit", "T-7"),
        ("gift-and-balance-both-pay", "G-1"),
        ("gift-pays-once", "G-2"),
        ("gift-is-spent-unasked", "G-3"),
        ("gifts-of-any-wallet-pay", "G-4"),
        ("cashback-in-whole-units", "C-1"),
        ("undoing-answers-the-balance-before", "R-2"),
        ("second-undoing-on-a-wallet-gives-half", "R-2"),
        ("sale-of-all-is-rejected", "E-3"),
        ("gift-amount-zero-where-none-was-used", "G-4"),
        ("rest-of-less-than-a-unit-is-lost", "G-2"),
        ("gift-is-a-deposit-too", "M-1"),
        ("balance-read-back-with-gifts", "T-7"),
        ("balance-read-back-with-one-decimal", "T-7"),
        ("undoing-returns-whole-units", "R-2"),
        ("every-tenth-sale-is-free", "T-7"),
        ("fifth-deposit-is-lost", "M-1"),
        ("third-deposit-reaches-the-first-wallet", "M-1"),
    ],
)
def test_plain_sale_calls_find_the_broken_clause(defect: str, clause: str) -> None:
    with clients(defect) as (_, walletapi):
        assert clause_of_plain_sales(walletapi) == clause
        assert walletapi.recorder.scenario.exchanges == []


def violation(where: str) -> ContractViolation:
    return ContractViolation("G-1", "a text", (Finding(where, "20.00", "0.00"),))


def test_a_comparison_that_fails_names_the_clause_of_plain_calls() -> None:
    recorder = Recorder(Run.of(load_contract(), ()))
    with pytest.raises(WrongOutcome, match="20 instead of 30") as caught, plain_cause_first(recorder, lambda: "T-7"):
        raise AssertionError("20 instead of 30")
    assert caught.value.clause == "T-7"


@pytest.mark.parametrize(
    ("where", "clause"), [("the model", "T-7"), ("the model of the walk", "T-7"), ("Value.Id", "G-1")]
)
def test_only_violations_of_a_model_get_the_clause_of_plain_calls(where: str, clause: str) -> None:
    recorder = Recorder(Run.of(load_contract(), ()))
    with pytest.raises(ContractViolation) as caught, plain_cause_first(recorder, lambda: "T-7"):
        raise violation(where)
    assert caught.value.clause == clause


def test_without_a_clause_of_plain_calls_the_error_is_unchanged() -> None:
    recorder = Recorder(Run.of(load_contract(), ()))
    for error in (AssertionError("20"), violation("the model")):
        with pytest.raises(AssertionError) as caught, plain_cause_first(recorder, lambda: ""):
            raise error
        assert caught.value is error
